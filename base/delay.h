/* Delay distributions, written in scenarios as the name of a model and its arguments: `normal 100
 * ms 20 ms`. A draw maps one uniform through the inverse CDF, so that common random numbers stay
 * aligned; negative draws become 0. The models are a family: delays.def lists them. */
#ifndef BASE_DELAY_H
#define BASE_DELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/registry.h"

/* A model's arguments are its parameter rows, durations or plain numbers in the order in which they
 * are written; their defaults make the example that messages show. */
struct gb_delay_model {
    struct gb_member member;
    double (*at)(const void *config, double uniform); /* inverse CDF, ns */
    double (*mean_ns)(const void *config);
    /* What is expected of arguments that do not go together ("the lower bound first"), or NULL.
     * The function itself is NULL where any do. */
    const char *(*check)(const void *config);
};

#define GB_DELAY_ARGUMENTS 4

struct gb_delay {
    const struct gb_delay_model *model; /* NULL: no delay */
    union {
        int64_t ns;
        double number;
    } arguments[GB_DELAY_ARGUMENTS]; /* the model's config */
};

#define GB_MEMBER(name) extern const struct gb_delay_model gb_delay_##name;
#include "base/delays.def"
#undef GB_MEMBER
extern const struct gb_family gb_delay_family;

/* Reads the text form. On failure returns false and writes what was expected into `why`.
 * extensions  of models handed in at run time, or NULL */
bool gb_delay_parse(const char *text, const struct gb_extensions *extensions, struct gb_delay *out,
                    char *why, size_t why_size);
/* Writes the text form, which parses back to the same. returns buffer, at least 128 bytes */
char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size);
/* An example of a model's text form: `normal 100 ms 20 ms`. returns buffer, at least 128 bytes */
char *gb_delay_example(const struct gb_delay_model *model, char *buffer, size_t size);

/* The delay at `uniform` in (0, 1), rounded to whole nanoseconds, never negative. */
int64_t gb_delay_at(const struct gb_delay *delay, double uniform);
double gb_delay_mean_ns(const struct gb_delay *delay); /* before negative draws become 0 */

#endif
