/* Reading a journal: whose it is, which whole records it has, and these. */
#include "analysis/journal_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/record_bytes.h"

#define SCAN_BLOCK 65536

/* Reads n bytes at an offset. returns how many were there, or -1 */
static ssize_t read_at(int file, void *out, size_t n, off_t at)
{
    size_t done = 0;

    while (done < n) {
        ssize_t got = pread(file, (char *)out + done, n - done, at + (off_t)done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Reads and checks the record at `at`.
 * payload  malloc'd; the caller frees it
 * whole    set where the record is there and its checksums hold */
static enum gb_status read_record(const struct gb_journal *journal, off_t at, off_t size,
                                  struct gb_journal_record *head, uint8_t **payload, bool *whole,
                                  struct gb_error *err)
{
    uint8_t head_checksum[GB_JOURNAL_SHORT_CHECKSUM_SIZE], checksum[GB_JOURNAL_CHECKSUM_SIZE];
    uint8_t *bytes;
    ssize_t got = read_at(journal->file, head, sizeof *head, at);

    *whole = false;
    if (got < 0)
        return gb_journal_fail(journal, "read", err);
    if ((size_t)got < sizeof *head)
        return GB_OK;
    gb_journal_checksum_short(head, head_checksum);
    if (head->mark != GB_JOURNAL_MARK || head->trial >= GB_JOURNAL_MAX_TRIALS ||
        memcmp(head_checksum, head->checksum, sizeof head_checksum) != 0)
        return GB_OK;
    /* the length is checked: believe it, but never beyond the end of the file */
    uint64_t n_left = (uint64_t)(size - at) - sizeof *head;
    if (head->n_bytes > n_left || n_left - head->n_bytes < GB_JOURNAL_CHECKSUM_SIZE)
        return GB_OK;
    bytes = malloc(head->n_bytes + GB_JOURNAL_CHECKSUM_SIZE);
    if (!bytes)
        return gb_fail(err, GB_ENOMEM, "no memory for a record of '%s'", journal->path);
    if (read_at(journal->file, bytes, head->n_bytes + GB_JOURNAL_CHECKSUM_SIZE,
                at + (off_t)sizeof *head) < 0) {
        free(bytes);
        return gb_journal_fail(journal, "read", err);
    }
    gb_journal_checksum(head, bytes, checksum);
    *whole = memcmp(checksum, bytes + head->n_bytes, GB_JOURNAL_CHECKSUM_SIZE) == 0;
    *payload = bytes;
    return GB_OK;
}

/* The next place from `at` on where the mark of a record stands, or `size`. */
static enum gb_status find_mark(const struct gb_journal *journal, off_t at, off_t size,
                                off_t *found, struct gb_error *err)
{
    const uint64_t mark = GB_JOURNAL_MARK;
    uint8_t block[SCAN_BLOCK];

    while (at < size) {
        ssize_t got = read_at(journal->file, block, sizeof block, at);

        if (got < 0)
            return gb_journal_fail(journal, "read", err);
        for (ssize_t i = 0; i + (ssize_t)sizeof mark <= got; i++)
            if (memcmp(block + i, &mark, sizeof mark) == 0) {
                *found = at + i;
                return GB_OK;
            }
        if (got < (ssize_t)sizeof block)
            break;
        at += (off_t)(sizeof block - sizeof mark + 1); /* a mark may lie across the border */
    }
    *found = size;
    return GB_OK;
}

/* Notes the whole record at `at` with its head, unless its trial is there already. */
static enum gb_status note_record(struct gb_journal *journal, const struct gb_journal_record *head,
                                  off_t at, struct gb_error *err)
{
    enum gb_status status = gb_journal_reserve(journal, head->trial, err);

    if (status != GB_OK)
        return status;
    if (!gb_journal_has(journal, head->trial))
        gb_journal_add_entry(journal, head->trial, at);
    journal->end = at + (off_t)(sizeof *head + head->n_bytes + GB_JOURNAL_CHECKSUM_SIZE);
    return GB_OK;
}

/* Walks the records from journal->end on, which is left behind the last whole one.
 * n_bytes  out: of those in whole records */
static enum gb_status index_records(struct gb_journal *journal, off_t size, off_t *n_bytes,
                                    struct gb_error *err)
{
    enum gb_status status = GB_OK;
    off_t at = journal->end;

    *n_bytes = 0;
    while (status == GB_OK && at < size) {
        struct gb_journal_record head;
        uint8_t *payload = NULL;
        bool whole;

        status = read_record(journal, at, size, &head, &payload, &whole, err);
        free(payload);
        if (status == GB_OK && whole) {
            status = note_record(journal, &head, at, err);
            *n_bytes += journal->end - at;
            at = journal->end;
        } else if (status == GB_OK) {
            status = find_mark(journal, at + 1, size, &at, err);
        }
    }
    return status;
}

/* Reads the head of the file and compares its owner with ours; journal->end is left behind it. */
static enum gb_status check_owner(struct gb_journal *journal, const struct gb_journal_owner *owner,
                                  off_t size, struct gb_error *err)
{
    struct gb_journal_head head;
    ssize_t got = read_at(journal->file, &head, sizeof head, 0);
    enum gb_status status;

    if (got < 0)
        return gb_journal_fail(journal, "read", err);
    if ((size_t)got < sizeof head)
        return gb_fail(err, GB_EFILE, "'%s' is no journal of trials", journal->path);
    status = gb_journal_head_check(&head, journal->path, err);
    if (status != GB_OK)
        return status;
    if (head.n_bytes > (uint64_t)size - sizeof head)
        return gb_fail(err, GB_EFILE, "the head of the journal '%s' is damaged", journal->path);
    uint8_t *bytes = malloc(head.n_bytes + 1);
    if (!bytes)
        return gb_fail(err, GB_ENOMEM, "no memory for the journal '%s'", journal->path);
    if (read_at(journal->file, bytes, head.n_bytes, sizeof head) < 0)
        status = gb_journal_fail(journal, "read", err);
    else
        status = gb_journal_owner_compare(&head, bytes, owner, journal->path, err);
    journal->end = (off_t)(sizeof head + head.n_bytes);
    free(bytes);
    return status;
}

/* Opens a journal that is there and finds its records.
 * size, n_bytes  out: of the file, and of what is good in it */
static enum gb_status open_indexed(struct gb_journal **out, const char *path,
                                   const struct gb_journal_owner *owner, off_t *size,
                                   off_t *n_bytes, struct gb_error *err)
{
    struct gb_journal *journal;
    struct stat info = {0};
    enum gb_status status = gb_journal_open(&journal, path, O_RDWR | O_CLOEXEC, err);

    if (status != GB_OK)
        return status;
    if (fstat(journal->file, &info) < 0)
        status = gb_journal_fail(journal, "read", err);
    if (status == GB_OK)
        status = check_owner(journal, owner, info.st_size, err);
    off_t head = journal->end;
    if (status == GB_OK)
        status = index_records(journal, info.st_size, n_bytes, err);
    if (status != GB_OK) {
        gb_journal_close(journal);
        return status;
    }
    *n_bytes += head;
    *size = info.st_size;
    *out = journal;
    return GB_OK;
}

enum gb_status gb_journal_resume(struct gb_journal **out, const char *path,
                                 const struct gb_journal_owner *owner, uint64_t *lost_bytes,
                                 struct gb_error *err)
{
    struct gb_journal *journal;
    off_t size, n_bytes;
    enum gb_status status = open_indexed(&journal, path, owner, &size, &n_bytes, err);

    if (status != GB_OK)
        return status;
    if (journal->end < size && ftruncate(journal->file, journal->end) < 0) {
        status = gb_journal_fail(journal, "cut the torn tail of", err);
        gb_journal_close(journal);
        return status;
    }
    if (lost_bytes)
        *lost_bytes = (uint64_t)(size - n_bytes);
    *out = journal;
    return GB_OK;
}

enum gb_status gb_journal_count(uint64_t *n_records, const char *path,
                                const struct gb_journal_owner *owner, struct gb_error *err)
{
    struct gb_journal *journal;
    off_t size, n_bytes;
    enum gb_status status = open_indexed(&journal, path, owner, &size, &n_bytes, err);

    if (status != GB_OK)
        return status;
    *n_records = journal->n;
    gb_journal_close(journal);
    return GB_OK;
}

enum gb_status gb_journal_read(struct gb_journal *journal, size_t i, struct gb_record **out,
                               struct gb_error *err)
{
    const struct gb_journal_entry *entry = gb_journal_entry_at(journal, i);
    struct gb_journal_record head;
    uint8_t *payload = NULL;
    bool whole;
    enum gb_status status =
        read_record(journal, entry->at, journal->end, &head, &payload, &whole, err);

    if (status == GB_OK && !whole)
        status =
            gb_fail(err, GB_EFILE, "the record of trial %" PRIu64 " in '%s' has changed on disk",
                    entry->trial, journal->path);
    if (status == GB_OK)
        status = gb_record_decode(out, payload, head.n_bytes, err);
    free(payload);
    return status;
}
