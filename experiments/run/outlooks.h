/* What controllers of flexible demand are told, slot by slot: what it is expected to cost from then
 * on, which is the same for all meters of one entry node and kind of tariff, and what each meter
 * has bought for the slot.
 *
 * A slot whose gate is not past yet is bid for: it is expected to cost what trades of the same time
 * the day before came to (experiments/run/expected_prices.h), or the tariff. Behind its gate
 * nothing can be bought for it but from the grid: it costs the meter's own tariff, and what is
 * there already would earn that of feeding in. */
#ifndef EXPERIMENTS_RUN_OUTLOOKS_H
#define EXPERIMENTS_RUN_OUTLOOKS_H

#include "experiments/run/contracted.h"
#include "experiments/run/expected_prices.h"
#include "models/assets/fleet.h"
#include "models/assets/flexible.h"
#include "models/assets/meter.h"

struct gb_run_outlooks { /* written by outlooks.c alone */
    const struct gb_run_environment *env;
    const struct gb_fleet *fleet;
    bool is_asked; /* does a controller read prices? */
    /* whom they are heard of; all borrowed */
    const struct gb_run_gateway *gateway;
    const struct gb_run_contracted *contracted;
    const struct gb_run_expected_prices *prices;
    size_t n_nodes, n_tariffs; /* an outlook each pair, node by node */
    size_t n_ahead;            /* slots that each looks ahead */
    int64_t *ticks;            /* n_ahead each */
    struct gb_outlook *outlooks;
    uint32_t *outlook_of;   /* a meter */
    int64_t *contracted_wh; /* a meter; of those with flexible demand */
};

/* env and fleet are borrowed for life; clear it in any case. */
enum gb_status gb_run_outlooks_init(struct gb_run_outlooks *outlooks,
                                    const struct gb_run_environment *env,
                                    const struct gb_fleet *fleet, struct gb_error *err);
void gb_run_outlooks_clear(struct gb_run_outlooks *outlooks);
/* Whom it hears of contracts and prices, borrowed for life. GB_ENOMEM */
enum gb_status gb_run_outlooks_listen(struct gb_run_outlooks *outlooks,
                                      const struct gb_run_gateway *gateway,
                                      const struct gb_run_contracted *contracted,
                                      const struct gb_run_expected_prices *prices,
                                      struct gb_error *err);
/* Of a slot: as whoever plans it, or runs it, knows now; borrowed until the next call.
 * place  of the interval; GB_NO_PLACE: it is not open, and nothing is contracted */
struct gb_flexible_signals gb_run_outlooks_of(struct gb_run_outlooks *outlooks, size_t place,
                                              int64_t interval);
/* The same without a market: tariffs, and nothing contracted. */
struct gb_flexible_signals gb_run_outlooks_of_grid(struct gb_run_outlooks *outlooks,
                                                   int64_t interval);

#endif
