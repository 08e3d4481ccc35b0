/* The cells of a sweep, laid out once it is read: which there are, what stands in their columns,
 * and which are the same to whatever reads them. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_LAYOUT_H
#define EXPERIMENTS_SWEEP_SWEEP_LAYOUT_H

#include "experiments/sweep/sweep.h"

/* Puts every cell together and checks it. Cells that differ only in keys which nothing reads there
 * are one cell. What is wrong goes into diagnostics.
 * path  of the sweep file, for them */
void gb_sweep_lay_out(struct gb_sweep *sweep, const char *path, struct gb_diagnostics *diagnostics);

#endif
