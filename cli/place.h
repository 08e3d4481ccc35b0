/* Where a command writes. A file that is there is replaced only by its like: what the same command
 * wrote before, whole or broken off. Everything else is somebody's and stays as it is. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stddef.h>

#include "base/status.h"

enum gb_place_kind {
    GB_PLACE_INPUT,  /* only read: all that is checked is that none writes it */
    GB_PLACE_RESULT, /* of run and sweep: PATH, PATH.part, .journal and .pair */
    GB_PLACE_LEDGER, /* PATH, PATH.part and PATH.pair */
    GB_PLACE_TRADES, /* of clear: PATH, PATH.part; devices and pipes as they are */
    GB_PLACE_BOOK,   /* of book; as well */
    GB_PLACE_PROOF   /* of ledger trace: PATH, PATH.part */
};

struct gb_place {
    enum gb_place_kind kind;
    const char *name; /* in messages: "the ledger" */
    const char *path; /* borrowed; NULL: the command has no such file */
};

/* Says, before anything long begins, why a command cannot read and write these places: two of them,
 * or names they need while they are being written, are one file; a folder is missing or closed; or
 * what stands there is not ours to replace. Symbolic links are followed first. */
enum gb_status gb_place_check(const struct gb_place *places, size_t n, struct gb_error *err);

#endif
