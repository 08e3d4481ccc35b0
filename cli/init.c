/* gridbourse init: the commented template of a scenario. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "experiments/scenario/scenario.h"

static const struct gb_option options[] = {{0}};

/* A file that is there stays: "wx" fails on it. What could not be written whole is taken away. */
static int write_file(const char *path)
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
    enum gb_status status = gb_scenario_template(file, gb_program_extensions(), &err);
    if (ferror(file) | fclose(file) && status == GB_OK)
        status = gb_fail(&err, GB_EFILE, "cannot write '%s': %s", path, strerror(errno));
    if (status == GB_OK)
        return GB_EXIT_DONE;
    unlink(path);
    return gb_message_failure(&err);
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
    int code;

    if (!gb_arguments_read(&arguments, "file", NULL, NULL, &path, &code))
        return code;
    if (path && strcmp(path, "-") != 0)
        return write_file(path);
    return gb_scenario_template(stdout, gb_program_extensions(), &err) == GB_OK
               ? GB_EXIT_DONE
               : gb_message_failure(&err);
}

const struct gb_command gb_command_init = {
    "init", "[FILE.yaml]", "write a commented scenario with every key at its default", run};
