/* Scenarios beside a table of meters that a test writes. */
#ifndef TESTS_METERS_BESIDE_H
#define TESTS_METERS_BESIDE_H

#include <stddef.h>

#include "experiments/scenario/scenario.h"

#define METERS_HEAD \
    "format: 1\nslots: 40\nstart_date: 2024-06-01\noutput.level: meters\nchain.crypto: modelled\n"

/* Where both are written, by a test of its own name, and taken away. */
struct beside_files {
    const char *scenario, *table;
};

/* What is said of a scenario beside a table. returns NULL where it is refused */
struct gb_scenario *scenario_beside(const struct beside_files *files, const char *table,
                                    const char *text, char *said, size_t size);
/* The same of one that nothing is wrong with; and its run. NULL, with what was said noted */
struct gb_scenario *good_beside(const struct beside_files *files, const char *table,
                                const char *text);
struct gb_record *run_beside(const struct beside_files *files, const char *table, const char *text);

#endif
