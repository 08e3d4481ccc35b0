/* gridbourse book: the accepted orders of one slot as BOOK.csv, in the ledger's order, with the
 * amendments that changed one, so that `clear` and other people's tools can match them again; or
 * what rested of them at a moment. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/book_history.h"
#include "analysis/results.h"
#include "base/new_file.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/book_ids.h"
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/message.h"
#include "cli/result_input.h"
#include "cli/slot_moment.h"
#include "cli/stored_market.h"
#include "models/market/book_csv.h"
#include "models/market/mechanism.h"

struct request {
    const char *path, *output; /* output NULL: stdout */
    const char *at;            /* as typed; NULL: all that was accepted */
    int64_t slot, trial;       /* trial -1: the only one */
    bool has_slot;
};

/* ---- the market of the trial */

/* As a word of a command line: a value like `140 s` needs quotes. */
static void write_setting(const char *key, const char *value, FILE *out)
{
    const char *quote = strchr(value, ' ') ? "'" : "";

    fprintf(out, " --set %s%s=%s%s", quote, key, value, quote);
}

/* The settings that make `clear` match by the same rules, as comment lines of the book. */
static void write_settings(const struct gb_market_rules *rules, FILE *out)
{
    const struct gb_param *const tables[] = {gb_market_params, rules->mechanism->member.params};
    const void *const bases[] = {rules, rules->options};
    char value[128];

    fprintf(out, "# the market of the run: gridbourse clear BOOK.csv");
    for (size_t i = 0; i < 2; i++)
        for (const struct gb_param *row = tables[i]; row && row->key; row++)
            write_setting(row->key, gb_param_format(row, bases[i], value, sizeof value), out);
    fputc('\n', out);
}

/* ---- the orders */

/* A row of the book; the time of all is 0, so that their order decides. */
static struct gb_book_row row_of(const struct gb_order_row *order, const char *id)
{
    return (struct gb_book_row){
        .id = id,
        .is_amendment = order->action == GB_ACTION_AMEND,
        .is_cancel = order->action == GB_ACTION_CANCEL,
        .order = {.owner = order->meter,
                  .side = order->side,
                  .type = order->type,
                  .source = order->source,
                  .quantity = {order->quantity_wh},
                  .minimum = {order->minimum_wh},
                  .price = {order->price},
                  .reserve = {order->reserve},
                  .beta_millionths = (int32_t)order->beta_millionths},
    };
}

/* All that was accepted, in the order of the ledger. returns how many rows */
static size_t list_messages(const struct gb_book_history *history, const struct gb_book_id *ids,
                            struct gb_book_row *rows)
{
    for (size_t i = 0; i < history->n_messages; i++)
        rows[i] = row_of(history->messages[i].row, ids[history->messages[i].order].text);
    return history->n_messages;
}

/* What rests after the messages played so far, by place: at one price the first row trades first.
 * returns how many rows */
static size_t list_standing(const struct gb_book_history *history, const struct gb_book_id *ids,
                            struct gb_book_row *rows)
{
    size_t n = 0;

    for (size_t place = 0; place < history->next_message; place++) {
        uint32_t number = history->messages[place].order;
        const struct gb_book_order *order = &history->orders[number];

        if (order->place != place || gb_book_order_left(order) == 0)
            continue;
        rows[n] = row_of(&order->sent, ids[number].text);
        rows[n].order.price.ticks = order->quote;
        rows[n].order.quantity.wh = gb_book_order_left(order);
        n++;
    }
    return n;
}

/* Plays the slot up to the moment and says on top of the book what it is. */
static enum gb_status play_until(struct gb_book_history *history, const struct request *request,
                                 uint64_t trial, const struct gb_scenario *scenario, FILE *out,
                                 struct gb_error *err)
{
    char moment[GB_SLOT_MOMENT_SIZE], sealed[GB_SLOT_MOMENT_SIZE];
    int64_t at_ns;
    enum gb_status status = gb_slot_moment_read(request->at, scenario, request->slot, &at_ns, err);

    if (status != GB_OK)
        return status;
    gb_book_history_play(history, at_ns);
    fprintf(out, "# what stood of trial %" PRIu64 ", slot %" PRId64 ", at %s\n", trial,
            request->slot, gb_slot_moment_format(at_ns, scenario, request->slot, moment));
    if (history->next_message == 0) {
        fputs("# no order had come\n", out);
        return GB_OK;
    }
    const struct gb_book_message *last = &history->messages[history->next_message - 1];
    fprintf(out, "# the last of its blocks was %" PRIu64 ", sealed at %s\n", last->row->height,
            gb_slot_moment_format(last->time_ns, scenario, request->slot, sealed));
    return GB_OK;
}

static enum gb_status write_orders(const struct request *request, uint64_t trial,
                                   struct gb_book_history *history, const struct gb_user_row *users,
                                   size_t n_users, const struct gb_scenario *scenario,
                                   const struct gb_tariff *band, FILE *out, struct gb_error *err)
{
    struct gb_book_row *rows = calloc(history->n_messages + 1, sizeof *rows);
    struct gb_book_id *ids = calloc(history->n_orders + 1, sizeof *ids);
    enum gb_status status =
        rows && ids ? gb_book_ids_make(ids, history, users, n_users, err)
                    : gb_fail(err, GB_ENOMEM, "no memory for %zu orders", history->n_messages);

    if (status == GB_OK && request->at)
        status = play_until(history, request, trial, scenario, out, err);
    else if (status == GB_OK)
        fprintf(out,
                "# accepted orders of trial %" PRIu64 ", slot %" PRId64
                ", in the order of the ledger\n",
                trial, request->slot);
    if (status == GB_OK) {
        size_t n =
            request->at ? list_standing(history, ids, rows) : list_messages(history, ids, rows);

        struct gb_market_rules rules = gb_scenario_market(scenario);
        if (scenario->tariffs)
            rules.tariff = *band;
        write_settings(&rules, out);
        status = gb_book_csv_write(out, n, rows, gb_market_needs_source(&scenario->market), err);
    }
    free(ids);
    free(rows);
    return status;
}

static enum gb_status load(const struct request *request, struct gb_results *results,
                           uint64_t trial, const struct gb_scenario *scenario,
                           struct gb_book_history *history, void **users, size_t *n_users,
                           struct gb_error *err)
{
    bool is_continuous = scenario->market.mechanism->trading != NULL;
    enum gb_status status =
        gb_book_history_load(history, results, trial, request->slot, is_continuous, err);

    if (status == GB_OK && history->n_orders == 0)
        return gb_fail(err, GB_EINPUT,
                       "no order was accepted for slot %" PRId64 " of trial %" PRIu64,
                       request->slot, trial);
    return status == GB_OK ? gb_results_rows(results, GB_TABLE_USERS, trial, users, n_users, err)
                           : status;
}

/* The band of the slot as it ran: a stored scenario may have it from files that nobody reads. */
static enum gb_status load_band(const struct request *request, struct gb_results *results,
                                uint64_t trial, struct gb_tariff *band, struct gb_error *err)
{
    const struct gb_slot_row *slots;
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status = gb_results_rows(results, GB_TABLE_SLOTS, trial, &rows, &n, err);

    slots = rows;
    for (size_t i = 0; status == GB_OK && i < n; i++)
        if ((int64_t)slots[i].interval == request->slot)
            *band = (struct gb_tariff){{slots[i].retail}, {slots[i].feed_in}};
    free(rows);
    return status;
}

static enum gb_status make_book(const struct request *request, struct gb_results *results,
                                FILE *out, struct gb_error *err)
{
    uint64_t trial =
        request->trial >= 0 ? (uint64_t)request->trial : gb_results_summary(results)[0].trial;
    const struct gb_summary_row *summary = gb_results_trial(results, trial);
    struct gb_book_history history = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_tariff band = {{0}, {0}};
    void *users = NULL;
    size_t n_users = 0;
    enum gb_status status = GB_OK;

    if (!summary)
        return gb_fail(err, GB_EINPUT, "'%s' holds no trial %" PRIu64, request->path, trial);
    if (request->slot >= summary->n_slots)
        return gb_fail(err, GB_EINPUT,
                       "there is no slot %" PRId64 ": the last one of trial %" PRIu64
                       " is %" PRId64,
                       request->slot, trial, summary->n_slots - 1);
    status = gb_stored_scenario(results, (size_t)(summary - gb_results_summary(results)), &scenario,
                                err);
    if (status == GB_OK)
        status = load(request, results, trial, scenario, &history, &users, &n_users, err);
    if (status == GB_OK)
        status = load_band(request, results, trial, &band, err);
    if (status == GB_OK)
        status = write_orders(request, trial, &history, users, n_users, scenario, &band, out, err);
    gb_book_history_clear(&history);
    gb_scenario_free(scenario);
    free(users);
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

enum { OPTION_SLOT, OPTION_AT, OPTION_TRIAL, OPTION_OUTPUT };
static const struct gb_option options[] = {
    [OPTION_SLOT] = {"--slot", NULL, "K", "the slot whose orders are wanted"},
    [OPTION_AT] = {"--at", NULL, "TIME",
                   "what rested then: after the opening (`90 s`), or of the clock (12:03:20)"},
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
    else if (option == OPTION_AT)
        request->at = arguments->value;
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
    .usage = "OUT.h5 --slot K [--at TIME] [--trial N] [-o FILE]",
    .summary = "a slot's accepted orders as BOOK.csv, for `clear` and other tools",
    .run = run,
};
