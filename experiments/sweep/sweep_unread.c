#include "experiments/sweep/sweep_unread.h"

#include <stdlib.h>

struct gb_sweep_watched {
    bool is_read;          /* by some cell */
    struct gb_unread last; /* why another does not */
};

bool gb_sweep_watch_init(struct gb_sweep_watch *watch, const struct gb_sweep *sweep)
{
    watch->n = sweep->late.n + sweep->shared.n_keys;
    for (size_t c = 0; c < sweep->n_cases; c++)
        watch->n += sweep->cases[c].set.n + sweep->cases[c].grid.n_keys;
    watch->list = calloc(watch->n + 1, sizeof *watch->list);
    return watch->list != NULL;
}

void gb_sweep_watch_clear(struct gb_sweep_watch *watch)
{
    free(watch->list);
    *watch = (struct gb_sweep_watch){.n = 0};
}

/* returns the entry behind */
static struct gb_sweep_watched *note(struct gb_sweep_watched *watched,
                                     const struct gb_unread *unread, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        watched[i].is_read |= !unread[i].why[0];
        if (unread[i].why[0])
            watched[i].last = unread[i];
    }
    return watched + n;
}

void gb_sweep_watch_note(struct gb_sweep_watch *watch, const struct gb_sweep *sweep,
                         struct gb_sweep_cell cell, const struct gb_unread *unread)
{
    struct gb_sweep_watched *next = note(watch->list, unread, sweep->late.n);

    for (size_t c = 0; c < sweep->n_cases; c++) {
        size_t n = sweep->cases[c].set.n + sweep->cases[c].grid.n_keys;
        if (c == cell.case_number)
            note(next, unread + sweep->late.n, n);
        next += n;
    }
    size_t own = sweep->cases[cell.case_number].set.n + sweep->cases[cell.case_number].grid.n_keys;
    note(next, unread + sweep->late.n + own, sweep->shared.n_keys);
}

static void report_keys(const struct gb_sweep_grid *grid, const struct gb_sweep_watched *watched,
                        const char *path, struct gb_diagnostics *diagnostics)
{
    for (size_t k = 0; k < grid->n_keys; k++)
        if (!watched[k].is_read && watched[k].last.why[0])
            gb_diagnostics_add_at(diagnostics, path, grid->keys[k].line, grid->keys[k].column,
                                  "%s: nothing reads it in any cell: %s", grid->keys[k].name,
                                  watched[k].last.why);
}

static void report_setting(const struct gb_sweep_settings *settings, size_t i, const char *where,
                           const struct gb_unread *last, const char *path,
                           struct gb_diagnostics *diagnostics)
{
    gb_diagnostics_add_at(diagnostics, path, settings->places[i].line, settings->places[i].column,
                          "%.200s: nothing reads it in %s: %s", settings->list[i], where,
                          last->why);
}

void gb_sweep_watch_report(const struct gb_sweep_watch *watch, const struct gb_sweep *sweep,
                           const char *path, struct gb_diagnostics *diagnostics)
{
    const struct gb_sweep_watched *next = watch->list;

    for (size_t i = 0; i < sweep->late.n; i++, next++)
        if (!next->is_read && i < sweep->n_late_of_file)
            report_setting(&sweep->late, i, "any cell", &next->last, path, diagnostics);
        else if (!next->is_read)
            gb_diagnostics_add(diagnostics, "--set",
                               "--set %.200s: nothing reads it in any cell: %s",
                               sweep->late.list[i], next->last.why);
    for (size_t c = 0; c < sweep->n_cases; c++) {
        const struct gb_sweep_case *of = &sweep->cases[c];

        for (size_t i = 0; i < of->set.n; i++, next++)
            if (!next->is_read && next->last.why[0])
                report_setting(&of->set, i, "any cell of this case", &next->last, path,
                               diagnostics);
        report_keys(&of->grid, next, path, diagnostics);
        next += of->grid.n_keys;
    }
    report_keys(&sweep->shared, next, path, diagnostics);
}
