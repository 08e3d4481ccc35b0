/* A journal as the files see it that write it (journal.c) and read it (journal_read.c). */
#ifndef ANALYSIS_JOURNAL_PRIV_H
#define ANALYSIS_JOURNAL_PRIV_H

#include <time.h>

#include <sys/types.h>

#include "analysis/journal.h"
#include "analysis/journal_owner_priv.h"
#include "base/lock.h"

/* File: the head (journal_owner.c), then records. A record: head (mark, trial, length of the
 * payload, short checksum of these), payload, checksum of head and payload. */
#define GB_JOURNAL_MARK UINT64_C(0x6472636572746267) /* "gbtrecrd" */
#define GB_JOURNAL_SHORT_CHECKSUM_SIZE 16

struct gb_journal_record {
    uint64_t mark, trial, n_bytes;
    uint8_t checksum[GB_JOURNAL_SHORT_CHECKSUM_SIZE];
};
/* It is written as it is: no padding may hide in it. */
_Static_assert(sizeof(struct gb_journal_record) == 40, "the head of a record has no padding");

struct gb_journal_entry {
    uint64_t trial;
    off_t at;
}; /* at: of the record's head */

struct gb_journal {
    int file;
    enum gb_lock lock;
    char *path;
    off_t end; /* where the next record goes */
    size_t n, capacity;
    struct gb_journal_entry *entries;
    bool is_sorted;   /* entries, by trial */
    uint8_t *present; /* a bit a trial */
    size_t n_present; /* bytes of it */
    time_t synced_s;
};

void gb_journal_checksum_short(const struct gb_journal_record *record,
                               uint8_t out[GB_JOURNAL_SHORT_CHECKSUM_SIZE]);
/* Of head and payload, record->n_bytes. */
void gb_journal_checksum(const struct gb_journal_record *record, const uint8_t *payload,
                         uint8_t out[GB_JOURNAL_CHECKSUM_SIZE]);

/* "cannot DEED the journal 'PATH': " and errno. */
enum gb_status gb_journal_fail(const struct gb_journal *journal, const char *deed,
                               struct gb_error *err);
/* Opens the file with its lock, and an empty index. flags of open(2) */
enum gb_status gb_journal_open(struct gb_journal **out, const char *path, int flags,
                               struct gb_error *err);
/* Makes room in the index for one more record, of this trial; then adds it. */
enum gb_status gb_journal_reserve(struct gb_journal *journal, uint64_t trial, struct gb_error *err);
void gb_journal_add_entry(struct gb_journal *journal, uint64_t trial, off_t at);
/* The i-th in trial order. */
const struct gb_journal_entry *gb_journal_entry_at(struct gb_journal *journal, size_t i);

#endif
