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

enum gb_operands { /* what stands beside the options */
                   GB_OPERANDS_ONE,
                   GB_OPERANDS_ONE_AT_MOST,
                   GB_OPERANDS_SEVERAL /* one at least; each is taken like an option */
};
enum { GB_OPERAND = -1 }; /* then in place of an option's index */

/* Initialise as {.command = ..., .options = ..., .argc = argc, .argv = argv}. */
struct gb_arguments {
    const struct gb_command *command;
    const struct gb_option *options;
    enum gb_operands operands; /* 0: one */
    int argc;
    char **argv;
    int next;           /* arguments read so far, after argv[0] */
    bool only_operands; /* `--` was read */
    const char *value;  /* of the option or operand found last */
};

/* Stores the value of the option found last in a request. returns GB_EXIT_DONE, or the exit code
 * to end with, its reason printed */
typedef int gb_option_taker(void *request, const struct gb_arguments *arguments, int option);

/* Reads the whole command line.
 * noun     what an operand is, in messages: "result"
 * operand  out: the file, or whatever else the command takes; NULL where none was given
 * code     out, where false is returned: the exit code to end with (--help done, or wrong use)
 * returns  whether the command goes on */
bool gb_arguments_read(struct gb_arguments *arguments, const char *noun, gb_option_taker *take,
                       void *request, const char **operand, int *code);

/* Reads the value of the option found last as a whole number from minimum to maximum; prints what
 * is wrong and returns false if it is none. */
bool gb_arguments_number(const struct gb_arguments *arguments, int option, int64_t minimum,
                         int64_t maximum, int64_t *out);

#endif
