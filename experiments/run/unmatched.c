#include "experiments/run/unmatched.h"

/* The best reserve of each side: the highest bid, the lowest ask, in ticks. Asks are kept with the
 * sign turned, so that more is better on either side. A buyer of any source stands in every book,
 * and hears of the best of all. */
struct best {
    int64_t of_book[2][GB_N_SOURCES]; /* by side */
    int64_t of_all[2];
};

static struct best nobody(void)
{
    struct best best;

    for (int side = 0; side < 2; side++) {
        best.of_all[side] = INT64_MIN;
        for (int source = 0; source < GB_N_SOURCES; source++)
            best.of_book[side][source] = INT64_MIN;
    }
    return best;
}

static int64_t signed_reserve(const struct gb_order *order)
{
    return order->side == GB_BUY ? order->reserve.ticks : -order->reserve.ticks;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* reserve  signed */
static void offer(struct best *best, uint8_t side, enum gb_source book, int64_t reserve)
{
    int64_t *of_book = &best->of_book[side][book];

    *of_book = greater(*of_book, reserve);
    best->of_all[side] = greater(best->of_all[side], reserve);
}

/* Does some reserve of the other side suit this order's? */
static bool is_suited(const struct best *best, const struct gb_order *order, enum gb_source book)
{
    int other = !order->side;
    int64_t reserve = book == GB_SOURCE_ANY ? best->of_all[other]
                                            : greater(best->of_book[other][book],
                                                      best->of_book[other][GB_SOURCE_ANY]);

    return reserve != INT64_MIN && reserve + signed_reserve(order) >= 0; /* bid - ask */
}

/* The book it stands in: its source, or that of all. */
static enum gb_source book_of(const struct gb_order *order, bool by_source)
{
    return by_source ? (enum gb_source)order->source : GB_SOURCE_ANY;
}

static int64_t cut_wh(const struct gb_interval_view *view, size_t i)
{
    return view->cut ? view->cut[i].wh : 0;
}

/* Cut so far that there was nothing to match. */
static bool is_cut_whole(const struct gb_interval_view *view, size_t i)
{
    return cut_wh(view, i) >= view->orders[i].quantity.wh;
}

struct gb_run_unmatched gb_run_unmatched_count(const struct gb_market_rules *rules,
                                               const struct gb_interval_view *view)
{
    struct gb_run_unmatched count = {0};
    struct best all = nobody(), left = nobody();
    bool by_source = gb_market_needs_source(rules);

    for (size_t i = 0; i < view->n_orders; i++) {
        const struct gb_order *order = &view->orders[i];

        if (view->withdrawn[i] || is_cut_whole(view, i))
            continue;
        enum gb_source book = book_of(order, by_source);
        int64_t reserve = signed_reserve(order);
        offer(&all, order->side, book, reserve);
        if (view->unmatched[i].wh > cut_wh(view, i))
            offer(&left, order->side, book, reserve);
    }
    for (size_t i = 0; i < view->n_orders; i++) {
        const struct gb_order *order = &view->orders[i];

        count.cut_wh += cut_wh(view, i);
        if (view->withdrawn[i] || view->unmatched[i].wh < order->quantity.wh)
            continue;
        enum gb_source book = book_of(order, by_source);
        count.n++;
        if (is_cut_whole(view, i))
            count.n_cut++;
        else if (!is_suited(&all, order, book))
            count.n_reserve++;
        else if (!is_suited(&left, order, book))
            count.n_taken++;
        else
            count.n_never_met++;
    }
    return count;
}

void gb_run_unmatched_add(struct gb_summary_row *sum, const struct gb_run_unmatched *unmatched)
{
    sum->n_unmatched += unmatched->n;
    sum->n_unmatched_reserve += unmatched->n_reserve;
    sum->n_unmatched_taken += unmatched->n_taken;
    sum->n_unmatched_never_met += unmatched->n_never_met;
    sum->n_unmatched_cut += unmatched->n_cut;
    sum->cut_wh += unmatched->cut_wh;
}
