#include "cli/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quantity.h"
#include "cli/arguments.h"
#include "cli/join.h"
#include "cli/message.h"
#include "cli/parameter_file.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep_words.h"

enum {
    OPTION_OUTPUT,
    OPTION_SET,
    OPTION_PARAMETERS,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_CHECK,
    OPTION_QUIET,
    OPTION_LEDGER,
    OPTION_RESUME = OPTION_LEDGER, /* of sweep, which keeps no ledger */
    OPTION_RESTART,
    OPTION_SHARD,
    OPTION_TRIAL,
    OPTION_REPLICATIONS,
    OPTION_PILOT
};
#define MAX_SHARDS 100000
#define COMMON_OPTIONS                                                                         \
    [OPTION_OUTPUT] = {"--output", "-o", "OUT.h5", "result file (default: the input's name)"}, \
    [OPTION_SET] = {"--set", NULL, "KEY=VALUE", "overrule a scenario key; may be repeated"},   \
    [OPTION_PARAMETERS] = {"--parameters", NULL, "FILE",                                       \
                           "overrule those in FILE, as `gridbourse fit` writes it"},           \
    [OPTION_SEED] = {"--seed", NULL, "N", "the same as --set seed=N"},                         \
    [OPTION_CHECK] = {"--check", NULL, NULL, "read and check the input, run nothing"},         \
    [OPTION_QUIET] = {"--quiet", "-q", NULL, "no progress, no summary"}

static const struct gb_option sweep_options[] = {
    [OPTION_THREADS] = {"--threads", NULL, "N",
                        "trials at a time (default: one a core); changes no result"},
    COMMON_OPTIONS,
    [OPTION_RESUME] = {"--resume", NULL, NULL, "go on with what is finished"},
    [OPTION_RESTART] = {"--restart", NULL, NULL, "begin anew, whatever is finished"},
    [OPTION_SHARD] = {"--shard", NULL, "K/N",
                      "run the K-th of N parts; `gridbourse merge` joins them"},
    [OPTION_TRIAL] = {"--trial", NULL, "N", "run one trial alone"},
    [OPTION_REPLICATIONS] = {"--replications", NULL, "N",
                             "run every cell so often, whatever the sweep says"},
    [OPTION_PILOT] = {"--pilot", NULL, "PILOT.h5",
                      "of a sweep with `until`: go on from the merged shards of its pilot"},
    {0},
};
static const struct gb_option run_options[] = {
    [OPTION_THREADS] = {"--threads", NULL, "N",
                        "threads that share the work of one run; changes no result"},
    COMMON_OPTIONS,
    [OPTION_LEDGER] = {"--ledger", NULL, "FILE", "keep the blockchain in FILE"},
    {0},
};

/* returns GB_EXIT_DONE, or the exit code to end with */
static int add_setting(struct gb_request *request, const char *before, const char *text)
{
    char **list = gb_array_resize(request->settings, request->n_settings + 1, sizeof *list);

    if (list)
        request->settings = list;
    char *setting = list ? gb_join(before, text) : NULL;
    if (!setting) {
        gb_message_error("no memory for the settings");
        return GB_EXIT_FAILED;
    }
    request->settings[request->n_settings++] = setting;
    return GB_EXIT_DONE;
}

static int add_parameter(void *context, const char *setting)
{
    return add_setting(context, "", setting);
}

void gb_request_clear(struct gb_request *request)
{
    for (size_t i = 0; i < request->n_settings; i++)
        free(request->settings[i]);
    free(request->settings);
    *request = (struct gb_request){0};
}

/* "2/8": the second of eight. */
static bool read_shard(struct gb_request *request, const struct gb_arguments *arguments)
{
    const char *slash = strchr(arguments->value, '/');
    char shard[24];
    bool is_right = slash && slash - arguments->value < (ptrdiff_t)sizeof shard;

    if (is_right) {
        memcpy(shard, arguments->value, (size_t)(slash - arguments->value));
        shard[slash - arguments->value] = '\0';
        is_right = gb_parse_decimal(shard, 0, &request->shard) && request->shard >= 1 &&
                   gb_parse_decimal(slash + 1, 0, &request->n_shards) &&
                   request->n_shards >= request->shard && request->n_shards <= MAX_SHARDS;
    }
    if (!is_right)
        gb_message_wrong_use(
            arguments->command,
            "%s: option '--shard' expects K/N, the K-th of N parts, 1 <= K <= N <= "
            "%d, got '%s'",
            arguments->command->name, MAX_SHARDS, arguments->value);
    return is_right;
}

/* The options of sweep alone. */
static int take_sweep_option(struct gb_request *request, const struct gb_arguments *arguments,
                             int option)
{
    bool is_right = true;

    switch (option) {
    case OPTION_RESUME: request->resumes = true; break;
    case OPTION_RESTART: request->restarts = true; break;
    case OPTION_SHARD: is_right = read_shard(request, arguments); break;
    case OPTION_PILOT: request->pilot = arguments->value; break;
    case OPTION_REPLICATIONS:
        is_right = gb_arguments_number(arguments, option, 1, GB_SWEEP_MOST_REPLICATIONS,
                                       &request->replications);
        break;
    default:
        request->has_trial = true;
        is_right = gb_arguments_number(arguments, option, 0, INT64_MAX, &request->trial);
    }
    return is_right ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct gb_request *request = context;
    bool is_right = true;
    int64_t seed;

    if (option >= OPTION_RESUME && arguments->command != &gb_command_run)
        return take_sweep_option(request, arguments, option);
    switch (option) {
    case OPTION_OUTPUT: request->output = arguments->value; break;
    case OPTION_LEDGER: request->ledger = arguments->value; break;
    case OPTION_CHECK: request->is_check = true; break;
    case OPTION_QUIET: request->is_quiet = true; break;
    case OPTION_SET: return add_setting(request, "", arguments->value);
    case OPTION_PARAMETERS: return gb_parameter_file_read(arguments->value, add_parameter, request);
    case OPTION_SEED:
        if (gb_arguments_number(arguments, option, 0, GB_SEED_MAX, &seed))
            return add_setting(request, "seed=", arguments->value);
        is_right = false;
        break;
    default: is_right = gb_arguments_number(arguments, option, 1, 1024, &request->threads);
    }
    return is_right ? GB_EXIT_DONE : GB_EXIT_WRONG_USE;
}

bool gb_request_read(struct gb_request *request, const struct gb_command *command, const char *noun,
                     int argc, char **argv, int *code)
{
    struct gb_arguments arguments = {.command = command,
                                     .argc = argc,
                                     .argv = argv,
                                     .options =
                                         command == &gb_command_run ? run_options : sweep_options};

    if (!gb_arguments_read(&arguments, noun, take_option, request, &request->input, code))
        return false;
    bool is_right =
        !(request->resumes && request->restarts) && !(request->has_trial && request->n_shards > 0);
    if (!is_right)
        *code =
            gb_message_wrong_use(command, "%s: %s are two different things", command->name,
                                 request->resumes && request->restarts ? "--resume and --restart"
                                                                       : "--shard and --trial");
    return is_right;
}
