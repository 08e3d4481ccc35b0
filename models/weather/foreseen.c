#include "models/weather/foreseen.h"

#include <stdlib.h>

#include "models/series/issues.h"

enum gb_status gb_foreseen_make(struct gb_foreseen *out, const char *name,
                                enum gb_weather_quantity quantity,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, struct gb_error *err)
{
    struct gb_observed first;
    enum gb_status status = gb_observed_make(&first, name, quantity, config, library, err);

    *out = (struct gb_foreseen){.n = 0};
    if (status != GB_OK || !first.source)
        return status;
    const struct gb_measured *file = gb_library_find(library, name);
    size_t n = file->n_issues > 0 ? file->n_issues : 1;
    out->list = calloc(n, sizeof *out->list);
    if (!out->list)
        return gb_fail(err, GB_ENOMEM, "no memory for the forecasts of '%s'", name);
    out->file = file;
    out->n = n;
    out->list[0] = first;
    for (size_t i = 0; i < file->n_issues; i++)
        out->list[i] = gb_observed_of(file->issues[i], quantity, config);
    return GB_OK;
}

void gb_foreseen_clear(struct gb_foreseen *foreseen)
{
    free(foreseen->list);
    *foreseen = (struct gb_foreseen){.n = 0};
}

static size_t n_known(const struct gb_foreseen *foreseen, int64_t until_s)
{
    return foreseen->n > 0 && foreseen->file->n_issues > 0
               ? gb_measured_issues_until(foreseen->file, until_s)
               : foreseen->n;
}

double gb_foreseen_mean(struct gb_foreseen *foreseen, int64_t until_s, int64_t at_s,
                        int64_t length_s)
{
    double mean;

    for (size_t i = n_known(foreseen, until_s); i-- > 0;)
        if (gb_observed_mean(&foreseen->list[i], at_s, length_s, &mean))
            return mean;
    return -1;
}

double gb_foreseen_light(struct gb_foreseen *foreseen, int64_t until_s, int64_t step, double step_s,
                         gb_clear_light *clear, const void *context)
{
    double ghi = 0;

    for (size_t i = n_known(foreseen, until_s); i-- > 0;)
        if (gb_observed_light(&foreseen->list[i], step, step_s, clear, context, &ghi))
            return ghi;
    return -1;
}
