#include "experiments/sweep/sweep_layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/sweep/sweep_priv.h"
#include "experiments/sweep/sweep_unread.h"

#define MAX_TRIALS 1000000.0
#define MAX_WRONG_CELLS 10 /* reported */

/* ---- columns */

static bool has_column(const struct gb_sweep *sweep, const char *name)
{
    for (size_t i = 0; i < sweep->n_columns; i++)
        if (strcmp(sweep->columns[i], name) == 0)
            return true;
    return false;
}

static bool add_column(struct gb_sweep *sweep, const char *name)
{
    if (has_column(sweep, name))
        return true;
    const char **columns = gb_array_resize(sweep->columns, sweep->n_columns + 1, sizeof *columns);
    if (!columns)
        return false;
    sweep->columns = columns;
    sweep->columns[sweep->n_columns++] = name;
    return true;
}

static bool add_columns(struct gb_sweep *sweep)
{
    bool ok = !sweep->cases[0].name || add_column(sweep, "case");

    for (size_t c = 0; c < sweep->n_cases; c++)
        for (size_t k = 0; ok && k < sweep->cases[c].grid.n_keys; k++)
            ok = add_column(sweep, sweep->cases[c].grid.keys[k].name);
    for (int averaged = 0; averaged < 2; averaged++) /* those averaged over stand last */
        for (size_t k = 0; ok && k < sweep->shared.n_keys; k++)
            if (sweep->shared.keys[k].is_averaged == (averaged == 1))
                ok = add_column(sweep, sweep->shared.keys[k].name);
    return ok;
}

/* ---- what stands in them */

/* A text of the pool that is equal to this one, added if there is none; NULL without memory. */
static const char *pooled(struct gb_sweep *sweep, const char *text)
{
    for (size_t i = 0; i < sweep->pool.n; i++)
        if (strcmp(sweep->pool.list[i], text) == 0)
            return sweep->pool.list[i];
    return gb_sweep_settings_add(&sweep->pool, text, NULL) ? sweep->pool.list[sweep->pool.n - 1]
                                                           : NULL;
}

/* What a cell has of a key: the value that it varies, or that its scenario stands at. */
static const char *value_of(struct gb_sweep *sweep, struct gb_sweep_cell cell,
                            const struct gb_scenario *scenario, const char *name)
{
    const struct gb_sweep_case *of = &sweep->cases[cell.case_number];
    char text[GB_PARAM_TEXT_SIZE];

    if (of->name && strcmp(name, "case") == 0)
        return of->name;
    if (!gb_scenario_reads(scenario, name))
        return GB_VARIED_UNREAD;
    const struct gb_sweep_key *key = gb_sweep_find_key(sweep, of, name);
    if (key)
        return gb_sweep_value_at(sweep, of, key, cell.place);
    return pooled(sweep, gb_scenario_value(scenario, name, text, sizeof text));
}

static bool append_cell(struct gb_sweep *sweep, struct gb_sweep_cell cell,
                        const struct gb_scenario *scenario)
{
    bool ok = true;
    const char **row = sweep->values + sweep->n_cells * sweep->n_columns;

    for (size_t i = 0; ok && i < sweep->n_columns; i++)
        ok = (row[i] = value_of(sweep, cell, scenario, sweep->columns[i])) != NULL;
    sweep->cells[sweep->n_cells++] = cell;
    return ok;
}

/* ---- cells that are the same */

/* Keys that may make the difference between cells: those that are varied or set by a case. */
struct signature {
    struct gb_sweep_settings keys;
    bool may_repeat; /* some of them is not read everywhere, or a case may equal another */
};

static bool take_key(struct signature *signature, const struct gb_sweep *sweep, const char *name,
                     size_t length)
{
    char *key = strndup(name, length);
    bool ok = key != NULL;

    for (size_t i = 0; ok && i < signature->keys.n; i++)
        if (strcmp(signature->keys.list[i], key) == 0)
            goto done;
    if (ok) {
        ok = gb_sweep_settings_add(&signature->keys, key, NULL);
        signature->may_repeat |= !gb_scenario_always_reads(sweep->base, key);
    }
done:
    free(key);
    return ok;
}

static bool take_keys(struct signature *signature, const struct gb_sweep *sweep)
{
    bool ok = true;

    signature->may_repeat = sweep->n_cases > 1;
    for (size_t i = 0; ok && i < sweep->n_columns; i++)
        if (gb_scenario_find_row(sweep->base, sweep->columns[i]))
            ok = take_key(signature, sweep, sweep->columns[i], strlen(sweep->columns[i]));
    for (size_t c = 0; c < sweep->n_cases; c++)
        for (size_t i = 0; ok && i < sweep->cases[c].set.n; i++) {
            const char *setting = sweep->cases[c].set.list[i];
            ok = take_key(signature, sweep, setting, strcspn(setting, "="));
        }
    return ok;
}

/* The cell in one text: every such key that is read, with its value; of physics alone where asked
 * for. */
static char *sign(const struct signature *signature, const struct gb_scenario *scenario,
                  bool of_physics)
{
    char value[GB_PARAM_TEXT_SIZE];
    struct gb_sweep_settings parts = {0};
    size_t size = 1;
    bool ok = true;

    for (size_t i = 0; ok && i < signature->keys.n; i++) {
        const char *key = signature->keys.list[i];
        if (of_physics && gb_scenario_find_row(scenario, key)->layer != GB_LAYER_PHYSICS)
            continue;
        bool is_read = gb_scenario_reads(scenario, key);
        ok = gb_sweep_settings_add(&parts, key,
                                   is_read ? gb_scenario_value(scenario, key, value, sizeof value)
                                           : GB_VARIED_UNREAD);
        size += ok ? strlen(parts.list[parts.n - 1]) + 1 : 0;
    }
    char *line = ok ? malloc(size) : NULL;
    if (line) {
        line[0] = '\0';
        for (size_t i = 0; i < parts.n; i++)
            strcat(strcat(line, parts.list[i]), "\n");
    }
    gb_sweep_settings_clear(&parts);
    return line;
}

struct signed_cell {
    char *line;
    uint64_t cell;
};

static int compare_signed(const void *a, const void *b)
{
    const struct signed_cell *x = a, *y = b;
    int order = strcmp(x->line, y->line);

    return order != 0 ? order : (x->cell > y->cell) - (x->cell < y->cell);
}

/* Leaves the first of cells that are the same. */
static void drop_repeated(struct gb_sweep *sweep, struct signed_cell *lines, char **physics)
{
    bool *is_repeated = calloc(sweep->n_cells + 1, sizeof *is_repeated);
    uint64_t kept = 0;

    if (!is_repeated)
        return; /* they are run twice */
    qsort(lines, sweep->n_cells, sizeof *lines, compare_signed);
    for (uint64_t i = 1; i < sweep->n_cells; i++)
        is_repeated[lines[i].cell] = strcmp(lines[i].line, lines[i - 1].line) == 0;
    for (uint64_t i = 0; i < sweep->n_cells; i++) {
        if (is_repeated[i])
            continue;
        char *text = physics[kept];
        physics[kept] = physics[i];
        physics[i] = text; /* all are freed later */
        sweep->cells[kept] = sweep->cells[i];
        memmove(sweep->values + kept * sweep->n_columns, sweep->values + i * sweep->n_columns,
                sweep->n_columns * sizeof *sweep->values);
        kept++;
    }
    sweep->n_merged = sweep->n_cells - kept;
    sweep->n_cells = kept;
    free(is_repeated);
}

/* Every cell has all values of a key that is averaged over, so that every average has as many
 * trials. returns the column of one that some cell does not read, or n_columns */
static size_t find_unread_average(const struct gb_sweep *sweep)
{
    size_t n = sweep->n_columns, first = n - gb_sweep_averages(sweep).n;

    for (uint64_t cell = 0; cell < sweep->n_cells; cell++)
        for (size_t k = first; k < n; k++)
            if (strcmp(sweep->values[cell * n + k], GB_VARIED_UNREAD) == 0)
                return k;
    return n;
}

/* ---- all of them */

struct layout {
    struct gb_sweep *sweep;
    const char *path;
    struct gb_diagnostics *diagnostics;
    struct signature signature;
    struct signed_cell *lines; /* NULL: no two cells can be the same */
    char **physics;            /* of each cell, as one text */
    struct gb_sweep_watch watch;
    size_t n_wrong;
    struct gb_setting_place first_more; /* of wrong cells that are counted and no more */
    struct gb_sweep_settings unread_of_case, unread_of_cases; /* the one at hand, those before */
};

/* Where the sweep file has the setting that a message of a cell begins with ("slot=7 min: ..."),
 * else the first key that the cell varies, else its case. */
static struct gb_setting_place place_of(const struct gb_sweep *sweep,
                                        const struct gb_sweep_case *of, const char *message)
{
    const struct gb_sweep_key *first = of->grid.n_keys        ? of->grid.keys
                                       : sweep->shared.n_keys ? sweep->shared.keys
                                                              : NULL;
    size_t length = strcspn(message, "=");
    char *name = message[length] ? strndup(message, length) : NULL;
    const struct gb_sweep_key *key = name ? gb_sweep_find_key(sweep, of, name) : NULL;

    free(name);
    for (size_t i = 0; !key && i < of->set.n; i++)
        if (strncmp(message, of->set.list[i], strlen(of->set.list[i])) == 0)
            return of->set.places[i];
    key = key ? key : first;
    return key ? (struct gb_setting_place){key->line, key->column}
               : (struct gb_setting_place){of->line, of->column};
}

static void report_wrong(struct layout *layout, struct gb_sweep_cell cell,
                         const struct gb_error *why)
{
    const struct gb_sweep_case *of = &layout->sweep->cases[cell.case_number];
    struct gb_setting_place place = place_of(layout->sweep, of, why->text);

    if (why->status == GB_ENOMEM)
        gb_diagnostics_lack_memory(layout->diagnostics);
    if (layout->n_wrong == MAX_WRONG_CELLS)
        layout->first_more = place;
    if (layout->n_wrong++ < MAX_WRONG_CELLS)
        gb_diagnostics_add_at(layout->diagnostics, layout->path, place.line, place.column,
                              "%s%scell %" PRIu64 ": %s", of->name ? of->name : "",
                              of->name ? ", " : "", cell.place, why->text);
}

/* Takes off a list of settings those that the scenario of a cell reads, and what nobody needs to be
 * told of: what is no key of its own, or as it would be without the setting. */
static void drop_read(struct gb_sweep_settings *unread, const struct gb_scenario *scenario)
{
    size_t kept = 0;

    for (size_t i = 0; i < unread->n; i++) {
        char key[GB_PARAM_TEXT_SIZE];
        size_t length = strcspn(unread->list[i], "=");

        snprintf(key, sizeof key, "%.*s", (int)length, unread->list[i]);
        const struct gb_param *row = gb_scenario_find_row(scenario, key);
        if (!row || strcmp(unread->list[i] + length + 1, row->default_text) == 0 ||
            gb_scenario_reads(scenario, key))
            free(unread->list[i]);
        else
            unread->list[kept++] = unread->list[i];
    }
    unread->n = kept;
}

static void lay_out_cell(struct layout *layout, struct gb_sweep_cell cell)
{
    struct gb_sweep *sweep = layout->sweep;
    struct gb_scenario *scenario = NULL;
    struct gb_error why = {0};

    if (gb_sweep_place_scenario(sweep, cell, &scenario, &layout->watch, &why) != GB_OK) {
        report_wrong(layout, cell, &why);
        return;
    }
    if (layout->lines) {
        layout->lines[sweep->n_cells] =
            (struct signed_cell){sign(&layout->signature, scenario, false), sweep->n_cells};
        if (!layout->lines[sweep->n_cells].line)
            gb_diagnostics_lack_memory(layout->diagnostics);
    }
    layout->physics[sweep->n_cells] = sign(&layout->signature, scenario, true);
    if (!layout->physics[sweep->n_cells] || !append_cell(sweep, cell, scenario))
        gb_diagnostics_lack_memory(layout->diagnostics);
    drop_read(&sweep->unread, scenario);
    drop_read(&layout->unread_of_case, scenario);
    gb_scenario_free(scenario);
}

/* Settings of a case are read in its cells or nowhere. */
static void lay_out_case(struct layout *layout, size_t c)
{
    struct gb_sweep *sweep = layout->sweep;
    const struct gb_sweep_settings *set = &sweep->cases[c].set;
    bool ok = true;

    for (size_t i = 0; ok && i < set->n; i++)
        ok = gb_sweep_settings_add(&layout->unread_of_case, set->list[i], NULL);
    for (uint64_t place = 0; place < gb_sweep_case_size(sweep, &sweep->cases[c]); place++)
        lay_out_cell(layout, (struct gb_sweep_cell){c, place});
    for (size_t i = 0; ok && i < layout->unread_of_case.n; i++)
        ok = gb_sweep_settings_add(&layout->unread_of_cases, layout->unread_of_case.list[i], NULL);
    gb_sweep_settings_clear(&layout->unread_of_case);
    if (!ok)
        gb_diagnostics_lack_memory(layout->diagnostics);
}

static void check_averages(const struct layout *layout)
{
    const struct gb_sweep *sweep = layout->sweep;
    size_t unread = find_unread_average(sweep);
    const struct gb_sweep_key *key =
        unread < sweep->n_columns
            ? gb_sweep_find_key(sweep, &sweep->cases[0], sweep->columns[unread])
            : NULL;

    if (key)
        gb_diagnostics_add_at(layout->diagnostics, layout->path, key->line, key->column,
                              "average: nothing reads %s in some of the cells; a key that is "
                              "averaged over is read in all of them",
                              key->name);
}

static void lay_out_all(struct layout *layout)
{
    struct gb_sweep *sweep = layout->sweep;
    size_t before = gb_diagnostics_count(layout->diagnostics);

    for (size_t c = 0; c < sweep->n_cases; c++)
        lay_out_case(layout, c);
    for (size_t i = 0; i < layout->unread_of_cases.n; i++)
        if (!gb_sweep_settings_add(&sweep->unread, layout->unread_of_cases.list[i], NULL))
            gb_diagnostics_lack_memory(layout->diagnostics);
    gb_sweep_settings_clear(&layout->unread_of_cases);
    if (layout->n_wrong > MAX_WRONG_CELLS)
        gb_diagnostics_add_at(layout->diagnostics, layout->path, layout->first_more.line,
                              layout->first_more.column, "%zu more cells like these",
                              layout->n_wrong - MAX_WRONG_CELLS);
    if (gb_diagnostics_count(layout->diagnostics) == before)
        gb_sweep_watch_report(&layout->watch, sweep, layout->path, layout->diagnostics);
    if (layout->lines && gb_diagnostics_count(layout->diagnostics) == before)
        drop_repeated(sweep, layout->lines, layout->physics);
    if (gb_diagnostics_count(layout->diagnostics) == before)
        check_averages(layout);
    if (gb_diagnostics_count(layout->diagnostics) == before &&
        !gb_sweep_put_in_order(sweep, (const char *const *)layout->physics))
        gb_diagnostics_lack_memory(layout->diagnostics);
}

void gb_sweep_lay_out(struct gb_sweep *sweep, const char *path, struct gb_diagnostics *diagnostics)
{
    struct layout layout = {.sweep = sweep, .path = path, .diagnostics = diagnostics};
    double n_cells = 0;

    for (size_t c = 0; c < sweep->n_cases; c++)
        n_cells += (double)gb_sweep_case_size(sweep, &sweep->cases[c]);
    double n_trials = n_cells * (double)gb_sweep_stride(sweep);
    if (n_trials > MAX_TRIALS) {
        struct gb_setting_place place = place_of(sweep, &sweep->cases[0], "");
        gb_diagnostics_add_at(diagnostics, path, place.line, place.column,
                              "%.0f cells of %" PRIu64 " replications each are %.0f trials, more "
                              "than a sweep holds (%.0f): vary fewer values, or replicate less",
                              n_cells, gb_sweep_stride(sweep), n_trials, MAX_TRIALS);
        return;
    }
    bool ok = add_columns(sweep) && take_keys(&layout.signature, sweep);
    sweep->cells = calloc((size_t)n_cells + 1, sizeof *sweep->cells);
    sweep->values = calloc((size_t)n_cells * sweep->n_columns + 1, sizeof *sweep->values);
    layout.lines =
        layout.signature.may_repeat ? calloc((size_t)n_cells + 1, sizeof *layout.lines) : NULL;
    layout.physics = calloc((size_t)n_cells + 1, sizeof *layout.physics);
    ok = ok && gb_sweep_watch_init(&layout.watch, sweep);
    if (ok && sweep->cells && sweep->values && layout.physics &&
        (layout.lines || !layout.signature.may_repeat))
        lay_out_all(&layout);
    else
        gb_diagnostics_lack_memory(diagnostics);
    for (size_t i = 0; layout.lines && i < (size_t)n_cells; i++)
        free(layout.lines[i].line);
    free(layout.lines);
    for (size_t i = 0; layout.physics && i < (size_t)n_cells; i++)
        free(layout.physics[i]);
    free(layout.physics);
    gb_sweep_watch_clear(&layout.watch);
    gb_sweep_settings_clear(&layout.signature.keys);
}
