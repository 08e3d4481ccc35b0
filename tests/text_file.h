/* Files of tests: written, and compared. */
#ifndef TESTS_TEXT_FILE_H
#define TESTS_TEXT_FILE_H

#include <stdbool.h>

/* Writes a file whole, byte for byte; a test in which that fails has failed. */
void write_text(const char *path, const char *text);
/* Byte for byte; false where one is missing. */
bool files_are_equal(const char *a, const char *b);

#endif
