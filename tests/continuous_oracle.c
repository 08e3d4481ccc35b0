#include "tests/continuous_oracle.h"

int64_t continuous_oracle_quote(const struct gb_order *order)
{
    return order->type == GB_ORDER_MARKET ? order->reserve.ticks : order->price.ticks;
}

bool continuous_oracle_may_meet(const struct continuous_oracle *o, const struct gb_order *a,
                                const struct gb_order *b)
{
    const struct gb_order *ask = a->side == GB_SELL ? a : b, *bid = a->side == GB_SELL ? b : a;

    return a->side != b->side && continuous_oracle_quote(bid) >= continuous_oracle_quote(ask) &&
           (o->rules.books == GB_BOOKS_POOLED || bid->source == GB_SOURCE_ANY ||
            bid->source == ask->source);
}

/* Is resting order x a better partner than y for whoever arrives? */
static bool is_better(const struct continuous_oracle *o, const struct continuous_oracle_order *x,
                      const struct continuous_oracle_order *y)
{
    int64_t a = continuous_oracle_quote(&x->order), b = continuous_oracle_quote(&y->order);
    bool by_source = o->rules.books == GB_BOOKS_BY_SOURCE && x->order.side == GB_SELL;

    if (a != b)
        return x->order.side == GB_SELL ? a < b : a > b;
    if (by_source && x->order.source != y->order.source)
        return x->order.source < y->order.source;
    return x->place < y->place;
}

static void oracle_arrive(struct continuous_oracle *o, uint32_t number, int64_t minimum)
{
    struct continuous_oracle_order *a = &o->orders[number];
    struct continuous_oracle kept = *o; /* a minimum that is not reached undoes all */
    int64_t before = a->filled;

    a->rests = false;
    while (a->left > 0) {
        struct continuous_oracle_order *best = NULL;

        for (size_t i = 0; i < o->n; i++)
            if (o->orders[i].rests &&
                continuous_oracle_may_meet(o, &a->order, &o->orders[i].order) &&
                (!best || is_better(o, &o->orders[i], best)))
                best = &o->orders[i];
        if (!best)
            break;
        if (best->order.owner == a->order.owner && o->rules.self_trade != GB_SELF_TRADE_ALLOWED) {
            if (o->rules.self_trade != GB_SELF_TRADE_NEWEST)
                best->left = best->rests = 0;
            if (o->rules.self_trade != GB_SELF_TRADE_OLDEST)
                a->left = 0;
            continue;
        }
        int64_t wh = a->left < best->left ? a->left : best->left;
        struct continuous_oracle_order *ask = a->order.side == GB_SELL ? a : best;
        struct continuous_oracle_order *bid = a->order.side == GB_SELL ? best : a;
        int64_t sum = continuous_oracle_quote(&a->order) + continuous_oracle_quote(&best->order);
        int64_t price = o->rules.trade_price == GB_TRADE_PRICE_RESTING
                            ? continuous_oracle_quote(&best->order)
                            : gb_divide_half_even(sum, 2);

        o->trades[o->n_trades++] = (struct gb_trade){.round = 1,
                                                     .sell_order = (uint32_t)(ask - o->orders),
                                                     .buy_order = (uint32_t)(bid - o->orders),
                                                     .seller = ask->order.owner,
                                                     .buyer = bid->order.owner,
                                                     .source = ask->order.source,
                                                     .energy = {wh},
                                                     .price_buy = {price},
                                                     .price_sell = {price}};
        a->left -= wh;
        a->filled += wh;
        best->left -= wh;
        best->filled += wh;
        best->rests = best->left > 0;
    }
    if (a->filled - before < minimum) {
        *o = kept;
        a->left = 0;
    }
    if (a->order.type != GB_ORDER_LIMIT)
        a->left = 0;
    a->rests = a->left > 0;
    a->place = o->next_place++;
}

void continuous_oracle_apply(struct continuous_oracle *o, const struct continuous_event *event)
{
    struct continuous_oracle_order *target = &o->orders[event->target];

    if (event->what == ADD) {
        o->orders[o->n++] = (struct continuous_oracle_order){.order = event->order,
                                                             .left = event->order.quantity.wh};
        oracle_arrive(o, (uint32_t)o->n - 1,
                      event->order.type == GB_ORDER_LIMIT ? 0 : event->order.minimum.wh);
    } else if (!target->rests) {
        return;
    } else if (event->what == CANCEL || event->order.quantity.wh <= target->filled) {
        target->left = target->rests = 0;
    } else {
        bool keeps_place = event->order.price.ticks == target->order.price.ticks &&
                           event->order.quantity.wh <= target->filled + target->left;

        target->left = event->order.quantity.wh - target->filled;
        target->order.price = event->order.price;
        if (!keeps_place)
            oracle_arrive(o, event->target, 0);
    }
}
