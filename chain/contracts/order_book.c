#include "chain/contracts/order_book_priv.h"

#include <stdlib.h>

#include "base/array.h"

/* Memory of more is asked for anew: it would lie idle from one match to the next opening. */
#define SPARE_ENTRIES 1024

void gb_order_book_release(struct gb_order_book *book)
{
    free(book->orders);
    free(book->positions);
    free(book->nonces);
    free(book->previous);
    free(book->withdrawn);
    free(book->unmatched);
    free(book->cut);
    free(book->withdrawals);
    *book =
        (struct gb_order_book){.n_orders = book->n_orders, .n_withdrawals = book->n_withdrawals};
}

void gb_order_book_leave(struct gb_order_book *book, struct gb_order_book *spare)
{
    if (gb_order_book_holds(spare) ||
        book->order_capacity + book->withdrawal_capacity > SPARE_ENTRIES) {
        gb_order_book_release(book);
        return;
    }
    free(book->unmatched);
    free(book->cut);
    *spare = *book;
    spare->unmatched = spare->cut = NULL;
    spare->n_orders = spare->n_withdrawals = 0;
    *book =
        (struct gb_order_book){.n_orders = book->n_orders, .n_withdrawals = book->n_withdrawals};
}

bool gb_order_book_reserve(struct gb_order_book *book, struct gb_failure *failure, size_t n,
                           size_t usual)
{
    /* as many as in the interval before, and a few more */
    size_t wanted = usual + usual / 16;
    size_t capacity = gb_array_next_capacity(book->order_capacity, n > wanted ? n : wanted);

    book->orders = gb_failure_resized(failure, book->orders, capacity, sizeof *book->orders);
    book->positions =
        gb_failure_resized(failure, book->positions, capacity, sizeof *book->positions);
    book->nonces = gb_failure_resized(failure, book->nonces, capacity, sizeof *book->nonces);
    book->previous = gb_failure_resized(failure, book->previous, capacity, sizeof *book->previous);
    book->withdrawn =
        gb_failure_resized(failure, book->withdrawn, capacity, sizeof *book->withdrawn);
    if (!gb_failure_is_none(failure))
        return false;
    book->order_capacity = capacity;
    return true;
}

uint32_t gb_order_book_find_sent(const struct gb_order_book *book,
                                 const struct gb_meter_interval *meters, uint32_t meter,
                                 uint64_t nonce)
{
    uint32_t i = meters[meter].latest_order;

    while (i != GB_NO_ORDER && book->nonces[i] != nonce)
        i = book->previous[i];
    return i;
}

uint32_t gb_order_book_find(const struct gb_order_book *book,
                            const struct gb_meter_interval *meters, uint32_t meter, uint64_t nonce)
{
    uint32_t i = gb_order_book_find_sent(book, meters, meter, nonce);

    return i != GB_NO_ORDER && book->withdrawn[i] ? GB_NO_ORDER : i;
}

bool gb_order_book_withdraw(struct gb_order_book *book, struct gb_meter_interval *meters,
                            struct gb_failure *failure, uint32_t order,
                            const struct gb_order_origin *origin, bool is_amendment)
{
    book->withdrawals = gb_failure_grown(failure, book->withdrawals, &book->withdrawal_capacity,
                                         book->n_withdrawals + 1, sizeof *book->withdrawals);
    if (book->n_withdrawals == book->withdrawal_capacity)
        return false;
    book->withdrawals[book->n_withdrawals++] =
        (struct gb_withdrawal){.position = origin->position,
                               .nonce = origin->nonce,
                               .order = order,
                               .before = (uint32_t)book->n_orders,
                               .is_amendment = is_amendment};
    book->withdrawn[order] = true;
    gb_interval_meters_withdraw_order(meters, &book->orders[order]);
    return true;
}

size_t gb_order_book_orders_until(const struct gb_order_book *book, uint64_t height)
{
    size_t n = book->n_orders;

    while (n > 0 && book->positions[n - 1].height > height)
        n--;
    return n;
}

size_t gb_order_book_withdrawals_until(const struct gb_order_book *book, uint64_t height)
{
    size_t n = book->n_withdrawals;

    while (n > 0 && book->withdrawals[n - 1].position.height > height)
        n--;
    return n;
}

void gb_order_book_truncate(struct gb_order_book *book, struct gb_meter_interval *meters,
                            size_t n_orders, size_t n_withdrawals)
{
    for (size_t i = book->n_orders; i-- > n_orders;)
        meters[book->orders[i].owner].latest_order = book->previous[i];
    for (size_t i = n_withdrawals; i < book->n_withdrawals; i++)
        book->withdrawn[book->withdrawals[i].order] = false;
    book->n_orders = n_orders;
    book->n_withdrawals = n_withdrawals;
}

void gb_order_book_amend(struct gb_order_book *book, uint32_t order, const struct gb_order *by,
                         struct gb_energy total)
{
    book->orders[order].price = by->price;
    book->orders[order].reserve = by->reserve;
    book->orders[order].beta_millionths = by->beta_millionths;
    book->orders[order].quantity = total;
}

void gb_order_book_cancel(struct gb_order_book *book, uint32_t order)
{
    book->withdrawn[order] = true;
}

void gb_order_book_set_unfilled(struct gb_order_book *book, struct gb_failure *failure,
                                const struct gb_trade *trades, size_t n_trades)
{
    book->unmatched =
        gb_failure_resized(failure, book->unmatched, book->n_orders + 1, sizeof *book->unmatched);
    if (!gb_failure_is_none(failure))
        return;
    for (size_t i = 0; i < book->n_orders; i++)
        book->unmatched[i] = book->orders[i].quantity;
    for (size_t i = 0; i < n_trades; i++) {
        book->unmatched[trades[i].sell_order].wh -= trades[i].energy.wh;
        book->unmatched[trades[i].buy_order].wh -= trades[i].energy.wh;
    }
}

/* An array of what was said of each order, in the place of one before. */
static struct gb_energy *keep(struct gb_failure *failure, struct gb_energy *kept, size_t n,
                              const struct gb_energy *per_order)
{
    kept = gb_failure_resized(failure, kept, n + 1, sizeof *kept);
    for (size_t i = 0; gb_failure_is_none(failure) && i < n; i++)
        kept[i] = per_order[i];
    return kept;
}

void gb_order_book_set_unmatched(struct gb_order_book *book, struct gb_failure *failure,
                                 const struct gb_energy *unmatched, const struct gb_energy *cut)
{
    book->unmatched = keep(failure, book->unmatched, book->n_orders, unmatched);
    if (cut)
        book->cut = keep(failure, book->cut, book->n_orders, cut);
}
