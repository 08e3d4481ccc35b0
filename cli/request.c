#include "cli/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/arguments.h"
#include "cli/join.h"
#include "cli/message.h"
#include "experiments/scenario/scenario.h"

enum {
    OPTION_OUTPUT,
    OPTION_SET,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_CHECK,
    OPTION_QUIET,
    OPTION_LEDGER
};
#define COMMON_OPTIONS                                                                         \
    [OPTION_OUTPUT] = {"--output", "-o", "OUT.h5", "result file (default: the input's name)"}, \
    [OPTION_SET] = {"--set", NULL, "KEY=VALUE", "overrule a scenario key; may be repeated"},   \
    [OPTION_SEED] = {"--seed", NULL, "N", "the same as --set seed=N"},                         \
    [OPTION_CHECK] = {"--check", NULL, NULL, "read and check the input, run nothing"},         \
    [OPTION_QUIET] = {"--quiet", "-q", NULL, "no progress, no summary"}

static const struct gb_option sweep_options[] = {
    [OPTION_THREADS] = {"--threads", NULL, "N",
                        "trials at a time (default: one a core); changes no result"},
    COMMON_OPTIONS,
    {0},
};
static const struct gb_option run_options[] = {
    [OPTION_THREADS] = {"--threads", NULL, "N",
                        "threads for the weather of 131072 meters or more; changes no result"},
    COMMON_OPTIONS,
    [OPTION_LEDGER] = {"--ledger", NULL, "FILE", "keep the blockchain in FILE"},
    {0},
};

static bool add_setting(struct gb_request *request, const char *before, const char *text)
{
    char **list = gb_array_resize(request->settings, request->n_settings + 1, sizeof *list);

    if (list)
        request->settings = list;
    char *setting = list ? gb_join(before, text) : NULL;
    if (!setting) {
        gb_message_error("no memory for the settings");
        request->lacks_memory = true;
        return false;
    }
    request->settings[request->n_settings++] = setting;
    return true;
}

void gb_request_clear(struct gb_request *request)
{
    for (size_t i = 0; i < request->n_settings; i++)
        free(request->settings[i]);
    free(request->settings);
    *request = (struct gb_request){0};
}

/* returns false when the option cannot be taken; the reason is printed */
static bool take(struct gb_request *request, const struct gb_arguments *arguments, int found)
{
    int64_t seed;

    switch (found) {
    case OPTION_OUTPUT: request->output = arguments->value; return true;
    case OPTION_LEDGER: request->ledger = arguments->value; return true;
    case OPTION_CHECK: request->is_check = true; return true;
    case OPTION_QUIET: request->is_quiet = true; return true;
    case OPTION_SET: return add_setting(request, "", arguments->value);
    case OPTION_SEED:
        return gb_arguments_number(arguments, found, 0, GB_SEED_MAX, &seed) &&
               add_setting(request, "seed=", arguments->value);
    case OPTION_THREADS: return gb_arguments_number(arguments, found, 1, 1024, &request->threads);
    case GB_ARGUMENT_OPERAND:
        if (!request->input) {
            request->input = arguments->value;
            return true;
        }
        gb_message_wrong_use(arguments->command, "%s: one file at a time, not '%s' too",
                             arguments->command->name, arguments->value);
        return false;
    default: return false;
    }
}

bool gb_request_read(struct gb_request *request, const struct gb_command *command, const char *noun,
                     int argc, char **argv, int *code)
{
    struct gb_arguments arguments = {.command = command,
                                     .argc = argc,
                                     .argv = argv,
                                     .options =
                                         command == &gb_command_run ? run_options : sweep_options};

    for (int found; (found = gb_arguments_next(&arguments)) != GB_ARGUMENT_END;)
        if (found == GB_ARGUMENT_HELP || !take(request, &arguments, found)) {
            *code = found == GB_ARGUMENT_HELP ? GB_EXIT_DONE
                    : request->lacks_memory   ? GB_EXIT_FAILED
                                              : GB_EXIT_WRONG_USE;
            return false;
        }
    if (request->input)
        return true;
    *code = gb_message_wrong_use(command, "%s: which %s?", command->name, noun);
    return false;
}
