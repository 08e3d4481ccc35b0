/* Bidding strategies: how an agent turns its reserve into a quote. A strategy is a member of a
 * family (base/registry.h; strategies.def lists them) and works on batches over contiguous state:
 * all agents that quote in a slot at once, all records of a block at once. It sees what its entry
 * node has committed, never a running model. */
#ifndef MODELS_AGENTS_STRATEGY_H
#define MODELS_AGENTS_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/random.h"
#include "base/registry.h"
#include "base/status.h"
#include "models/market/order.h"
#include "models/market/requote.h"
#include "models/market/tariff.h"
#include "models/market/tariffs.h"
#include "models/market/trade.h"
#include "models/market/trade_fees.h"

#define GB_NO_DEVIANT UINT32_MAX

/* Traits drawn once a replication, one array element a meter (rules, section 6; D = retail -
 * feed_in; agents.traits: paper | wide). */
struct gb_betas;         /* models/agents/betas.h */
struct gb_drawn_shares { /* of D, rounded only with a tariff */
    double reserve_sell, reserve_buy, shade_sell, shade_buy;
    bool has_reserve_sell, has_reserve_buy; /* given, not drawn: those of the traits */
};
struct gb_traits {
    size_t n;
    const uint32_t *draw_owners;   /* of the meters' draws, borrowed; NULL: their numbers */
    struct gb_price *reserve_sell; /* feed_in + D U[.10, .50] | D U[.05, .60] */
    struct gb_price *reserve_buy;  /* retail - D U[.03, .22] | D U[.05, .60] */
    struct gb_price
        *shade_sell; /* D U[.14, .25] | D U[.14, .35]: added to the reserve by paper_beta */
    struct gb_price *shade_buy; /* the same: taken from it */
    struct gb_betas *betas;     /* own re-quote factors, which may follow the market; or NULL */
    uint8_t *preferred_source;  /* enum gb_source a buyer asks for */
    /* Where tariffs differ, reserves and shades follow the slot's own tariff of the meter's kind,
     * from the same draws, and those above are unread; else NULL. All borrowed but `drawn`. */
    const struct gb_tariffs *tariffs;
    const uint32_t *tariff_kinds; /* NULL: all of the first */
    struct gb_drawn_shares *drawn;
    struct gb_trade_fees fees; /* that reserves leave place for */
    /* The one who does otherwise; GB_NO_DEVIANT: nobody. Its reserves above are those by which it
     * acts, its own these; where tariffs differ both follow the slot's own (gb_own_reserve_of). */
    uint32_t deviant;
    struct gb_price own_reserve_sell, own_reserve_buy;
    struct gb_price further_reserve, further_shade; /* of its quotes; of either sign */
    struct gb_key learning; /* GB_PURPOSE_LEARNING: draws at (owner, 0, time, draw) */
    struct gb_key mix;      /* GB_PURPOSE_MIX: draws at (owner, 0, 0, 0) */
};

/* The owner of a meter's draws. */
static inline uint32_t gb_traits_draw_owner(const struct gb_traits *traits, uint32_t meter)
{
    return traits->draw_owners ? traits->draw_owners[meter] : meter;
}

/* One batch of quotes: element i is an order of meter[i] on side[i]. */
struct gb_quote_batch {
    int64_t interval;
    size_t n;
    const uint32_t *meter;
    const uint8_t *side;
    const uint8_t *part;      /* which order of the meter in this slot, from 0 */
    const int64_t *energy_wh; /* read by strategies from outside alone, who may know it */
    struct gb_tariff tariff;  /* the price band */
    struct gb_key key;        /* GB_PURPOSE_QUOTE: draws at (owner, part, slot, draw) */
};

/* What is known of one book of an interval at a node, from the blocks that are stable there. */
struct gb_market_knowledge {
    struct gb_trade_statistics trades; /* market.information: trades or book */
    struct gb_trade_statistics before; /* of the latest earlier interval with a trade in it */
    /* What the contract published of round 1, of both sides, where users quote anew between two
     * rounds; NULL where orders trade as they come. */
    const struct gb_anchors *published;
    bool has_bid, has_ask; /* market.information: book */
    struct gb_price best_bid, best_ask;
};

/* One batch of wake-ups in an auction whose orders trade as they come, or of those that follow its
 * first round where users quote anew, an order one: element i is an order of
 * meter[i] of which, as its agent knows, something is left and quote[i] is where it stands. */
struct gb_requote_batch {
    int64_t interval;
    size_t n;
    const uint32_t *meter;
    const uint8_t *side;
    const uint8_t *part;
    const uint32_t *wake_up; /* its number for this order, from 0 */
    const double *elapsed;   /* share of the time from opening to gate that is over, 0 to 1 */
    const int32_t *beta_millionths; /* that the order carries, or GB_BETA_OF_MARKET */
    const struct gb_price *quote;
    const int64_t *filled_wh; /* as its agent knows */
    int64_t
        *total_wh; /* in and out: what the order is for in all; less takes energy back, no more
                    * than filled_wh cancels the rest. Strategies from outside alone do either */
    const struct gb_market_knowledge *const *knowledge; /* of its book, at its entry node */
    int64_t market_beta_millionths; /* of orders without a re-quote factor of their own */
    struct gb_tariff tariff;        /* the price band */
    struct gb_key key;              /* GB_PURPOSE_SHOUT: draws at (owner, part, slot, wake_up) */
};

/* A shout: a quote that stood in the book, and what became of it. */
struct gb_shout {
    uint8_t side;     /* of who quoted */
    uint8_t source;   /* enum gb_source: of the energy traded, or asked for */
    bool is_accepted; /* it traded, at `price` */
    struct gb_price quote;
    struct gb_price price;
    struct gb_energy energy;
};

/* What an agent has sold or bought, as it learns. */
struct gb_fill {
    uint32_t meter;
    uint8_t side; /* its own */
    struct gb_energy energy;
    struct gb_price price; /* what it gets, or pays */
};

/* What became of a message of an agent's own. */
enum gb_message_about { GB_ABOUT_ORDER, GB_ABOUT_AMENDMENT, GB_ABOUT_CANCEL };
enum gb_message_answer {
    GB_ANSWER_ACCEPTED,
    GB_ANSWER_REFUSED,
    GB_ANSWER_LATE,
    GB_ANSWER_SUPERSEDED,
    GB_ANSWER_ALREADY_DONE
};
struct gb_answer {
    uint32_t meter;
    uint8_t part;   /* of its order in this interval */
    uint8_t about;  /* enum gb_message_about */
    uint8_t answer; /* enum gb_message_answer */
};

/* What some agents, those of one entry node, learn from one block. Under market.information =
 * trades that is, for each trade, the ask and the bid that met, in this order; under `book` also
 * the quotes of orders that came or were amended and rest, each in its place of execution. */
struct gb_market_news {
    int64_t interval;
    size_t n_shouts;
    const struct gb_shout *shouts; /* borrowed for the call, as is all the rest */
    size_t n_fills;
    const struct gb_fill *fills; /* own trades of those who learn, whatever market.information */
    size_t n_answers;
    const struct gb_answer *answers; /* to those who learn; of strategies from outside alone, and
                                      * where orders trade as they come */
    size_t n_meters;
    const uint32_t *meters;  /* who learns it */
    const uint8_t *standing; /* per meter of the market: set of GB_STANDS_*, what it knows to
                              * have left in this interval */
    struct gb_tariff tariff;
};
enum { GB_STANDS_TO_BUY = 1, GB_STANDS_TO_SELL = 2 };

/* What became of a slot: per meter of the market, money in 1e-9 currency. */
struct gb_slot_outcome {
    int64_t interval;
    size_t n;
    const int64_t *cost, *cost_grid_only;
    const int64_t *traded_wh; /* settled; negative: sold */
};

/* The facts of a run, for a strategy that comes from outside this program. */
struct gb_strategy_facts {
    const char *folder; /* of the scenario, where its files are; NULL: here */
    uint64_t seed;
    uint32_t replication;
    int64_t first_slot, n_slots, slot_ns;
    int64_t open_ns, gate_ns; /* before a slot */
    struct gb_money fee;      /* of every order, amendment and cancel */
    struct gb_tariff tariff;
};

struct gb_strategy {
    struct gb_member member; /* state_size: bytes a meter; 0 when it learns nothing */
    void (*init)(const void *config, const struct gb_traits *traits, void *state, size_t n);
    /* What an order is sent with. State lives across slots and days. */
    void (*quote)(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out,
                  int32_t *beta_out);
    /* Where an order should stand from now on; batch->quote[i] where it stays. Within the own
     * reserve and the band. NULL: it stays as it was sent. */
    void (*requote)(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out);
    /* Whom a meter follows in a mix, as its place in the family. NULL: this one is none. */
    uint8_t (*followed)(void *state, const struct gb_traits *traits, uint32_t meter);
    /* NULL when it learns nothing. */
    void (*observe)(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news);

    /* Of a strategy from outside; NULL for all others. */
    /* Checks what the options name beside a scenario, once it has been read, and notes it there.
     * returns false with what is wrong, and with what key */
    bool (*resolve)(void *config, const char *folder, const char **key, char *why, size_t why_size);
    /* Makes the one state of a run, in place of `init`.
     * failure  kept: what later goes wrong is written there, and ends the run */
    enum gb_status (*open)(void **state, const void *config, const struct gb_strategy_facts *facts,
                           const struct gb_traits *traits, struct gb_error *failure);
    void (*close)(void *state); /* also of NULL */
    /* Is a call so dear that it pays to ask about later wake-ups with the first, where what is
     * asked then is certain? */
    bool is_asked_ahead;
    /* A slot is over and billed. NULL where nothing learns from it. */
    void (*reward)(void *state, const struct gb_slot_outcome *outcome);
};

#define GB_MEMBER(name) extern const struct gb_strategy gb_strategy_##name;
#include "models/agents/strategies.def"
#undef GB_MEMBER
extern const struct gb_family gb_strategy_family;

#endif
