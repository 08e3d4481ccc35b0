/* gridbourse consensus: the chain alone, measured by independent decisions (and, if asked, by a
 * busy chain) and set beside theory. */
#include "chain/consensus/consensus.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "base/text.h"
#include "chain/node/chain.h"
#include "cli/arguments.h"
#include "cli/message.h"
#include "cli/warnings.h"
#include "experiments/scenario/scenario.h"

enum {
    DEFAULT_DECISIONS = 1000,
    MAX_SETTINGS = 64,
    SEED_SIZE = 32,
    CSV_DECIMALS = 6,
    LINE_SIZE = 90 /* of a list of keys */
};
#define MAX_DECISIONS INT64_C(1000000000)

enum { OPTION_SET, OPTION_SEED, OPTION_DECISIONS, OPTION_BUSY, OPTION_CSV, OPTION_QUIET };
static const struct gb_option options[] = {
    [OPTION_SET] = {"--set", NULL, "KEY=VALUE", "set a key of the scenario, e.g. chain.nodes=16"},
    [OPTION_SEED] = {"--seed", NULL, "N", "seed of the delays, instead of the scenario's"},
    [OPTION_DECISIONS] = {"--decisions", NULL, "N", "how many decisions (default 1000)"},
    [OPTION_BUSY] = {"--busy", NULL, NULL, "also run a chain that is never idle, for throughput"},
    [OPTION_CSV] = {"--csv", NULL, NULL, "one row of comma-separated values under a header"},
    [OPTION_QUIET] = {"--quiet", "-q", NULL, "nothing but the numbers and their names"},
    {0},
};

struct request {
    const char *path; /* of the scenario; NULL: the defaults */
    size_t n_settings;
    const char *settings[MAX_SETTINGS + 1];
    char seed[SEED_SIZE]; /* "seed=N", the last of the settings */
    int64_t n_decisions;
    bool is_busy, as_csv, is_quiet;
};

/* The keys that are read here, a line of them after the other. */
static void note_keys(void)
{
    char line[LINE_SIZE] = "";
    const struct gb_param *row;

    for (size_t i = 0; (row = gb_scenario_row(gb_program_extensions(), i)); i++) {
        if (!(row->flags & GB_PARAM_OF_CONSENSUS))
            continue;
        if (strlen(line) + strlen(row->key) + strlen(", ") >= sizeof line) {
            gb_message_note("%s,", line);
            line[0] = '\0';
        }
        gb_text_append(line, sizeof line, "%s%s", line[0] ? ", " : "", row->key);
    }
    gb_message_note("%s", line);
}

/* A key of the scenario that changes no number here would be set in vain: false, and it is said.
 * What is no key at all is left to the scenario's own check. */
static bool can_be_set(const char *setting)
{
    const struct gb_param *row = gb_scenario_setting_row(gb_program_extensions(), setting);

    if (!row || row->flags & GB_PARAM_OF_CONSENSUS)
        return true;
    gb_message_error("--set %s: consensus measures the chain alone and does not read it; it reads",
                     row->key);
    note_keys();
    return false;
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;
    bool is_right = true;
    int64_t seed;

    switch (option) {
    case OPTION_SET:
        if (!can_be_set(arguments->value))
            return GB_EXIT_WRONG_USE;
        if (request->n_settings == MAX_SETTINGS)
            return gb_message_wrong_use(&gb_command_consensus, "consensus: more than %d --set",
                                        MAX_SETTINGS);
        request->settings[request->n_settings++] = arguments->value;
        break;
    case OPTION_SEED:
        is_right = gb_arguments_number(arguments, option, 0, GB_SEED_MAX, &seed);
        if (is_right)
            snprintf(request->seed, sizeof request->seed, "seed=%" PRId64, seed);
        break;
    case OPTION_BUSY: request->is_busy = true; break;
    case OPTION_CSV: request->as_csv = true; break;
    case OPTION_QUIET: request->is_quiet = true; break;
    default:
        is_right = gb_arguments_number(arguments, option, 1, MAX_DECISIONS, &request->n_decisions);
    }
    return is_right ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

static int load_scenario(const struct request *request, struct gb_scenario **out)
{
    struct gb_error err = {0};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    enum gb_status status;
    int code = GB_EXIT_DONE;

    if (!diagnostics) {
        gb_message_error("out of memory");
        return GB_EXIT_FAILED;
    }
    if (request->path)
        status = gb_scenario_load(out, gb_program_extensions(), request->path, request->n_settings,
                                  request->settings, diagnostics, &err);
    else
        status = gb_scenario_defaults(out, gb_program_extensions(), request->n_settings,
                                      request->settings, diagnostics, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        gb_message_note("%s", gb_diagnostics_at(diagnostics, i));
    if (status == GB_EFILE)
        status = err.status = GB_EINPUT; /* a scenario one cannot read is wrong use */
    if (status != GB_OK)
        code = gb_message_failure(&err);
    gb_diagnostics_free(diagnostics);
    return code;
}

/* ---- output */

struct line {
    const char *column, *label; /* in --csv; for people */
    struct gb_estimate estimate;
    int n_delays; /* what it is in constant delays; 0: theory is silent */
};

enum { MAX_LINES = 8 };

struct results {
    struct gb_consensus_config config;
    size_t n_lines;
    struct line lines[MAX_LINES]; /* messages first, the others in ms */
};

static void list_results(const struct gb_consensus_report *report, struct results *results)
{
    int commit = results->config.committee.n_nodes > 2 ? 3 : 0; /* one or two nodes need fewer */
    int stable = results->config.committee.flow->has_checkpoint && commit ? 4 : commit;
    const struct line lines[] = {
        {"messages", "messages", report->messages, 0},
        {"commit_leader_ms", "commit, leader", report->commit_leader, commit},
        {"commit_replica_mean_ms", "commit, mean of others", report->commit_replica_mean, commit},
        {"commit_first_ms", "commit, first node", report->commit_first, commit},
        {"commit_quorum_ms", "commit, (n - f)-th node", report->commit_quorum, commit},
        {"commit_last_ms", "commit, last node", report->commit_last, commit},
        {"stable_quorum_ms", "stable, (n - f)-th node", report->stable_quorum, stable},
    };

    results->n_lines = sizeof lines / sizeof lines[0];
    memcpy(results->lines, lines, sizeof lines);
}

/* An empty field is "no number", in R and pandas alike. */
static const char *number_text(double value, int n_decimals, char *buffer, size_t size)
{
    if (isnan(value))
        return "";
    snprintf(buffer, size, "%.*f", n_decimals, value);
    return buffer;
}

static void print_csv(const struct results *results)
{
    char mean[32], error[32];

    printf("flow,nodes,decisions");
    for (size_t i = 0; i < results->n_lines; i++)
        printf(",%s,%s_se", results->lines[i].column, results->lines[i].column);
    printf("\n%s,%" PRIu32 ",%" PRIu64, results->config.committee.flow->member.name,
           results->config.committee.n_nodes, results->config.n_decisions);
    for (size_t i = 0; i < results->n_lines; i++) {
        const struct gb_estimate *estimate = &results->lines[i].estimate;
        printf(",%s,%s", number_text(estimate->mean, CSV_DECIMALS, mean, sizeof mean),
               number_text(estimate->standard_error, CSV_DECIMALS, error, sizeof error));
    }
    printf("\n");
}

static void print_line(const struct results *results, const struct line *line)
{
    const struct gb_consensus_config *config = &results->config;
    bool is_messages = line == results->lines;
    char mean[32], error[32];

    printf("%-28s %12s %10s", line->label,
           isnan(line->estimate.mean)
               ? "-"
               : number_text(line->estimate.mean, is_messages ? 0 : 3, mean, sizeof mean),
           isnan(line->estimate.standard_error)
               ? "-"
               : number_text(line->estimate.standard_error, 3, error, sizeof error));
    if (is_messages)
        printf("   %" PRIu64 " = %s",
               gb_flow_messages(config->committee.flow, config->committee.n_nodes),
               config->committee.flow->formula);
    else if (line->n_delays && config->link.model == &gb_delay_constant)
        printf("   %.3f = %dd",
               line->n_delays * gb_delay_mean_ns(&config->link) / (double)GB_NS_PER_MS,
               line->n_delays);
    printf("\n");
}

static void print_heads(const struct gb_consensus_config *config)
{
    char link[128];
    uint32_t n = config->committee.n_nodes;

    printf("PBFT, %s: %" PRIu32 " validator%s, quorum %" PRIu64 ", links %s, %" PRIu64
           " independent decision%s\nper decision, times in ms from the proposal's multicast\n\n",
           config->committee.flow->member.name, n, gb_message_plural(n), gb_weight_quorum(n),
           gb_delay_format(&config->link, link, sizeof link), config->n_decisions,
           gb_message_plural((int64_t)config->n_decisions));
    printf("%-28s %12s %10s   theory\n", "", "mean", "std error");
}

static void print_table(const struct results *results, int64_t block_max_transactions,
                        bool is_quiet)
{
    if (!is_quiet)
        print_heads(&results->config);
    for (size_t i = 0; i < results->n_lines; i++)
        print_line(results, &results->lines[i]);
    if (results->n_lines == MAX_LINES && results->lines[MAX_LINES - 1].estimate.mean > 0)
        printf("%snever idle: %.1f transactions a second in blocks of %" PRId64
               ", if computing and bandwidth cost nothing\n",
               is_quiet ? "" : "\n",
               1e3 * (double)block_max_transactions / results->lines[MAX_LINES - 1].estimate.mean,
               block_max_transactions);
}

static enum gb_status measure(const struct request *request, struct results *results,
                              struct gb_error *err)
{
    struct gb_consensus_report report;
    struct gb_estimate interval;
    enum gb_status status = gb_consensus_measure(&results->config, &report, err);

    if (status != GB_OK)
        return status;
    list_results(&report, results);
    if (!request->is_busy)
        return GB_OK;
    status = gb_consensus_measure_busy(&results->config, &interval, err);
    if (status == GB_OK)
        results->lines[results->n_lines++] =
            (struct line){"block_interval_ms", "block interval, never idle", interval,
                          results->config.committee.n_nodes > 2 ? 3 : 0};
    return status;
}

static int measure_and_print(const struct gb_scenario *scenario, const struct request *request)
{
    struct results results = {.config = {
                                  .committee = gb_scenario_committee(scenario),
                                  .link = scenario->link,
                                  .draws = gb_scenario_draws(scenario),
                                  .n_decisions = (uint64_t)request->n_decisions,
                              }};
    struct gb_error err = {0};

    if (scenario->protocol != &gb_protocol_pbft) {
        gb_message_error("chain.protocol is not pbft: there are no messages to measure");
        return GB_EXIT_WRONG_USE;
    }
    if (!request->is_quiet)
        gb_warn_view_changes(scenario);
    if (measure(request, &results, &err) != GB_OK)
        return gb_message_failure(&err);
    if (request->as_csv)
        print_csv(&results);
    else
        print_table(&results, scenario->block_max_transactions, request->is_quiet);
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_consensus,
                                     .options = options,
                                     .operands = GB_OPERANDS_ONE_AT_MOST,
                                     .argc = argc,
                                     .argv = argv};
    struct request request = {.n_decisions = DEFAULT_DECISIONS};
    struct gb_scenario *scenario = NULL;
    int code;

    if (!gb_arguments_read(&arguments, "scenario", take_option, &request, &request.path, &code))
        return code;
    if (request.seed[0]) /* the last of the settings */
        request.settings[request.n_settings++] = request.seed;
    code = load_scenario(&request, &scenario);
    if (code == GB_EXIT_DONE)
        code = measure_and_print(scenario, &request);
    gb_scenario_free(scenario);
    return code;
}

const struct gb_command gb_command_consensus = {
    .name = "consensus",
    .usage = "[SCENARIO.yaml] [--set chain.KEY=VALUE ...] [--seed N] [--decisions N] [--busy] "
             "[--csv] [--quiet]",
    .summary = "measure the chain alone: latency and messages of independent decisions",
    .run = run,
};
