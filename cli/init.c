/* gridbourse init: the commented template of a scenario, of a village, of a sweep, or of a
 * strategy. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/templates.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep_words.h"

enum { OPTION_SWEEP, OPTION_VILLAGE, OPTION_PLUGIN, OPTION_PROCESS };
static const struct gb_option options[] = {
    [OPTION_SWEEP] = {"--sweep", NULL, NULL, "a sweep of a scenario instead"},
    [OPTION_VILLAGE] = {"--village", NULL, NULL, "a village of three kinds of homes instead"},
    [OPTION_PLUGIN] = {"--strategy-plugin", NULL, NULL,
                       "a bidding strategy of your own in C instead, for agents.plugin"},
    [OPTION_PROCESS] = {"--strategy-process", NULL, "LANGUAGE",
                        "one in python or R, for agents.process; pettingzoo: an environment"},
    {0},
};

struct wish { /* for something else than a scenario; neither: a scenario */
    bool is_sweep;
    const struct gb_template *file; /* of those that are part of the program */
};

static enum gb_status write_template(FILE *file, const struct wish *wish, struct gb_error *err)
{
    if (wish->file)
        fputs(wish->file->text, file);
    else if (wish->is_sweep)
        gb_sweep_template(file);
    else
        return gb_scenario_template(file, gb_program_extensions(), err);
    return GB_OK;
}

/* A file that is there stays: "wx" fails on it. What could not be written whole is taken away. */
static int write_file(const char *path, const struct wish *wish)
{
    struct gb_error err = {0};
    FILE *file = fopen(path, "wx");

    if (!file && errno == EEXIST) {
        gb_message_error("'%s' is there already and stays as it is", path);
        return GB_EXIT_WRONG_USE;
    }
    if (!file) {
        gb_message_error("cannot write '%s': %s", path, strerror(errno));
        return GB_EXIT_FAILED;
    }
    enum gb_status status = write_template(file, wish, &err);
    if (ferror(file) | fclose(file) && status == GB_OK)
        status = gb_fail(&err, GB_EFILE, "cannot write '%s': %s", path, strerror(errno));
    if (status == GB_OK)
        return GB_EXIT_DONE;
    unlink(path);
    return gb_message_failure(&err);
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct wish *wish = context;

    if (option == OPTION_SWEEP)
        wish->is_sweep = true;
    else if (option == OPTION_VILLAGE || option == OPTION_PLUGIN)
        wish->file = gb_template_find(option == OPTION_PLUGIN ? "plugin" : "village");
    else
        wish->file = gb_template_find(arguments->value);
    bool is_language = wish->file && strcmp(wish->file->name, "plugin") != 0 &&
                       strcmp(wish->file->name, "village") != 0;
    if (option == OPTION_PROCESS && !is_language) {
        gb_message_error("--strategy-process: expected python, R or pettingzoo, got '%s'",
                         arguments->value);
        return GB_EXIT_WRONG_USE;
    }
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_init,
                                     .options = options,
                                     .operands = GB_OPERANDS_ONE_AT_MOST,
                                     .argc = argc,
                                     .argv = argv};
    struct gb_error err = {0};
    const char *path;
    struct wish wish = {0};
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &wish, &path, &code))
        return code;
    if (path && strcmp(path, "-") != 0)
        return write_file(path, &wish);
    return write_template(stdout, &wish, &err) == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

const struct gb_command gb_command_init = {
    "init", "[--village | --sweep | --strategy-plugin | --strategy-process LANGUAGE] [FILE]",
    "write a commented scenario with every key at its default, a village, a sweep, or a strategy",
    run};
