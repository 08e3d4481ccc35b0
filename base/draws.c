#include "base/draws.h"

#include <assert.h>
#include <stdio.h>

#include "base/text.h"

const char *const gb_draw_kinds[GB_N_DRAW_KINDS + 1] = {"weather", "households", "behaviour",
                                                        "chain", NULL};

const struct gb_param gb_draws_row = {
    .key = "redraw", .kind = GB_PARAM_WORDS, .choices = gb_draw_kinds};

/* No default: a purpose without a kind is a warning. */
enum gb_draw_kind gb_purpose_kind(enum gb_purpose purpose)
{
    switch (purpose) {
#define GB_PURPOSE(name, number, kind) \
    case GB_PURPOSE_##name:            \
        return GB_DRAWS_##kind;
#include "base/purposes.def"
#undef GB_PURPOSE
    case GB_PURPOSE_BOOTSTRAP:
    case GB_PURPOSE_TEST: break;
    }
    return GB_N_DRAW_KINDS;
}

bool gb_draws_are_kept(struct gb_draws draws, enum gb_draw_kind kind)
{
    return draws.kept >> kind & 1;
}

uint32_t gb_draws_replication(struct gb_draws draws, enum gb_draw_kind kind)
{
    return gb_draws_are_kept(draws, kind) ? 0 : draws.replication;
}

struct gb_key gb_draws_key(struct gb_draws draws, enum gb_purpose purpose)
{
    enum gb_draw_kind kind = gb_purpose_kind(purpose);

    assert(kind < GB_N_DRAW_KINDS);
    return gb_key_make(draws.seed, gb_draws_replication(draws, kind), purpose);
}

/* "weather, households and the chain". */
static void append_kinds(uint32_t kinds, const char *const words[GB_N_DRAW_KINDS], char *buffer,
                         size_t size)
{
    const char *between = "";

    for (int kind = 0; kind < GB_N_DRAW_KINDS; kind++) {
        if (!(kinds >> kind & 1))
            continue;
        bool is_last = !(kinds >> kind >> 1);
        gb_text_append(buffer, size, "%s%s", between[0] && is_last ? " and " : between,
                       words[kind]);
        between = ", ";
    }
}

char *gb_draws_describe(uint32_t redrawn, char *buffer, size_t size)
{
    static const char *const over[] = {"weather", "households", "behaviour", "the chain"};
    static const char *const given[] = {"this weather", "these households", "this behaviour",
                                        "this chain"};
    uint32_t kept = GB_ALL_DRAWS & ~redrawn;

    snprintf(buffer, size, "over ");
    append_kinds(redrawn, over, buffer, size);
    if (kept)
        gb_text_append(buffer, size, ", given ");
    append_kinds(kept, given, buffer, size);
    return buffer;
}
