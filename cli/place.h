/* Where a command writes. A file that is there is replaced only by its like: what the same command
 * wrote before, whole or broken off. Everything else is somebody's and stays as it is. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/status.h"

enum gb_place_kind {
    GB_PLACE_INPUT,                     /* only read: all that is checked is that none writes it */
    GB_PLACE_RESULT,                    /* of run and sweep: PATH, PATH.part and PATH.journal */
    GB_PLACE_LEDGER,                    /* this and those below: PATH and PATH.part */
    GB_PLACE_TRADES,                    /* of clear; devices and pipes are written as they are */
    GB_PLACE_BOOK                       /* of book; as well */
};

struct gb_place {
    enum gb_place_kind kind;
    const char *name;                   /* in messages: "the ledger" */
    const char *path;                   /* borrowed; NULL: the command has no such file */
};

/* Says, before anything long begins, why a command cannot read and write these places: two of them,
 * or names they need while they are being written, are one file; a folder is missing or closed; or
 * what stands there is not ours to replace. */
enum gb_status gb_place_check(const struct gb_place *places, size_t n, struct gb_error *err);

/* A file that appears whole or not at all: it is written under another name first. What is there
 * and no plain file (a pipe, a device) is written as it is. */
struct gb_new_file {
    FILE *stream;                       /* to be written to */
    const char *path;                   /* borrowed */
    char *part;                         /* owned: the name it has until it is whole */
    bool is_plain;
};
enum gb_status gb_new_file_open(struct gb_new_file *file, const char *path, struct gb_error *err);
/* Closes it and gives it its name, or says why not all of it could be written. */
enum gb_status gb_new_file_close(struct gb_new_file *file, struct gb_error *err);

#endif
