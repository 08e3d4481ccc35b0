/* A result that a command reads from its beginning to its end. */
#ifndef CLI_RESULT_INPUT_H
#define CLI_RESULT_INPUT_H

#include "analysis/results.h"

/* Opens it, once what a killed run left beside it is settled; from here to the end a crash in HDF5
 * names the file.
 * returns GB_EXIT_DONE, or the code with which the command ends: why was said */
int gb_result_input_open(struct gb_results **out, const char *path);
/* The end of a command that reads it. NULL is allowed. */
void gb_result_input_close(struct gb_results *results);

#endif
