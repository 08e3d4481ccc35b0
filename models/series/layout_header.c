/* Which lines above a table are its names and its units. */
#include <stdlib.h>

#include "models/series/header_words.h"
#include "models/series/layout_priv.h"

enum role { ROLE_NAMES, ROLE_UNITS, ROLE_KINDS, ROLE_INDEX };

/* Kinds of values: loggers have a line of them, some meters say counter or analog. */
static bool is_kind(struct gb_span cell)
{
    static const char *const words[] = {"counter", "analog", "digital", "avg", "average", "mean",
                                        "smp",     "tot",    "max",     "min", "std",     NULL};

    return gb_span_is_one_of(cell, words);
}

static enum role role_of(struct gb_layout *layout, struct gb_lines before)
{
    size_t n_units = 0, n_like = 0, n_kinds = 0, n_words = 0;
    struct gb_span line;

    gb_lines_take(&before, &line);
    gb_cells_cut(line, layout->dialect.separator, layout->cells, layout->dialect.n_cells);
    struct gb_span time = layout->cells[layout->time];
    for (size_t i = 0; i < layout->dialect.n_cells; i++) {
        struct gb_span cell = layout->cells[i], bare = gb_header_bare(cell);

        if (i == layout->time || cell.n == 0)
            continue;
        bool is_unit = gb_unit_named(bare.at, bare.n) != NULL;
        bool is_like = is_unit || gb_header_is_like_a_unit(cell);
        n_units += is_unit;
        n_like += is_like;
        n_kinds += is_kind(cell);
        n_words += !is_like && !is_kind(cell);
    }
    if (n_like + n_kinds + n_words == 0)
        return time.n > 0 ? ROLE_INDEX : ROLE_NAMES;
    bool is_beside = time.n == 0 || gb_header_is_like_a_unit(time);
    if (is_beside && n_words == 0 && n_kinds == 0 && n_units > 0)
        return ROLE_UNITS;
    return is_beside && n_words == 0 && n_units == 0 && n_kinds > 0 ? ROLE_KINDS : ROLE_NAMES;
}

/* Where the names are among the lines above, from 0; the last where nothing else can be told.
 * units  out: where the units are; n_above: there are none */
static size_t find_names(struct gb_layout *layout, size_t *units)
{
    const size_t n = layout->n_above, none = n;
    size_t names = n;
    bool has_kinds = false;

    *units = none;
    while (names-- > 0) {
        enum role role = role_of(layout, layout->above[names].before);
        if (role == ROLE_NAMES || (role == ROLE_UNITS && *units != none))
            break;
        if (role == ROLE_UNITS)
            *units = names;
        has_kinds |= role == ROLE_KINDS;
    }
    bool is_known = names < n && (*units != none || !has_kinds);
    if (!is_known || names == n - 1) {
        names = n - 1;
        *units =
            is_known && names > 0 && role_of(layout, layout->above[names - 1].before) == ROLE_UNITS
                ? names - 1
                : none;
    }
    return names;
}

enum gb_status gb_layout_settle_header(struct gb_layout *layout, const char *file,
                                       struct gb_error *err)
{
    size_t units, names = layout->n_above > 0 ? find_names(layout, &units) : 0;
    struct gb_span line;

    if (layout->n_above == 0)
        return GB_OK;
    layout->header = layout->above[names].before;
    layout->header_line = layout->above[names].number;
    if (units == layout->n_above)
        return GB_OK;
    layout->units = calloc(layout->dialect.n_cells, sizeof *layout->units);
    if (!layout->units)
        return gb_fail(err, GB_ENOMEM, "no memory for the columns of '%s'", file);
    struct gb_lines before = layout->above[units].before;
    layout->units_line = layout->above[units].number;
    gb_lines_take(&before, &line);
    gb_cells_cut(line, layout->dialect.separator, layout->units, layout->dialect.n_cells);
    return GB_OK;
}
