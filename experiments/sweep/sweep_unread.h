/* Settings and varied keys that not every cell of a sweep reads: `ev.power` beside
 * `meters.ev_share: [0, 0.5]`. A cell leaves out what nothing in it reads; what none of all cells
 * reads is refused. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_UNREAD_H
#define EXPERIMENTS_SWEEP_SWEEP_UNREAD_H

#include "experiments/sweep/sweep_priv.h"

/* Of every setting and key that cells are given, whether some cell reads it. */
struct gb_sweep_watch {
    size_t n;
    struct gb_sweep_watched *list;
};
/* returns false without memory */
bool gb_sweep_watch_init(struct gb_sweep_watch *watch, const struct gb_sweep *sweep);
void gb_sweep_watch_clear(struct gb_sweep_watch *watch);
/* unread  of what the cell was given, in its order */
void gb_sweep_watch_note(struct gb_sweep_watch *watch, const struct gb_sweep *sweep,
                         struct gb_sweep_cell cell, const struct gb_unread *unread);
/* Reports what no cell reads, and why. */
void gb_sweep_watch_report(const struct gb_sweep_watch *watch, const struct gb_sweep *sweep,
                           const char *path, struct gb_diagnostics *diagnostics);

#endif
