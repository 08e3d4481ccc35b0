/* One reading of a sweep file: sweep_read.c reads the file, sweep_values.c what a key takes. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_READ_PRIV_H
#define EXPERIMENTS_SWEEP_SWEEP_READ_PRIV_H

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
    const struct gb_extensions *extensions; /* borrowed; or NULL */
    struct gb_diagnostics *diagnostics;
    size_t scenario_line, scenario_column;
    struct {
        size_t n;
        char **list;
    } set;                           /* "key=value" below `set` */
    struct gb_sweep_origin *origins; /* one a value of the key read last */
    size_t origins_capacity;
    bool has_format, lacks_memory;
};

/* A diagnostic at an entry: at its key, or at its value. */
void gb_sweep_report(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                     bool of_key, const char *description);
/* Takes a value or a range first:last:step; what is none is complained of. */
void gb_sweep_take_range(struct gb_sweep_reading *reading, struct gb_sweep_key *key,
                         const struct gb_yaml_entry *entry);
/* Reports values that the key, which was read last, has twice. */
void gb_sweep_refuse_repeated(struct gb_sweep_reading *reading, const struct gb_sweep_key *key,
                              const struct gb_yaml *yaml);

#endif
