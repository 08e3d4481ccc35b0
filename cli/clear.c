/* gridbourse clear: one order book through any mechanism, its trades as CSV. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/edit_distance.h"
#include "base/new_file.h"
#include "cli/arguments.h"
#include "cli/clear_outcome.h"
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/message.h"
#include "experiments/scenario/scenario.h"
#include "models/market/book_csv.h"
#include "models/market/mechanism.h"
#include "models/market/replay.h"

#define MAX_KEYS 64 /* rows of a market's rules, and a NULL */

struct request {
    const char *path, *output; /* output NULL: stdout */
    struct gb_market_rules rules;
    size_t n_settings;
    const char **settings; /* of --set, in their order */
    bool has_summary;
    bool is_foreign; /* some option says how to read the file */
    struct gb_book_foreign foreign;
    bool has_book; /* it was read: what fails later is not its fault */
};

enum {
    OPTION_SET,
    OPTION_OUTPUT,
    OPTION_SUMMARY,
    OPTION_MAP, /* from here on: of somebody else's file */
    OPTION_UNIT,
    OPTION_ROUND,
    OPTION_TIME
};

static const struct gb_option options[] = {
    {"--set", NULL, "KEY=VALUE", "a rule of the market, like market.beta=0.2 (may be repeated)"},
    {"--output", "-o", "FILE", "write the trades here instead of to the terminal"},
    {"--summary", NULL, NULL, "print prices, Smith's alpha and efficiency on stderr"},
    {"--map", NULL, "COLUMN=NAME,...", "the file is somebody else's, with these names of columns"},
    {"--unit", NULL, "UNIT", "kWh (default), Wh or MWh, of energy and of prices in such a file"},
    {"--round", NULL, "STEP", "round its prices to multiples of STEP, its energy to whole Wh"},
    {"--time", NULL, "CLOCK", "its times: seconds (default), iso, or unix"},
    {0},
};

/* ---- the command line */

static bool names(const char *setting, const char *key)
{
    size_t length = strlen(key);

    return strncmp(setting, key, length) == 0 && setting[length] == '=';
}

static bool is_set(const struct request *request, const char *key)
{
    for (size_t i = 0; i < request->n_settings; i++)
        if (names(request->settings[i], key))
            return true;
    return false;
}

static bool is_key(const char *key)
{
    for (size_t i = 0; gb_scenario_row(gb_program_extensions(), i); i++)
        if (strcmp(gb_scenario_row(gb_program_extensions(), i)->key, key) == 0)
            return true;
    return false;
}

/* Is it an option of some mechanism? */
static bool is_option(const char *key)
{
    const struct gb_member *member;

    for (size_t i = 0;
         (member = gb_family_member(&gb_mechanism_family, gb_program_extensions(), i)); i++)
        if (gb_param_find(member->params, key))
            return true;
    return false;
}

static void unknown_key(const struct request *request, const char *key)
{
    const struct gb_param *const tables[] = {gb_market_params,
                                             request->rules.mechanism->member.params};
    const char *keys[MAX_KEYS] = {0};
    size_t n = 0;

    for (size_t t = 0; t < 2; t++)
        for (const struct gb_param *row = tables[t]; row && row->key && n + 1 < MAX_KEYS; row++)
            keys[n++] = row->key;
    const char *nearest = gb_nearest_word(key, keys);

    if (is_option(key))
        gb_message_error("--set %s: the mechanism %s has no such option", key,
                         request->rules.mechanism->member.name);
    else if (is_key(key))
        gb_message_error("--set %s: a key of scenarios that the clearing of one book does not read",
                         key);
    else if (nearest)
        gb_message_error("--set %s: unknown key (did you mean '%s'?)", key, nearest);
    else
        gb_message_error("--set %s: no rule of a market; `gridbourse list keys` names all keys",
                         key);
}

/* returns whether "key=value" could be set; says why not */
static bool set(struct request *request, const char *setting)
{
    struct gb_market_rules *rules = &request->rules;
    const char *equals = strchr(setting, '=');
    char key[64], why[512];

    if (!equals) {
        gb_message_error("--set %s: expected KEY=VALUE", setting);
        return false;
    }
    snprintf(key, sizeof key, "%.*s", (int)(equals - setting), setting);
    const struct gb_param *row = gb_param_find(gb_market_params, key);
    void *base = rules;

    if (!row) {
        row = gb_param_find(rules->mechanism->member.params, key);
        base = rules->options;
    }
    if (!row) {
        unknown_key(request, key);
        return false;
    }
    struct gb_param of_either_sign = *row;

    if (row->kind == GB_PARAM_PRICE) /* a band: nobody need pay, as with the tariff of a run */
        of_either_sign.minimum = -row->maximum;
    if (!gb_param_parse(&of_either_sign, equals + 1, base, why, sizeof why)) {
        gb_message_error("--set %s: %s", key, why);
        return false;
    }
    return true;
}

/* The mechanism that is named last comes first, with its options at their defaults. */
static bool set_all(struct request *request)
{
    static const char key[] = "market.mechanism";
    bool is_right = true;

    gb_market_rules_init(&request->rules);
    for (size_t i = 0; i < request->n_settings; i++)
        if (names(request->settings[i], key)) {
            is_right = set(request, request->settings[i]) && is_right;
            gb_market_rules_select(&request->rules, request->rules.mechanism);
        }
    for (size_t i = 0; i < request->n_settings; i++)
        if (!names(request->settings[i], key))
            is_right = set(request, request->settings[i]) && is_right;
    return is_right;
}

/* Does the option stand at its default, or with what it is for? */
static bool is_read(const struct gb_market_rules *rules, const struct gb_param *row)
{
    char key[64], value[GB_PARAM_TEXT_SIZE];

    gb_param_format(row, rules->options, value, sizeof value);
    if (!(row->flags & GB_PARAM_REFUSED_UNREAD) || strcmp(value, row->default_text) == 0)
        return true;
    size_t length = strcspn(row->read_when, "=");
    snprintf(key, sizeof key, "%.*s", (int)length, row->read_when);
    const struct gb_param *other = gb_param_find(rules->mechanism->member.params, key);
    assert(other); /* what an option of a mechanism goes with is one, too */
    return strcmp(gb_param_format(other, rules->options, value, sizeof value),
                  row->read_when + length + 1) == 0;
}

/* returns whether the options of the mechanism go together; says which does not */
static bool options_go_together(const struct gb_market_rules *rules)
{
    const char *key = NULL, *wrong = NULL;
    bool is_right = true;

    for (const struct gb_param *row = rules->mechanism->member.params; row && row->key; row++)
        if (!is_read(rules, row)) {
            gb_message_error("--set %s: it is for %s alone", row->key, row->read_when);
            is_right = false;
        }
    if (gb_market_asks_users(rules))
        wrong = rules->mechanism->requoting->refusal(rules, &key);
    if (wrong)
        gb_message_error("--set %s: %s", key, wrong);
    return is_right && !wrong;
}

/* What must hold between settings, and the price band: there is none unless one is set, and a
 * tariff of which only one price is set bounds that side alone, whatever the sign. */
static bool settle_rules(struct request *request)
{
    struct gb_market_rules *rules = &request->rules;
    bool has_retail = is_set(request, "tariff.retail");
    bool has_feed_in = is_set(request, "tariff.feed_in");
    bool is_right = true;
    char why[160];

    rules->has_band = has_retail || has_feed_in;
    if (has_retail && !has_feed_in)
        rules->tariff.feed_in.ticks = -GB_PRICE_LIMIT_TICKS;
    if (has_feed_in && !has_retail)
        rules->tariff.retail.ticks = GB_PRICE_LIMIT_TICKS;
    if (rules->has_band && rules->tariff.feed_in.ticks > rules->tariff.retail.ticks) {
        gb_message_error("--set tariff.feed_in: the grid cannot buy above the price tariff.retail "
                         "at which it sells");
        is_right = false;
    }
    if (!gb_book_foreign_is_sound(&request->foreign, why, sizeof why)) {
        gb_message_error("--round: %s", why);
        is_right = false;
    }
    if (rules->mechanism->needs_tariff && !(has_retail && has_feed_in)) {
        gb_message_error("the prices of the mechanism %s follow from the grid's: give both, --set "
                         "tariff.retail=PRICE and --set tariff.feed_in=PRICE",
                         rules->mechanism->member.name);
        is_right = false;
    }
    return options_go_together(rules) && is_right;
}

/* An option of somebody else's file. */
static int take_foreign(struct request *request, const char *value, int option)
{
    struct gb_book_foreign *foreign = &request->foreign;
    char why[256];
    bool is_right = option == OPTION_MAP    ? gb_book_foreign_map(foreign, value, why, sizeof why)
                    : option == OPTION_UNIT ? gb_book_foreign_unit(foreign, value, why, sizeof why)
                    : option == OPTION_ROUND
                        ? gb_book_foreign_round(foreign, value, why, sizeof why)
                        : gb_book_foreign_clock(foreign, value, why, sizeof why);

    request->is_foreign = true;
    if (is_right)
        return GB_EXIT_DONE;
    gb_message_error("%s: %s", options[option].name, why);
    return GB_EXIT_WRONG_USE;
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    switch (option) {
    case OPTION_SET: request->settings[request->n_settings++] = arguments->value; break;
    case OPTION_SUMMARY: request->has_summary = true; break;
    case OPTION_OUTPUT:
        request->output = strcmp(arguments->value, "-") == 0 ? NULL : arguments->value;
        break;
    default: return take_foreign(request, arguments->value, option);
    }
    return GB_EXIT_DONE;
}

/* ---- the book and its trades */

static void report(void *context, const char *message)
{
    (void)context;
    gb_message_error("%s", message);
}

static void note_change(void *context, const char *message)
{
    (void)context;
    gb_message_note("%s", message);
}

/* Reads the book and settles, by its columns, how many books of sources there are. */
static enum gb_status read_book(struct request *request, struct gb_book_csv **out,
                                struct gb_error *err)
{
    struct gb_market_rules *rules = &request->rules;
    const struct gb_mechanism *mechanism = rules->mechanism;
    bool chooses_books =
        is_set(request, "market.books") || !gb_param_find(mechanism->member.params, "market.books");
    bool wants_sources = gb_market_needs_source(rules);
    char why[128];
    const struct gb_book_csv_options reading = {
        .sells_name_source = wants_sources,
        .no_minimum = !mechanism->takes_minimum,
        .is_stream = mechanism->trading || gb_market_asks_users(rules),
        .takes_ioc = mechanism->trading != NULL,
        .has_band = rules->has_band,
        .band = rules->tariff,
        .foreign = request->is_foreign ? &request->foreign : NULL,
        .tell = note_change,
    };
    enum gb_status status = gb_book_csv_read(out, request->path, &reading, report, NULL, err);

    if (status != GB_OK)
        return status;
    if (wants_sources && !(*out)->has_source) {
        if (chooses_books)
            return gb_fail(err, GB_EINPUT, "%s: %s needs a column 'source'", request->path,
                           is_set(request, "market.books") ? "market.books=by_source"
                                                           : mechanism->member.name);
        gb_market_rules_set(rules, "market.books", "pooled", why, sizeof why);
    }
    return GB_OK;
}

static void write_trades(FILE *out, const struct gb_match *match, const char *const *ids)
{
    char text[32];

    fputs("round,seller,buyer,quantity,price,price_sell\n", out);
    for (size_t i = 0; i < match->n_trades && !ferror(out); i++) {
        const struct gb_trade *trade = &match->trades[i];

        fprintf(out, "%" PRIu32 ",", trade->round);
        gb_csv_write_cell(out, ids[trade->sell_order], GB_CSV_QUOTES_SAFE);
        fputc(',', out);
        gb_csv_write_cell(out, ids[trade->buy_order], GB_CSV_QUOTES_SAFE);
        fprintf(out, ",%s", gb_format_decimal(trade->energy.wh, 3, text, sizeof text));
        fprintf(out, ",%s", gb_format_decimal(trade->price_buy.ticks, 6, text, sizeof text));
        fprintf(out, ",%s\n", gb_format_decimal(trade->price_sell.ticks, 6, text, sizeof text));
    }
}

/* Ids by number of the order, as trades name them. */
static const char **ids_of(const struct gb_book_csv *book)
{
    const char **ids = malloc((book->n + 1) * sizeof *ids);
    size_t n = 0;

    for (size_t i = 0; ids && i < book->n; i++)
        if (!book->rows[i].is_cancel && !book->rows[i].is_amendment)
            ids[n++] = book->rows[i].id;
    return ids;
}

static enum gb_status write_file(const char *path, const struct gb_match *match,
                                 const char *const *ids, struct gb_error *err)
{
    struct gb_new_file file;
    enum gb_status status = gb_new_file_open(&file, path, err);

    if (status != GB_OK)
        return status;
    write_trades(file.stream, match, ids);
    return gb_new_file_close(&file, err);
}

static enum gb_status write_outcome(const struct request *request, const struct gb_book_csv *book,
                                    const struct gb_replay *replay, struct gb_error *err)
{
    const char **ids = ids_of(book);
    enum gb_status status = GB_OK;

    if (!ids)
        return gb_fail(err, GB_ENOMEM, "no memory for the names of %zu orders", book->n);
    if (request->output)
        status = write_file(request->output, &replay->match, ids, err);
    else
        write_trades(stdout, &replay->match, ids);
    free(ids);
    return status;
}

/* What is said about the outcome comes behind it. */
static enum gb_status tell(const struct request *request, const struct gb_book_csv *book,
                           const struct gb_book_action *actions, const struct gb_replay *replay,
                           struct gb_error *err)
{
    enum gb_status status = write_outcome(request, book, replay, err);

    if (status != GB_OK)
        return status;
    fflush(stdout);
    gb_clear_report_late(gb_book_csv_name(request->path), book, actions, replay);
    gb_clear_report_cut(replay);
    return request->has_summary ? gb_clear_summarise(book, actions, replay, err) : GB_OK;
}

static enum gb_status clear_book(struct request *request, struct gb_error *err)
{
    const struct gb_mechanism *mechanism = request->rules.mechanism;
    struct gb_book_csv *book = NULL;
    struct gb_book_action *actions = NULL;
    struct gb_replay replay = {0};
    void *state = NULL;
    enum gb_status status = read_book(request, &book, err);

    request->has_book = status == GB_OK;
    if (status == GB_OK)
        status = gb_book_csv_actions(book, &actions, err);
    if (status == GB_OK)
        status = mechanism->create(&state, &request->rules, err);
    if (status == GB_OK)
        status = gb_replay_run(&replay, mechanism, state, actions, book->n, err);
    if (status == GB_OK)
        status = tell(request, book, actions, &replay, err);
    gb_replay_clear(&replay);
    mechanism->free(state);
    free(actions);
    gb_book_csv_free(book);
    return status;
}

static int clear(struct request *request, struct gb_error *err)
{
    const struct gb_command_file files[] = {
        {GB_COMMAND_FILE_INPUT, "the book", request->path},
        {GB_COMMAND_FILE_TRADES, "the table of trades", request->output}};

    if (gb_command_files_check(files, 2, err) != GB_OK)
        return gb_message_failure(err);
    enum gb_status status = clear_book(request, err);

    if (status == GB_OK)
        return GB_EXIT_DONE;
    if (err->status != GB_OK) /* else every mistake was named with its place */
        gb_message_failure(err);
    return request->has_book || status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_clear, .options = options, .argc = argc, .argv = argv};
    struct request request = {.settings = calloc((size_t)argc + 1, sizeof(const char *))};
    struct gb_error err = {0};
    int code;

    if (!request.settings)
        gb_message_exhausted("the settings");
    if (gb_arguments_read(&arguments, "book", take_option, &request, &request.path, &code))
        code =
            set_all(&request) && settle_rules(&request) ? clear(&request, &err) : GB_EXIT_WRONG_USE;
    free(request.settings);
    return code;
}

const struct gb_command gb_command_clear = {
    .name = "clear",
    .usage = "BOOK.csv [--set market.KEY=VALUE ...] [-o OUT.csv] [--map COLUMN=NAME,...]",
    .summary = "one order book through any mechanism, its trades as CSV",
    .run = run,
};
