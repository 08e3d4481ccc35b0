#include "analysis/journal_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/record_bytes.h"
#include "base/array.h"
#include "base/holder.h"
#include "base/new_file.h"

#define SYNC_EVERY_S 1

static bool write_at(int file, const void *bytes, size_t n, off_t at)
{
    size_t done = 0;

    while (done < n) {
        ssize_t put = pwrite(file, (const char *)bytes + done, n - done, at + (off_t)done);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

void gb_journal_checksum_short(const struct gb_journal_record *head,
                               uint8_t out[GB_JOURNAL_SHORT_CHECKSUM_SIZE])
{
    crypto_generichash(out, GB_JOURNAL_SHORT_CHECKSUM_SIZE, (const unsigned char *)head,
                       offsetof(struct gb_journal_record, checksum), NULL, 0);
}

void gb_journal_checksum(const struct gb_journal_record *head, const uint8_t *payload,
                         uint8_t out[GB_JOURNAL_CHECKSUM_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, GB_JOURNAL_CHECKSUM_SIZE);
    crypto_generichash_update(&state, (const unsigned char *)head, sizeof *head);
    crypto_generichash_update(&state, payload, head->n_bytes);
    crypto_generichash_final(&state, out, GB_JOURNAL_CHECKSUM_SIZE);
}

enum gb_status gb_journal_fail(const struct gb_journal *journal, const char *deed,
                               struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot %s the journal '%s': %s", deed, journal->path,
                   strerror(errno));
}

/* ---- opening and closing */

enum gb_status gb_journal_open(struct gb_journal **out, const char *path, int flags,
                               struct gb_error *err)
{
    struct gb_journal *journal = calloc(1, sizeof *journal);
    enum gb_status status = GB_OK;
    char holder[128];

    if (journal) {
        journal->file = -1;
        journal->is_sorted = true;
        journal->path = strdup(path);
    }
    if (!journal || !journal->path) {
        gb_journal_close(journal);
        return gb_fail(err, GB_ENOMEM, "no memory for the journal '%s'", path);
    }
    journal->lock = gb_lock_open(&journal->file, path, flags);
    if (journal->lock == GB_LOCK_BUSY)
        status = gb_fail(err, GB_EFILE, "the journal '%s' is in use by %s", path,
                         gb_holder_of(path, holder, sizeof holder));
    else if (journal->lock == GB_LOCK_FAILED)
        status = gb_journal_fail(journal, "open", err);
    if (status != GB_OK)
        gb_journal_close(journal);
    else
        *out = journal;
    return status;
}

void gb_journal_close(struct gb_journal *journal)
{
    if (!journal)
        return;
    if (journal->file >= 0)
        close(journal->file);
    free(journal->entries);
    free(journal->present);
    free(journal->path);
    free(journal);
}

void gb_journal_remove(struct gb_journal *journal)
{
    if (!journal)
        return;
    unlink(journal->path); /* while the lock still keeps others from taking it up */
    gb_journal_close(journal);
}

static time_t now_s(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

enum gb_status gb_journal_sync(struct gb_journal *journal, struct gb_error *err)
{
    journal->synced_s = now_s();
    return fsync(journal->file) == 0 ? GB_OK : gb_journal_fail(journal, "write", err);
}

enum gb_status gb_journal_create(struct gb_journal **out, const char *path,
                                 const struct gb_journal_owner *owner, struct gb_error *err)
{
    struct gb_bytes head = {0};
    struct gb_journal *journal;
    enum gb_status status = gb_journal_open(&journal, path, O_RDWR | O_CREAT | O_CLOEXEC, err);

    if (status != GB_OK)
        return status;
    gb_journal_owner_encode(owner, &head);
    if (head.failed)
        status = gb_fail(err, GB_ENOMEM, "no memory for the journal '%s'", path);
    /* emptied only now that the lock is ours */
    else if (ftruncate(journal->file, 0) < 0 || !write_at(journal->file, head.bytes, head.n, 0))
        status = gb_journal_fail(journal, "write", err);
    else
        status = gb_journal_sync(journal, err);
    journal->end = (off_t)head.n;
    free(head.bytes);
    if (status != GB_OK) {
        gb_journal_remove(journal);
        return status;
    }
    gb_file_sync_folder(path);
    *out = journal;
    return GB_OK;
}

/* ---- which trials there are */

/* Room for one more entry, of this trial. */
enum gb_status gb_journal_reserve(struct gb_journal *journal, uint64_t trial, struct gb_error *err)
{
    struct gb_journal_entry *entries =
        gb_array_grow(journal->entries, &journal->capacity, journal->n + 1, sizeof *entries);
    size_t n_present = journal->n_present;
    uint8_t *present =
        entries ? gb_array_grow(journal->present, &n_present, trial / 8 + 1, 1) : NULL;

    if (entries)
        journal->entries = entries;
    if (!present)
        return gb_fail(err, GB_ENOMEM, "no memory for the index of '%s'", journal->path);
    memset(present + journal->n_present, 0, n_present - journal->n_present);
    journal->present = present;
    journal->n_present = n_present;
    return GB_OK;
}

void gb_journal_add_entry(struct gb_journal *journal, uint64_t trial, off_t at)
{
    if (journal->n > 0 && trial < journal->entries[journal->n - 1].trial)
        journal->is_sorted = false;
    journal->entries[journal->n] = (struct gb_journal_entry){trial, at};
    journal->n++;
    journal->present[trial / 8] |= (uint8_t)(1 << trial % 8);
}

static int compare_entries(const void *a, const void *b)
{
    uint64_t x = ((const struct gb_journal_entry *)a)->trial,
             y = ((const struct gb_journal_entry *)b)->trial;

    return (x > y) - (x < y);
}

const struct gb_journal_entry *gb_journal_entry_at(struct gb_journal *journal, size_t i)
{
    if (!journal->is_sorted)
        qsort(journal->entries, journal->n, sizeof *journal->entries, compare_entries);
    journal->is_sorted = true;
    return &journal->entries[i];
}

bool gb_journal_has(const struct gb_journal *journal, uint64_t trial)
{
    return trial / 8 < journal->n_present && (journal->present[trial / 8] >> trial % 8 & 1);
}

/* ---- appending */

/* Writes a framed record; when that fails it is taken back. */
static enum gb_status write_record(struct gb_journal *journal, uint64_t trial,
                                   const struct gb_bytes *framed, struct gb_error *err)
{
    if (!write_at(journal->file, framed->bytes, framed->n, journal->end)) {
        enum gb_status status = gb_journal_fail(journal, "write", err);
        /* should this fail too, what stays is a torn tail, which resuming cuts off */
        return ftruncate(journal->file, journal->end) == 0 ? status : GB_EFILE;
    }
    gb_journal_add_entry(journal, trial, journal->end);
    journal->end += (off_t)framed->n;
    return now_s() - journal->synced_s < SYNC_EVERY_S ? GB_OK : gb_journal_sync(journal, err);
}

/* Completes and writes a record whose encoding stands behind the place of its head. */
static enum gb_status append_framed(struct gb_journal *journal, uint64_t trial,
                                    struct gb_bytes *framed, struct gb_error *err)
{
    struct gb_journal_record head = {.mark = GB_JOURNAL_MARK, .trial = trial};
    uint8_t checksum[GB_JOURNAL_CHECKSUM_SIZE];

    if (trial >= GB_JOURNAL_MAX_TRIALS || gb_journal_has(journal, trial))
        return gb_fail(err, GB_EINPUT, "trial %" PRIu64 " is %s the journal '%s'", trial,
                       trial < GB_JOURNAL_MAX_TRIALS ? "already in" : "too large for",
                       journal->path);
    if (!framed->failed) {
        head.n_bytes = framed->n - sizeof head;
        gb_journal_checksum_short(&head, head.checksum);
        memcpy(framed->bytes, &head, sizeof head);
        gb_journal_checksum(&head, framed->bytes + sizeof head, checksum);
        gb_bytes_add(framed, checksum, sizeof checksum);
    }
    if (framed->failed)
        return gb_fail(err, GB_ENOMEM, "no memory to write the record of trial %" PRIu64, trial);
    enum gb_status status = gb_journal_reserve(journal, trial, err);
    return status == GB_OK ? write_record(journal, trial, framed, err) : status;
}

enum gb_status gb_journal_append(struct gb_journal *journal, const struct gb_record *record,
                                 struct gb_error *err)
{
    struct gb_bytes framed = {0};

    gb_bytes_add_space(&framed, sizeof(struct gb_journal_record));
    gb_record_encode(record, &framed);
    enum gb_status status = append_framed(journal, gb_record_trial(record), &framed, err);
    free(framed.bytes);
    return status;
}

enum gb_status gb_journal_append_bytes(struct gb_journal *journal, uint64_t trial,
                                       const uint8_t *bytes, size_t n, struct gb_error *err)
{
    struct gb_bytes framed = {0};

    gb_bytes_add_space(&framed, sizeof(struct gb_journal_record));
    gb_bytes_add(&framed, bytes, n);
    enum gb_status status = append_framed(journal, trial, &framed, err);
    free(framed.bytes);
    return status;
}

size_t gb_journal_n_bytes(size_t n)
{
    return sizeof(struct gb_journal_record) + n + GB_JOURNAL_CHECKSUM_SIZE;
}

bool gb_journal_is_locked(const struct gb_journal *journal)
{
    return journal->lock == GB_LOCK_HELD;
}

size_t gb_journal_n_records(const struct gb_journal *journal)
{
    return journal->n;
}
