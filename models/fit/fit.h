/* Parameters of the models, estimated from measured series. An estimator is a member of a family
 * (base/registry.h; estimators.def lists them): it takes channels of one file and gives values of
 * scenario keys, each with its standard error.
 *
 * Errors are those of a bootstrap over blocks of time or over homes, whose draws are keyed: the
 * same file gives the same digits everywhere. */
#ifndef MODELS_FIT_FIT_H
#define MODELS_FIT_FIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/registry.h"
#include "base/status.h"
#include "base/zone.h"
#include "models/assets/physics_config.h"
#include "models/series/unit.h"

/* A channel on a regular grid of UTC. */
struct gb_fit_channel {
    const char *name;
    int64_t start_s, step_s; /* of the first interval; its label is settled */
    size_t n;
    double *values; /* in the unit that the estimator wants; NAN where nothing is known */
};

struct gb_fit_data {
    size_t n; /* at least 1 */
    const struct gb_fit_channel *channels;
    const struct gb_zone *zone;              /* of local hours */
    const struct gb_physics_config *physics; /* site, and whatever is not estimated */
};

enum { GB_FITTED_MOST = 16, GB_FIT_RESAMPLES = 100 };

struct gb_fitted {
    const char *key; /* of scenarios */
    double value, error;
};

struct gb_fit {
    size_t n_values;    /* that were used */
    size_t n_estimates; /* in the order of the scenario's keys */
    struct gb_fitted estimates[GB_FITTED_MOST];
    const char *resampled; /* what errors stem from: "blocks of 14 days" */
    size_t n_blocks;       /* how many of those there are */
    char remark[256];      /* what the data cannot tell; empty where there is nothing to say */
};

/* GB_EINPUT: a file of so few days; expected: "powers of 8 weeks". */
enum gb_status gb_fit_fail_short(const struct gb_fit_data *data, const char *expected,
                                 struct gb_error *err);
/* From the first to behind the last step of all channels, UTC seconds. */
void gb_fit_span(const struct gb_fit_data *data, int64_t *first_s, int64_t *end_s);

struct gb_estimator {
    struct gb_member member;
    const char *wants;      /* "wind speed, m/s" */
    enum gb_unit_kind kind; /* of channels that can be meant; energies go for powers */
    const char *si;         /* what values are handed over in: "m/s" */
    size_t max_channels;    /* 0: any number */
    /* GB_EINPUT where there is too little to go by, with what was expected */
    enum gb_status (*fit)(struct gb_fit *out, const struct gb_fit_data *data, struct gb_error *err);
};

/* The place of a number among the physics of a scenario: GB_FIT_PLACE(weather.wind.weibull_k). */
#define GB_FIT_PLACE(member) offsetof(struct gb_physics_config, member)
/* The key of that number. */
const char *gb_fit_key(size_t place);
/* Begins a fit of n estimates, at most GB_FITTED_MOST, of the numbers at these places.
 * resampled  as struct gb_fit has it */
void gb_fit_begin(struct gb_fit *fit, const size_t *places, size_t n, const char *resampled);

#define GB_MEMBER(name) extern const struct gb_estimator gb_estimator_##name;
#include "models/fit/estimators.def"
#undef GB_MEMBER
extern const struct gb_family gb_estimator_family;

#endif
