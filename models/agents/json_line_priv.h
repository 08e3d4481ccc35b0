/* A line of JSON put together in memory that the next line uses again: numbers and words go
 * straight to their place, for a batch has a dozen columns of them. */
#ifndef MODELS_AGENTS_JSON_LINE_PRIV_H
#define MODELS_AGENTS_JSON_LINE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_json_line { /* written by json_line.c alone; begins as {0} */
    char *bytes;
    size_t n, capacity;
    bool has_failed; /* there was no memory; what is added then is dropped */
};

#define GB_JSON_NUMBER 48  /* bytes that a number takes at most */
#define GB_JSON_RECORD 192 /* an element that is an object of a few words and numbers */

/* An element of a column, written from `out` on. returns its end */
typedef char *gb_json_print(char *out, const void *column, size_t i);

void gb_json_line_clear(struct gb_json_line *line);
/* Empties the line, and begins with this text. */
void gb_json_line_begin(struct gb_json_line *line, const char *text);
void gb_json_line_add(struct gb_json_line *line, const char *text);
__attribute__((format(printf, 2, 3))) void gb_json_line_format(struct gb_json_line *line,
                                                               const char *format, ...);
/* A column: its key behind a comma, then what `print` makes of every element of an array.
 * most  bytes that one takes at most */
void gb_json_line_column(struct gb_json_line *line, const char *key, gb_json_print *print,
                         size_t most, const void *column, size_t n);

/* returns the end of what is written */
char *gb_json_text(char *out, const char *text);
char *gb_json_decimal(char *out, int64_t value, int decimals);

#endif
