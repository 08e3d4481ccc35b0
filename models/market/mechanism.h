/* Market mechanisms: orders in, trades out. A mechanism is a member of a family (base/registry.h;
 * mechanisms.def lists them) that owns its options, their check and what its orders must hold in
 * escrow.
 *
 * A slot's life: begin, apply, amend and cancel (as the ledger holds them, in its order), finish
 * (at the gate; a mechanism that trades while orders are applied may be asked before, too), and
 * release where there is one. All of it is exact integer arithmetic and depends on nothing but its
 * inputs. */
#ifndef MODELS_MARKET_MECHANISM_H
#define MODELS_MARKET_MECHANISM_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/registry.h"
#include "base/status.h"
#include "models/market/order.h"
#include "models/market/requote.h"
#include "models/market/tariff.h"
#include "models/market/trade.h"

#define GB_MECHANISM_OPTIONS 256    /* bytes of the largest config of a mechanism */
#define GB_MECHANISM_MAX_OPTIONS 64 /* rows: a genesis has a bit for each */

/* The rules of a market: part of the genesis of a chain, so that a verifier computes the same. */
struct gb_market_rules {
#define GB_KEY_OF GB_PARAM_FIELD_OF
#include "models/market/market.def"
#undef GB_KEY_OF
    struct gb_tariff tariff; /* the price band is [feed_in, retail] where has_band is set */
    uint8_t has_band;
    /* the mechanism's config, zeros behind it; bytes, so that any struct may be read through them
     */
    alignas(int64_t) unsigned char options[GB_MECHANISM_OPTIONS];
};

/* The outcome of a slot. Everything is owned by the mechanism's state and holds until its next
 * begin or release. */
struct gb_match {
    size_t n_trades;
    const struct gb_trade *trades; /* in the order in which they were made */
    size_t n_orders;
    const struct gb_energy *unmatched; /* per order: what is left of it (0 for a cancelled order) */
    const struct gb_energy *cut;       /* per order: so much of that was cut before orders were
                                        * matched (market.export_limit); NULL: nothing was */
    const struct gb_price
        *last_quote; /* per order: its quote in the last round of its (last) book */
    uint32_t rounds; /* rounds that took place */
};

/* What a mechanism whose orders trade while they are applied has beside; its orders may be of type
 * ioc. Orders are named by their number in the slot, which must be there. */
struct gb_trading {
    /* The trades so far, in the order in which they were made; valid until the next change. */
    const struct gb_trade *(*trades)(const void *state, size_t *n);
    /* What rests of an order. */
    struct gb_energy (*standing)(const void *state, uint32_t order);
    /* The latest quote of an order. */
    struct gb_price (*quote)(const void *state, uint32_t order);
    /* What would become of a message about an order.
     * nonce  one with a lower nonce than the last applied to its order is superseded */
    enum gb_fate (*fate)(const void *state, uint32_t order, uint64_t nonce);
    enum gb_fate (*cancel)(void *state, uint32_t order, uint64_t nonce);
    /* Another quote and another total, of which what is filled is a part; no more than that cancels
     * the rest. GB_ERANGE with the reason and nothing changed */
    enum gb_status (*amend)(void *state, uint32_t order, uint64_t nonce, struct gb_price price,
                            struct gb_energy total, enum gb_fate *fate, struct gb_error *err);
};

/* What the first round of a market leaves behind, published before its users quote anew; valid
 * until the next change. */
struct gb_round {
    size_t n_trades;
    const struct gb_trade *trades; /* in the order in which they were made */
    size_t n_orders;
    const struct gb_energy *left; /* per order: nothing where it was cancelled, or cut */
    /* by enum gb_source, of a book each: what trades of its energy leave; of GB_SOURCE_ANY, all of
     * them together, as who stands in every book hears them */
    struct gb_trade_statistics traded[GB_N_SOURCES];
    struct gb_anchors anchors[GB_N_SOURCES]; /* none where nothing traded */
};

/* What a mechanism with a round before its last one has beside, under rules that let its users
 * quote anew between the two. */
struct gb_requoting {
    bool (*asks_users)(const struct gb_market_rules *rules);
    /* What is wrong with other options then; NULL: nothing.
     * key  out: of which option */
    const char *(*refusal)(const struct gb_market_rules *rules, const char **key);
    /* Lead of the second gate, from that of the first. */
    int64_t (*second_gate_ns)(const struct gb_market_rules *rules, int64_t gate_ns);
    /* The first round, of all that was applied; after it only amendments and finish may follow. */
    enum gb_status (*publish)(void *state, struct gb_round *out, struct gb_error *err);
    /* Another quote and another total, of which what round 1 filled is a part; no more than that
     * takes back the rest. Reserve and place stay. Publishes before, if nobody did.
     * fate     out: GB_FATE_ALREADY_DONE where nothing is left of the order
     * returns  GB_ERANGE or GB_EINPUT with the reason and nothing changed */
    enum gb_status (*amend)(void *state, uint32_t order, struct gb_price price,
                            struct gb_energy total, enum gb_fate *fate, struct gb_error *err);
};

struct gb_mechanism {
    struct gb_member member; /* its options, keys of market.*, are read by these rules alone */
    bool has_no_market;      /* nothing ever trades: nobody need send an order */
    bool takes_minimum;      /* orders may carry a minimum quantity; else apply refuses */
    bool needs_tariff;       /* its prices follow from the grid's: both must be given */
    /* Under these rules, must a sell order name the source of its energy? NULL: never. */
    bool (*needs_source)(const struct gb_market_rules *rules);
    /* The worst price at which an order may trade: what its owner would have to pay then, a buyer
     * above 0 and a seller below, stands in escrow. NULL: its reserve.
     * band  of its slot, where tariffs differ; else that of the rules */
    struct gb_price (*escrow_price)(const struct gb_market_rules *rules,
                                    const struct gb_tariff *band, const struct gb_order *order);
    /* Is every trade under these rules covered by its escrow? GB_ECONFIG with the reason. NULL:
     * always. */
    enum gb_status (*check_escrow)(const struct gb_market_rules *rules, struct gb_error *err);
    /* Puts the community's limits of a slot, Wh, where the rules leave them to it
     * (models/market/limits.h). NULL: orders are matched whatever they come to. */
    void (*limit)(struct gb_market_rules *rules, int64_t export_wh, int64_t import_wh);
    /* GB_ECONFIG when an option is out of its range. */
    enum gb_status (*create)(void **state, const struct gb_market_rules *rules,
                             struct gb_error *err);
    void (*begin)(void *state, int64_t interval);
    /* Orders, numbered on from those before; borrowed for the call. After a failure the book is
     * worth nothing: only begin and free may follow. */
    enum gb_status (*apply)(void *state, const struct gb_order *orders, size_t n,
                            struct gb_error *err);
    /* order  its number in the slot; GB_EINPUT when there is none of it */
    enum gb_status (*cancel)(void *state, uint32_t order, struct gb_error *err);
    const struct gb_trading *trading;     /* NULL: orders stand as they were sent until finish */
    const struct gb_requoting *requoting; /* NULL: nobody quotes anew between two rounds */
    enum gb_status (*finish)(void *state, struct gb_match *out, struct gb_error *err);
    /* Hands over the trades of the outcome, which become the caller's to free(), and are no longer
     * where the outcome says. returns NULL: they are too few for that, and stay. NULL: never */
    struct gb_trade *(*take_trades)(void *state);
    /* The outcome has been read: lets go of the memory that only a slot in progress needs; NULL
     * where that is not worth it. Only begin and free may follow. */
    void (*release)(void *state);
    void (*free)(void *state);
};

#define GB_MEMBER(name) extern const struct gb_mechanism gb_mechanism_##name;
#include "models/market/mechanisms.def"
#undef GB_MEMBER
extern const struct gb_family gb_mechanism_family;
/* Rows of struct gb_market_rules: tariff.* and market.mechanism, which every market has; those of
 * its options are the mechanism's. A run sets has_band itself. */
extern const struct gb_param gb_market_params[];

/* Every rule at its default, those of the default mechanism's options as well. */
void gb_market_rules_init(struct gb_market_rules *rules);
/* Puts another mechanism in place, its options at their defaults. */
void gb_market_rules_select(struct gb_market_rules *rules, const struct gb_mechanism *mechanism);
/* Sets one option of the mechanism as a user writes it. returns false with the reason in `why`
 * when the mechanism has no such option, too */
bool gb_market_rules_set(struct gb_market_rules *rules, const char *key, const char *value,
                         char *why, size_t why_size);
bool gb_market_needs_source(const struct gb_market_rules *rules);
/* Do users quote anew, each for itself, between two rounds? */
bool gb_market_asks_users(const struct gb_market_rules *rules);
/* Of whom an order hears: its source, where there is a book for each and it names one; else all. */
enum gb_source gb_market_book_of(const struct gb_market_rules *rules, const struct gb_order *order);

/* What happens to a book: a new order, or a cancel or an amendment of an earlier one of the slot.
 */
struct gb_book_action {
    uint8_t is_cancel, is_amendment;
    uint32_t target;       /* of these: number of the order, counted from 0 in adds */
    struct gb_order order; /* of an add; of an amendment its price and quantity, the new total */
};
/* Applies actions one by one, in their order; amendments only where orders trade as they come, or
 * behind all orders and cancels where users quote anew. */
enum gb_status gb_market_apply(const struct gb_mechanism *mechanism, void *state,
                               const struct gb_book_action *actions, size_t n,
                               struct gb_error *err);
/* The same of an amendment.
 * fate  out: what became of it */
enum gb_status gb_market_amend(const struct gb_mechanism *mechanism, void *state,
                               const struct gb_book_action *action, enum gb_fate *fate,
                               struct gb_error *err);

#endif
