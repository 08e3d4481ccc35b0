/* Subcommands of gridbourse. A subcommand is a const struct in a file of its own (cli/NAME.c) and
 * one line in the table of cli/main.c; cli alone prints, reads argv and decides exit codes. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

enum gb_exit {
    GB_EXIT_DONE = 0,
    GB_EXIT_FAILED = 1,       /* memory, output files, a broken identity */
    GB_EXIT_WRONG_USE = 2,    /* wrong options, bad or unreadable input */
    GB_EXIT_INTERRUPTED = 130 /* Ctrl-C, as shells say it: 128 + SIGINT */
};

struct gb_command {
    const char *name;
    const char *usage;                 /* what follows the name: "SCENARIO.yaml [-o OUT.h5]" */
    const char *summary;               /* a line for the list of subcommands, no full stop */
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit code */
};

extern const struct gb_command gb_command_run, gb_command_sweep, gb_command_merge,
    gb_command_compare, gb_command_diff, gb_command_figures, gb_command_book, gb_command_clear,
    gb_command_consensus, gb_command_ledger, gb_command_series, gb_command_fit, gb_command_init,
    gb_command_list, gb_command_explain;

struct gb_extensions;
/* Members of families that are handed in at run time, for all that reads names; NULL: there are
 * none. The one place where they are held: cli/main.c. */
const struct gb_extensions *gb_program_extensions(void);

/* Version, revision, compiler and libraries on stdout; cli/version.c. */
void gb_version_print(void);

#endif
