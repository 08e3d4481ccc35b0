/* Limits of what the orders of a slot come to together. Bids D and offers S imply that S - D flows
 * to the grid where all is delivered; what implies more than the community's connection carries is
 * cut before orders are matched, worst claim first: what would be matched last, were nothing else
 * asked (doc/adr/0014). */
#ifndef MODELS_MARKET_LIMITS_H
#define MODELS_MARKET_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/market/order_store.h"

/* Instead of a limit: whoever writes the rules puts the community's in its place where there is
 * one, so that in a book it means none. */
#define GB_LIMIT_OF_COMMUNITY (-1)
#define GB_LIMIT_NONE (-2)
extern const char *const gb_limit_words[]; /* "community", "none", NULL */

/* A limit as the rules have it, or where they leave it to the community, the community's. */
static inline int64_t gb_limit_or(int64_t wh, int64_t of_community_wh)
{
    return wh == GB_LIMIT_OF_COMMUNITY ? of_community_wh : wh;
}

/* What was cut of each order of a slot. All zero: nothing. Written by limits.c alone. */
struct gb_order_cuts {
    size_t n; /* orders; 0 where nothing was cut */
    struct gb_energy *cut;
    struct gb_energy *unmatched; /* gb_order_cuts_unmatched's */
};

/* Of orders of which nothing is matched yet: what is left of each becomes less by what is cut of
 * it. GB_ENOMEM with nothing changed
 * export_wh, import_wh  limits; < 0: none */
enum gb_status gb_order_cuts_make(struct gb_order_cuts *cuts, struct gb_order_store *orders,
                                  int64_t export_wh, int64_t import_wh, struct gb_error *err);
/* Forgets them, and frees their memory. */
void gb_order_cuts_clear(struct gb_order_cuts *cuts);
/* Of an order. */
static inline int64_t gb_order_cuts_wh(const struct gb_order_cuts *cuts, size_t order)
{
    return order < cuts->n ? cuts->cut[order].wh : 0;
}
/* Of an order nothing more than `rest` is to trade now: what was cut of it stays cut, and goes
 * before what is left; an order that was cut does not grow. returns what is left of it */
struct gb_energy gb_order_cuts_amend(struct gb_order_cuts *cuts, size_t order,
                                     struct gb_energy left, struct gb_energy rest);
/* Per order what did not trade, cut or not; valid until the next call or clear. */
const struct gb_energy *gb_order_cuts_unmatched(struct gb_order_cuts *cuts,
                                                const struct gb_order_store *orders);

#endif
