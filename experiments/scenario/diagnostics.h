/* Diagnostics: everything that is wrong with an input, collected so that a person gets all of it at
 * once, each with its place: "x.yaml:7:3: unknown key 'market.betta'". */
#ifndef EXPERIMENTS_SCENARIO_DIAGNOSTICS_H
#define EXPERIMENTS_SCENARIO_DIAGNOSTICS_H

#include <stddef.h>

#include "base/status.h"

struct gb_diagnostics; /* closed */

struct gb_diagnostics *gb_diagnostics_create(void); /* NULL without memory */
void gb_diagnostics_free(struct gb_diagnostics *diagnostics);
/* A diagnostic that names its place itself.
 * origin  what is wrong: a file, or "--set"; kept */
void gb_diagnostics_add(struct gb_diagnostics *diagnostics, const char *origin, const char *format,
                        ...) __attribute__((format(printf, 3, 4)));
/* One about the file `path`, behind "path:line:column: "; line and column count from 1, line 0
 * leaves both out. */
void gb_diagnostics_add_at(struct gb_diagnostics *diagnostics, const char *path, size_t line,
                           size_t column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Puts the diagnostics from number `first` on into the order of their lines; those without stay
 * last. */
void gb_diagnostics_sort(struct gb_diagnostics *diagnostics, size_t first);
/* Is there none from number `first` on? GB_ECONFIG counts them by origin: "x.yaml: 2 mistakes,
 * --set: 1 mistake"; GB_ENOMEM where one found no memory to be said. */
enum gb_status gb_diagnostics_conclude(const struct gb_diagnostics *diagnostics, size_t first,
                                       struct gb_error *err);
/* A mistake could not be looked for, or not be said, for want of memory. */
void gb_diagnostics_lack_memory(struct gb_diagnostics *diagnostics);
size_t gb_diagnostics_count(const struct gb_diagnostics *diagnostics);
const char *gb_diagnostics_at(const struct gb_diagnostics *diagnostics, size_t i);

#endif
