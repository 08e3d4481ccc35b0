/* Input files that tests write. */
#ifndef TESTS_TEXT_FILE_H
#define TESTS_TEXT_FILE_H

/* Writes a file whole, byte for byte; a test in which that fails has failed. */
void write_text(const char *path, const char *text);

#endif
