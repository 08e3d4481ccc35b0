#include "models/assets/tables.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/h0.h"

/* Of each kind so many are kept, and of a year the means of so many exponents. */
enum { N_KEPT = 8, N_MEANS = 96 };

struct laws {
    double keys[GB_WEATHER_LAW_KEYS];
    struct gb_weather_laws made;
};

struct year {
    int number;
    size_t n;
    double exponents[N_MEANS], means[N_MEANS];
};

/* Counts never fall: the one with number i stands at i modulo N_KEPT. */
struct gb_tables {
    pthread_mutex_t lock;
    size_t n_laws, n_years;
    struct laws laws[N_KEPT];
    struct year years[N_KEPT];
};

enum gb_status gb_tables_create(struct gb_tables **out, struct gb_error *err)
{
    struct gb_tables *tables = calloc(1, sizeof *tables);

    if (!tables)
        return gb_fail(err, GB_ENOMEM, "no memory for the tables that trials share");
    pthread_mutex_init(&tables->lock, NULL);
    *out = tables;
    return GB_OK;
}

void gb_tables_free(struct gb_tables *tables)
{
    if (!tables)
        return;
    pthread_mutex_destroy(&tables->lock);
    free(tables);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- weather */

static struct laws *find_laws(struct gb_tables *tables, const double keys[GB_WEATHER_LAW_KEYS])
{
    for (size_t i = 0; i < least(tables->n_laws, N_KEPT); i++) {
        const void *kept = tables->laws[i].keys, *wanted = keys;
        if (memcmp(kept, wanted, sizeof tables->laws[i].keys) == 0)
            return &tables->laws[i];
    }
    return NULL;
}

void gb_tables_weather(struct gb_tables *tables, const struct gb_weather_config *config,
                       struct gb_weather_laws *out)
{
    double keys[GB_WEATHER_LAW_KEYS];

    if (!tables) {
        gb_weather_laws_make(out, config);
        return;
    }
    gb_weather_law_keys(config, keys);
    pthread_mutex_lock(&tables->lock);
    struct laws *laws = find_laws(tables, keys);
    if (!laws) {
        laws = &tables->laws[tables->n_laws++ % N_KEPT];
        memcpy(laws->keys, keys, sizeof keys);
        gb_weather_laws_make(&laws->made, config);
    }
    *out = laws->made;
    pthread_mutex_unlock(&tables->lock);
}

/* ---- the mean day of households */

static struct year *find_year(struct gb_tables *tables, int number)
{
    for (size_t i = 0; i < least(tables->n_years, N_KEPT); i++)
        if (tables->years[i].number == number)
            return &tables->years[i];
    struct year *year = &tables->years[tables->n_years++ % N_KEPT];
    *year = (struct year){.number = number};
    return year;
}

/* Where the mean of an exponent stands, or n. */
static size_t place_of(const struct year *year, double exponent)
{
    size_t place = 0;

    while (place < year->n && year->exponents[place] != exponent)
        place++;
    return place;
}

/* Makes what is missing; false where there is no room for all of it. */
static bool complete(struct year *year, const double *exponents, size_t n)
{
    size_t had = year->n, end = had;

    for (size_t i = 0; i < n; i++) {
        if (place_of(year, exponents[i]) < had)
            continue;
        if (end == N_MEANS)
            return false;
        year->exponents[end++] = exponents[i];
    }
    if (end > had)
        gb_h0_power_means(year->number, year->exponents + had, end - had, year->means + had);
    year->n = end;
    return true;
}

void gb_tables_power_means(struct gb_tables *tables, int year, const double *exponents, size_t n,
                           double *means)
{
    bool is_kept = false;

    if (tables) {
        pthread_mutex_lock(&tables->lock);
        struct year *kept = find_year(tables, year);
        is_kept = complete(kept, exponents, n);
        for (size_t i = 0; is_kept && i < n; i++)
            means[i] = kept->means[place_of(kept, exponents[i])];
        pthread_mutex_unlock(&tables->lock);
    }
    if (!is_kept)
        gb_h0_power_means(year, exponents, n, means);
}
