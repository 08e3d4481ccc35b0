#include "models/market/two_round/first_fit_priv.h"

#include <assert.h>

#define FAN_OUT 8
#define NOTHING INT64_MIN

static size_t padded(size_t n)
{
    return n == 0 ? FAN_OUT : (n + FAN_OUT - 1) / FAN_OUT * FAN_OUT;
}

size_t gb_first_fit_size(size_t n)
{
    size_t size = 0;

    for (size_t level = padded(n);; level = padded(level / FAN_OUT)) {
        size += level;
        if (level == FAN_OUT)
            return size;
    }
}

void gb_first_fit_init(struct gb_first_fit *fit, int64_t *capacity, size_t n)
{
    size_t start = 0;

    fit->values = capacity;
    fit->n_levels = 0;
    for (size_t level = padded(n);; level = padded(level / FAN_OUT)) {
        assert(fit->n_levels < GB_FIRST_FIT_LEVELS);
        fit->start[fit->n_levels++] = start;
        start += level;
        if (level == FAN_OUT)
            break;
    }
    for (size_t i = n; i < padded(n); i++)
        fit->values[i] = NOTHING;
}

static int64_t maximum_of(const int64_t *children)
{
    int64_t high = children[0];

    for (size_t i = 1; i < FAN_OUT; i++)
        high = children[i] > high ? children[i] : high;
    return high;
}

void gb_first_fit_build(struct gb_first_fit *fit)
{
    for (unsigned level = 1; level < fit->n_levels; level++) {
        const int64_t *below = fit->values + fit->start[level - 1];
        int64_t *here = fit->values + fit->start[level];
        size_t n = (fit->start[level] - fit->start[level - 1]) / FAN_OUT;

        for (size_t i = 0; i < n; i++)
            here[i] = maximum_of(below + i * FAN_OUT);
        for (size_t i = n; i < padded(n); i++)
            here[i] = NOTHING;
    }
}

size_t gb_first_fit_find(const struct gb_first_fit *fit, int64_t threshold)
{
    size_t node = 0; /* within its level; the level's first child is 8 node */

    for (unsigned level = fit->n_levels; level-- > 0;) {
        const int64_t *children = fit->values + fit->start[level] + node * FAN_OUT;
        size_t child = 0;

        while (child < FAN_OUT && children[child] < threshold)
            child++;
        if (child == FAN_OUT) {
            assert(level == fit->n_levels - 1); /* a parent never promises in vain */
            return SIZE_MAX;
        }
        node = node * FAN_OUT + child;
    }
    return node;
}

void gb_first_fit_remove(struct gb_first_fit *fit, size_t index)
{
    fit->values[index] = NOTHING;
    for (unsigned level = 1; level < fit->n_levels; level++) {
        size_t parent = index / FAN_OUT;
        int64_t *node = fit->values + fit->start[level] + parent;
        int64_t high = maximum_of(fit->values + fit->start[level - 1] + parent * FAN_OUT);

        if (high == *node)
            return; /* a better sibling stands: nothing changes above */
        *node = high;
        index = parent;
    }
}
