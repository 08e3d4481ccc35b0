/* What `series` shows of a file: how it was read, each channel with its period, gaps and total, odd
 * lines, doubts, and what is still to be said. */
#ifndef CLI_SERIES_REPORT_H
#define CLI_SERIES_REPORT_H

#include "models/series/series.h"

/* Prints it on stdout; doubts and what must be said go to stderr.
 * is_whole  out: nothing is left to be said */
enum gb_status gb_series_report(const struct gb_series *series,
                                const struct gb_series_options *options, const char *path,
                                bool *is_whole, struct gb_error *err);

#endif
