/* Families of interchangeable parts (strategies, mechanisms, delays, protocols): one pattern for
 * all. A member is a const struct that begins with a head, struct gb_member, and goes on with its
 * family's functions. A family is a list of members, one line each in one file; others may be
 * handed in at run time as extensions, which go down to whoever reads names and runs members.
 *
 * Members are known by name. Their place in a list says nothing but in which order they are
 * shown. */
#ifndef BASE_REGISTRY_H
#define BASE_REGISTRY_H

#include <stddef.h>

#include "base/status.h"

struct gb_param;

/* The head of every member. Its options are rows over a config struct of its own; what it keeps
 * while it runs is a state of its own. */
struct gb_member {
    const char *name;              /* as scenarios and ledgers write it: a-z, 0-9 and _ */
    const char *summary;           /* one line: what it does */
    const struct gb_param *params; /* ends with a row without key; NULL: it has no options */
    size_t config_size;            /* bytes of the config struct */
    size_t state_size;             /* bytes of state (of a strategy: a meter); 0: none, or its own
                                    * functions make it */
    /* What is expected of options that do not go together ("the lower bound first"), or NULL. The
     * function itself is NULL where any do. */
    const char *(*check)(const void *config);
};

struct gb_family {
    const char *name;                       /* "strategy", as messages say it */
    const struct gb_member *const *members; /* those built in, NULL-terminated */
    size_t max_config_size;                 /* of a member's config; 0: any */
    size_t max_options;                     /* rows of a member; 0: any */
};

/* Members handed in at run time. Built before anything reads names, then passed down as const. */
struct gb_extensions;

struct gb_extensions *gb_extensions_create(void); /* NULL without memory */
void gb_extensions_free(struct gb_extensions *extensions);
/* GB_OK, or GB_EINPUT with the sentence: its name is no word, or its options are too many or take
 * too many bytes for the family. */
enum gb_status gb_family_check(const struct gb_family *family, const struct gb_member *member,
                               struct gb_error *err);
/* Adds a member, which is kept by reference until the extensions are freed. GB_EINPUT when its name
 * is taken, or gb_family_check refuses it. */
enum gb_status gb_extensions_add(struct gb_extensions *extensions, const struct gb_family *family,
                                 const struct gb_member *member, struct gb_error *err);

/* Member i of a family, those built in before those handed in; NULL behind the last.
 * extensions  NULL: built-in members alone */
const struct gb_member *gb_family_member(const struct gb_family *family,
                                         const struct gb_extensions *extensions, size_t i);
/* The member of this name, or NULL. */
const struct gb_member *gb_family_find(const struct gb_family *family,
                                       const struct gb_extensions *extensions, const char *name);

#endif
