/* A file of weather that tests write, and scenarios that have it in place of the modelled one. */
#ifndef TESTS_OBSERVED_FILE_H
#define TESTS_OBSERVED_FILE_H

#include <stdint.h>

#include "models/assets/physics_config.h"
#include "models/series/library.h"

#define OBSERVED_PATH observed_path()        /* a program's own: tests run beside each other */
#define OBSERVED_START_S INT64_C(1711666800) /* 28 March 2024, 23:00 UTC: midnight in Berlin */
enum { OBSERVED_NEVER = INT32_MAX, OBSERVED_MOST = 8 * 1440 };

struct observed_writing {
    int step_s, n;
    int changed_from;     /* step from which on all is another; OBSERVED_NEVER: none */
    double light;         /* at noon, W/m2 */
    double wind, degrees; /* means; they vary by 2 */
};

/* What was written last, step by step: W/m2, degrees, m/s. */
extern double observed_light[OBSERVED_MOST], observed_degrees[OBSERVED_MOST],
    observed_wind[OBSERVED_MOST];

const char *observed_path(void);
/* Days with clouds drawn for each step, to OBSERVED_PATH. */
void observed_write(const struct observed_writing *of);
/* That file as a series `sky`, in a library of its own; the file is gone then. NULL, with the
 * reason noted, where it is refused wish  all but name, path, scale and digest */
struct gb_library *observed_read(struct gb_measured_wish wish);
/* The same, as the library of a config that uses all of it. */
struct gb_library *observed_library(struct gb_physics_config *config, enum gb_series_align align);
/* Munich from 29 March 2024 on. */
struct gb_physics_config observed_config(int64_t slot_s);

#endif
