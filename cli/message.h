/* What the program says to a person: errors on stderr, in words, behind the program's name. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "cli/command.h"

/* Prints one error line on stderr: "gridbourse: <description>". Like all messages it is one line of
 * text, whatever stands in the names in it: control characters are printed as \xNN. */
void gb_message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints one line of advice on stderr, without the word that marks an error. */
void gb_message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a file's name, or other words that somebody else chose, in the same way. */
void gb_message_print_name(const char *name, FILE *out);

/* Prints the text of a failure, a long one in several lines, and returns the exit code its status
 * asks for: bad configuration and bad input are wrong use, an interruption is one, everything else
 * failed. */
int gb_message_failure(const struct gb_error *err);

/* Where memory runs out in the middle of printing, with all files written: says for what, and ends
 * the program with GB_EXIT_FAILED, for half a table is none. */
_Noreturn void gb_message_exhausted(const char *what);

/* Prints what is wrong on the command line, and how the subcommand is used.
 * returns GB_EXIT_WRONG_USE */
int gb_message_wrong_use(const struct gb_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "s" where there is not one of a thing, else "". */
const char *gb_message_plural(int64_t n);

/* Flushes stdout and says whether all that was printed arrived; prints an error if not. */
bool gb_message_stdout_is_complete(void);

/* May lines of `stream` be written over? A terminal that is not dumb. */
bool gb_message_is_terminal(FILE *stream);
/* May it carry colours? Such a terminal, without NO_COLOR. */
bool gb_message_has_colour(FILE *stream);

#endif
