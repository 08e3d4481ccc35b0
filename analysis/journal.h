/* The journal: an append-only file of the records of finished trials, each under its own checksum,
 * so that a trial that is in it is never lost and one that is half in it is never believed.
 *
 * Its head says what the records belong to: the effective sweep, the program and the libm that it
 * computes with. What a writer that died left behind its last whole record, or a lost power supply
 * made of it, is cut off when the journal is taken up; a damaged place between whole records is
 * passed over. Either costs the trials that stood there and no others. A journal belongs to the
 * machine that wrote it (native byte order, checked). One writer at a time, held by a lock on the
 * file where the file system has locks; calls on one journal are serial.
 *
 * What is appended outlives the process at once and the machine within a second. */
#ifndef ANALYSIS_JOURNAL_H
#define ANALYSIS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/journal_owner.h"
#include "analysis/record.h"
#include "base/status.h"

#define GB_JOURNAL_MAX_TRIALS (UINT64_C(1) << 27) /* their numbers are below it */

struct gb_journal; /* closed */

/* A new journal at `path`; one that is there is replaced, unless a process holds it. */
enum gb_status gb_journal_create(struct gb_journal **out, const char *path,
                                 const struct gb_journal_owner *owner, struct gb_error *err);
/* Takes up the journal at `path` where its writer left it.
 * lost_bytes  length of what was cut off or passed over; may be NULL
 * fails with GB_EINPUT where it is another's, saying in what, GB_EFILE where the file is none,
 *       unreadable or in use */
enum gb_status gb_journal_resume(struct gb_journal **out, const char *path,
                                 const struct gb_journal_owner *owner, uint64_t *lost_bytes,
                                 struct gb_error *err);
/* How many trials the journal at `path` holds, which stays as it is; fails as resuming it does. */
enum gb_status gb_journal_count(uint64_t *n_records, const char *path,
                                const struct gb_journal_owner *owner, struct gb_error *err);
/* Gives the file and the lock back; the file stays. NULL is allowed, here and below. */
void gb_journal_close(struct gb_journal *journal);
/* The same, and takes the file away. */
void gb_journal_remove(struct gb_journal *journal);
/* false where the file system has no locks: nothing keeps another process from the file then. */
bool gb_journal_is_locked(const struct gb_journal *journal);

/* Appends the record of a trial that is not in the journal yet (else GB_EINPUT). When the write
 * fails half-way what was written is taken back: the journal stays as it was. */
enum gb_status gb_journal_append(struct gb_journal *journal, const struct gb_record *record,
                                 struct gb_error *err);
/* The same of a record that is encoded already (analysis/record_bytes.h).
 * n  bytes of it */
enum gb_status gb_journal_append_bytes(struct gb_journal *journal, uint64_t trial,
                                       const uint8_t *bytes, size_t n, struct gb_error *err);
/* What a record of n bytes takes in a journal. */
size_t gb_journal_n_bytes(size_t n);
/* Brings all that was appended to the disk. */
enum gb_status gb_journal_sync(struct gb_journal *journal, struct gb_error *err);

/* Records in trial order, whatever the order in which they came. */
size_t gb_journal_n_records(const struct gb_journal *journal);
bool gb_journal_has(const struct gb_journal *journal, uint64_t trial);
/* Reads the i-th record back; the caller frees it. */
enum gb_status gb_journal_read(struct gb_journal *journal, size_t i, struct gb_record **out,
                               struct gb_error *err);

#endif
