/* The options under which other people's files are read. */
#include "models/market/book_foreign.h"

#include <stdio.h>
#include <string.h>

#include "models/market/book_columns_priv.h"
#include "models/market/book_foreign_priv.h"

static bool is_column(const char *name)
{
    for (size_t i = 0; i < GB_BOOK_SLOT; i++)
        if (strcmp(gb_book_column_names[i], name) == 0)
            return true;
    return false;
}

static bool add_pair(struct gb_book_foreign *foreign, char *pair, char *why, size_t why_size)
{
    char *equals = strchr(pair, '=');

    if (!equals || equals[1] == '\0') {
        snprintf(why, why_size, "expected COLUMN=NAME, got '%.60s'", pair);
        return false;
    }
    *equals = '\0';
    if (!is_column(pair)) {
        snprintf(why, why_size,
                 "'%.60s' is no column of a book; expected id, side, price, quantity, reserve, "
                 "time, owner, source, beta, type, minimum or action",
                 pair);
        return false;
    }
    for (size_t i = 0; i < foreign->n_mapped; i++)
        if (strcmp(foreign->mapped[i].column, pair) == 0) {
            snprintf(why, why_size, "'%s' is named twice", pair);
            return false;
        }
    foreign->mapped[foreign->n_mapped++] = (struct gb_book_mapped){pair, equals + 1};
    return true;
}

bool gb_book_foreign_map(struct gb_book_foreign *foreign, const char *map, char *why,
                         size_t why_size)
{
    size_t used = 0;

    for (size_t i = 0; i < foreign->n_mapped; i++) /* behind the names of earlier ones */
        used =
            (size_t)(foreign->mapped[i].name - foreign->map) + strlen(foreign->mapped[i].name) + 1;
    if (used + strlen(map) >= sizeof foreign->map) {
        snprintf(why, why_size, "expected at most %zu bytes of names", sizeof foreign->map - 1);
        return false;
    }
    char *at = strcpy(foreign->map + used, map);

    for (char *next; at; at = next) {
        next = strchr(at, ',');
        if (next)
            *next++ = '\0';
        if (!add_pair(foreign, at, why, why_size))
            return false;
    }
    return true;
}

static bool choose(const char *const *words, const char *word, const char *expected, int *out,
                   char *why, size_t why_size)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0) {
            *out = i;
            return true;
        }
    snprintf(why, why_size, "expected %s, got '%.60s'", expected, word);
    return false;
}

bool gb_book_foreign_unit(struct gb_book_foreign *foreign, const char *unit, char *why,
                          size_t why_size)
{
    static const char *const units[] = {"kWh", "Wh", "MWh", NULL};
    int which = 0;
    bool is_right = choose(units, unit, "kWh, Wh or MWh", &which, why, why_size);

    foreign->unit = (enum gb_book_unit)which;
    return is_right;
}

bool gb_book_foreign_clock(struct gb_book_foreign *foreign, const char *clock, char *why,
                           size_t why_size)
{
    static const char *const clocks[] = {"seconds", "iso", "unix", NULL};
    int which = 0;
    bool is_right = choose(clocks, clock, "seconds, iso or unix", &which, why, why_size);

    foreign->clock = (enum gb_book_clock)which;
    return is_right;
}

bool gb_book_foreign_round(struct gb_book_foreign *foreign, const char *step, char *why,
                           size_t why_size)
{
    if (gb_foreign_decimal(step, '.', &foreign->step) && foreign->step.mantissa > 0) {
        foreign->rounds = true;
        return true;
    }
    snprintf(why, why_size, "expected a step above 0, like 1e-3 or 0.05, got '%.60s'", step);
    return false;
}

bool gb_book_foreign_is_sound(const struct gb_book_foreign *foreign, char *why, size_t why_size)
{
    struct gb_book_foreign exactly = *foreign;
    bool is_rounded;
    int64_t ticks;

    exactly.rounds = false;
    if (!foreign->rounds ||
        gb_foreign_scale(&exactly, foreign->step, GB_BOOK_OF_PRICE, 6, &ticks, &is_rounded))
        return true;
    snprintf(why, why_size,
             "expected a step of whole ticks (0.000001 currency per kWh, 0.001 currency per MWh)");
    return false;
}
