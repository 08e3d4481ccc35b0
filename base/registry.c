#include "base/registry.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/param_row.h"

struct entry {
    const struct gb_family *family;
    const struct gb_member *member;
};

struct gb_extensions {
    size_t n, capacity;
    struct entry *entries;
};

struct gb_extensions *gb_extensions_create(void)
{
    return calloc(1, sizeof(struct gb_extensions));
}

void gb_extensions_free(struct gb_extensions *extensions)
{
    if (!extensions)
        return;
    free(extensions->entries);
    free(extensions);
}

static bool is_word(const char *name)
{
    return name[0] && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static size_t n_options(const struct gb_member *member)
{
    size_t n = 0;

    while (member->params && member->params[n].key)
        n++;
    return n;
}

enum gb_status gb_family_check(const struct gb_family *family, const struct gb_member *member,
                               struct gb_error *err)
{
    if (!is_word(member->name))
        return gb_fail(err, GB_EINPUT, "'%s' is no name of a %s: expected a-z, 0-9 and _",
                       member->name, family->name);
    if (family->max_config_size > 0 && member->config_size > family->max_config_size)
        return gb_fail(err, GB_EINPUT, "the options of the %s '%s' take %zu bytes, more than %zu",
                       family->name, member->name, member->config_size, family->max_config_size);
    if (family->max_options > 0 && n_options(member) > family->max_options)
        return gb_fail(err, GB_EINPUT, "the %s '%s' has %zu options, more than %zu", family->name,
                       member->name, n_options(member), family->max_options);
    return GB_OK;
}

enum gb_status gb_extensions_add(struct gb_extensions *extensions, const struct gb_family *family,
                                 const struct gb_member *member, struct gb_error *err)
{
    if (gb_family_check(family, member, err) != GB_OK)
        return GB_EINPUT;
    if (gb_family_find(family, extensions, member->name))
        return gb_fail(err, GB_EINPUT, "there is a %s '%s' already", family->name, member->name);
    struct entry *grown =
        gb_array_grow(extensions->entries, &extensions->capacity, extensions->n + 1, sizeof *grown);
    if (!grown)
        return gb_fail(err, GB_ENOMEM, "no memory for the %s '%s'", family->name, member->name);
    grown[extensions->n++] = (struct entry){family, member};
    extensions->entries = grown;
    return GB_OK;
}

const struct gb_member *gb_family_member(const struct gb_family *family,
                                         const struct gb_extensions *extensions, size_t i)
{
    for (size_t m = 0; family->members[m]; m++)
        if (i-- == 0)
            return family->members[m];
    for (size_t e = 0; extensions && e < extensions->n; e++)
        if (extensions->entries[e].family == family && i-- == 0)
            return extensions->entries[e].member;
    return NULL;
}

const struct gb_member *gb_family_find(const struct gb_family *family,
                                       const struct gb_extensions *extensions, const char *name)
{
    const struct gb_member *member;

    for (size_t i = 0; (member = gb_family_member(family, extensions, i)); i++)
        if (strcmp(member->name, name) == 0)
            return member;
    return NULL;
}
