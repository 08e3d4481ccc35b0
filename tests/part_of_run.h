/* What a part of a run is given, without the run: a scenario, its calendar, a queue of events. */
#ifndef TESTS_PART_OF_RUN_H
#define TESTS_PART_OF_RUN_H

#include "experiments/run/environment.h"

struct part_of_run {
    struct gb_scenario *scenario;
    struct gb_error error; /* of the run */
    struct gb_run_environment env;
};

/* The defaults under settings (NULL-terminated). */
void part_of_run_open(struct part_of_run *part, const char *const *settings);
void part_of_run_close(struct part_of_run *part);

#endif
