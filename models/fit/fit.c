/* The family of estimators, and the keys of what they estimate. */
#include "models/fit/fit.h"

#include <assert.h>
#include <math.h>

#define GB_MEMBER(name) &gb_estimator_##name.member,
static const struct gb_member *const members[] = {
#include "models/fit/estimators.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_estimator_family = {.name = "model", .members = members};

const char *gb_fit_key(size_t place)
{
    const struct gb_param *row = gb_physics_params;

    while (row->key && row->offset != place)
        row++;
    assert(row->key);
    return row->key;
}

void gb_fit_begin(struct gb_fit *fit, const size_t *places, size_t n, const char *resampled)
{
    assert(n <= GB_FITTED_MOST);
    *fit = (struct gb_fit){.resampled = resampled, .n_estimates = n};
    for (size_t i = 0; i < n; i++)
        fit->estimates[i].key = gb_fit_key(places[i]);
}

enum gb_status gb_fit_fail_short(const struct gb_fit_data *data, const char *expected,
                                 struct gb_error *err)
{
    int64_t first_s, end_s;

    gb_fit_span(data, &first_s, &end_s);
    return gb_fail(err, GB_EINPUT, "expected %s at least; the file has %g d", expected,
                   round(10 * (double)(end_s - first_s) / 86400) / 10);
}

void gb_fit_span(const struct gb_fit_data *data, int64_t *first_s, int64_t *end_s)
{
    *first_s = INT64_MAX;
    *end_s = INT64_MIN;
    for (size_t k = 0; k < data->n; k++) {
        const struct gb_fit_channel *channel = &data->channels[k];
        int64_t channel_end_s = channel->start_s + (int64_t)channel->n * channel->step_s;

        *first_s = channel->start_s < *first_s ? channel->start_s : *first_s;
        *end_s = channel_end_s > *end_s ? channel_end_s : *end_s;
    }
}
