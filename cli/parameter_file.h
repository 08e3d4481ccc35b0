/* Files of parameters, as `gridbourse fit` writes them: scenario keys by sections, which go over a
 * scenario as --set does. */
#ifndef CLI_PARAMETER_FILE_H
#define CLI_PARAMETER_FILE_H

/* Hands out every key of a file as "key=value"; `take` returns an exit code, and what is not
 * GB_EXIT_DONE ends it. returns the code, with the mistakes of the file printed */
int gb_parameter_file_read(const char *path, int (*take)(void *context, const char *setting),
                           void *context);

#endif
