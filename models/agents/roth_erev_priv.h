/* Reinforcement learning after Roth and Erev, as modified by Nicolaisen, Petrov and Tesfatsion:
 * what mre and vre share. An agent chooses among K quotes, equally far apart from its reserve to
 * the end of the band, and learns from its own gain of the slot how much to lean to each.
 *
 *     q_k <- (1 - r) q_k + E_k,   E = gain (1 - e) of the choice made, q_k e / (K - 1) of all
 * others
 *
 * It has propensities as a buyer and others as a seller, chooses once a slot for all its orders,
 * and is told of its fills later, maybe when it has already chosen for the next slots: so the
 * rule's part without the gain is applied at the choice, and gains go to the choice of their slot.
 * source  J. Nicolaisen, V. Petrov, L. Tesfatsion, Market power and efficiency in a computational
 *         electricity market with discriminatory double-auction pricing, IEEE Trans. Evolutionary
 *         Computation 5 (2001) 504-523 */
#ifndef MODELS_AGENTS_ROTH_EREV_PRIV_H
#define MODELS_AGENTS_ROTH_EREV_PRIV_H

#include "models/agents/strategies_priv.h"

#define GB_ROTH_EREV_K 30     /* choices */
#define GB_ROTH_EREV_RECENT 8 /* choices of slots that gains may still come for */

struct gb_roth_erev {
    double propensity[2][GB_ROTH_EREV_K];  /* by side; money in units */
    int64_t interval[GB_ROTH_EREV_RECENT]; /* of choice i modulo RECENT */
    uint8_t choice[GB_ROTH_EREV_RECENT], side[GB_ROTH_EREV_RECENT];
    uint32_t n_choices; /* ever */
};

void gb_roth_erev_init(const void *config, const struct gb_traits *traits, void *state, size_t n);
void gb_roth_erev_observe(const void *config, void *state, const struct gb_traits *traits,
                          const struct gb_market_news *news);

/* Sets the sums of K weights from the first on: choices are made in proportion to those. */
typedef void gb_roth_erev_weigh(const struct gb_strategy_options *options, const double *propensity,
                                double *so_far);
void gb_roth_erev_quote(gb_roth_erev_weigh *weigh, const void *config, void *state,
                        const struct gb_traits *traits, const struct gb_quote_batch *batch,
                        struct gb_price *quote_out, int32_t *beta_out);

/* The first propensity of every choice. */
double gb_roth_erev_first(const struct gb_strategy_options *options);

#endif
