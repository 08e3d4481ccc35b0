/* A strategy of the user's own as a process: one child a run, which reads a line of JSON for every
 * batch and answers with one. Columns, not a record an order, so that a batch costs one line and
 * one wake-up each way (doc/strategies-of-your-own.md has the protocol). The same replies have the
 * same result: nothing but their numbers reaches the market. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "models/agents/child_priv.h"
#include "models/agents/json_line_priv.h"
#include "models/agents/outside_priv.h"
#include "models/agents/reply.h"

#define PROTOCOL_VERSION 3

struct options {
    char command[GB_PARAM_TEXT_SIZE];
    int64_t timeout_ns;
};

static const struct gb_param params[] = {
    {"agents.process", GB_PARAM_TEXT, offsetof(struct options, command), "", 0, 0, NULL, NULL,
     GB_LAYER_AGENTS,
     "Command of a strategy of your own, which the shell starts in the scenario's folder; it is "
     "spoken to in lines of JSON.",
     .flags = GB_PARAM_OF_KIND},
    {"agents.process_timeout", GB_PARAM_DURATION, offsetof(struct options, timeout_ns), "10 s",
     0.001, 86400, NULL, NULL, GB_LAYER_AGENTS,
     "A reply that takes longer, by the clock on the wall, ends the trial with an error.",
     .flags = GB_PARAM_OF_RUN | GB_PARAM_OF_KIND},
    {0},
};

_Static_assert(sizeof(struct options) <= GB_OUTSIDE_CONFIG_SIZE,
               "kinds of households have room for it");

struct process {
    const struct options *options;
    const char *folder;
    const struct gridbourse_market *market;
    struct gb_child *child;
    int64_t id;    /* of the last message that wants a reply */
    bool observes; /* it wants to be told what blocks bring */
    struct gb_json_line line;
};

/* ---- messages */

static const char *const side_names[] = {"\"buy\"", "\"sell\""};
static const char *const source_names[] = {"\"any\"", "\"solar\"", "\"wind\"", "\"storage\""};
static const char *const standing_names[] = {"\"none\"", "\"buy\"", "\"sell\"", "\"both\""};

static const char *const action_names[] = {"\"order\"", "\"amendment\"", "\"cancel\""};
static const char *const answer_names[] = {"\"accepted\"", "\"refused\"", "\"late\"",
                                           "\"superseded\"", "\"already_done\""};

static char *put_price(char *out, int64_t ticks)
{
    return ticks == GRIDBOURSE_NO_PRICE ? gb_json_text(out, "null")
                                        : gb_json_decimal(out, ticks, 6);
}

static char *print_meter(char *out, const void *column, size_t i)
{
    return gb_json_decimal(out, ((const uint32_t *)column)[i], 0);
}

static char *print_part(char *out, const void *column, size_t i)
{
    return gb_json_decimal(out, ((const uint8_t *)column)[i], 0);
}

static char *print_side(char *out, const void *column, size_t i)
{
    return gb_json_text(out, side_names[((const uint8_t *)column)[i]]);
}

static char *print_standing(char *out, const void *column, size_t i)
{
    return gb_json_text(out, standing_names[((const uint8_t *)column)[i] & 3]);
}

static char *print_price(char *out, const void *column, size_t i)
{
    return put_price(out, ((const int64_t *)column)[i]);
}

static char *print_money(char *out, const void *column, size_t i)
{
    return gb_json_decimal(out, ((const int64_t *)column)[i], 9);
}

static char *print_whole(char *out, const void *column, size_t i)
{
    return gb_json_decimal(out, ((const int64_t *)column)[i], 0);
}

static char *print_share(char *out, const void *column, size_t i)
{
    return out + snprintf(out, GB_JSON_NUMBER, "%.9g", ((const double *)column)[i]);
}

static char *print_fill(char *out, const void *column, size_t i)
{
    const struct gridbourse_fill *fill = &((const struct gridbourse_fill *)column)[i];

    out += sprintf(out, "{\"meter\":%" PRIu32 ",\"side\":%s,\"energy_wh\":%" PRId64 ",\"price\":",
                   fill->meter, side_names[fill->side], fill->energy_wh);
    return gb_json_text(put_price(out, fill->price), "}");
}

static char *print_receipt(char *out, const void *column, size_t i)
{
    const struct gridbourse_receipt *receipt = &((const struct gridbourse_receipt *)column)[i];

    return out + sprintf(out, "{\"meter\":%" PRIu32 ",\"part\":%d,\"action\":%s,\"answer\":%s}",
                         receipt->meter, receipt->part, action_names[receipt->action],
                         answer_names[receipt->answer]);
}

static char *print_shout(char *out, const void *column, size_t i)
{
    const struct gridbourse_shout *shout = &((const struct gridbourse_shout *)column)[i];

    out += sprintf(out, "{\"side\":%s,\"source\":%s,\"energy_wh\":%" PRId64 ",\"quote\":",
                   side_names[shout->side], source_names[shout->source], shout->energy_wh);
    out = gb_json_text(put_price(out, shout->quote), ",\"price\":");
    return gb_json_text(put_price(out, shout->price), "}");
}

static void put_numbers(struct gb_json_line *line, const char *key, gb_json_print *print,
                        const void *column, size_t n)
{
    gb_json_line_column(line, key, print, GB_JSON_NUMBER, column, n);
}

static void put_records(struct gb_json_line *line, const char *key, gb_json_print *print,
                        const void *column, size_t n)
{
    gb_json_line_column(line, key, print, GB_JSON_RECORD, column, n);
}

/* ---- messages and their replies */

/* Begins a message in the line of the one before. */
static struct gb_json_line *begin(struct process *process, const char *type)
{
    gb_json_line_begin(&process->line, "{\"type\":\"");
    gb_json_line_add(&process->line, type);
    gb_json_line_add(&process->line, "\"");
    return &process->line;
}

/* Sends the message and ends it. returns 0, or 1 with the reason said */
static int post(struct process *process)
{
    const struct gridbourse_market *market = process->market;
    struct gb_json_line *line = &process->line;

    gb_json_line_add(line, "}\n");
    if (!line->has_failed)
        return !gb_child_send(process->child, line->bytes, line->n, market->why, market->why_size);
    snprintf(market->why, market->why_size, "no memory for a message");
    return 1;
}

/* The same, and reads the reply, whose id follows from the message. */
static int ask(struct process *process, const char *type, struct gb_reply reply)
{
    const struct gridbourse_market *market = process->market;
    char reason[GB_OUTSIDE_WHY_SIZE - 128];

    if (post(process) != 0)
        return 1;
    reply.id = process->id;
    const char *line = gb_child_receive(process->child, reason, sizeof reason);
    if (line && gb_reply_read(&reply, line, reason, sizeof reason))
        return 0;
    snprintf(market->why, market->why_size, "message %" PRId64 " (%s, %zu %s): %s", process->id,
             type, reply.quote ? reply.n : (size_t)market->n_meters,
             reply.quote ? "orders" : "meters", reason);
    return 1;
}

static void put_batch(struct gb_json_line *line, int64_t id, int64_t slot)
{
    gb_json_line_format(line, ",\"id\":%" PRId64 ",\"slot\":%" PRId64, id, slot);
}

/* Of the meters in this slot; where all have one tariff the message at the start says it. */
static void put_tariffs(struct process *process, const int64_t *feed_in, const int64_t *retail,
                        size_t n)
{
    if (process->market->reserve_buy)
        return;
    put_numbers(&process->line, "feed_in", print_price, feed_in, n);
    put_numbers(&process->line, "retail", print_price, retail, n);
}

/* ---- the strategy */

static double seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

static void put_member(struct gb_json_line *line, const char *key, int64_t value, int decimals)
{
    char number[GB_JSON_NUMBER];

    gb_json_line_format(line, ",\"%s\":%s", key,
                        gb_format_decimal(value, decimals, number, sizeof number));
}

static int reset(struct process *process)
{
    const struct gridbourse_market *market = process->market;
    struct gb_json_line *line = begin(process, "reset");

    gb_json_line_format(line,
                        ",\"id\":0,\"version\":%d,\"seed\":%" PRIu64 ",\"replication\":%" PRIu32
                        ",\"meters\":%" PRIu32 ",\"first_slot\":%" PRId64 ",\"slots\":%" PRId64
                        ",\"slot_seconds\":%.9g,\"open_seconds\":%.9g,\"gate_seconds\":%.9g",
                        PROTOCOL_VERSION, market->seed, market->replication, market->n_meters,
                        market->first_slot, market->n_slots, seconds(market->slot_ns),
                        seconds(market->open_ns), seconds(market->gate_ns));
    put_member(line, "feed_in", market->feed_in, 6);
    put_member(line, "retail", market->retail, 6);
    put_member(line, "fee", market->fee, 9);
    if (market->reserve_buy) {
        put_numbers(line, "reserve_buy", print_price, market->reserve_buy, market->n_meters);
        put_numbers(line, "reserve_sell", print_price, market->reserve_sell, market->n_meters);
    }
    return ask(process, "reset", (struct gb_reply){.observe = &process->observes});
}

static int open_run(const struct gridbourse_market *market, void **state)
{
    struct process *process = *state;
    char reason[256];

    process->market = market;
    process->child = gb_child_start(process->options->command, process->folder,
                                    process->options->timeout_ns, reason, sizeof reason);
    if (process->child)
        return reset(process);
    snprintf(market->why, market->why_size, "%s", reason);
    return 1;
}

static int quote(void *state, const struct gridbourse_quotes *quotes)
{
    struct process *process = state;

    process->id++;
    struct gb_json_line *line = begin(process, "quote");

    put_batch(line, process->id, quotes->slot);
    put_numbers(line, "meter", print_meter, quotes->meter, quotes->n);
    put_numbers(line, "side", print_side, quotes->side, quotes->n);
    put_numbers(line, "part", print_part, quotes->part, quotes->n);
    put_numbers(line, "reserve", print_price, quotes->reserve, quotes->n);
    put_tariffs(process, quotes->feed_in, quotes->retail, quotes->n);
    put_numbers(line, "energy_wh", print_whole, quotes->energy_wh, quotes->n);
    return ask(process, "quote",
               (struct gb_reply){.n = quotes->n, .quote = quotes->quote, .beta = quotes->beta});
}

static int requote(void *state, const struct gridbourse_requotes *requotes)
{
    struct process *process = state;

    process->id++;
    struct gb_json_line *line = begin(process, "requote");

    put_batch(line, process->id, requotes->slot);
    put_numbers(line, "meter", print_meter, requotes->meter, requotes->n);
    put_numbers(line, "side", print_side, requotes->side, requotes->n);
    put_numbers(line, "part", print_part, requotes->part, requotes->n);
    put_numbers(line, "wake_up", print_meter, requotes->wake_up, requotes->n);
    put_numbers(line, "elapsed", print_share, requotes->elapsed, requotes->n);
    put_numbers(line, "reserve", print_price, requotes->reserve, requotes->n);
    put_tariffs(process, requotes->feed_in, requotes->retail, requotes->n);
    put_numbers(line, "standing", print_price, requotes->standing, requotes->n);
    put_numbers(line, "last_price", print_price, requotes->last_price, requotes->n);
    put_numbers(line, "best_bid", print_price, requotes->best_bid, requotes->n);
    put_numbers(line, "best_ask", print_price, requotes->best_ask, requotes->n);
    put_numbers(line, "total_wh", print_whole, requotes->total_wh, requotes->n);
    put_numbers(line, "filled_wh", print_whole, requotes->filled_wh, requotes->n);
    return ask(process, "requote",
               (struct gb_reply){
                   .n = requotes->n, .quote = requotes->quote, .total_wh = requotes->total_wh});
}

static int observe(void *state, const struct gridbourse_news *news)
{
    struct process *process = state;

    if (!process->observes)
        return 0;
    struct gb_json_line *line = begin(process, "observe");

    gb_json_line_format(line, ",\"slot\":%" PRId64, news->slot);
    put_records(line, "shouts", print_shout, news->shouts, news->n_shouts);
    put_numbers(line, "meter", print_meter, news->meter, news->n_meters);
    put_numbers(line, "standing", print_standing, news->standing, news->n_meters);
    put_records(line, "fills", print_fill, news->fills, news->n_fills);
    put_records(line, "receipts", print_receipt, news->receipts, news->n_receipts);
    return post(process);
}

static int reward(void *state, const struct gridbourse_outcome *outcome)
{
    struct process *process = state;
    struct gb_json_line *line = begin(process, "reward");

    gb_json_line_format(line, ",\"slot\":%" PRId64, outcome->slot);
    put_numbers(line, "cost", print_money, outcome->cost, outcome->n);
    put_numbers(line, "cost_grid_only", print_money, outcome->cost_grid_only, outcome->n);
    put_numbers(line, "traded_wh", print_whole, outcome->traded_wh, outcome->n);
    return post(process);
}

static void close_run(void *state)
{
    struct process *process = state;

    begin(process, "close");
    post(process); /* who has gone already needs no farewell */
}

static const struct gridbourse_strategy strategy = {.version = GRIDBOURSE_STRATEGY_VERSION,
                                                    .size = sizeof strategy,
                                                    .name = "process",
                                                    .open = open_run,
                                                    .quote = quote,
                                                    .requote = requote,
                                                    .observe = observe,
                                                    .reward = reward,
                                                    .close = close_run};

/* ---- the family's functions */

static void release(void *held)
{
    struct process *process = held;

    gb_child_end(process->child);
    gb_json_line_clear(&process->line);
    free(process);
}

static bool resolve(void *config, const char *folder, const char **key, char *why, size_t why_size)
{
    const struct options *options = config;

    (void)folder;
    *key = "agents.process";
    if (options->command[0])
        return true;
    snprintf(why, why_size,
             "agents.strategy: process needs agents.process, the command of a "
             "strategy; `gridbourse init --strategy-process python` writes one");
    return false;
}

static enum gb_status open_process(void **state, const void *config,
                                   const struct gb_strategy_facts *facts,
                                   const struct gb_traits *traits, struct gb_error *failure)
{
    const struct options *options = config;
    struct process *process = calloc(1, sizeof *process);

    if (!process)
        return gb_fail(failure, GB_ENOMEM, "no memory for a process");
    *process = (struct process){.options = options, .folder = facts->folder, .observes = true};
    struct gb_outside_source source = {.kind = "process",
                                       .name = options->command,
                                       .options = "",
                                       .strategy = &strategy,
                                       .state = process,
                                       .held = process,
                                       .release = release};
    return gb_outside_open(state, &source, facts, traits, failure);
}

const struct gb_strategy gb_strategy_process = {
    .member = {.name = "process",
               .summary = "a strategy of your own in a process, by lines of JSON (agents.process)",
               .params = params,
               .config_size = sizeof(struct options)},
    .quote = gb_outside_quote,
    .requote = gb_outside_requote,
    .observe = gb_outside_observe,
    .resolve = resolve,
    .open = open_process,
    .close = gb_outside_close,
    .is_asked_ahead = true,
    .reward = gb_outside_reward,
};
