/* The head of a journal's file, which says what its records belong to: written and compared here,
 * for analysis/journal.c. */
#ifndef ANALYSIS_JOURNAL_OWNER_PRIV_H
#define ANALYSIS_JOURNAL_OWNER_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/journal_owner.h"
#include "base/bytes.h"
#include "base/status.h"

#define GB_JOURNAL_CHECKSUM_SIZE 32

/* The fixed beginning of the head. */
struct gb_journal_head {
    char magic[8];
    uint32_t format, order_mark;
    uint64_t n_bytes; /* of the owner behind it */
    uint8_t checksum[GB_JOURNAL_CHECKSUM_SIZE];
};
_Static_assert(sizeof(struct gb_journal_head) == 56, "the head has no padding");

/* Adds the whole head to `out`, which notes where memory runs out. */
void gb_journal_owner_encode(const struct gb_journal_owner *owner, struct gb_bytes *out);
/* Whether the fixed beginning is that of a journal which this program reads. */
enum gb_status gb_journal_head_check(const struct gb_journal_head *head, const char *path,
                                     struct gb_error *err);
/* Compares the owner in a file with ours. GB_EINPUT says in what they differ, GB_EFILE that the
 * bytes are damaged.
 * bytes  head->n_bytes of them, from behind the head */
enum gb_status gb_journal_owner_compare(const struct gb_journal_head *head, const uint8_t *bytes,
                                        const struct gb_journal_owner *ours, const char *path,
                                        struct gb_error *err);

#endif
