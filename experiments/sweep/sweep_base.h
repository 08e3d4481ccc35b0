/* The scenario below all cells of a sweep: what `set` and the command line put over that of its
 * file. What nothing reads there some cell may read. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_BASE_H
#define EXPERIMENTS_SWEEP_SWEEP_BASE_H

#include <stddef.h>

#include "base/status.h"
#include "experiments/scenario/diagnostics.h"

struct gb_sweep;
struct gb_sweep_settings;

/* Puts `set` of a file and then settings of the command line over the base; what nothing reads
 * there is kept for the cells. What is wrong goes into diagnostics: GB_ECONFIG; GB_ENOMEM. */
enum gb_status gb_sweep_set_base(struct gb_sweep *sweep, const char *path,
                                 const struct gb_sweep_settings *set, size_t n_settings,
                                 const char *const *settings, struct gb_diagnostics *diagnostics,
                                 struct gb_error *err);

#endif
