/* The result that stands already where that of a merge goes: trials that somebody waited for, which
 * are replaced only by what has them all, or where that is asked for. */
#ifndef CLI_MERGE_TARGET_H
#define CLI_MERGE_TARGET_H

#include <stdbool.h>

#include "analysis/journal.h"
#include "base/status.h"

struct gb_merge_target; /* closed */

enum gb_merge_consent {
    GB_MERGE_ASKS,    /* neither of the next: a result that is there is left and named */
    GB_MERGE_RESUMES, /* one of the same sweep is left where it is whole, else replaced by more */
    GB_MERGE_RESTARTS /* replaces what is there */
};

/* Looks at the result at `path`. GB_EINPUT says what stands there and what to choose from.
 * shard   one of those to be merged; borrowed for the call, as is path
 * is_done out: it has all trials of the shards' sweep, and consent is GB_MERGE_RESUMES
 * out     NULL where nothing stands there that must be kept */
enum gb_status gb_merge_target_find(struct gb_merge_target **out, bool *is_done, const char *path,
                                    const char *shard, enum gb_merge_consent consent,
                                    struct gb_error *err);
void gb_merge_target_free(struct gb_merge_target *target);

/* GB_EINPUT where the result has trials that are not in the journal: they would be lost.
 * target  or NULL */
enum gb_status gb_merge_target_check(const struct gb_merge_target *target,
                                     const struct gb_journal *journal, struct gb_error *err);

#endif
