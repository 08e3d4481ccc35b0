/* Results made of trials whose numbers can be checked by hand, and their cells compared. */
#ifndef TESTS_MADE_TRIALS_H
#define TESTS_MADE_TRIALS_H

#include "analysis/compare.h"
#include "analysis/versus.h"

#define N_KEYS 2

struct made_trial {
    const char *values[N_KEYS]; /* of chain.protocol and chain.nodes */
    uint32_t replication;
    double saving, cost_grid_only; /* currency */
    double bills[3];               /* of three users */
    struct {                       /* of sellers and buyers: kWh, and currency gained with them */
        double kwh, gain;
    } sides[2];
};

/* An ideal chain, which knows no nodes, and PBFT with 4 and 16; three replications of each. */
#define N_MADE_CONSENSUS 9
extern const struct made_trial made_consensus[N_MADE_CONSENSUS];

/* Writes a result in a file of the process and opens it; made_results_close closes and removes it.
 * kept  kinds of draws that replications share */
struct gb_results *made_results(const struct made_trial *trials, size_t n, uint32_t kept);
void made_results_close(struct gb_results *results);

/* What is open while cells are compared. */
struct comparison {
    struct gb_results *results;
    struct gb_cells cells;
    struct gb_selection against;
    struct gb_versus *versus;
    struct gb_error err;
};

enum gb_status comparison_begin_keeping(struct comparison *c, uint32_t kept,
                                        const struct made_trial *trials, size_t n,
                                        const char *against, struct gb_versus_options options);
enum gb_status comparison_begin(struct comparison *c, const struct made_trial *trials, size_t n,
                                const char *against, struct gb_versus_options options);
void comparison_end(struct comparison *c);
/* One quantity, by its name, of all cells that have a reference. */
enum gb_status comparison_family(const struct comparison *c, const char *name,
                                 struct gb_versus_row *rows, size_t *size);

#endif
