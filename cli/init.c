/* gridbourse init: the commented template of a scenario. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep_words.h"

enum { OPTION_SWEEP };
static const struct gb_option options[] = {
    [OPTION_SWEEP] = {"--sweep", NULL, NULL, "a sweep of a scenario instead"},
    {0},
};

static enum gb_status write_template(FILE *file, bool is_sweep, struct gb_error *err)
{
    if (!is_sweep)
        return gb_scenario_template(file, gb_program_extensions(), err);
    gb_sweep_template(file);
    return GB_OK;
}

/* A file that is there stays: "wx" fails on it. What could not be written whole is taken away. */
static int write_file(const char *path, bool is_sweep)
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
    enum gb_status status = write_template(file, is_sweep, &err);
    if (ferror(file) | fclose(file) && status == GB_OK)
        status = gb_fail(&err, GB_EFILE, "cannot write '%s': %s", path, strerror(errno));
    if (status == GB_OK)
        return GB_EXIT_DONE;
    unlink(path);
    return gb_message_failure(&err);
}

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    bool *is_sweep = context;

    (void)arguments, (void)option; /* it has one */
    *is_sweep = true;
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
    bool is_sweep = false;
    int code;

    if (!gb_arguments_read(&arguments, "file", take_option, &is_sweep, &path, &code))
        return code;
    if (path && strcmp(path, "-") != 0)
        return write_file(path, is_sweep);
    return write_template(stdout, is_sweep, &err) == GB_OK ? GB_EXIT_DONE
                                                           : gb_message_failure(&err);
}

const struct gb_command gb_command_init = {
    "init", "[--sweep] [FILE.yaml]",
    "write a commented scenario with every key at its default, or a sweep", run};
