#include "analysis/figure_grid_priv.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/selection.h"

#define MAX_LIST 240 /* bytes of keys or values that a message lists */
#define TEXT_ROOM 80

/* ---- keys and values */

static size_t find_key(const struct gb_results *results, const char *key)
{
    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), key) == 0)
            return k;
    return SIZE_MAX;
}

/* Adds ", word" to a list that ends with ", ..." where it has no more room. */
static void list_word(char list[MAX_LIST], const char *word)
{
    size_t n = strlen(list);

    if (n + strlen(word) + 8 < MAX_LIST)
        snprintf(list + n, MAX_LIST - n, "%s%s", n ? ", " : "", word);
    else if (n >= 3 && strcmp(list + n - 3, "...") != 0)
        snprintf(list + n, MAX_LIST - n, ", ...");
}

static enum gb_status refuse_key(const struct gb_results *results, const char *key,
                                 struct gb_error *err)
{
    char keys[MAX_LIST] = "";

    for (size_t k = 0; k < gb_results_n_factors(results); k++)
        list_word(keys, gb_results_varied_key(results, k));
    return gb_fail(err, GB_EINPUT, "the result does not vary '%.80s'; it varies %s", key,
                   keys[0] ? keys : "nothing: a sweep does");
}

/* A key that cells differ in; one that is averaged over makes none. */
static enum gb_status find_factor(size_t *key, const struct gb_results *results, const char *name,
                                  struct gb_error *err)
{
    *key = find_key(results, name);
    if (*key == SIZE_MAX)
        return refuse_key(results, name, err);
    if (*key >= gb_results_n_factors(results))
        return gb_fail(err, GB_EINPUT,
                       "the sweep averages over '%.80s', so that no cells differ in it; --where "
                       "%.80s=VALUE shows one of its values",
                       name, name);
    return GB_OK;
}

/* ---- kinds of households */

static bool is_kinds(const struct gb_results *results, const char *name)
{
    return name && strcmp(name, GB_KINDS_NAME) == 0 && find_key(results, name) == SIZE_MAX;
}

bool gb_grid_asks_for_kinds(const struct gb_figure_request *request)
{
    return is_kinds(request->results, request->lines) ||
           is_kinds(request->results, request->panels);
}

enum gb_status gb_grid_refuse_kinds(const struct gb_figure_request *request, struct gb_error *err)
{
    return gb_grid_asks_for_kinds(request)
               ? gb_fail(err, GB_EREFUSED,
                         "it shows all households together; curves and effect have lines and "
                         "panels by kind")
               : GB_OK;
}

/* ---- which cells are shown */

static enum gb_status choose_cells(struct gb_figure_grid *grid,
                                   const struct gb_figure_request *request, struct gb_error *err)
{
    grid->shown = malloc((grid->cells.n + 1) * sizeof *grid->shown);
    if (!grid->shown)
        return gb_fail(err, GB_ENOMEM, "no memory for the cells of the sweep");
    for (size_t c = 0; c < grid->cells.n; c++) {
        const struct gb_cell *cell = &grid->cells.items[c];

        grid->most_trials = cell->n_trials > grid->most_trials ? cell->n_trials : grid->most_trials;
        if (gb_selection_holds(&request->where, grid->results, cell->trials[0]))
            grid->shown[grid->n_shown++] = cell;
    }
    return grid->n_shown > 0 ? GB_OK
                             : gb_fail(err, GB_EINPUT, "no cell meets all that --where asks for");
}

/* ---- which key goes where */

/* What is known of a key before it has a place. */
struct candidate {
    size_t key, n_values;
    bool are_numbers, is_placed;
};

struct candidates {
    size_t n;
    struct candidate *items; /* keys of more than one value among the cells shown */
};

static enum gb_status find_candidates(struct candidates *out, const struct gb_figure_grid *grid,
                                      struct gb_error *err)
{
    size_t n = gb_results_n_factors(grid->results);
    bool ok;

    *out = (struct candidates){0, calloc(n + 1, sizeof *out->items)};
    ok = out->items != NULL;
    for (size_t k = 0; ok && k < n; k++) {
        struct gb_factor factor;

        ok = gb_factor_fill(&factor, grid->results, grid->shown, grid->n_shown, k);
        if (ok && factor.n > 1)
            out->items[out->n++] =
                (struct candidate){k, factor.n, factor.scale != GB_SCALE_WORDS, false};
        gb_factor_clear(&factor);
    }
    return ok ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the keys of the sweep");
}

/* A key that was asked for, of place i. It may have one value only. */
static enum gb_status place_asked(size_t keys[3], int i, struct candidates *candidates,
                                  const struct gb_figure_grid *grid, const char *asked,
                                  struct gb_error *err)
{
    enum gb_status status = GB_OK;

    if (!asked)
        return GB_OK;
    if (i == 0 && is_kinds(grid->results, asked))
        return gb_fail(err, GB_EINPUT,
                       "kinds of households have no place along x: --lines kind or --panels kind");
    if (is_kinds(grid->results, asked))
        keys[i] = GB_KINDS_KEY;
    else
        status = find_factor(&keys[i], grid->results, asked, err);
    if (status != GB_OK)
        return status;
    for (int j = 0; j < i; j++)
        if (keys[j] == keys[i])
            return gb_fail(err, GB_EINPUT,
                           "'%.80s' is asked for twice: of --x, --lines and "
                           "--panels each takes another key",
                           asked);
    for (size_t c = 0; c < candidates->n; c++)
        candidates->items[c].is_placed |= candidates->items[c].key == keys[i];
    return GB_OK;
}

/* ---- keys that move together */

/* Whether cells can differ in a factor's key: not without one, nor in kinds. */
static bool is_varied(const struct gb_figure_grid *grid, size_t key)
{
    return key < gb_results_n_varied(grid->results);
}

static bool are_alike(const struct gb_figure_grid *grid, const struct gb_cell *a,
                      const struct gb_cell *b, size_t key)
{
    return strcmp(gb_cell_value(grid->results, a, key), gb_cell_value(grid->results, b, key)) == 0;
}

/* Whether the values of other keys (SIZE_MAX: none) say that of this one, in every cell shown: they
 * are zipped, or one of them says which case it is. */
static bool follows(const struct gb_figure_grid *grid, size_t key, const size_t others[3])
{
    for (size_t c = 1; c < grid->n_shown; c++)
        for (size_t first = 0; first < c; first++) {
            bool agree = true;

            for (int i = 0; agree && i < 3; i++)
                agree = !is_varied(grid, others[i]) ||
                        are_alike(grid, grid->shown[c], grid->shown[first], others[i]);
            if (agree && !are_alike(grid, grid->shown[c], grid->shown[first], key))
                return false;
            if (agree)
                break;
        }
    return true;
}

static bool are_one_to_one(const struct gb_figure_grid *grid, size_t a, size_t b)
{
    return follows(grid, a, (const size_t[]){b, SIZE_MAX, SIZE_MAX}) &&
           follows(grid, b, (const size_t[]){a, SIZE_MAX, SIZE_MAX});
}

bool gb_grid_move_together(const struct gb_figure_grid *grid, size_t a, size_t b)
{
    const struct gb_cell *first = grid->shown[0];
    bool do_vary = false;

    for (size_t c = 1; c < grid->n_shown; c++)
        do_vary = do_vary || !are_alike(grid, grid->shown[c], first, a);
    return do_vary && are_one_to_one(grid, a, b);
}

/* Whether another key without a place, of at most so many values, says which value this one has,
 * and is not said by it. */
static bool is_told(const struct candidates *candidates, const struct gb_figure_grid *grid,
                    const struct candidate *item, size_t max)
{
    for (size_t i = 0; i < candidates->n; i++) {
        const struct candidate *other = &candidates->items[i];

        if (other != item && !other->is_placed && other->n_values <= max &&
            follows(grid, item->key, (const size_t[]){other->key, SIZE_MAX, SIZE_MAX}) &&
            !follows(grid, other->key, (const size_t[]){item->key, SIZE_MAX, SIZE_MAX}))
            return true;
    }
    return false;
}

/* The best of the keys without a place: for x the numbers with most values, else the first in the
 * order of the sweep, but for one that another says, which fits there too: a case whose name the
 * values of its own key tell. returns its key, or SIZE_MAX */
static size_t place_best(struct candidates *candidates, const struct gb_figure_grid *grid,
                         bool is_x, size_t max)
{
    struct candidate *best = NULL;

    for (size_t i = 0; i < candidates->n; i++) {
        struct candidate *item = &candidates->items[i];

        if (item->is_placed || (!is_x && is_told(candidates, grid, item, max)))
            continue;
        if (!best || (is_x && (item->are_numbers > best->are_numbers ||
                               (item->are_numbers == best->are_numbers &&
                                item->n_values >= best->n_values))))
            best = item;
    }
    if (!best)
        return SIZE_MAX;
    best->is_placed = true;
    return best->key;
}

/* What moves one to one with a key that has its place has that place too. */
static void place_partners(struct candidates *candidates, const struct gb_figure_grid *grid,
                           size_t placed)
{
    for (size_t i = 0; is_varied(grid, placed) && i < candidates->n; i++) {
        struct candidate *item = &candidates->items[i];

        item->is_placed = item->is_placed || are_one_to_one(grid, item->key, placed);
    }
}

static void place_followers(struct candidates *candidates, const struct gb_figure_grid *grid,
                            const size_t keys[3])
{
    for (size_t i = 0; i < candidates->n; i++) {
        struct candidate *item = &candidates->items[i];

        item->is_placed = item->is_placed || follows(grid, item->key, keys);
    }
}

static enum gb_status refuse_leftover(const struct candidates *candidates,
                                      const struct gb_figure_grid *grid,
                                      const struct gb_axes_extent *extent, struct gb_error *err)
{
    size_t *keys = calloc(candidates->n + 1, sizeof *keys), n = 0;
    enum gb_status status = GB_OK;

    for (size_t i = 0; keys && i < candidates->n; i++)
        if (!candidates->items[i].is_placed)
            keys[n++] = candidates->items[i].key;
    if (!keys)
        status = gb_fail(err, GB_ENOMEM, "no memory for the keys of the sweep");
    else if (n > 0)
        status = gb_grid_refuse_keys(grid, keys, n,
                                     extent->has_x || extent->has_lines
                                         ? "it cannot show all cells at once, which also differ in"
                                         : "it cannot show all cells at once, which differ in",
                                     err);
    free(keys);
    return status;
}

static enum gb_status check_extent(const struct gb_factor *factor, const struct gb_results *results,
                                   size_t max, const char *what, const char *cure,
                                   struct gb_error *err)
{
    const char *key;

    if (factor->n <= max)
        return GB_OK;
    if (factor->key == GB_KINDS_KEY)
        return gb_fail(err, GB_EREFUSED,
                       "there are %zu kinds of households, and at most %zu %s can be told apart: "
                       "`--only kinds` and `gridbourse compare` tell of all",
                       factor->n, max, what);
    key = gb_results_varied_key(results, factor->key);
    return gb_fail(
        err, GB_EREFUSED,
        "%s takes %zu values, and at most %zu %s can be told apart: %s, or choose some by "
        "--where %s=VALUE",
        key, factor->n, max, what, cure, key);
}

static enum gb_status fill_factors(struct gb_figure_grid *grid,
                                   const struct gb_figure_request *request,
                                   const struct gb_axes_extent *extent, const size_t keys[3],
                                   struct gb_error *err)
{
    struct gb_factor *factors[] = {&grid->x, &grid->lines, &grid->panels};
    bool ok = true;
    enum gb_status status = GB_OK;

    if (keys[1] == GB_KINDS_KEY || keys[2] == GB_KINDS_KEY)
        status = gb_kinds_read(&grid->kinds, request->results, grid->shown, grid->n_shown, err);
    if (status != GB_OK)
        return status;
    for (int i = 0; ok && i < 3; i++)
        ok = keys[i] == GB_KINDS_KEY
                 ? gb_factor_fill_kinds(factors[i], &grid->kinds)
                 : gb_factor_fill(factors[i], grid->results, grid->shown, grid->n_shown, keys[i]);
    if (!ok)
        return gb_fail(err, GB_ENOMEM, "no memory for the keys of the sweep");
    for (int i = 0; i < 3; i++)
        if (is_varied(grid, factors[i]->key))
            gb_factor_name_unread(factors[i], grid->results, grid->shown, grid->n_shown, keys);
    status = check_extent(&grid->x, grid->results, extent->max_x, "values along x",
                          "shorten the sweep", err);
    if (status == GB_OK)
        status = check_extent(&grid->lines, grid->results, extent->max_lines, "lines",
                              "put it along --x", err);
    if (status == GB_OK)
        status = check_extent(&grid->panels, grid->results, extent->max_panels, "panels",
                              "put it along --x", err);
    return status;
}

static enum gb_status place_keys(struct gb_figure_grid *grid,
                                 const struct gb_figure_request *request,
                                 const struct gb_axes_extent *extent, struct gb_error *err)
{
    size_t keys[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    const char *const asked[] = {request->x, request->lines, request->panels};
    const bool may[] = {extent->has_x, extent->has_lines, extent->has_panels};
    struct candidates candidates;
    enum gb_status status = find_candidates(&candidates, grid, err);

    for (int i = 0; status == GB_OK && i < 3; i++)
        status = place_asked(keys, i, &candidates, grid, asked[i], err);
    for (int i = 0; status == GB_OK && i < 3; i++)
        place_partners(&candidates, grid, keys[i]);
    for (int i = 0; status == GB_OK && i < 3; i++)
        if (!asked[i] && may[i]) {
            if (i == 2) /* no panels for what lines say already, as of a case */
                place_followers(&candidates, grid, (const size_t[]){SIZE_MAX, keys[1], SIZE_MAX});
            keys[i] = place_best(&candidates, grid, i == 0,
                                 i == 1 ? extent->max_lines : extent->max_panels);
            place_partners(&candidates, grid, keys[i]);
        }
    if (status == GB_OK)
        place_followers(&candidates, grid, keys);
    if (status == GB_OK && extent->has_x && keys[0] == SIZE_MAX)
        status = gb_fail(err, GB_EREFUSED,
                         gb_results_n_factors(grid->results) > 0
                             ? "no key takes more than one value among the cells shown"
                             : "the result varies no key: a sweep does");
    if (status == GB_OK)
        status = refuse_leftover(&candidates, grid, extent, err);
    free(candidates.items);
    return status == GB_OK ? fill_factors(grid, request, extent, keys, err) : status;
}

/* ---- the grid */

enum gb_status gb_grid_choose(struct gb_figure_grid *out, const struct gb_figure_request *request,
                              struct gb_error *err)
{
    struct gb_figure_grid grid = {.results = request->results};
    enum gb_status status = gb_cells_find(&grid.cells, request->results, &request->where, err);

    if (status == GB_OK)
        status = choose_cells(&grid, request, err);
    if (status == GB_OK)
        *out = grid;
    else
        gb_grid_clear(&grid);
    return status;
}

enum gb_status gb_grid_find(struct gb_figure_grid *out, const struct gb_figure_request *request,
                            const struct gb_axes_extent *extent, struct gb_error *err)
{
    struct gb_figure_grid grid = {0};
    enum gb_status status = extent->has_kinds ? GB_OK : gb_grid_refuse_kinds(request, err);

    if (status == GB_OK)
        status = gb_grid_choose(&grid, request, err);
    if (status == GB_OK)
        status = place_keys(&grid, request, extent, err);
    if (status == GB_OK)
        *out = grid;
    else
        gb_grid_clear(&grid);
    return status;
}

enum gb_status gb_grid_find_lines(struct gb_figure_grid *out,
                                  const struct gb_figure_request *request, size_t max_lines,
                                  struct gb_error *err)
{
    const struct gb_axes_extent extent = {
        .max_x = 1, .max_lines = max_lines, .max_panels = 1, .has_lines = max_lines > 1};
    struct gb_figure_request asked = *request;

    asked.x = asked.panels = NULL;
    if (max_lines == 1)
        asked.lines = NULL;
    return gb_grid_find(out, &asked, &extent, err);
}

void gb_grid_clear(struct gb_figure_grid *grid)
{
    gb_factor_clear(&grid->x);
    gb_factor_clear(&grid->lines);
    gb_factor_clear(&grid->panels);
    gb_kinds_clear(&grid->kinds);
    free(grid->shown);
    gb_cells_clear(&grid->cells);
    *grid = (struct gb_figure_grid){0};
}

static bool has_value(const struct gb_figure_grid *grid, const struct gb_cell *cell,
                      const struct gb_factor *factor, size_t value)
{
    return !is_varied(grid, factor->key) ||
           strcmp(gb_cell_value(grid->results, cell, factor->key), factor->texts[value]) == 0;
}

const struct gb_cell *gb_grid_cell(const struct gb_figure_grid *grid, size_t i, size_t j, size_t p)
{
    const struct gb_cell *cell = NULL;

    for (size_t c = 0; c < grid->n_shown; c++)
        if (has_value(grid, grid->shown[c], &grid->x, i) &&
            has_value(grid, grid->shown[c], &grid->lines, j) &&
            has_value(grid, grid->shown[c], &grid->panels, p))
            return grid->shown[c];
    if (grid->x.has_level && i < grid->x.n)
        cell = gb_grid_cell(grid, grid->x.n, j, p);
    if (!cell && grid->panels.has_level && p < grid->panels.n)
        cell = gb_grid_cell(grid, i, j, grid->panels.n);
    return cell;
}

const char *gb_grid_kind(const struct gb_figure_grid *grid, size_t j, size_t p)
{
    return grid->lines.key == GB_KINDS_KEY    ? grid->lines.texts[j]
           : grid->panels.key == GB_KINDS_KEY ? grid->panels.texts[p]
                                              : NULL;
}

/* Whether a line has cells that read the key along x, and one that does not. */
static bool mixes_level(const struct gb_figure_grid *grid)
{
    for (size_t j = 0; j < grid->lines.n; j++)
        for (size_t p = 0; p < grid->panels.n; p++) {
            size_t n = 0, n_unread = 0;

            for (size_t i = 0; i < grid->x.n; i++)
                if (gb_grid_cell(grid, i, j, p)) {
                    n++;
                    n_unread += strcmp(grid->x.texts[i], GB_VARIED_UNREAD) == 0;
                }
            if (n_unread > 0 && n > n_unread)
                return true;
        }
    return false;
}

/* Whether a line has cells that read the key of the panels, and one that does not. */
static bool mixes_panels(const struct gb_figure_grid *grid)
{
    for (size_t j = 0; j < grid->lines.n; j++) {
        bool are_any = false, are_unread = false;

        for (size_t p = 0; p < grid->panels.n; p++)
            for (size_t i = 0; i < grid->x.n; i++)
                if (gb_grid_cell(grid, i, j, p)) {
                    bool is_unread = strcmp(grid->panels.texts[p], GB_VARIED_UNREAD) == 0;

                    are_unread |= is_unread;
                    are_any |= !is_unread;
                }
        if (are_any && are_unread)
            return true;
    }
    return false;
}

void gb_grid_level_unread(struct gb_figure_grid *grid)
{
    bool is_mixed = mixes_level(grid);

    if (!mixes_panels(grid))
        gb_factor_repeat_unread(&grid->panels);
    if (!is_mixed)
        gb_factor_level_unread(&grid->x);
}

enum gb_status gb_grid_refuse_average(const struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err)
{
    const char *key;

    if (cell->n_members == 1)
        return GB_OK;
    key = gb_results_varied_key(results, gb_results_n_factors(results));
    return gb_fail(err, GB_EREFUSED,
                   "it shows trials one by one, and the sweep averages over %s: choose one of its "
                   "values by --where %s=VALUE",
                   key, key);
}
