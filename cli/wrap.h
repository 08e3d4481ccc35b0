/* Lines for people: broken between words, so that none is wider than a terminal. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stdio.h>

enum { GB_WRAP_WIDTH = 100 }; /* columns of a line */

/* Prints `text` from `column` on and ends the line; what does not fit goes on in lines of its own,
 * behind `indent` blanks. What stands in brackets stays together, and so does a word, however
 * long. */
void gb_wrap_print(const char *text, int column, int indent, FILE *out);

#endif
