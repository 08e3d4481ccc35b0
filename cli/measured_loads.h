/* Measured loads of a file, to be held against those of a run. */
#ifndef CLI_MEASURED_LOADS_H
#define CLI_MEASURED_LOADS_H

#include "analysis/loads.h"
#include "models/series/channels.h"

/* Reads every channel of power or energy as a home, all over the steps that any of them has, on the
 * local clock of the series. GB_EINPUT with the file and what was expected.
 * out  to be cleared */
enum gb_status gb_measured_loads_read(struct gb_loads *out, const char *path,
                                      const struct gb_series_options *options,
                                      struct gb_error *err);

#endif
