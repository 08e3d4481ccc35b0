/* Delay distributions, written in scenarios as the name of a model and its arguments: `normal 100
 * ms 20 ms`. A draw maps one uniform through the inverse CDF, so that common random numbers stay
 * aligned; negative draws become 0. The models are a family: delays.def lists them. */
#ifndef BASE_DELAY_H
#define BASE_DELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"

/* A model's arguments are its parameter rows (GB_PARAM_CALL); their defaults make the example that
 * messages show. */
struct gb_delay_model {
    struct gb_member member;
    double (*at)(const void *config, double uniform); /* inverse CDF, ns */
    double (*mean_ns)(const void *config);
};

/* The value of a row of kind GB_PARAM_CALL over gb_delay_family: laid out as struct gb_param_call,
 * whose member is the model. */
struct gb_delay {
    const struct gb_delay_model *model; /* NULL: no delay */
    union {
        int64_t ns;
        double number;
    } arguments[GB_PARAM_ARGUMENTS]; /* the model's config */
};
_Static_assert(sizeof(struct gb_delay) == sizeof(struct gb_param_call) &&
                   offsetof(struct gb_delay, arguments) ==
                       offsetof(struct gb_param_call, arguments),
               "a row of kind GB_PARAM_CALL writes a delay");

#define GB_MEMBER(name) extern const struct gb_delay_model gb_delay_##name;
#include "base/delays.def"
#undef GB_MEMBER
extern const struct gb_family gb_delay_family;

/* Writes the text form, which a row reads back to the same. returns buffer, at least 128 bytes */
char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size);

/* The delay at `uniform` in (0, 1), rounded to whole nanoseconds, never negative. */
int64_t gb_delay_at(const struct gb_delay *delay, double uniform);
double gb_delay_mean_ns(const struct gb_delay *delay); /* before negative draws become 0 */

#endif
