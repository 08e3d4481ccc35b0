/* A strategy of the user's own as a process: one child a run, which reads a line of JSON for every
 * batch and answers with one. Columns, not a record an order, so that a batch costs one line and
 * one wake-up each way (doc/strategies-of-your-own.md has the protocol). The same replies have the
 * same result: nothing but their numbers reaches the market. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "models/agents/child_priv.h"
#include "models/agents/outside_priv.h"
#include "models/agents/reply_priv.h"

#define PROTOCOL_VERSION 2

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
};

/* ---- messages */

static const char *const side_names[] = {"\"buy\"", "\"sell\""};
static const char *const source_names[] = {"\"any\"", "\"solar\"", "\"wind\"", "\"storage\""};
static const char *const standing_names[] = {"\"none\"", "\"buy\"", "\"sell\"", "\"both\""};

static const char *const action_names[] = {"\"order\"", "\"amendment\"", "\"cancel\""};
static const char *const answer_names[] = {"\"accepted\"", "\"refused\"", "\"late\"",
                                           "\"superseded\"", "\"already_done\""};

/* A column: its key, then what `print` makes of every element of an array. */
typedef void printer(FILE *out, const void *column, size_t i);

static void put_column(FILE *out, const char *key, printer *print, const void *column, size_t n)
{
    fprintf(out, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            putc(',', out);
        print(out, column, i);
    }
    putc(']', out);
}

static void put_decimal(FILE *out, int64_t value, int decimals)
{
    char text[32];

    fputs(gb_format_decimal(value, decimals, text, sizeof text), out);
}

static void put_whole(FILE *out, int64_t value)
{
    put_decimal(out, value, 0);
}

static void put_price(FILE *out, int64_t ticks)
{
    if (ticks == GRIDBOURSE_NO_PRICE)
        fputs("null", out);
    else
        put_decimal(out, ticks, 6);
}

static void print_meter(FILE *out, const void *column, size_t i)
{
    put_whole(out, ((const uint32_t *)column)[i]);
}

static void print_part(FILE *out, const void *column, size_t i)
{
    put_whole(out, ((const uint8_t *)column)[i]);
}

static void print_side(FILE *out, const void *column, size_t i)
{
    fputs(side_names[((const uint8_t *)column)[i]], out);
}

static void print_standing(FILE *out, const void *column, size_t i)
{
    fputs(standing_names[((const uint8_t *)column)[i] & 3], out);
}

static void print_price(FILE *out, const void *column, size_t i)
{
    put_price(out, ((const int64_t *)column)[i]);
}

static void print_money(FILE *out, const void *column, size_t i)
{
    put_decimal(out, ((const int64_t *)column)[i], 9);
}

static void print_whole(FILE *out, const void *column, size_t i)
{
    put_whole(out, ((const int64_t *)column)[i]);
}

static void print_share(FILE *out, const void *column, size_t i)
{
    fprintf(out, "%.9g", ((const double *)column)[i]);
}

static void print_fill(FILE *out, const void *column, size_t i)
{
    const struct gridbourse_fill *fill = &((const struct gridbourse_fill *)column)[i];

    fprintf(out,
            "{\"meter\":%" PRIu32 ",\"side\":%s,\"energy_wh\":%" PRId64 ",\"price\":", fill->meter,
            side_names[fill->side], fill->energy_wh);
    put_price(out, fill->price);
    putc('}', out);
}

static void print_receipt(FILE *out, const void *column, size_t i)
{
    const struct gridbourse_receipt *receipt = &((const struct gridbourse_receipt *)column)[i];

    fprintf(out, "{\"meter\":%" PRIu32 ",\"part\":%d,\"action\":%s,\"answer\":%s}", receipt->meter,
            receipt->part, action_names[receipt->action], answer_names[receipt->answer]);
}

static void print_shout(FILE *out, const void *column, size_t i)
{
    const struct gridbourse_shout *shout = &((const struct gridbourse_shout *)column)[i];

    fprintf(out, "{\"side\":%s,\"source\":%s,\"energy_wh\":%" PRId64 ",\"quote\":",
            side_names[shout->side], source_names[shout->source], shout->energy_wh);
    put_price(out, shout->quote);
    fputs(",\"price\":", out);
    put_price(out, shout->price);
    putc('}', out);
}

/* ---- messages and their replies */

static void begin(struct gb_text *text, const char *type)
{
    if (gb_text_open(text))
        fprintf(text->stream, "{\"type\":\"%s\"", type);
}

/* Sends the message and ends it. returns 0, or 1 with the reason said */
static int post(struct process *process, struct gb_text *text)
{
    const struct gridbourse_market *market = process->market;

    if (text->stream)
        fputs("}\n", text->stream);
    char *line = gb_text_close(text);
    bool is_sent =
        line && gb_child_send(process->child, line, strlen(line), market->why, market->why_size);

    if (!line)
        snprintf(market->why, market->why_size, "no memory for a message");
    free(line);
    return !is_sent;
}

/* The same, and reads the reply, whose id follows from the message. */
static int ask(struct process *process, struct gb_text *text, const char *type,
               struct gb_reply reply)
{
    const struct gridbourse_market *market = process->market;
    char reason[GB_OUTSIDE_WHY_SIZE - 128];

    if (post(process, text) != 0)
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

static void put_batch(FILE *out, int64_t id, int64_t slot)
{
    fprintf(out, ",\"id\":%" PRId64 ",\"slot\":%" PRId64, id, slot);
}

/* ---- the strategy */

static double seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

static int reset(struct process *process)
{
    const struct gridbourse_market *market = process->market;
    struct gb_text text;

    begin(&text, "reset");
    if (text.stream) {
        fprintf(text.stream,
                ",\"id\":0,\"version\":%d,\"seed\":%" PRIu64 ",\"replication\":%" PRIu32
                ",\"meters\":%" PRIu32 ",\"first_slot\":%" PRId64 ",\"slots\":%" PRId64
                ",\"slot_seconds\":%.9g,\"open_seconds\":%.9g,\"gate_seconds\":%.9g,\"feed_in\":",
                PROTOCOL_VERSION, market->seed, market->replication, market->n_meters,
                market->first_slot, market->n_slots, seconds(market->slot_ns),
                seconds(market->open_ns), seconds(market->gate_ns));
        put_price(text.stream, market->feed_in);
        fputs(",\"retail\":", text.stream);
        put_price(text.stream, market->retail);
        fputs(",\"fee\":", text.stream);
        put_decimal(text.stream, market->fee, 9);
        put_column(text.stream, "reserve_buy", print_price, market->reserve_buy, market->n_meters);
        put_column(text.stream, "reserve_sell", print_price, market->reserve_sell,
                   market->n_meters);
    }
    return ask(process, &text, "reset", (struct gb_reply){.observe = &process->observes});
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
    struct gb_text text;

    process->id++;
    begin(&text, "quote");
    if (text.stream) {
        put_batch(text.stream, process->id, quotes->slot);
        put_column(text.stream, "meter", print_meter, quotes->meter, quotes->n);
        put_column(text.stream, "side", print_side, quotes->side, quotes->n);
        put_column(text.stream, "part", print_part, quotes->part, quotes->n);
        put_column(text.stream, "reserve", print_price, quotes->reserve, quotes->n);
        put_column(text.stream, "energy_wh", print_whole, quotes->energy_wh, quotes->n);
    }
    return ask(process, &text, "quote",
               (struct gb_reply){.n = quotes->n, .quote = quotes->quote, .beta = quotes->beta});
}

static int requote(void *state, const struct gridbourse_requotes *requotes)
{
    struct process *process = state;
    struct gb_text text;

    process->id++;
    begin(&text, "requote");
    if (text.stream) {
        put_batch(text.stream, process->id, requotes->slot);
        put_column(text.stream, "meter", print_meter, requotes->meter, requotes->n);
        put_column(text.stream, "side", print_side, requotes->side, requotes->n);
        put_column(text.stream, "part", print_part, requotes->part, requotes->n);
        put_column(text.stream, "wake_up", print_meter, requotes->wake_up, requotes->n);
        put_column(text.stream, "elapsed", print_share, requotes->elapsed, requotes->n);
        put_column(text.stream, "reserve", print_price, requotes->reserve, requotes->n);
        put_column(text.stream, "standing", print_price, requotes->standing, requotes->n);
        put_column(text.stream, "last_price", print_price, requotes->last_price, requotes->n);
        put_column(text.stream, "best_bid", print_price, requotes->best_bid, requotes->n);
        put_column(text.stream, "best_ask", print_price, requotes->best_ask, requotes->n);
        put_column(text.stream, "total_wh", print_whole, requotes->total_wh, requotes->n);
        put_column(text.stream, "filled_wh", print_whole, requotes->filled_wh, requotes->n);
    }
    return ask(process, &text, "requote",
               (struct gb_reply){
                   .n = requotes->n, .quote = requotes->quote, .total_wh = requotes->total_wh});
}

static int observe(void *state, const struct gridbourse_news *news)
{
    struct process *process = state;
    struct gb_text text;

    if (!process->observes)
        return 0;
    begin(&text, "observe");
    if (text.stream) {
        fprintf(text.stream, ",\"slot\":%" PRId64, news->slot);
        put_column(text.stream, "shouts", print_shout, news->shouts, news->n_shouts);
        put_column(text.stream, "meter", print_meter, news->meter, news->n_meters);
        put_column(text.stream, "standing", print_standing, news->standing, news->n_meters);
        put_column(text.stream, "fills", print_fill, news->fills, news->n_fills);
        put_column(text.stream, "receipts", print_receipt, news->receipts, news->n_receipts);
    }
    return post(process, &text);
}

static int reward(void *state, const struct gridbourse_outcome *outcome)
{
    struct gb_text text;

    begin(&text, "reward");
    if (text.stream) {
        fprintf(text.stream, ",\"slot\":%" PRId64, outcome->slot);
        put_column(text.stream, "cost", print_money, outcome->cost, outcome->n);
        put_column(text.stream, "cost_grid_only", print_money, outcome->cost_grid_only, outcome->n);
        put_column(text.stream, "traded_wh", print_whole, outcome->traded_wh, outcome->n);
    }
    return post(state, &text);
}

static void close_run(void *state)
{
    struct process *process = state;
    struct gb_text text;

    begin(&text, "close");
    post(process, &text); /* who has gone already needs no farewell */
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
