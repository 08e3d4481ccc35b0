/* One reading of a sweep file: sweep_read.c reads the file, sweep_cases.c its cases, sweep_vary.c
 * keys that are varied, sweep_values.c what a key takes. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_READ_PRIV_H
#define EXPERIMENTS_SWEEP_SWEEP_READ_PRIV_H

#include <stdint.h>

#include "experiments/scenario/yaml.h"
#include "experiments/sweep/sweep_priv.h"

/* A value of the key that is read now, and where it was written. */
struct gb_sweep_origin {
    const char *value;
    const struct gb_yaml_entry *entry;
};

struct gb_sweep_reading {
    struct gb_sweep *sweep;
    const char *path;
    const char *text, *scenario_text;       /* of what is in memory; else NULL */
    const struct gb_extensions *extensions; /* borrowed; or NULL */
    struct gb_diagnostics *diagnostics;
    int64_t replications; /* that go before those of the file; 0: none */
    size_t scenario_line, scenario_column;
    struct gb_sweep_settings set;    /* below `set` */
    struct gb_sweep_origin *origins; /* one a value of the key read last */
    size_t origins_capacity;
    size_t until_line, until_column;
    bool has_format, has_scenario, has_replications, has_until_kpi, has_wrong_until, lacks_memory;
};

/* A diagnostic at an entry: at its key, or at its value. */
void gb_sweep_report(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                     bool of_key, const char *description);
/* Says what a word takes, where something else stands: at a whole value, or at an item of a list.
 */
void gb_sweep_refuse_shape(struct gb_sweep_reading *reading, const struct gb_sweep_word *word,
                           const struct gb_yaml_entry *entry);
/* Takes a value or a range first:last:step; what is none is complained of. */
void gb_sweep_take_range(struct gb_sweep_reading *reading, struct gb_sweep_key *key,
                         const struct gb_yaml_entry *entry);
/* Reports values that the key, which was read last, has twice. */
void gb_sweep_refuse_repeated(struct gb_sweep_reading *reading, const struct gb_sweep_key *key,
                              const struct gb_yaml *yaml);

#define GB_SWEEP_NEW_AXIS SIZE_MAX

/* Is there such a key, and may a sweep vary it? Else it is reported. */
bool gb_sweep_may_vary(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                       const char *name);
void gb_sweep_report_unknown_key(struct gb_sweep_reading *reading,
                                 const struct gb_yaml_entry *entry, const char *name);
/* Takes a varied key with its values into a grid; `next` is behind its entry and moves past the
 * items of its list.
 * name  within entry->key: the key without what it stands below
 * axis  which it moves along; GB_SWEEP_NEW_AXIS: one of its own */
void gb_sweep_take_varied(struct gb_sweep_reading *reading, struct gb_sweep_grid *grid,
                          const char *name, size_t axis, const struct gb_yaml *yaml, size_t *next);
/* Takes a setting, whose value is checked by its row. */
void gb_sweep_take_setting(struct gb_sweep_reading *reading, struct gb_sweep_settings *settings,
                           const char *name, const struct gb_yaml_entry *entry);
/* Takes the groups of `zip`, which must be of equal length each. */
void gb_sweep_take_zip(struct gb_sweep_reading *reading, const struct gb_yaml *yaml);
/* Takes the keys of `average`, once all are known that are varied. */
void gb_sweep_take_average(struct gb_sweep_reading *reading, const struct gb_yaml *yaml);
/* Takes a key of `until`; and says what is wrong with all of it. */
void gb_sweep_take_until(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry);
void gb_sweep_check_until(struct gb_sweep_reading *reading);
/* Takes the cell that `until` compares with, once there are cells; that there is none is reported.
 */
void gb_sweep_take_reference(struct gb_sweep_reading *reading);
/* Takes an entry of `cases`; `next` is behind it and moves past the items of a list. */
void gb_sweep_take_case(struct gb_sweep_reading *reading, const struct gb_yaml *yaml, size_t *next);
/* What is wrong with the cases and grids as a whole: names, keys that are varied twice. */
void gb_sweep_check_cases(struct gb_sweep_reading *reading);

#endif
