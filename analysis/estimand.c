#include "analysis/estimand.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"

/* ---- what there is */

static struct gb_estimand named(const char *name, const struct gb_field *field)
{
    struct gb_estimand out = {.field = field};

    snprintf(out.name, sizeof out.name, "%s", name);
    return out;
}

struct gb_estimand gb_estimand_of(const struct gb_field *field)
{
    return named(field->name, field);
}

bool gb_estimand_find(struct gb_estimand *out, const char *name)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);

    if (!field && strcmp(name, GB_GAP_OF_SIDES) != 0)
        return false;
    *out = named(name, field ? field : gb_field_find(GB_TABLE_SUMMARY, "sellers_gain_per_kwh"));
    if (!field)
        out->less = gb_field_find(GB_TABLE_SUMMARY, "buyers_gain_per_kwh");
    return true;
}

/* A column with numbers by the n letters of its name, or NULL. */
static const struct gb_field *column_of(enum gb_table table, const char *name, size_t n)
{
    char word[GB_ESTIMAND_NAME_SIZE];

    if (n >= sizeof word)
        return NULL;
    memcpy(word, name, n);
    word[n] = '\0';
    const struct gb_field *field = gb_field_find(table, word);
    return field && field->kind != GB_FIELD_NAME ? field : NULL;
}

/* A column of a table, or "A/B" of two. */
static bool find_in(struct gb_estimand *out, enum gb_table table, const char *name)
{
    const char *slash = strchr(name, '/');
    const struct gb_field *field =
        column_of(table, name, slash ? (size_t)(slash - name) : strlen(name));
    const struct gb_field *over = slash ? column_of(table, slash + 1, strlen(slash + 1)) : NULL;

    if (!field || (slash && (!over || field->denominator || over->denominator)))
        return false;
    *out = named(name, field);
    out->over = over;
    return true;
}

bool gb_estimand_find_ratio(struct gb_estimand *out, const char *name)
{
    const char *slash = strchr(name, '/');
    const struct gb_field *field =
        slash ? column_of(GB_TABLE_SUMMARY, name, (size_t)(slash - name)) : NULL;

    if (!field || strcmp(slash, "/s") != 0)
        return slash && find_in(out, GB_TABLE_SUMMARY, name);
    *out = named(name, field);
    out->is_per_second = true;
    return true;
}

bool gb_estimand_find_of_homes(struct gb_estimand *out, const struct gb_kinds *homes,
                               const char *name)
{
    if (!find_in(out, GB_TABLE_KINDS, name))
        return false;
    out->kinds = homes;
    return true;
}

enum gb_status gb_estimand_refuse_of_homes(const char *name, struct gb_error *err)
{
    const char *names[GB_MAX_FIELDS + 1], *nearest;
    char list[GB_MAX_FIELDS * 24] = "";
    size_t n = 0, at = 0;

    for (const struct gb_field *field = gb_schemas[GB_TABLE_KINDS].fields; field->name; field++)
        if (field->kind != GB_FIELD_NAME) {
            if (at < sizeof list)
                at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", n > 0 ? ", " : "",
                                       field->name);
            names[n++] = field->name;
        }
    names[n] = NULL;
    nearest = gb_nearest_word(name, names);
    return gb_fail(err, GB_EINPUT,
                   gb_field_find(GB_TABLE_SUMMARY, name)
                       ? "'%.80s' is of the whole market, not of some homes%s%s%s: of those there "
                         "are, alone or one over another as in saving/n_homes, %s"
                       : "homes have no column '%.80s'%s%s%s: there are, alone or one over another "
                         "as in saving/n_homes, %s",
                   name, nearest ? " (did you mean '" : "", nearest ? nearest : "",
                   nearest ? "'?)" : "", list);
}

/* The column that it is divided by over trials, or NULL. */
static const struct gb_field *column_below(const struct gb_estimand *of)
{
    enum gb_table table = of->kinds ? GB_TABLE_KINDS : GB_TABLE_SUMMARY;

    return of->over                 ? of->over
           : of->field->denominator ? gb_field_find(table, of->field->denominator)
                                    : NULL;
}

char *gb_estimand_unit(const struct gb_estimand *of, char buffer[GB_ESTIMAND_UNIT_SIZE])
{
    const char *above = of->field->unit;
    const char *below = of->is_per_second ? "s" : of->over ? of->over->unit : "1";

    if (strcmp(below, "1") == 0)
        snprintf(buffer, GB_ESTIMAND_UNIT_SIZE, "%s", above);
    else if (strcmp(above, below) == 0)
        snprintf(buffer, GB_ESTIMAND_UNIT_SIZE, "1");
    else
        snprintf(buffer, GB_ESTIMAND_UNIT_SIZE, "%s/%s", above, below);
    return buffer;
}

/* ---- what a cell has of it */

size_t gb_estimand_n_parts(const struct gb_estimand *of)
{
    return of->less ? 2 : 1;
}

void gb_estimand_weights(const struct gb_estimand *of, double weight, double *weights)
{
    weights[0] = weight;
    if (of->less)
        weights[1] = -weight;
}

/* The summary of a trial, or of its homes; NULL: it has none of them. */
static const void *row_of(const struct gb_estimand *of, const struct gb_summary_row *trial)
{
    return of->kinds ? (const void *)gb_kinds_row(of->kinds, trial, GB_KINDS_TOGETHER) : trial;
}

static bool is_ratio(const struct gb_estimand *of)
{
    return gb_estimand_is_over(of) || of->field->denominator;
}

/* Of a trial: what stands below the line, 1 where there is none. */
static double below_of(const struct gb_summary_row *trial, const void *context)
{
    const struct gb_estimand *of = context;
    const void *row = row_of(of, trial);
    const struct gb_field *below = column_below(of);

    if (!row)
        return NAN;
    if (of->is_per_second)
        return 1e-9 * (double)trial->slot_ns * (double)trial->n_slots;
    return below ? gb_field_value(below, row) : 1.0;
}

/* And above it: of a column that is a ratio its numerator, 0 where nothing is below. */
static double above_of(const struct gb_summary_row *trial, const void *context)
{
    const struct gb_estimand *of = context;
    const void *row = row_of(of, trial);
    double weight = gb_estimand_is_over(of) ? 1.0 : fabs(below_of(trial, of));

    if (!row)
        return NAN;
    return weight == 0.0 ? 0.0 : weight * gb_field_value(of->field, row);
}

/* Of homes, and of one column over another, which no single column of the summary has. */
static struct gb_sample samples_by_trial(const struct gb_estimand *of,
                                         const struct gb_cell_replications *replications,
                                         const struct gb_results *results, const size_t *places,
                                         size_t n, double *above, double *below)
{
    for (size_t k = 0; k < n; k++) {
        size_t place = places ? places[k] : k;

        above[k] = gb_cell_replication_mean(replications, results, place, above_of, of);
        below[k] = gb_cell_replication_mean(replications, results, place, below_of, of);
    }
    return (struct gb_sample){above, is_ratio(of) ? below : NULL};
}

void gb_estimand_samples(const struct gb_estimand *of,
                         const struct gb_cell_replications *replications,
                         const struct gb_results *results, const size_t *places, size_t n,
                         struct gb_sample *samples, double *values)
{
    const struct gb_field *parts[GB_MAX_ESTIMAND_PARTS] = {of->field, of->less};

    for (size_t k = 0; k < gb_estimand_n_parts(of); k++) {
        double *above = values + 2 * k * n, *below = above + n;

        if (of->kinds || gb_estimand_is_over(of)) {
            samples[k] = samples_by_trial(of, replications, results, places, n, above, below);
            continue;
        }
        gb_cell_replications_values(replications, results, parts[k], places, n, above, below);
        samples[k] = (struct gb_sample){above, parts[k]->denominator ? below : NULL};
    }
}
