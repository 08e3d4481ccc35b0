/* The words of a sweep file: one strict table, from which its reader, `explain`, `list sweep`, the
 * template of `init --sweep` and the reference page are made. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_WORDS_H
#define EXPERIMENTS_SWEEP_SWEEP_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/param.h"
#include "experiments/scenario/yaml.h"

#define GB_SWEEP_MOST_REPLICATIONS 1000000

/* What `until` is read into. */
struct gb_sweep_until {
    char kpi[GB_PARAM_TEXT_SIZE], against[GB_PARAM_TEXT_SIZE];
    double half_width, level;
    int64_t pilot, max;
};
extern const struct gb_param gb_sweep_until_rows[];

/* What the words with a single value are read into. */
struct gb_sweep_options {
    int64_t format;
    int64_t replications;
    struct gb_sweep_until until;
};

struct gb_sweep_word {
    const char *key;            /* "replications"; NULL ends the table */
    const struct gb_param *row; /* of a single value, over struct gb_sweep_options; else NULL */
    const char *takes;          /* where there is no row: what stands behind it, in words */
    const char *example;        /* as a user writes it, with its key; lines parted by \n */
    enum gb_yaml_kind shape;    /* GB_YAML_VALUE, or a section or list of sections below it */
    const char *description;    /* what it is, in one line */
    bool is_instead;            /* it stands in place of another: the template shows it alone */
};

extern const struct gb_sweep_word gb_sweep_words[];

/* Every single value at its default. */
void gb_sweep_options_init(struct gb_sweep_options *options);
/* The word named `key`, or NULL. */
const struct gb_sweep_word *gb_sweep_word_find(const char *key);
/* The word nearest to `key`, for "did you mean"; NULL when none is near. */
const char *gb_sweep_word_nearest(const char *key);
/* What a word takes: "a whole number from 1 to 1000000". returns buffer */
char *gb_sweep_word_describe(const struct gb_sweep_word *word, char *buffer, size_t size);
/* "format, scenario, set, ... and files". returns buffer */
char *gb_sweep_word_list(char *buffer, size_t size);

/* The commented template, a sweep of `scenario.yaml` that reads as it stands; and the reference
 * page (Markdown). */
void gb_sweep_template(FILE *out);
void gb_sweep_reference(FILE *out);

#endif
