#include "analysis/estimand.h"

#include <string.h>

struct gb_estimand gb_estimand_of(const struct gb_field *field)
{
    return (struct gb_estimand){field->name, field, NULL};
}

bool gb_estimand_find(struct gb_estimand *out, const char *name)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_SUMMARY, name);

    if (field)
        *out = gb_estimand_of(field);
    else if (strcmp(name, GB_GAP_OF_SIDES) == 0)
        *out = (struct gb_estimand){GB_GAP_OF_SIDES,
                                    gb_field_find(GB_TABLE_SUMMARY, "sellers_gain_per_kwh"),
                                    gb_field_find(GB_TABLE_SUMMARY, "buyers_gain_per_kwh")};
    else
        return false;
    return true;
}

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

void gb_estimand_samples(const struct gb_estimand *of,
                         const struct gb_cell_replications *replications,
                         const struct gb_results *results, const size_t *places, size_t n,
                         struct gb_sample *samples, double *values)
{
    const struct gb_field *parts[GB_MAX_ESTIMAND_PARTS] = {of->field, of->less};

    for (size_t k = 0; k < gb_estimand_n_parts(of); k++) {
        double *above = values + 2 * k * n, *below = above + n;

        gb_cell_replications_values(replications, results, parts[k], places, n, above, below);
        samples[k] = (struct gb_sample){above, parts[k]->denominator ? below : NULL};
    }
}
