/* The files that a command reads and writes. A file that is there is replaced only by its like:
 * what the same command wrote before, whole or broken off. Everything else is somebody's and stays
 * as it is. */
#ifndef CLI_COMMAND_FILES_H
#define CLI_COMMAND_FILES_H

#include <stddef.h>

#include "base/status.h"

enum gb_command_file_kind {
    GB_COMMAND_FILE_INPUT,  /* only read: all that is checked is that none writes it */
    GB_COMMAND_FILE_RESULT, /* of run and sweep: PATH, PATH.part, .journal (a sweep's), .pair */
    GB_COMMAND_FILE_LEDGER, /* PATH, PATH.part and PATH.pair */
    GB_COMMAND_FILE_TRADES, /* of clear: PATH, PATH.part; devices and pipes as they are */
    GB_COMMAND_FILE_BOOK,   /* of book; as well */
    GB_COMMAND_FILE_PROOF   /* of ledger trace: PATH, PATH.part */
};

struct gb_command_file {
    enum gb_command_file_kind kind;
    const char *name; /* in messages: "the ledger" */
    const char *path; /* borrowed; NULL: the command has no such file */
};

/* Says, before anything long begins, why a command cannot read and write these files: two of them,
 * or names they need while they are being written, are one file; a folder is missing or closed; or
 * what stands there is not ours to replace. Symbolic links are followed first. */
enum gb_status gb_command_files_check(const struct gb_command_file *files, size_t n,
                                      struct gb_error *err);

#endif
