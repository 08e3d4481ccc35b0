#include "models/assets/load_limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/parts.h"

/* A home whose mean load is great has a connection for it. */
static const double least_limit = 4;

struct owing {
    uint32_t meter;
    double owed_w; /* over a slot */
};

/* By meter. */
struct debts {
    size_t n, capacity;
    struct owing *of;
};

struct gb_load_limits {
    const struct gb_fleet *fleet;
    double least_w; /* of all homes */
    size_t n_parts, n_seen;
    struct debts *now, *next; /* a part */
    struct debts *seen;       /* n_seen x n_parts */
    double *unwanted_w;       /* power that nobody asks for */
};

static double limit_w(const struct gb_load_limits *limits, size_t meter)
{
    const struct gb_fleet *fleet = limits->fleet;

    return fmax(1000 * gb_fleet_kind(fleet, meter)->household.limit_kw,
                least_limit * fleet->load_scale_w[meter]);
}

static void free_debts(struct debts *debts, size_t n)
{
    for (size_t i = 0; debts && i < n; i++)
        free(debts[i].of);
    free(debts);
}

void gb_load_limits_free(struct gb_load_limits *limits)
{
    if (!limits)
        return;
    free(limits->unwanted_w);
    free_debts(limits->now, limits->n_parts);
    free_debts(limits->next, limits->n_parts);
    free_debts(limits->seen, limits->n_parts * limits->n_seen);
    free(limits);
}

struct gb_load_limits *gb_load_limits_create(const struct gb_fleet *fleet, size_t n_seen)
{
    struct gb_load_limits *limits = calloc(1, sizeof *limits);

    if (!limits)
        return NULL;
    *limits = (struct gb_load_limits){
        .fleet = fleet, .least_w = INFINITY, .n_parts = fleet->n / GB_PART + 1, .n_seen = n_seen};
    for (size_t k = 0; k < fleet->n_kinds; k++)
        limits->least_w = fmin(limits->least_w, 1000 * fleet->kinds[k].household.limit_kw);
    limits->now = calloc(limits->n_parts, sizeof *limits->now);
    limits->next = calloc(limits->n_parts, sizeof *limits->next);
    limits->seen = calloc(limits->n_parts * n_seen, sizeof *limits->seen);
    if (!limits->now || !limits->next || !limits->seen) {
        gb_load_limits_free(limits);
        return NULL;
    }
    return limits;
}

static bool add(struct debts *debts, uint32_t meter, double owed_w)
{
    struct owing *of = gb_array_grow(debts->of, &debts->capacity, debts->n + 1, sizeof *of);

    if (!of)
        return false;
    debts->of = of;
    debts->of[debts->n++] = (struct owing){meter, owed_w};
    return true;
}

static bool copy(struct debts *to, const struct debts *from)
{
    to->n = 0;
    for (size_t i = 0; i < from->n; i++)
        if (!add(to, from->of[i].meter, from->of[i].owed_w))
            return false;
    return true;
}

bool gb_load_limits_lend(struct gb_load_limits *limits, int64_t interval, double **power_w)
{
    if (*power_w || interval < 0)
        return true;
    if (!limits->unwanted_w)
        limits->unwanted_w = malloc((limits->fleet->n + 1) * sizeof *limits->unwanted_w);
    *power_w = limits->unwanted_w;
    return limits->unwanted_w != NULL;
}

bool gb_load_limits_hold(struct gb_load_limits *limits, int64_t interval, size_t row, size_t first,
                         size_t n, double most_w, double *power_w)
{
    size_t part = first / GB_PART;
    struct debts *now = &limits->now[part], *next = &limits->next[part], before = *now;

    if (before.n > 0 || most_w > limits->least_w) {
        next->n = 0;
        for (size_t i = first, k = 0; i < first + n; i++) {
            bool owes = k < before.n && before.of[k].meter == i;
            double wanted_w = power_w[i] + (owes ? before.of[k++].owed_w : 0);
            if (!owes && wanted_w <= limits->least_w)
                continue;
            power_w[i] = fmin(wanted_w, limit_w(limits, i));
            if (wanted_w > power_w[i] && !add(next, (uint32_t)i, wanted_w - power_w[i]))
                return false;
        }
        *now = *next;
        *next = before;
    }
    if (interval < 0)
        now->n = 0;
    return copy(&limits->seen[row * limits->n_parts + part], now);
}

/* Adds what meters [first, first + n) are expected to owe still. */
static void pay(const struct gb_load_limits *limits, const struct debts *debts, int64_t between,
                size_t first, size_t n, double *power_w)
{
    for (size_t k = 0; k < debts->n; k++) {
        size_t meter = debts->of[k].meter;
        if (meter < first || meter >= first + n)
            continue;
        double *expected_w = &power_w[meter - first];
        double room_w = fmax(limit_w(limits, meter) - *expected_w, 0);
        double owed_w = fmax(debts->of[k].owed_w - (double)between * room_w, 0);
        *expected_w += fmin(owed_w, room_w);
    }
}

void gb_load_limits_believe(const struct gb_load_limits *limits, size_t row, int64_t between,
                            size_t first, size_t n, double most_w, double *power_w)
{
    const struct debts *seen = limits->seen + row * limits->n_parts;

    for (size_t part = first / GB_PART; n > 0 && part <= (first + n - 1) / GB_PART; part++)
        pay(limits, &seen[part], between, first, n, power_w);
    for (size_t i = 0; i < n && most_w > limits->least_w; i++)
        if (power_w[i] > limits->least_w)
            power_w[i] = fmin(power_w[i], limit_w(limits, first + i));
}
