/* A text that is printed into memory and grows as it needs. Of open_memstream() nobody learns that
 * it found no capacity for a part of what was printed; here the text is whole, or there is none. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct gb_text {
    FILE *stream; /* to be printed to; NULL without memory */
    char *bytes;  /* owned, as the rest is */
    size_t n, capacity;
    bool failed;
};

/* Begins a text at an address that stays. returns false without memory; closing it is due all the
 * same */
bool gb_text_open(struct gb_text *text);
/* Ends it. returns the text, to be freed, or NULL where memory ran out on the way */
char *gb_text_close(struct gb_text *text);

/* Prints behind what stands in a buffer of this size; what does not fit is cut off. */
void gb_text_append(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Reads the next word of a list such as `zip 0.5, aa 0.5`: behind blanks, up to a blank, one of
 * `ends`, or the end of the text.
 * word     of `size` bytes; empty where it does not fit
 * returns  what follows the blanks behind it */
const char *gb_text_word(const char *text, const char *ends, char *word, size_t size);
/* The comma that ends the first of conditions `KEY=VALUE,KEY=VALUE`, or NULL. Values have commas of
 * their own (`0:00 0.5, 7:00 0.6`): a comma is one of these where what follows it, up to the next,
 * has no equals sign and begins with a blank or a digit. */
char *gb_text_condition_end(char *text);

#endif
