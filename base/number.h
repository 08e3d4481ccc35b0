/* Numbers as people write them. A number is decimal digits with at most one point; what several
 * readers would take for several numbers (`010`, `1_000`, `12:30`, `0,59`, `yes`) is refused, and
 * the hint below says what they would read. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the number begin with a zero that another digit follows? To some readers it is octal. */
bool gb_number_has_leading_zero(const char *text);

/* What a refused text was probably meant to be, as the end of a message: "10 to some readers and
 * 8, in octal, to others: write 10 or 8". Also decimal commas, marks of thousands, other digits and
 * signs, exponents, words for truth values; in a text of several words (`constant 010 ms`) of the
 * first number that has a hint.
 * returns false and an empty hint where there is nothing to say */
bool gb_number_hint(const char *text, char *hint, size_t size);

/* Steps over blanks, those of typesetting (U+00A0, U+2009, U+202F) among them. */
const char *gb_number_skip_blanks(const char *text);

/* Reads a whole text as one number; "nan", "inf", "0x1p3" and what 64 bits do not hold are none. */
bool gb_number_parse(const char *text, double *out);
bool gb_number_parse_integer(const char *text, int64_t *out);

/* The shortest decimal of 15 to 17 digits that reads back to the same number.
 * buffer  at least 32 bytes */
void gb_number_format(double value, char *buffer, size_t size);

#endif
