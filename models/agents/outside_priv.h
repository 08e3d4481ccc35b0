/* Strategies from outside this program: a plug-in or a process, both behind the one interface that
 * users see (include/gridbourse/strategy.h). Here it is turned into that of the family, and every
 * answer is judged before the market sees it. */
#ifndef MODELS_AGENTS_OUTSIDE_PRIV_H
#define MODELS_AGENTS_OUTSIDE_PRIV_H

#include "include/gridbourse/strategy.h"
#include "models/agents/strategies_priv.h"

#define GB_OUTSIDE_WHY_SIZE 768

/* Where a strategy comes from; all but the last two are kept as long as the run lasts. */
struct gb_outside_source {
    const char *kind;    /* "plug-in" or "process", for messages */
    const char *name;    /* its file or command */
    const char *options; /* handed on */
    const struct gridbourse_strategy *strategy;
    void *state;                 /* what open() finds there, and NULL as a rule */
    void *held;                  /* what keeps the strategy loaded, */
    void (*release)(void *held); /* and lets it go after close(); NULL: nothing does */
};

/* Opens a run; takes what `source` holds, also on failure. */
enum gb_status gb_outside_open(void **state, const struct gb_outside_source *source,
                               const struct gb_strategy_facts *facts,
                               const struct gb_traits *traits, struct gb_error *failure);
void gb_outside_close(void *state);

/* The family's functions; the config is not read. */
void gb_outside_quote(const void *config, void *state, const struct gb_traits *traits,
                      const struct gb_quote_batch *batch, struct gb_price *quote_out,
                      int32_t *beta_out);
void gb_outside_requote(const void *config, void *state, const struct gb_traits *traits,
                        const struct gb_requote_batch *batch, struct gb_price *quote_out);
void gb_outside_observe(const void *config, void *state, const struct gb_traits *traits,
                        const struct gb_market_news *news);
void gb_outside_reward(void *state, const struct gb_slot_outcome *outcome);

/* The path of a file beside a scenario, to be freed; NULL without memory.
 * folder  NULL: here */
char *gb_outside_beside(const char *folder, const char *name);

#endif
