/* Sweeps as tests make them: from the texts of a scenario and a sweep, and from what is stored. */
#ifndef TESTS_SWEEPS_H
#define TESTS_SWEEPS_H

#include <stdint.h>

#include "experiments/sweep/sweep.h"

/* Two intervals of four meters over an ideal chain, which keep a summary alone. */
extern const char sweep_four_meters[];

/* Loads a sweep by way of files at these paths, which are there no longer than that; its text names
 * the scenario's. Diagnostics become notes.
 * replications  0: those of the text */
struct gb_sweep *sweep_of_texts(const char *scenario_path, const char *scenario, const char *path,
                                const char *text, int64_t replications);
/* Loads what is stored of a sweep, in a folder made for it where nothing else is, and expects that
 * this stores the same. */
struct gb_sweep *sweep_as_stored(const char *folder, const struct gb_sweep *sweep);

#endif
