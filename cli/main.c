/* gridbourse: finds the subcommand and hands over. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <gsl/gsl_errno.h>
#include <sodium.h>

#include "base/edit_distance.h"
#include "cli/command.h"
#include "cli/message.h"

static const struct gb_command *const commands[] = {
    &gb_command_run,       &gb_command_sweep,   &gb_command_merge,   &gb_command_compare,
    &gb_command_diff,      &gb_command_figures, &gb_command_book,    &gb_command_clear,
    &gb_command_consensus, &gb_command_ledger,  &gb_command_series,  &gb_command_fit,
    &gb_command_init,      &gb_command_list,    &gb_command_explain, NULL};

const struct gb_extensions *gb_program_extensions(void)
{
    return NULL; /* nothing loads any */
}

static void print_usage(FILE *out)
{
    fprintf(out,
            "usage: gridbourse COMMAND [ARGUMENT ...]\n\n"
            "A research simulator of neighbourhood energy markets on a simulated blockchain.\n\n");
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out,
            "\n`gridbourse help COMMAND` says how a command is used; `gridbourse --version` names\n"
            "the version and its libraries. First steps: `gridbourse init FILE.yaml` writes a\n"
            "scenario to edit, `gridbourse run FILE.yaml` runs it.\n");
}

static const struct gb_command *find_command(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[sizeof commands / sizeof commands[0] + 1] = {"help"};

    for (size_t i = 0; commands[i]; i++)
        names[i + 1] = commands[i]->name;
    const char *nearest = gb_nearest_word(name, names);
    if (nearest)
        gb_message_error("unknown command '%s' (did you mean '%s'?)", name, nearest);
    else
        gb_message_error("unknown command '%s'", name);
    gb_message_note("`gridbourse help` lists the commands");
    return GB_EXIT_WRONG_USE;
}

static int help(int argc, char **argv)
{
    if (argc < 3 || strcmp(argv[2], "help") == 0) {
        print_usage(stdout);
        return GB_EXIT_DONE;
    }
    const struct gb_command *command = find_command(argv[2]);
    if (!command)
        return unknown_command(argv[2]);
    char help_option[] = "--help";
    char *arguments[] = {argv[2], help_option, NULL};
    return command->run(2, arguments);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return GB_EXIT_WRONG_USE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        gb_version_print();
        return GB_EXIT_DONE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0)
        return help(argc, argv);
    if (argv[1][0] == '-') {
        gb_message_error("unknown option '%s': a command comes first", argv[1]);
        gb_message_note("`gridbourse help` lists the commands");
        return GB_EXIT_WRONG_USE;
    }
    const struct gb_command *command = find_command(argv[1]);
    return command ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}

/* Arrays of some megabytes go back to the system as soon as they are freed. By itself the C library
 * comes to keep those of up to 32 MB between others, where no larger one finds room: a tenth of
 * what a million meters take. Smaller arrays are kept, which spares their page faults. */
static void set_allocator(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20); /* as the library would have it then */
#endif
}

int main(int argc, char **argv)
{
    set_allocator();
    /* every status of GSL is read where it arises; HDF5 starts where a result is touched */
    gsl_set_error_handler_off();
    if (sodium_init() < 0) {
        gb_message_error("libsodium finds no source of randomness");
        return GB_EXIT_FAILED;
    }
    int code = dispatch(argc, argv);
    if (!gb_message_stdout_is_complete() && code == GB_EXIT_DONE)
        code = GB_EXIT_FAILED;
    return code;
}
