/* The result file: HDF5 that is plain netCDF-4 as well, and the one place that knows its layout.
 *
 * /summary has a row a trial along the dimension `trial`; /slots /users /orders /trades /blocks
 * have one 1-D column a field along `row`, the first of them the trial. Integers stay integers on
 * disk, with a scale_factor where the unit is another (money, prices); flags are uint8 with their
 * meanings; times are nanoseconds since the start of the run. /provenance says what made the file.
 *
 * Equal records give equal bytes. HDF5 is not thread-safe: one thread at a time may call this. */
#ifndef ANALYSIS_RESULTS_H
#define ANALYSIS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "analysis/plan.h"
#include "analysis/record.h"
#include "analysis/row_sink.h"
#include "base/calendar.h"
#include "base/status.h"

#define GB_RESULT_HEAD_SIZE 32

/* What made a result. Nothing here may depend on when, where and by how many threads it ran. */
struct gb_provenance {
    const char *version, *revision;
    const char *scenario;       /* the complete effective scenario; of a sweep: its base */
    const char *sweep;          /* the effective sweep, or NULL for a single run */
    const struct gb_plan *plan; /* of a sweep; NULL for a single run */
    const uint8_t *head;   /* where it is read, of a single run's chain: hash of its last block,
                            * GB_RESULT_HEAD_SIZE bytes, or NULL; written by gb_results_name_head() */
    const char *currency;  /* its name in units of columns; NULL: "currency" */
    const char *libm;      /* gb_libm_fingerprint of the maker; NULL: of this process */
    uint32_t kept;         /* kinds of draws that all replications share (base/draws.h); 0: none */
    int64_t start_days;    /* start_date: days since 1970-01-01 */
    const char *time_zone; /* of the local clock (base/zone.h); NULL: one that never changes */
};

/* ---- writing */

/* Who is told when HDF5 is at work on the file, and when no longer: it does not survive everything.
 */
struct gb_results_guard {
    void (*enter)(void *context), (*leave)(void *context);
    void *context;
};

struct gb_results_writer; /* closed */

/* Opens PATH.part, which no other process writes from here on, where the file system has locks.
 * guard  copied; or NULL */
enum gb_status gb_results_create(struct gb_results_writer **out, const char *path,
                                 const struct gb_results_guard *guard, struct gb_error *err);
/* Says what makes the result, before the first trial. The texts are copied. */
enum gb_status gb_results_begin(struct gb_results_writer *writer,
                                const struct gb_provenance *provenance, struct gb_error *err);
/* Begins a trial, whose rows come through the sink; trials come in ascending order. What was varied
 * only a record says. */
enum gb_status gb_results_begin_trial(struct gb_results_writer *writer, uint64_t trial,
                                      enum gb_output_level level, struct gb_error *err);
/* Lets a thread of its own pack and write rows while others come; the file is the same. The thread
 * calls the guard, too. */
void gb_results_use_thread(struct gb_results_writer *writer);
/* Takes the rows of the trial that was begun, of exactly one summary: into the file, chunk by
 * chunk. Borrows the writer until it is sealed. */
struct gb_row_sink gb_results_sink(struct gb_results_writer *writer, enum gb_output_level level);
/* Adds a whole trial. A record holds exactly one summary row. */
enum gb_status gb_results_add(struct gb_results_writer *writer, const struct gb_record *record,
                              struct gb_error *err);
/* Of a single run: the hash of its chain's last block, before the result is sealed. */
void gb_results_name_head(struct gb_results_writer *writer,
                          const uint8_t head[GB_RESULT_HEAD_SIZE]);
/* Completes the file and brings it safely to the disk, as .part: it has still to be published or
 * abandoned. */
enum gb_status gb_results_seal(struct gb_results_writer *writer, struct gb_error *err);
/* Renames a sealed file to PATH; frees the writer. Where this fails no .part is left, and what
 * stood at PATH still stands there. */
enum gb_status gb_results_publish(struct gb_results_writer *writer, struct gb_error *err);
const char *gb_results_writer_path(const struct gb_results_writer *writer); /* links followed */
/* false where the file system has no locks: nothing keeps another process from PATH.part then. */
bool gb_results_writer_is_locked(const struct gb_results_writer *writer);
/* Frees the writer and removes the .part file. NULL is allowed. */
void gb_results_abandon(struct gb_results_writer *writer);

/* Up to the sealed file at once: of the records of a journal, in trial order. */
enum gb_status gb_results_from_journal(struct gb_results_writer **out, const char *path,
                                       const struct gb_results_guard *guard,
                                       const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err);

/* ---- reading */

struct gb_results; /* closed */

/* Whether the file was written by this program, whatever its tables hold.
 * format  that it says it has: of what another version wrote another one, or ours where what this
 *         version asks for is missing; 0: it is no result. May be NULL
 * GB_EFILE where the system does not let that be seen: locked, no more descriptors, a broken disk.
 */
enum gb_status gb_results_is_one(bool *is_one, int64_t *format, const char *path,
                                 struct gb_error *err);
/* Whether the result at `path` says which sweep it is of; its tables are not looked at. */
bool gb_results_is_of_sweep(const char *path);
/* The head in the provenance of the result at `path`. returns false where there is none */
bool gb_results_head(const char *path, uint8_t head[GB_RESULT_HEAD_SIZE]);
/* GB_EFILE says what the file is instead, when it is not a result of this program. */
enum gb_status gb_results_open(struct gb_results **out, const char *path, struct gb_error *err);
/* Likewise a file that a user named to be read: GB_EINPUT in place of GB_EFILE, as of any input. */
enum gb_status gb_results_open_input(struct gb_results **out, const char *path,
                                     struct gb_error *err);
void gb_results_close(struct gb_results *results);

size_t gb_results_n_trials(const struct gb_results *results);
const struct gb_summary_row *gb_results_summary(const struct gb_results *results); /* n_trials */
/* The summary of a trial by its number, or NULL. */
const struct gb_summary_row *gb_results_trial(const struct gb_results *results, uint64_t trial);
/* Whether the table was written at all (output.level); the summary always is. */
bool gb_results_has(const struct gb_results *results, enum gb_table table);
/* Do its cells differ in their level of output, so that a table has no rows of some trials? */
bool gb_results_mix_levels(const struct gb_results *results);
/* Do trials of a cell have rows of a table? None has where there is no such table, nor where its
 * level of output keeps none. place  of a trial of the cell in the summary */
enum gb_status gb_results_keeps(bool *keeps, struct gb_results *results, enum gb_table table,
                                size_t place, struct gb_error *err);
/* The rows of one trial (a number as in the summary), as a fresh array that the caller frees; no
 * rows give n 0 and a NULL array. GB_EINPUT where the table is not in the file. */
enum gb_status gb_results_rows(struct gb_results *results, enum gb_table table, uint64_t trial,
                               void **rows, size_t *n, struct gb_error *err);

/* Which homes the result is asked about, for those who read /users and /kinds by
 * analysis/home_choice.h: borrowed for life; NULL: all of them. Rows as they are read here are of
 * all homes always. */
struct gb_home_choice;
void gb_results_choose_homes(struct gb_results *results, const struct gb_home_choice *homes);
const struct gb_home_choice *gb_results_homes(const struct gb_results *results);

/* The i-th trial as the record that it was written from, which the caller frees. */
enum gb_status gb_results_record(struct gb_results *results, size_t i, struct gb_record **out,
                                 struct gb_error *err);

/* What was varied: key k of gb_results_n_varied(), and its value in the i-th trial as text. Cells
 * differ in the first gb_results_n_factors() of them; over the others a sweep averages. */
size_t gb_results_n_varied(const struct gb_results *results);
size_t gb_results_n_factors(const struct gb_results *results);
const char *gb_results_varied_key(const struct gb_results *results, size_t k);
const char *gb_results_varied_value(const struct gb_results *results, size_t k, size_t i);
/* That of trial i, which begins on the varied start_date where there is one. */
struct gb_calendar gb_results_calendar(const struct gb_results *results, size_t i);

/* The provenance; its texts belong to `results`, sweep is NULL where there was none. */
const struct gb_provenance *gb_results_provenance(const struct gb_results *results);

#endif
