/* Dates of the proleptic Gregorian calendar, years 1 to 9999, as days since 1970-01-01. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads "2023-06-01"; false where there is no such day. */
bool gb_date_parse(const char *text, int64_t *out);
/* Writes a date that gb_date_parse reads back.
 * buffer  at least 11 bytes */
void gb_date_format(int64_t days, char *buffer, size_t size);

#endif
