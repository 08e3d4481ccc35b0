/* Files that are read whole, and the bytes at a file's ends by which it is known. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

/* The whole of a file in memory, with a NUL behind it; caller frees *text. GB_EFILE with the
 * reason, GB_ENOMEM; folders are refused.
 * max  bytes; what is larger is refused (SIZE_MAX: whatever memory holds) */
enum gb_status gb_file_read(const char *path, size_t max, char **text, size_t *n,
                            struct gb_error *err);
/* The same of what is left of a stream.
 * name  what messages call it */
enum gb_status gb_file_read_stream(FILE *stream, const char *name, size_t max, char **text,
                                   size_t *n, struct gb_error *err);

/* The first, or the last, n bytes of a file.
 * n        in: as many as `out` holds; out: as many as there were
 * returns  false where it cannot be read */
bool gb_file_head(const char *path, void *out, size_t *n);
bool gb_file_tail(const char *path, void *out, size_t *n);

#endif
