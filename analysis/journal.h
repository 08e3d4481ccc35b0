/* The journal: an append-only file of the records of finished trials, each under its own checksum,
 * so that a trial that is in it is never lost and one that is half in it is never believed.
 *
 * Its header names what the records belong to (a fingerprint of the effective scenario or sweep). A
 * record cut short by the end of the file is a torn tail, the trace of a writer that died: resuming
 * cuts it off. A damaged record with others behind it is refused. A journal belongs to the machine
 * that wrote it (native byte order, checked). One writer at a time, held by a lock on the file
 * where the file system has locks; calls on one journal are serial. */
#ifndef ANALYSIS_JOURNAL_H
#define ANALYSIS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "base/status.h"

#define GB_FINGERPRINT_SIZE 32

struct gb_journal; /* closed */

/* BLAKE2b-256 of a text: what the header carries. The schema of the rows goes in as well, so that a
 * program with other rows does not take up the journal. */
void gb_journal_fingerprint(const char *text, uint8_t out[GB_FINGERPRINT_SIZE]);

/* A new journal at `path`; one that is there is replaced, unless a process holds it. */
enum gb_status gb_journal_create(struct gb_journal **out, const char *path,
                                 const uint8_t fingerprint[GB_FINGERPRINT_SIZE],
                                 struct gb_error *err);
/* Takes up the journal at `path` where its writer left it.
 * lost_bytes  length of the torn tail that was cut off; may be NULL
 * fails with GB_EINPUT where the fingerprint is another's, GB_EFILE where the file is none,
 *       unreadable or in use */
enum gb_status gb_journal_resume(struct gb_journal **out, const char *path,
                                 const uint8_t fingerprint[GB_FINGERPRINT_SIZE],
                                 uint64_t *lost_bytes, struct gb_error *err);
/* Gives the file and the lock back; the file stays. NULL is allowed, here and below. */
void gb_journal_close(struct gb_journal *journal);
/* The same, and takes the file away. */
void gb_journal_remove(struct gb_journal *journal);
/* false where the file system has no locks: nothing keeps another process from the file then. */
bool gb_journal_is_locked(const struct gb_journal *journal);
const char *gb_journal_path(const struct gb_journal *journal);

/* Appends the record of a trial that is not in the journal yet (else GB_EINPUT). When the write
 * fails half-way what was written is taken back: the journal stays as it was. */
enum gb_status gb_journal_append(struct gb_journal *journal, const struct gb_record *record,
                                 struct gb_error *err);

/* Records in trial order, whatever the order in which they came. */
size_t gb_journal_n_records(const struct gb_journal *journal);
uint64_t gb_journal_trial(const struct gb_journal *journal, size_t i);
bool gb_journal_has(const struct gb_journal *journal, uint64_t trial);
/* Reads the i-th record back; the caller frees it. */
enum gb_status gb_journal_read(struct gb_journal *journal, size_t i, struct gb_record **out,
                               struct gb_error *err);

#endif
