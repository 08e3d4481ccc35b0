/* gridbourse book: the accepted orders of one slot as BOOK.csv, in the ledger's order, with the
 * amendments that changed one, so that `clear` and other people's tools can match them again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results.h"
#include "base/new_file.h"
#include "base/text.h"
#include "chain/contracts/receipt.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/message.h"
#include "cli/result_input.h"
#include "cli/stored_market.h"
#include "models/market/book_csv.h"
#include "models/market/mechanism.h"

#define ID_SIZE 64 /* a name of GB_NAME_SIZE and a number behind it */

struct request {
    const char *path, *output; /* output NULL: stdout */
    int64_t slot, trial;       /* trial -1: the only one */
    bool has_slot;
};

/* ---- the market of the trial */

/* The settings that make `clear` match by the same rules, as comment lines of the book. */
static void write_settings(const struct gb_market_rules *rules, FILE *out)
{
    const struct gb_param *const tables[] = {gb_market_params, rules->mechanism->member.params};
    const void *const bases[] = {rules, rules->options};
    char value[128];

    fprintf(out, "# the market of the run: gridbourse clear BOOK.csv");
    for (size_t i = 0; i < 2; i++)
        for (const struct gb_param *row = tables[i]; row && row->key; row++)
            fprintf(out, " --set %s=%s", row->key,
                    gb_param_format(row, bases[i], value, sizeof value));
    fputc('\n', out);
}

/* ---- the orders */

struct order_id {
    char text[ID_SIZE];
    uint32_t number;             /* of the order in its slot */
    bool is_numbered, is_shared; /* the number stands behind it; another order has it too */
};

/* "S1" or "meter-12" */
static void name_user(const struct gb_user_row *users, size_t n_users, uint32_t meter,
                      char text[ID_SIZE])
{
    if (meter < n_users && users[meter].name[0]) /* they are counted from 0 */
        snprintf(text, ID_SIZE, "%s", users[meter].name);
    else
        snprintf(text, ID_SIZE, "meter-%" PRIu32, meter);
}

static int compare_ids(const void *a, const void *b)
{
    const struct order_id *const *x = a, *const *y = b;

    return strcmp((*x)->text, (*y)->text);
}

/* Sorts the ids and marks those that stand there more than once. returns whether there are any */
static bool mark_shared(struct order_id **sorted, size_t n)
{
    bool is_any = false;

    qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < n; i++)
        sorted[i]->is_shared = false;
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0) {
            sorted[i - 1]->is_shared = true;
            sorted[i]->is_shared = true;
            is_any = true;
        }
    return is_any;
}

/* Names every order after its user. Where that is no id yet (a meter sent several orders, or two
 * users go by one name), the order's number comes behind it. Two numbered ids never agree; where
 * one agrees with the name of another user, that order is numbered next, and so it ends. */
static enum gb_status name_orders(struct order_id *ids, size_t *n_ids,
                                  const struct gb_order_row *orders, size_t n,
                                  const struct gb_user_row *users, size_t n_users,
                                  struct gb_error *err)
{
    struct order_id **sorted = calloc(n + 1, sizeof *sorted);
    size_t n_added = 0;

    if (!sorted)
        return gb_fail(err, GB_ENOMEM, "no memory for the names of %zu orders", n);
    for (size_t i = 0; i < n; i++) {
        if (orders[i].action != GB_ACTION_ADD)
            continue;
        name_user(users, n_users, orders[i].meter, ids[n_added].text);
        ids[n_added].number = orders[i].number;
        sorted[n_added] = &ids[n_added];
        n_added++;
    }
    *n_ids = n_added;
    while (mark_shared(sorted, n_added))
        for (size_t i = 0; i < n_added; i++)
            if (ids[i].is_shared && !ids[i].is_numbered) {
                size_t length = strlen(ids[i].text);

                snprintf(ids[i].text + length, ID_SIZE - length, "-%" PRIu32, ids[i].number);
                ids[i].is_numbered = true;
            }
    free(sorted);
    return GB_OK;
}

static int compare_number(const void *key, const void *id)
{
    uint32_t number = *(const uint32_t *)key, other = ((const struct order_id *)id)->number;

    return (number > other) - (number < other);
}

/* The id of an order, or of the order that an amendment is about; ids are in the ledger's order,
 * which is that of their numbers. NULL: the result lacks the order */
static const char *id_of(const struct order_id *ids, size_t n_ids, const struct gb_order_row *row)
{
    const uint32_t *number = row->action == GB_ACTION_ADD ? &row->number : &row->target;
    const struct order_id *id =
        n_ids == 0 ? NULL : bsearch(number, ids, n_ids, sizeof *ids, compare_number);

    return id ? id->text : NULL;
}

/* By place in the ledger. */
static int compare_places(const void *a, const void *b)
{
    const struct gb_order_row *x = a, *y = b;

    if (x->height != y->height)
        return x->height < y->height ? -1 : 1;
    if (x->transaction != y->transaction)
        return x->transaction < y->transaction ? -1 : 1;
    return (x->message > y->message) - (x->message < y->message);
}

/* Keeps the accepted orders of the slot, and the amendments that changed one, in the ledger's
 * order. returns how many */
static size_t keep_slot(struct gb_order_row *orders, size_t n, int64_t slot)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (orders[i].interval == slot && orders[i].status == GB_RECEIPT_OK)
            orders[kept++] = orders[i];
    if (kept > 0)
        qsort(orders, kept, sizeof *orders, compare_places);
    return kept;
}

static enum gb_status write_orders(const struct gb_order_row *orders, size_t n,
                                   const struct gb_user_row *users, size_t n_users,
                                   const struct gb_market_rules *rules, FILE *out,
                                   struct gb_error *err)
{
    struct gb_book_row *rows = calloc(n + 1, sizeof *rows);
    struct order_id *ids = calloc(n + 1, sizeof *ids);
    enum gb_status status =
        rows && ids ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for %zu orders", n);
    bool by_source = gb_market_needs_source(rules);
    size_t n_ids = 0;

    if (status == GB_OK)
        status = name_orders(ids, &n_ids, orders, n, users, n_users, err);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        const struct gb_order_row *order = &orders[i];

        rows[i].id = id_of(ids, n_ids, order); /* the time of all is 0: the rows' order decides */
        if (!rows[i].id)
            status = gb_fail(err, GB_EINPUT,
                             "/orders/target: an amendment in slot %" PRId64
                             " is about order %" PRIu32 ", which is not there",
                             order->interval, order->target);
        rows[i].is_amendment = order->action == GB_ACTION_AMEND;
        rows[i].is_cancel = order->action == GB_ACTION_CANCEL;
        rows[i].order = (struct gb_order){.owner = order->meter,
                                          .side = order->side,
                                          .type = order->type,
                                          .source = order->source,
                                          .quantity = {order->quantity_wh},
                                          .minimum = {order->minimum_wh},
                                          .price = {order->price},
                                          .reserve = {order->reserve},
                                          .beta_millionths = (int32_t)order->beta_millionths};
    }
    if (status == GB_OK)
        status = gb_book_csv_write(out, n, rows, by_source, err);
    free(ids);
    free(rows);
    return status;
}

static enum gb_status make_book(const struct request *request, struct gb_results *results,
                                FILE *out, struct gb_error *err)
{
    uint64_t trial =
        request->trial >= 0 ? (uint64_t)request->trial : gb_results_summary(results)[0].trial;
    const struct gb_summary_row *summary = gb_results_trial(results, trial);
    size_t n = 0, n_users = 0;
    struct gb_market_rules rules;
    void *orders = NULL, *users = NULL;
    enum gb_status status = GB_OK;

    if (!summary)
        status = gb_fail(err, GB_EINPUT, "'%s' holds no trial %" PRIu64, request->path, trial);
    else if (request->slot >= summary->n_slots)
        status =
            gb_fail(err, GB_EINPUT,
                    "there is no slot %" PRId64 ": the last one of trial %" PRIu64 " is %" PRId64,
                    request->slot, trial, summary->n_slots - 1);
    if (status == GB_OK)
        status = gb_results_rows(results, GB_TABLE_ORDERS, trial, &orders, &n, err);
    if (status == GB_OK)
        status = gb_results_rows(results, GB_TABLE_USERS, trial, &users, &n_users, err);
    if (status == GB_OK)
        status =
            gb_stored_market(results, (size_t)(summary - gb_results_summary(results)), &rules, err);
    if (status == GB_OK) {
        n = keep_slot(orders, n, request->slot);
        if (n == 0)
            status = gb_fail(err, GB_EINPUT,
                             "no order was accepted for slot %" PRId64 " of trial %" PRIu64,
                             request->slot, trial);
    }
    if (status == GB_OK) {
        fprintf(out,
                "# accepted orders of trial %" PRIu64 ", slot %" PRId64
                ", in the order of the ledger\n",
                trial, request->slot);
        write_settings(&rules, out);
        status = write_orders(orders, n, users, n_users, &rules, out, err);
    }
    free(users);
    free(orders);
    return status;
}

/* ---- the command */

static enum gb_status write_file(const char *path, const char *text, struct gb_error *err)
{
    struct gb_new_file file;
    enum gb_status status = gb_new_file_open(&file, path, err);

    if (status != GB_OK)
        return status;
    fputs(text, file.stream);
    return gb_new_file_close(&file, err);
}

/* The book as a text, to be freed. */
static enum gb_status write_book(const struct request *request, struct gb_results *results,
                                 char **out, struct gb_error *err)
{
    size_t n_trials = gb_results_n_trials(results);
    struct gb_text memory;

    if (n_trials == 0)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial", request->path);
    if (n_trials > 1 && request->trial < 0)
        return gb_fail(err, GB_EINPUT, "'%s' holds %zu trials: --trial N says which one",
                       request->path, n_trials);
    enum gb_status status = gb_text_open(&memory)
                                ? make_book(request, results, memory.stream, err)
                                : gb_fail(err, GB_ENOMEM, "no memory for the book");
    char *text = gb_text_close(&memory);
    if (status == GB_OK && !text)
        return gb_fail(err, GB_ENOMEM, "no memory for the book");
    if (status == GB_OK)
        *out = text;
    else
        free(text);
    return status;
}

static int book(const struct request *request)
{
    struct gb_error err = {0};
    struct gb_results *results = NULL;
    char *text = NULL;
    const struct gb_command_file files[] = {{GB_COMMAND_FILE_INPUT, "the result", request->path},
                                            {GB_COMMAND_FILE_BOOK, "the book", request->output}};

    if (gb_command_files_check(files, 2, &err) != GB_OK)
        return gb_message_failure(&err);
    int code = gb_result_input_open(&results, request->path);
    if (code != GB_EXIT_DONE)
        return code;
    enum gb_status status = write_book(request, results, &text, &err);
    if (status == GB_OK && request->output)
        status = write_file(request->output, text, &err);
    else if (status == GB_OK)
        fputs(text, stdout);
    free(text);
    gb_result_input_close(results);
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

enum { OPTION_SLOT, OPTION_TRIAL, OPTION_OUTPUT };
static const struct gb_option options[] = {
    [OPTION_SLOT] = {"--slot", NULL, "K", "the slot whose orders are wanted"},
    [OPTION_TRIAL] = {"--trial", NULL, "N", "of which trial, where the result holds several"},
    [OPTION_OUTPUT] = {"--output", "-o", "FILE", "write the book here instead of to the terminal"},
    {0},
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;
    int64_t *number = option == OPTION_SLOT ? &request->slot : &request->trial;

    if (option == OPTION_OUTPUT)
        request->output = arguments->value;
    else if (!gb_arguments_number(arguments, option, 0, INT64_MAX, number))
        return GB_EXIT_WRONG_USE;
    request->has_slot = request->has_slot || option == OPTION_SLOT;
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_book, .options = options, .argc = argc, .argv = argv};
    struct request request = {.trial = -1};
    int code;

    if (!gb_arguments_read(&arguments, "result", take_option, &request, &request.path, &code))
        return code;
    if (!request.has_slot)
        return gb_message_wrong_use(&gb_command_book, "book: which slot? (--slot K)");
    return book(&request);
}

const struct gb_command gb_command_book = {
    .name = "book",
    .usage = "OUT.h5 --slot K [--trial N] [-o FILE]",
    .summary = "a slot's accepted orders as BOOK.csv, for `clear` and other tools",
    .run = run,
};
