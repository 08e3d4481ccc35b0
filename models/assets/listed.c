#include "models/assets/listed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/draw_owner.h"

/* ---- whose draws */

/* The number behind the last blank of a name, and how much of the name stands before that: of
 * `farm 2` 2 and 4. returns 0 where it ends with none */
static uint32_t ordinal_of(const char *name, size_t *length)
{
    const char *blank = strrchr(name, ' ');
    size_t n_digits = blank ? strspn(blank + 1, "0123456789") : 0;

    if (!blank || blank == name || blank[1] == '0' || n_digits == 0 || n_digits > 8 ||
        blank[1 + n_digits] != '\0')
        return 0;
    *length = (size_t)(blank - name);
    return (uint32_t)strtoul(blank + 1, NULL, 10);
}

static uint32_t first_choice(const char *name)
{
    char kind[GB_LISTED_NAME_SIZE];
    size_t length = strlen(name);
    uint32_t ordinal = ordinal_of(name, &length);

    memcpy(kind, name, length);
    kind[length] = '\0';
    return (gb_kind_first_owner(kind) + (ordinal > 0 ? ordinal - 1 : 0)) % GB_DRAW_OWNERS;
}

/* Behind a line end, which no name of a file holds. */
static uint32_t further_choice(const char *name, unsigned attempt)
{
    char text[GB_LISTED_NAME_SIZE + 16];

    snprintf(text, sizeof text, "%s\n%u", name, attempt);
    return gb_kind_first_owner(text);
}

static int by_name(const void *a, const void *b)
{
    const struct gb_listed_meter *const *left = a, *const *right = b;

    return strcmp((*left)->name, (*right)->name);
}

/* Owners that are taken: a table of twice as many places as there are meters, at least. */
struct taken {
    size_t n;
    uint32_t *owners; /* + 1; 0: free */
};

/* returns false where it is taken already */
static bool take(struct taken *taken, uint32_t owner)
{
    size_t place = (size_t)((owner * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (taken->n - 1);

    for (; taken->owners[place] != 0; place = (place + 1) & (taken->n - 1))
        if (taken->owners[place] == owner + 1)
            return false;
    taken->owners[place] = owner + 1;
    return true;
}

enum gb_status gb_listed_assign_owners(struct gb_listed *listed, struct gb_error *err)
{
    struct gb_listed_meter **sorted = malloc((listed->n + 1) * sizeof(struct gb_listed_meter *));
    struct taken taken = {.n = 64};

    while (taken.n < 2 * listed->n)
        taken.n *= 2;
    taken.owners = calloc(taken.n, sizeof *taken.owners);
    if (!sorted || !taken.owners) {
        free(sorted);
        free(taken.owners);
        return gb_fail(err, GB_ENOMEM, "no memory for the draws of %zu meters", listed->n);
    }
    for (size_t i = 0; i < listed->n; i++)
        sorted[i] = &listed->meters[i];
    qsort(sorted, listed->n, sizeof(struct gb_listed_meter *), by_name);
    for (size_t i = 0; i < listed->n; i++) {
        uint32_t owner = first_choice(sorted[i]->name);

        for (unsigned attempt = 1; !take(&taken, owner); attempt++)
            owner = further_choice(sorted[i]->name, attempt);
        sorted[i]->draw_owner = owner;
    }
    free(sorted);
    free(taken.owners);
    return GB_OK;
}

/* ---- order */

enum gb_status gb_listed_sort(struct gb_listed *listed, size_t n_kinds, struct gb_error *err)
{
    struct gb_listed_meter *sorted = calloc(listed->n + 1, sizeof *sorted);
    size_t *place = calloc(n_kinds + 1, sizeof *place);

    if (!sorted || !place) {
        free(sorted);
        free(place);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu meters", listed->n);
    }
    for (size_t i = 0; i < listed->n; i++)
        place[listed->meters[i].kind + 1]++;
    for (size_t k = 1; k < n_kinds; k++)
        place[k] += place[k - 1];
    for (size_t i = 0; i < listed->n; i++)
        memcpy(&sorted[place[listed->meters[i].kind]++], &listed->meters[i], sizeof *sorted);
    free(listed->meters);
    free(place);
    listed->meters = sorted;
    return GB_OK;
}
