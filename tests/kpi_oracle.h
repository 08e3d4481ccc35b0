/* The oracle of key figures: one result read, what its orders, trades and readings make of every
 * meter and slot, and the columns that follow from it. kpi_oracle.c says what it is for; each part
 * below stands in the file named with it. */
#ifndef TESTS_KPI_ORACLE_H
#define TESTS_KPI_ORACLE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/kpi_tables.h"

struct cell {                              /* a meter in a slot */
    int64_t x, bought, sold, paid, earned; /* settled trades: Wh and 1e-9 currency */
    int64_t ordered;                       /* accepted: asked for less offered */
    int64_t missing, untaken;              /* of what was sold; of what was bought */
    int64_t over, under;                   /* taken beyond a schedule with the grid; left of it */
    int64_t schedule_cost;                 /* what it makes dearer than without a schedule */
    int64_t cost, baseline_cost;           /* market run and grid-only */
};

struct oracle {
    struct kpi_file file;
    struct kpi_table *summary, *slots, *users, *orders, *trades, *blocks, *meters;
    int64_t retail, feed_in, price_short, price_long, slot_ns, utc_offset_s;
    size_t n, n_slots; /* meters; slots */
    size_t n_sent;     /* rows of /orders: new orders, and behind those amendments */
    int is_scheduled, is_delivered, is_declared, is_greedy;
    const int64_t *missed, *metered, *baseline, *gap_cost;
    struct cell *cells; /* n_slots x n, like the rows of /meters */
    int64_t *bid, *ask; /* a trade: rows of its orders */
    int64_t *executed;  /* a trade: Wh that settled */
    size_t n_faults;
    int is_quiet; /* shows no differences */
};

/* ---- kpi_oracle_claims.c: what a figure should be against what the result holds, and arithmetic
 */

void fault(struct oracle *oracle, const char *format, ...);
void expect(struct oracle *oracle, int holds, const char *what, size_t at);
/* The value of a column in a row, and that a rule has looked at it. */
void claim(struct oracle *oracle, struct kpi_table *table, const char *name, size_t row,
           int64_t expected);
void claim_number(struct oracle *oracle, struct kpi_table *table, const char *name, size_t row,
                  double expected);
/* "summary/cost". returns whether it is exempt */
int name_column(const struct kpi_table *table, size_t c, char *name, size_t size);
void check_that_all_is_claimed(struct oracle *oracle, struct kpi_table *table);
void print_exempt(void);

int64_t plus(int64_t x); /* max(x, 0) */
int64_t min_of(int64_t a, int64_t b);
double ratio(double a, double b);                        /* NaN for b = 0 */
int64_t tariff(const struct oracle *oracle, int64_t wh); /* of net consumption */
struct weighted {
    int64_t value, weight;
};
/* The smallest value with at least `percent` of the weight at or below it. */
double quantile(struct weighted *items, size_t n, int percent);
double gini(const int64_t *x, size_t n);

/* ---- kpi_oracle_cells.c: orders and trades, and what they make of each meter and slot */

int is_ok(struct oracle *oracle, size_t order); /* accepted */
int is_late(struct oracle *oracle, size_t order);
int is_bid(struct oracle *oracle, size_t order);
int is_settled(struct oracle *oracle, size_t trade);
/* The columns n_WHAT_WORD of `to` hold how often each word of a flag stands in `from`, in one
 * interval or, with -1, in all. */
void claim_words(struct oracle *oracle, struct kpi_table *to, size_t row, const char *what,
                 struct kpi_table *from, const char *flag, int64_t interval);
void claim_refusals(struct oracle *oracle);
void check_causes(struct oracle *oracle);
void check_fills(struct oracle *oracle);
void execute_trades(struct oracle *oracle);
void count_orders_and_trades(struct oracle *oracle);
void count_cell(struct oracle *oracle, size_t at);

/* ---- kpi_oracle_rows.c: /slots and /users */

struct slot_sums {
    int64_t supply, demand, traded, paid;
};
struct slot_sums claim_orders_of_slot(struct oracle *oracle, size_t k);
/* Sum of a column of /meters over a slot. */
int64_t sum_of(struct oracle *oracle, const char *name, size_t k);
void claim_slot(struct oracle *oracle, size_t k);
void claim_users(struct oracle *oracle);
/* What a bill is made of, of a user or of all. */
struct causes {
    int64_t bought, sold, paid, earned, missing, untaken, over, under, tariff_cost, schedule_cost;
};
void add_causes(const struct oracle *oracle, struct causes *causes, const struct cell *cell,
                int64_t metered);
void claim_causes(struct oracle *oracle, struct kpi_table *table, size_t row,
                  const struct causes *causes);

/* ---- kpi_oracle_summary.c: /summary */

struct energy {
    int64_t generation, curtailed, load, ev, ev_unserved, heat_pump, heat, heat_unserved, drawn,
        fed, peak_drawn, peak_fed, baseline_drawn, baseline_fed;
    int64_t surplus, deficit, matchable, moved, ceiling_cost;
};
/* Of a slot's accepted orders, or of all sent: Wh times ticks. */
double max_surplus(struct oracle *oracle, size_t k, int with_all_sent);
void claim_trades(struct oracle *oracle, double demand_or_supply);
void claim_orders(struct oracle *oracle);
struct energy claim_energy(struct oracle *oracle, int64_t traded);
void claim_money(struct oracle *oracle, int64_t ceiling_cost);
void claim_chain(struct oracle *oracle);
void claim_scenario(struct oracle *oracle);

/* ---- kpi_oracle_baseline.c: /summary, of cars, heat pumps and connections with the grid alone */

void claim_baseline(struct oracle *oracle, const struct energy *sum);

/* ---- kpi_oracle_unmatched.c: /summary, of orders that nothing traded with */

void claim_unmatched(struct oracle *oracle);

/* ---- kpi_oracle_community.c: /summary, of the community as a whole */

void claim_power(struct oracle *oracle);
void claim_utility(struct oracle *oracle);
void claim_shares(struct oracle *oracle);
void claim_welfare(struct oracle *oracle);
void claim_rates(struct oracle *oracle, int64_t n_transactions, int64_t n_bytes);

#endif
