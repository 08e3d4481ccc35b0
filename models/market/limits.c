#include "models/market/limits.h"

#include <stdlib.h>

#include "models/market/sorted_side.h"

const char *const gb_limit_words[] = {"community", "none", NULL};

static int64_t look_quote_up(const void *context, uint32_t order)
{
    return ((const struct gb_order_store *)context)->quote[order].ticks;
}

/* What is left of a side. */
static int64_t volume_of(const struct gb_order_store *orders, enum gb_side side)
{
    int64_t wh = 0;

    for (size_t i = 0; i < orders->n; i++)
        if (orders->terms[i].side == side)
            wh += orders->left[i].wh;
    return wh;
}

/* Cuts so much of a side. The worst of it would be the best of the other side, and the latest of
 * equal quotes comes first where all are added from the last one on.
 * entries  for 2 (n + 1) */
static void cut_side(struct gb_order_cuts *cuts, struct gb_order_store *orders, enum gb_side kind,
                     int64_t wh, struct gb_side_entry *entries)
{
    struct gb_sorted_side worst;

    gb_sorted_side_init(&worst, kind == GB_SELL ? GB_BUY : GB_SELL, entries,
                        entries + orders->n + 1);
    for (size_t i = orders->n; i-- > 0;)
        gb_sorted_side_add_if(&worst, (orders->left[i].wh > 0) & (orders->terms[i].side == kind),
                              orders->quote[i].ticks, (uint32_t)i);
    gb_sorted_side_sort(&worst, look_quote_up, orders);
    for (size_t i = 0; wh > 0; i++) {
        gb_sorted_side_reach(&worst, i);
        uint32_t order = worst.at[i].order;
        int64_t left = orders->left[order].wh, cut = left < wh ? left : wh;

        cuts->cut[order].wh = cut;
        gb_order_store_set_left(orders, order, left - cut);
        wh -= cut;
    }
}

enum gb_status gb_order_cuts_make(struct gb_order_cuts *cuts, struct gb_order_store *orders,
                                  int64_t export_wh, int64_t import_wh, struct gb_error *err)
{
    if (export_wh < 0 && import_wh < 0)
        return GB_OK;
    int64_t surplus = volume_of(orders, GB_SELL) - volume_of(orders, GB_BUY);
    enum gb_side side = surplus > 0 ? GB_SELL : GB_BUY;
    int64_t limit = side == GB_SELL ? export_wh : import_wh;
    int64_t beyond = (side == GB_SELL ? surplus : -surplus) - limit;

    if (limit < 0 || beyond <= 0)
        return GB_OK;
    struct gb_side_entry *entries = malloc(2 * (orders->n + 1) * sizeof *entries);
    struct gb_energy *cut = calloc(orders->n, sizeof *cut);
    struct gb_energy *unmatched = malloc(orders->n * sizeof *unmatched);
    if (!entries || !cut || !unmatched) {
        free(entries);
        free(cut);
        free(unmatched);
        return gb_fail(err, GB_ENOMEM, "no memory to cut %zu orders", orders->n);
    }
    *cuts = (struct gb_order_cuts){.n = orders->n, .cut = cut, .unmatched = unmatched};
    cut_side(cuts, orders, side, beyond, entries);
    free(entries);
    return GB_OK;
}

void gb_order_cuts_clear(struct gb_order_cuts *cuts)
{
    free(cuts->cut);
    free(cuts->unmatched);
    *cuts = (struct gb_order_cuts){0};
}

struct gb_energy gb_order_cuts_amend(struct gb_order_cuts *cuts, size_t order,
                                     struct gb_energy left, struct gb_energy rest)
{
    int64_t cut = gb_order_cuts_wh(cuts, order);

    if (cut == 0)
        return rest;
    int64_t kept = rest.wh > cut ? rest.wh - cut : 0;
    struct gb_energy now = {kept < left.wh ? kept : left.wh};

    cuts->cut[order].wh = rest.wh - now.wh; /* with what it asks for beyond that */
    return now;
}

const struct gb_energy *gb_order_cuts_unmatched(struct gb_order_cuts *cuts,
                                                const struct gb_order_store *orders)
{
    for (size_t i = 0; i < cuts->n; i++)
        cuts->unmatched[i].wh = orders->left[i].wh + cuts->cut[i].wh;
    return cuts->n > 0 ? cuts->unmatched : orders->left;
}
