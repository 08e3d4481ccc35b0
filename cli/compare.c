/* gridbourse compare: the market against trading directly with the grid, or cells of a sweep
 * against one of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/compare_priv.h"
#include "cli/message.h"
#include "cli/pair.h"
#include "cli/result_input.h"
#include "cli/stored_cases.h"

/* ---- the ledger of the same run */

/* Is the ledger that was named the run's? One beside the result under its name is asked unnamed. */
static enum gb_status check_ledger(const struct gb_compare_request *request,
                                   const struct gb_results *results, struct gb_error *err)
{
    const uint8_t *bytes = gb_results_provenance(results)->head;
    struct gb_hash head = {{0}}, found;

    if (bytes)
        memcpy(head.bytes, bytes, sizeof head.bytes);
    if (!request->ledger) {
        gb_pair_note_beside_result(request->path, bytes ? &head : NULL);
        return GB_OK;
    }
    gb_pair_settle(request->ledger);
    if (!gb_ledger_head(request->ledger, &found))
        return gb_fail(err, GB_EINPUT,
                       "'%s' is no whole ledger: `gridbourse ledger verify %s` "
                       "says why",
                       request->ledger, request->ledger);
    return gb_pair_check(request->path, bytes ? &head : NULL, request->ledger, &found, err);
}

/* ---- the market with the grid */

/* Keeps the cells that --where shows. */
static enum gb_status keep_shown(const struct gb_selection *where, const struct gb_results *results,
                                 struct gb_cells *cells, struct gb_error *err)
{
    size_t kept = 0;

    for (size_t c = 0; c < cells->n; c++) {
        if (gb_selection_holds(where, results, cells->items[c].trials[0])) {
            struct gb_cell shown = cells->items[c];

            cells->items[c] = cells->items[kept];
            cells->items[kept++] = shown;
        }
    }
    if (kept == 0)
        return gb_fail(err, GB_EINPUT, "no cell has all the values of --where");
    while (cells->n > kept)
        free(cells->items[--cells->n].trials);
    return GB_OK;
}

static enum gb_status print_with_grid(const struct gb_compare_request *request,
                                      struct gb_results *results, struct gb_cells *cells,
                                      struct gb_error *err)
{
    enum gb_status status = keep_shown(&request->shown, results, cells, err);

    if (status != GB_OK)
        return status;
    if (request->output == GB_COMPARE_CSV)
        return gb_compare_print_data(request, results, cells, GB_DATA_CSV, err);
    if (request->output == GB_COMPARE_JSON)
        return gb_compare_print_data(request, results, cells, GB_DATA_JSON, err);
    if (cells->n == 1 && !request->columns)
        return gb_compare_print_cell(request, results, cells, err);
    return gb_compare_print_sweep(request, results, cells, err);
}

/* ---- the command */

/* What the scenario calls it; a result whose scenario cannot be read has none but the word. */
static enum gb_status name_currency(struct gb_compare_request *request,
                                    const struct gb_results *results)
{
    struct gb_error why = {0};
    enum gb_status status = gb_stored_currency(results, request->currency, &why);

    if (status != GB_OK)
        snprintf(request->currency, sizeof request->currency, "currency");
    return status == GB_ENOMEM ? status : GB_OK;
}

static enum gb_status find_cells(struct gb_compare_request *request, struct gb_results *results,
                                 struct gb_cells *cells, struct gb_error *err)
{
    enum gb_status status =
        gb_stored_select(&request->shown, &request->homes, results, &request->where, err);

    if (status == GB_OK)
        status = gb_cells_find(cells, results, &request->shown, err);
    request->n_cells = cells->n;
    if (status == GB_OK && cells->n == 0)
        status = gb_results_n_trials(results) == 0
                     ? gb_fail(err, GB_EINPUT, "'%s' holds no trial", request->path)
                     : gb_fail(err, GB_EINPUT, "no cell has all the values of --where");
    return status == GB_OK ? gb_compare_read_homes(request, results, cells, err) : status;
}

static int compare(struct gb_compare_request *request)
{
    struct gb_error err = {0};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};
    int code = gb_result_input_open(&results, request->path);

    if (code != GB_EXIT_DONE)
        return code;
    enum gb_status status = check_ledger(request, results, &err);
    if (status == GB_OK && (status = name_currency(request, results)) != GB_OK)
        gb_fail(&err, status, "no memory for the scenario of the result");
    if (status == GB_OK)
        status = find_cells(request, results, &cells, &err);
    if (status == GB_OK && request->against)
        status = gb_compare_print_against(request, results, &cells, &err);
    else if (status == GB_OK)
        status = print_with_grid(request, results, &cells, &err);
    gb_cells_clear(&cells);
    gb_selection_clear(&request->shown);
    gb_kinds_clear(&request->of_homes);
    gb_home_choice_clear(&request->homes);
    gb_result_input_close(results);
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

enum {
    OPTION_AGAINST,
    OPTION_WHERE,
    OPTION_COLUMNS,
    OPTION_ALL,
    OPTION_USERS,
    OPTION_BOOTSTRAP,
    OPTION_MISSING,
    OPTION_CSV,
    OPTION_JSON,
    OPTION_LATEX,
    OPTION_MARKDOWN,
    OPTION_LEDGER
};
static const struct gb_option options[] = {
    [OPTION_AGAINST] =
        {"--against", NULL, "KEY=VALUE",
         "compare every cell with the one that has this value, or these between commas"},
    [OPTION_WHERE] = {"--where", NULL, "KEY=VALUE",
                      "cells that have this value, or these between commas; kind=NAME or "
                      "strategy=NAME: these homes; may be repeated"},
    [OPTION_COLUMNS] = {"--columns", NULL, "NAME,...",
                        "show these columns of /summary, or A/B of two"},
    [OPTION_ALL] =
        {"--all", NULL, NULL,
         "show every user, not the first 20 alone; with --against every quantity and row"},
    [OPTION_USERS] =
        {"--users", NULL, NULL,
         "with --against show user by user, where replications share their households"},
    [OPTION_BOOTSTRAP] = {"--bootstrap", NULL, "N",
                          "intervals of differences by so many resamples, 2000 for instance"},
    [OPTION_MISSING] = {"--allow-missing", NULL, NULL,
                        "compare cells that lack replications over those they have"},
    [OPTION_CSV] = {"--csv", NULL, NULL,
                    "print comma-separated values, one row a cell and quantity"},
    [OPTION_JSON] = {"--json", NULL, NULL, "print the same as JSON"},
    [OPTION_LATEX] = {"--latex", NULL, NULL, "print tables for LaTeX with the package booktabs"},
    [OPTION_MARKDOWN] = {"--markdown", NULL, NULL, "print tables in Markdown"},
    [OPTION_LEDGER] = {"--ledger", NULL, "FILE",
                       "refuse, unless this is the ledger of the same run"},
    {0},
};

/* One output: the last option does not silently win. */
static int take_output(struct gb_compare_request *request, enum gb_compare_output output,
                       enum gb_table_style style)
{
    if (request->output != GB_COMPARE_TABLE || request->style != GB_TABLE_PLAIN)
        return gb_message_wrong_use(&gb_command_compare,
                                    "compare: one of --csv, --json, --latex and --markdown");
    request->output = output;
    request->style = style;
    return GB_EXIT_DONE;
}

static int take_resamples(struct gb_compare_request *request, const struct gb_arguments *arguments)
{
    int64_t n;

    if (!gb_arguments_number(arguments, OPTION_BOOTSTRAP, 100, 1000000, &n))
        return GB_EXIT_WRONG_USE;
    request->n_resamples = (uint32_t)n;
    return GB_EXIT_DONE;
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct gb_compare_request *request = context;

    switch (option) {
    case OPTION_AGAINST: request->against = arguments->value; break;
    case OPTION_WHERE:
        return gb_conditions_add(&request->where, &gb_command_compare, arguments->value);
    case OPTION_COLUMNS: request->columns = arguments->value; break;
    case OPTION_ALL: request->all = true; break;
    case OPTION_USERS: request->each_user = true; break;
    case OPTION_BOOTSTRAP: return take_resamples(request, arguments);
    case OPTION_MISSING: request->allow_missing = true; break;
    case OPTION_CSV: return take_output(request, GB_COMPARE_CSV, GB_TABLE_PLAIN);
    case OPTION_JSON: return take_output(request, GB_COMPARE_JSON, GB_TABLE_PLAIN);
    case OPTION_LATEX: return take_output(request, GB_COMPARE_TABLE, GB_TABLE_LATEX);
    case OPTION_MARKDOWN: return take_output(request, GB_COMPARE_TABLE, GB_TABLE_MARKDOWN);
    default: request->ledger = arguments->value;
    }
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_compare, .options = options, .argc = argc, .argv = argv};
    struct gb_compare_request request = {0};
    int code;

    if (!gb_arguments_read(&arguments, "result", take_option, &request, &request.path, &code))
        return code;
    if (!request.against && (request.n_resamples > 0 || request.allow_missing || request.each_user))
        return gb_message_wrong_use(&gb_command_compare,
                                    "compare: %s is about differences of cells: name the cell to "
                                    "compare with in --against KEY=VALUE",
                                    request.allow_missing ? "--allow-missing"
                                    : request.each_user   ? "--users"
                                                          : "--bootstrap");
    return compare(&request);
}

const struct gb_command gb_command_compare = {
    "compare", "OUT.h5 [--against KEY=VALUE] [--where KEY=VALUE] [--columns NAMES] [--csv] ...",
    "compare the market with trading directly with the grid, or cells of a sweep", run};
