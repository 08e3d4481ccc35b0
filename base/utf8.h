/* UTF-8 that came from outside: is it UTF-8 at all, and can it be shown as it is? */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character that begins at `text`, which ends with a NUL, and its length in bytes; 0 where
 * there is none: at the end, in the middle of a character, in bytes that are no UTF-8. */
uint32_t gb_utf8_decode(const unsigned char *text, size_t *length);

/* Whether every character can be shown without doing something to a terminal: no control characters
 * (C0, DEL, C1), no line and paragraph separators.
 * lines  whether tabs and ends of lines may stand in it */
bool gb_utf8_is_plain(const char *text, bool lines);

#endif
