/* Joining the shards of one sweep: results that were computed apart, on many machines say, with the
 * same program, sweep and libm. Their records go through a journal into one result, which has the
 * bytes that one process would have written. */
#ifndef ANALYSIS_MERGE_H
#define ANALYSIS_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "analysis/results.h"
#include "base/status.h"

struct gb_merge; /* closed */

enum gb_status gb_merge_create(struct gb_merge **out, struct gb_error *err);
void gb_merge_free(struct gb_merge *merge);
/* Adds the trials of a shard to the journal. GB_EINPUT names the file, and in what it is foreign to
 * those before it, or what of it they have already. */
enum gb_status gb_merge_add(struct gb_merge *merge, const char *path, struct gb_journal *journal,
                            struct gb_error *err);

/* Trials of the sweep that no shard had, neither finished nor failed. */
uint64_t gb_merge_n_missing(const struct gb_merge *merge);
/* Shards that were not added, in words: "shards 3, 5 to 7 of 8"; and those that lack trials, by
 * file:
 * "'b.h5' has 20 of 158 trials". Caller frees the text, which is NULL without memory and empty
 * where there is none. */
char *gb_merge_absent_shards(const struct gb_merge *merge);
char *gb_merge_unfinished_shards(const struct gb_merge *merge);

/* Of the joined result: all that the shards said of themselves, failed trials included; valid while
 * the merge is. */
const struct gb_provenance *gb_merge_provenance(struct gb_merge *merge);

#endif
