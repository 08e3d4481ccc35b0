/* gridbourse compare: the market against trading directly with the grid. */
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/compare_priv.h"
#include "cli/crash_handler.h"
#include "cli/message.h"
#include "cli/pair.h"

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

/* ---- the command */

static int compare(const struct gb_compare_request *request)
{
    struct gb_error err = {0};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};
    gb_pair_settle(request->path);
    gb_crash_handler_begin(request->path);
    enum gb_status status = gb_results_open(&results, request->path, &err);

    if (status != GB_OK) {
        gb_crash_handler_end();
        gb_message_failure(&err);
        return status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
    }
    status = check_ledger(request, results, &err);
    if (status == GB_OK)
        status = gb_cells_find(&cells, results, &err);
    if (status == GB_OK && cells.n == 0)
        status = gb_fail(&err, GB_EINPUT, "'%s' holds no trial", request->path);
    if (status == GB_OK && request->csv)
        status = gb_compare_print_csv(results, &cells, &err);
    else if (status == GB_OK && cells.n == 1)
        status = gb_compare_print_cell(request, results, &cells.items[0], &err);
    else if (status == GB_OK)
        gb_compare_print_sweep(request, results, &cells);
    gb_cells_clear(&cells);
    gb_results_close(results);
    gb_crash_handler_end();
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

enum { OPTION_CSV, OPTION_ALL, OPTION_LEDGER };
static const struct gb_option options[] = {
    [OPTION_CSV] = {"--csv", NULL, NULL,
                    "print comma-separated values, one row a cell and quantity"},
    [OPTION_ALL] = {"--all", NULL, NULL, "show every user, not the first 20 alone"},
    [OPTION_LEDGER] = {"--ledger", NULL, "FILE",
                       "refuse, unless this is the ledger of the same run"},
    {0},
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct gb_compare_request *request = context;

    switch (option) {
    case OPTION_CSV: request->csv = true; break;
    case OPTION_ALL: request->all = true; break;
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
    return compare(&request);
}

const struct gb_command gb_command_compare = {
    "compare", "OUT.h5 [--csv] [--all] [--ledger FILE]",
    "compare the market with trading directly with the grid", run};
