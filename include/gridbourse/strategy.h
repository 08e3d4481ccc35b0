/* A bidding strategy of your own for Gridbourse, as a shared object. This header stands alone:
 * include it, define one constant named gridbourse_strategy, build, and name the file in a
 * scenario:
 *
 *     agents:
 *       strategy: plugin
 *       plugin: ./my_strategy.so
 *
 * `gridbourse init --strategy-plugin my_strategy.c` writes an example with the command that builds
 * it.
 *
 * Prices are whole ticks: 1e-6 of the currency per kWh, 0.59 is 590000. Arrays of a call are
 * columns: element i of each belongs to order i. They are borrowed for the call, but for those of
 * struct gridbourse_market, which stand until close().
 *
 * A function returns 0, or anything else to end the trial; what it printed into market->why before
 * is what the user reads, and other trials of a sweep go on. A crash is one of the whole process:
 * where that matters, run the strategy as a process instead (doc/strategies-of-your-own.md).
 *
 * Trials run side by side in threads: keep what you learn in your state, never in a global
 * variable, and draw at random from market->seed or the uniforms handed to you, never from the
 * clock, so that the same scenario has the same result. */
#ifndef GRIDBOURSE_STRATEGY_H
#define GRIDBOURSE_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRIDBOURSE_STRATEGY_VERSION 3u

enum gridbourse_side { GRIDBOURSE_BUY = 0, GRIDBOURSE_SELL = 1 };
#define GRIDBOURSE_NO_PRICE INT64_MIN /* nothing is known */
/* The order carries no re-quote factor of its own. */
enum { GRIDBOURSE_BETA_OF_MARKET = -1 };

/* The facts of a run. */
struct gridbourse_market {
    uint64_t seed;
    uint32_t replication;
    uint32_t n_meters;
    int64_t first_slot, n_slots; /* slots before first_slot warm up and count for nothing */
    int64_t slot_ns;             /* length of a slot */
    int64_t open_ns, gate_ns;    /* before a slot, its market opens and its gate closes */
    int64_t feed_in, retail;     /* the price band; where tariffs differ by time or kind, the lowest
                                  * feed-in and the highest retail of all */
    const int64_t *reserve_buy;  /* per meter: the most it would pay, */
    const int64_t *reserve_sell; /* and the least it would take; both NULL where tariffs differ:
                                  * then each order comes with the reserve of its slot */
    int64_t fee;                 /* of every order, amendment and cancel, in 1e-9 currency */
    const char *options;         /* the scenario's agents.plugin_options */
    char *why;                   /* write here what went wrong before you return an error */
    size_t why_size;
};

/* What orders are sent with. */
struct gridbourse_quotes {
    int64_t slot;
    size_t n;
    const uint32_t *meter;
    const uint8_t *side;             /* enum gridbourse_side */
    const uint8_t *part;             /* which order of the meter in this slot, from 0 */
    const int64_t *reserve;          /* of the meter on this side */
    const int64_t *feed_in, *retail; /* its own in this slot: a quote lies within */
    const int64_t *energy_wh;
    const double *uniform; /* a draw from (0, 1), the same for equal seed, meter, part and slot */
    int64_t *quote;        /* out */
    int32_t *beta;         /* out, re-quote factor in 1e-6, 0 to 1000000, or that of the market;
                            * holds the agent's own when you are called */
};

/* Where an order that stands should stand from now on; asked where orders trade as they come. */
struct gridbourse_requotes {
    int64_t slot;
    size_t n;
    const uint32_t *meter;
    const uint8_t *side;
    const uint8_t *part;
    const uint32_t *wake_up; /* its number for this order, from 0 */
    const double *elapsed;   /* share of the time from opening to gate that is over, 0 to 1 */
    const int64_t *reserve;
    const int64_t *feed_in, *retail;
    const int64_t *standing;            /* where the order stands */
    const int64_t *last_price;          /* of the slot's trades its node has heard of, or none */
    const int64_t *best_bid, *best_ask; /* under market.information: book, or none */
    const int64_t *filled_wh;           /* as far as its node has heard */
    const double *uniform;
    int64_t *quote;    /* out; holds `standing` when you are called */
    int64_t *total_wh; /* out; holds what the order is for in all, fills included: less takes energy
                        * back, no more than filled_wh cancels the rest; never more */
};

/* A quote that stood in the book, and what became of it. */
struct gridbourse_shout {
    int64_t quote;
    int64_t price; /* it traded at; none where it did not */
    int64_t energy_wh;
    uint8_t side;   /* of who quoted */
    uint8_t source; /* 0 any, 1 solar, 2 wind, 3 storage */
};

/* What one of the agents who learn has sold or bought itself. */
struct gridbourse_fill {
    uint32_t meter;
    uint8_t side; /* its own */
    int64_t energy_wh;
    int64_t price; /* what it gets, or pays */
};

enum gridbourse_action { GRIDBOURSE_ORDER, GRIDBOURSE_AMENDMENT, GRIDBOURSE_CANCEL };
enum gridbourse_answer {
    GRIDBOURSE_ACCEPTED,
    GRIDBOURSE_REFUSED,
    GRIDBOURSE_LATE,        /* its block came at the gate or behind */
    GRIDBOURSE_SUPERSEDED,  /* a later message about the same order came first */
    GRIDBOURSE_ALREADY_DONE /* the order was filled before: a fill race lost */
};
/* What became of a message that one of them sent, where orders trade as they come. */
struct gridbourse_receipt {
    uint32_t meter;
    uint8_t part;   /* which order of the meter in this slot */
    uint8_t action; /* enum gridbourse_action */
    uint8_t answer; /* enum gridbourse_answer */
};

/* What agents learn from one block, once it is stable at their node. */
struct gridbourse_news {
    int64_t slot;
    size_t n_shouts;
    const struct gridbourse_shout *shouts;
    size_t n_meters;
    const uint32_t *meter;   /* who learns it */
    const uint8_t *standing; /* per meter who learns: 1 has left to buy, 2 to sell, 3 both */
    size_t n_fills;
    const struct gridbourse_fill *fills; /* theirs, and nobody else's */
    size_t n_receipts;
    const struct gridbourse_receipt *receipts; /* likewise */
};

/* What became of a slot, when all has been billed: per meter of the market. */
struct gridbourse_outcome {
    int64_t slot;
    size_t n;
    const int64_t *cost;           /* 1e-9 currency, negative: it earned */
    const int64_t *cost_grid_only; /* of the same slot, had it traded with the grid alone */
    const int64_t *traded_wh;      /* settled in the market, negative: sold */
};

struct gridbourse_strategy {
    uint32_t version; /* GRIDBOURSE_STRATEGY_VERSION */
    uint32_t size;    /* sizeof(struct gridbourse_strategy) */
    const char *name; /* for messages */
    /* All but quote may be NULL. */
    int (*open)(const struct gridbourse_market *market, void **state);
    int (*quote)(void *state, const struct gridbourse_quotes *quotes);
    int (*requote)(void *state, const struct gridbourse_requotes *requotes);
    int (*observe)(void *state, const struct gridbourse_news *news);
    int (*reward)(void *state, const struct gridbourse_outcome *outcome);
    void (*close)(void *state); /* also after an error */
};

/* The one name that is looked up in the shared object. */
extern const struct gridbourse_strategy gridbourse_strategy;

#ifdef __cplusplus
}
#endif

#endif
