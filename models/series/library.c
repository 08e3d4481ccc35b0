#include "models/series/library.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct gb_library {
    atomic_size_t n_users;
    size_t n, n_key;
    struct gb_measured **list;
    void *key;
};

static void free_list(struct gb_measured **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        gb_measured_free(list[i]);
}

enum gb_status gb_library_create(struct gb_library **out, struct gb_measured **list, size_t n,
                                 const void *key, size_t n_key, struct gb_error *err)
{
    struct gb_library *library = calloc(1, sizeof *library);

    if (library) {
        library->list = calloc(n + 1, sizeof *library->list);
        library->key = malloc(n_key + 1);
    }
    if (!library || !library->list || !library->key) {
        free_list(list, n);
        gb_library_release(library);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu series", n);
    }
    memcpy(library->list, list, n * sizeof(struct gb_measured *));
    memcpy(library->key, key, n_key);
    library->n = n;
    library->n_key = n_key;
    *out = gb_library_share(library);
    return GB_OK;
}

struct gb_library *gb_library_share(struct gb_library *library)
{
    if (library)
        atomic_fetch_add(&library->n_users, 1);
    return library;
}

void gb_library_release(struct gb_library *library)
{
    if (!library || (library->n_users > 0 && atomic_fetch_sub(&library->n_users, 1) > 1))
        return;
    if (library->list)
        free_list(library->list, library->n);
    free(library->list);
    free(library->key);
    free(library);
}

bool gb_library_is_of(const struct gb_library *library, const void *key, size_t n_key)
{
    return library->n_key == n_key && memcmp(library->key, key, n_key) == 0;
}

const struct gb_measured *gb_library_at(const struct gb_library *library, size_t i)
{
    return library && i < library->n ? library->list[i] : NULL;
}

const struct gb_measured *gb_library_find(const struct gb_library *library, const char *name)
{
    for (size_t i = 0; library && i < library->n; i++)
        if (strcmp(library->list[i]->name, name) == 0)
            return library->list[i];
    return NULL;
}
