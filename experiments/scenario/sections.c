/* The list of named sections. */
#include <string.h>

#include "experiments/scenario/section.h"

#define GB_SECTION(name, upper) extern const struct gb_section gb_section_##name;
#include "experiments/scenario/sections.def"
#undef GB_SECTION

const struct gb_section *const gb_sections[GB_N_SECTIONS] = {
#define GB_SECTION(name, upper) &gb_section_##name,
#include "experiments/scenario/sections.def"
#undef GB_SECTION
};

const struct gb_section *gb_section_of_key(const char *key, const char **name, size_t *length,
                                           const char **behind)
{
    size_t first = strcspn(key, ".");

    for (size_t s = 0; s < GB_N_SECTIONS; s++) {
        if (strlen(gb_sections[s]->name) != first || memcmp(gb_sections[s]->name, key, first) != 0)
            continue;
        *name = key + first + (key[first] == '.');
        *length = strcspn(*name, ".");
        *behind = (*name)[*length] == '.' ? *name + *length + 1 : NULL;
        return gb_sections[s];
    }
    return NULL;
}
