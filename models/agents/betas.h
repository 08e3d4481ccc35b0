/* Re-quote factors of agents' own, one a meter: none, drawn once, by the time of day, or one that
 * follows what became of its orders. An order carries its agent's factor of the moment at which it
 * is sent, whatever the strategy, and keeps it; one without goes by the market's.
 * Adaptive: with u the share of its energy that found no match,
 *     beta <- beta + up u (1 - beta) - down (1 - u) beta,
 * so that it stays within 0 and 1.
 * source  the operator of Bush and Mosteller 1951, Q p = p + a (1 - p) - b p; that a and b go by
 *         shares of energy, and the rates, are our own */
#ifndef MODELS_AGENTS_BETAS_H
#define MODELS_AGENTS_BETAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/quantity.h"
#include "base/status.h"

enum gb_betas_kind { GB_BETAS_MARKET, GB_BETAS_DRAWN, GB_BETAS_BY_TIME, GB_BETAS_ADAPTIVE };
extern const char *const gb_betas_names[]; /* in the order of the enum, then NULL */

struct gb_betas_config {
    enum gb_betas_kind kind;
    /* market: one that all have of their own, in place of the market's */
    bool is_fixed;
    int64_t fixed_millionths;
    int64_t low_millionths, high_millionths; /* drawn: both included */
    const char *times; /* by time: "6:00 0.1, 18:30 0.8"; borrowed for the call, and sound */
    int64_t slot_ns;   /* by time */
    struct gb_calendar calendar; /* by time: of the local clock */
    double first;                /* adaptive: before anything is heard, 0 to 1 */
    double up, down;             /* adaptive: rates, 0 to 1 */
};

struct gb_betas;

/* Agents of several kinds, each of the config kind_of[meter], which is borrowed for life. kind_of
 * NULL: all of the first. GB_ENOMEM */
enum gb_status gb_betas_create_by_kind(struct gb_betas **out, size_t n,
                                       const struct gb_betas_config *configs, size_t n_configs,
                                       const uint32_t *kind_of, struct gb_error *err);
/* All of one. GB_ENOMEM */
enum gb_status gb_betas_create(struct gb_betas **out, size_t n,
                               const struct gb_betas_config *config, struct gb_error *err);
void gb_betas_free(struct gb_betas *betas);
/* Settles a meter's factor where it is drawn; nothing where it is not. */
void gb_betas_draw(struct gb_betas *betas, uint32_t meter, double uniform);
/* Gives a meter a factor of its own for good, whatever the others have. */
void gb_betas_fix(struct gb_betas *betas, uint32_t meter, int32_t millionths);
/* In millionths, of an order for this slot; or GB_BETA_OF_MARKET. betas  NULL: nobody has any */
int32_t gb_betas_of(const struct gb_betas *betas, uint32_t meter, int64_t interval);
/* Does anybody's follow the market? */
bool gb_betas_are_adaptive(const struct gb_betas *betas);
/* A meter hears, and learns if it is one of those, that so much of the energy it had offered, or
 * asked for, found no match. */
void gb_betas_learn(struct gb_betas *betas, uint32_t meter, struct gb_energy offered,
                    struct gb_energy unmatched);
/* Is the text a list of times of day, ascending, with a factor each? */
bool gb_betas_are_times(const char *text);

#endif
