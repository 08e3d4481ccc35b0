/* Options of a subcommand, read from one table that also prints its --help. `--name VALUE`,
 * `--name=VALUE`, `-n VALUE`; `--` ends the options; operands may stand anywhere. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"

struct gb_option {
    const char *name;        /* "--output"; NULL ends a table */
    const char *letter;      /* "-o", or NULL */
    const char *value;       /* what it takes ("FILE"), or NULL for a switch */
    const char *description; /* for --help, no full stop */
};

enum {                           /* what gb_arguments_next found when it is no option */
       GB_ARGUMENT_OPERAND = -1, /* `value` is it */
       GB_ARGUMENT_END = -2,
       GB_ARGUMENT_HELP = -3, /* --help was there and is printed: return GB_EXIT_DONE */
       GB_ARGUMENT_WRONG = -4 /* and the reason is printed: return GB_EXIT_WRONG_USE */
};

/* Initialise as {.command = ..., .options = ..., .argc = argc, .argv = argv}. */
struct gb_arguments {
    const struct gb_command *command;
    const struct gb_option *options;
    int argc;
    char **argv;
    int next;           /* arguments read so far, after argv[0] */
    bool only_operands; /* `--` was read */
    const char *value;  /* of the option or operand found last */
};

/* Index in `options` of the next option, or one of the names above. */
int gb_arguments_next(struct gb_arguments *arguments);

/* Stores the value of the option found last in a request. returns GB_EXIT_DONE, or the exit code
 * to end with, its reason printed */
typedef int gb_option_taker(void *request, const struct gb_arguments *arguments, int option);

/* Reads the whole command line of a command that takes one file.
 * noun     what that is, in messages: "result"
 * operand  out: the file
 * code     out, where false is returned: the exit code to end with (--help done, or wrong use)
 * returns  whether the command goes on */
bool gb_arguments_read(struct gb_arguments *arguments, const char *noun, gb_option_taker *take,
                       void *request, const char **operand, int *code);

/* Reads the value of the option found last as a whole number from minimum to maximum; prints what
 * is wrong and returns false if it is none. */
bool gb_arguments_number(const struct gb_arguments *arguments, int option, int64_t minimum,
                         int64_t maximum, int64_t *out);

#endif
