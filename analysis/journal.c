#include "analysis/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/record_bytes_priv.h"
#include "analysis/schema.h"
#include "base/array.h"
#include "base/lock.h"

/* File: header, then records. A record: head (mark, trial, length of the payload, short checksum of
 * these), payload, checksum of head and payload. */
#define FORMAT 1
#define ORDER_MARK UINT32_C(0x01020304) /* reads otherwise on a machine of other byte order */
#define RECORD_MARK UINT64_C(0x6472636572746267) /* "gbtrecrd" */
#define CHECKSUM_SIZE 32
#define HEAD_CHECKSUM_SIZE 16

struct header {
    char magic[8];
    uint32_t format, order_mark;
    uint8_t fingerprint[GB_FINGERPRINT_SIZE];
    uint8_t checksum[CHECKSUM_SIZE];
};
struct head {
    uint64_t mark, trial, n_bytes;
    uint8_t checksum[HEAD_CHECKSUM_SIZE];
};
/* They are written as they are: no padding may hide in them. */
_Static_assert(sizeof(struct header) == 80, "the header has no padding");
_Static_assert(sizeof(struct head) == 40, "the head of a record has no padding");

static const char magic[8] = "GBJOURNL";

struct entry {
    uint64_t trial;
    off_t at;
}; /* at: of the record's head */

struct gb_journal {
    int file;
    enum gb_lock lock;
    char *path;
    off_t end; /* where the next record goes */
    size_t n, capacity;
    struct entry *entries; /* by trial */
};

static void hash_schema(crypto_generichash_state *state)
{
    for (int table = 0; table < GB_N_TABLES; table++)
        for (const struct gb_field *field = gb_schemas[table].fields; field->name; field++) {
            unsigned char kind = (unsigned char)field->kind;

            crypto_generichash_update(state, (const unsigned char *)field->name,
                                      strlen(field->name) + 1);
            crypto_generichash_update(state, &kind, 1);
        }
}

void gb_journal_fingerprint(const char *text, uint8_t out[GB_FINGERPRINT_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, GB_FINGERPRINT_SIZE);
    hash_schema(&state);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, out, GB_FINGERPRINT_SIZE);
}

static void checksum_header(const struct header *header, uint8_t out[CHECKSUM_SIZE])
{
    crypto_generichash(out, CHECKSUM_SIZE, (const unsigned char *)header,
                       offsetof(struct header, checksum), NULL, 0);
}

static void checksum_head(const struct head *head, uint8_t out[HEAD_CHECKSUM_SIZE])
{
    crypto_generichash(out, HEAD_CHECKSUM_SIZE, (const unsigned char *)head,
                       offsetof(struct head, checksum), NULL, 0);
}

static void checksum_record(const struct head *head, const uint8_t *payload,
                            uint8_t out[CHECKSUM_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, CHECKSUM_SIZE);
    crypto_generichash_update(&state, (const unsigned char *)head, sizeof *head);
    crypto_generichash_update(&state, payload, head->n_bytes);
    crypto_generichash_final(&state, out, CHECKSUM_SIZE);
}

static enum gb_status fail_system(const struct gb_journal *journal, const char *deed,
                                  struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot %s the journal '%s': %s", deed, journal->path,
                   strerror(errno));
}

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

static enum gb_status open_locked(struct gb_journal **out, const char *path, int flags,
                                  struct gb_error *err)
{
    struct gb_journal *journal = calloc(1, sizeof *journal);
    enum gb_status status = GB_OK;

    if (journal) {
        journal->file = -1;
        journal->path = strdup(path);
    }
    if (!journal || !journal->path) {
        gb_journal_close(journal);
        return gb_fail(err, GB_ENOMEM, "no memory for the journal '%s'", path);
    }
    journal->lock = gb_lock_open(&journal->file, path, flags);
    if (journal->lock == GB_LOCK_BUSY)
        status = gb_fail(err, GB_EFILE, "the journal '%s' is in use by another process", path);
    else if (journal->lock == GB_LOCK_FAILED)
        status = fail_system(journal, "open", err);
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
    free(journal->path);
    free(journal);
}

enum gb_status gb_journal_create(struct gb_journal **out, const char *path,
                                 const uint8_t fingerprint[GB_FINGERPRINT_SIZE],
                                 struct gb_error *err)
{
    struct header header = {.format = FORMAT, .order_mark = ORDER_MARK};
    struct gb_journal *journal;
    enum gb_status status = open_locked(&journal, path, O_RDWR | O_CREAT | O_CLOEXEC, err);

    if (status != GB_OK)
        return status;
    memcpy(header.magic, magic, sizeof magic);
    memcpy(header.fingerprint, fingerprint, GB_FINGERPRINT_SIZE);
    checksum_header(&header, header.checksum);
    /* emptied only now that the lock is ours */
    if (ftruncate(journal->file, 0) < 0 || !write_at(journal->file, &header, sizeof header, 0)) {
        status = fail_system(journal, "write", err);
        gb_journal_remove(journal);
        return status;
    }
    journal->end = sizeof header;
    *out = journal;
    return GB_OK;
}

/* Index of the first entry whose trial is not below `trial`. */
static size_t place_of(const struct gb_journal *journal, uint64_t trial)
{
    size_t low = 0, high = journal->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (journal->entries[middle].trial < trial)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum gb_status reserve_entry(struct gb_journal *journal, struct gb_error *err)
{
    struct entry *entries =
        gb_array_grow(journal->entries, &journal->capacity, journal->n + 1, sizeof *entries);

    if (!entries)
        return gb_fail(err, GB_ENOMEM, "no memory for the index of '%s'", journal->path);
    journal->entries = entries;
    return GB_OK;
}

static void insert_entry(struct gb_journal *journal, uint64_t trial, off_t at)
{
    size_t place = place_of(journal, trial);

    memmove(journal->entries + place + 1, journal->entries + place,
            (journal->n - place) * sizeof *journal->entries);
    journal->entries[place] = (struct entry){trial, at};
    journal->n++;
}

/* Reads and checks the record at `at`.
 * payload  malloc'd; the caller frees it
 * torn     set where the file ends before the record does
 * whole    set where the record is there and its checksums hold */
static enum gb_status read_record(const struct gb_journal *journal, off_t at, off_t size,
                                  struct head *head, uint8_t **payload, bool *torn, bool *whole,
                                  struct gb_error *err)
{
    uint8_t head_checksum[HEAD_CHECKSUM_SIZE], checksum[CHECKSUM_SIZE];
    uint8_t *bytes;
    ssize_t got = read_at(journal->file, head, sizeof *head, at);

    *whole = false;
    *torn = got >= 0 && (size_t)got < sizeof *head;
    if (got < 0)
        return fail_system(journal, "read", err);
    if (*torn)
        return GB_OK;
    checksum_head(head, head_checksum);
    if (head->mark != RECORD_MARK || memcmp(head_checksum, head->checksum, sizeof head_checksum))
        return GB_OK;
    /* the length is checked: believe it, but never beyond the end of the file */
    uint64_t n_left = (uint64_t)(size - at) - sizeof *head;
    *torn = head->n_bytes > n_left || n_left - head->n_bytes < CHECKSUM_SIZE;
    if (*torn)
        return GB_OK;
    bytes = malloc(head->n_bytes + CHECKSUM_SIZE);
    if (!bytes)
        return gb_fail(err, GB_ENOMEM, "no memory for a record of '%s'", journal->path);
    if (read_at(journal->file, bytes, head->n_bytes + CHECKSUM_SIZE, at + (off_t)sizeof *head) <
        0) {
        free(bytes);
        return fail_system(journal, "read", err);
    }
    checksum_record(head, bytes, checksum);
    *whole = memcmp(checksum, bytes + head->n_bytes, CHECKSUM_SIZE) == 0;
    *payload = bytes;
    return GB_OK;
}

static enum gb_status check_header(const struct gb_journal *journal,
                                   const uint8_t fingerprint[GB_FINGERPRINT_SIZE],
                                   struct gb_error *err)
{
    struct header header;
    uint8_t checksum[CHECKSUM_SIZE];
    ssize_t got = read_at(journal->file, &header, sizeof header, 0);

    if (got < 0)
        return fail_system(journal, "read", err);
    if ((size_t)got < sizeof header || memcmp(header.magic, magic, sizeof magic))
        return gb_fail(err, GB_EFILE, "'%s' is no journal of trials", journal->path);
    checksum_header(&header, checksum);
    if (memcmp(checksum, header.checksum, sizeof checksum))
        return gb_fail(err, GB_EFILE, "the header of the journal '%s' is damaged", journal->path);
    if (header.format != FORMAT || header.order_mark != ORDER_MARK)
        return gb_fail(err, GB_EFILE, "the journal '%s' was written by another format or machine",
                       journal->path);
    if (memcmp(header.fingerprint, fingerprint, GB_FINGERPRINT_SIZE))
        return gb_fail(err, GB_EINPUT,
                       "the journal '%s' belongs to another scenario, sweep or "
                       "version of the program",
                       journal->path);
    return GB_OK;
}

/* Walks the records; stops at the torn tail, if there is one, and leaves journal->end before it. */
static enum gb_status index_records(struct gb_journal *journal, off_t size, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    journal->end = sizeof(struct header);
    while (status == GB_OK && journal->end < size) {
        struct head head;
        uint8_t *payload = NULL;
        bool torn, whole;

        status = read_record(journal, journal->end, size, &head, &payload, &torn, &whole, err);
        free(payload);
        if (status != GB_OK || torn)
            return status;
        if (!whole)
            return gb_fail(err, GB_EFILE, "the journal '%s' is damaged in the record at byte %jd",
                           journal->path, (intmax_t)journal->end);
        status = reserve_entry(journal, err);
        if (status == GB_OK) {
            insert_entry(journal, head.trial, journal->end);
            journal->end += (off_t)(sizeof head + head.n_bytes + CHECKSUM_SIZE);
        }
    }
    return status;
}

enum gb_status gb_journal_resume(struct gb_journal **out, const char *path,
                                 const uint8_t fingerprint[GB_FINGERPRINT_SIZE],
                                 uint64_t *lost_bytes, struct gb_error *err)
{
    struct gb_journal *journal;
    struct stat info = {0};
    enum gb_status status = open_locked(&journal, path, O_RDWR | O_CLOEXEC, err);

    if (status != GB_OK)
        return status;
    status = check_header(journal, fingerprint, err);
    if (status == GB_OK && fstat(journal->file, &info) < 0)
        status = fail_system(journal, "read", err);
    if (status == GB_OK)
        status = index_records(journal, info.st_size, err);
    if (status == GB_OK && journal->end < info.st_size &&
        ftruncate(journal->file, journal->end) < 0)
        status = fail_system(journal, "cut the torn tail of", err);
    if (status != GB_OK) {
        gb_journal_close(journal);
        return status;
    }
    if (lost_bytes)
        *lost_bytes = (uint64_t)(info.st_size - journal->end);
    *out = journal;
    return GB_OK;
}

enum gb_status gb_journal_append(struct gb_journal *journal, const struct gb_record *record,
                                 struct gb_error *err)
{
    struct gb_bytes encoded = {0};
    struct head head = {.mark = RECORD_MARK, .trial = gb_record_trial(record)};
    uint8_t checksum[CHECKSUM_SIZE];
    enum gb_status status;

    if (gb_journal_has(journal, head.trial))
        return gb_fail(err, GB_EINPUT, "trial %" PRIu64 " is in the journal '%s' already",
                       head.trial, journal->path);
    status = reserve_entry(journal, err);
    if (status != GB_OK)
        return status;
    gb_bytes_add(&encoded, &head, sizeof head); /* filled in below: its place */
    gb_record_encode(record, &encoded);
    if (!encoded.failed) {
        head.n_bytes = encoded.n - sizeof head;
        checksum_head(&head, head.checksum);
        memcpy(encoded.bytes, &head, sizeof head);
        checksum_record(&head, encoded.bytes + sizeof head, checksum);
        gb_bytes_add(&encoded, checksum, sizeof checksum);
    }
    if (encoded.failed)
        status =
            gb_fail(err, GB_ENOMEM, "no memory to write the record of trial %" PRIu64, head.trial);
    else if (!write_at(journal->file, encoded.bytes, encoded.n, journal->end)) {
        status = fail_system(journal, "write", err);
        /* should this fail too, what stays is a torn tail, which resuming cuts off */
        if (ftruncate(journal->file, journal->end) < 0)
            status = GB_EFILE;
    } else {
        insert_entry(journal, head.trial, journal->end);
        journal->end += (off_t)encoded.n;
    }
    free(encoded.bytes);
    return status;
}

bool gb_journal_is_locked(const struct gb_journal *journal)
{
    return journal->lock == GB_LOCK_HELD;
}

const char *gb_journal_path(const struct gb_journal *journal)
{
    return journal->path;
}

void gb_journal_remove(struct gb_journal *journal)
{
    if (!journal)
        return;
    unlink(journal->path); /* while the lock still keeps others from taking it up */
    gb_journal_close(journal);
}

size_t gb_journal_n_records(const struct gb_journal *journal)
{
    return journal->n;
}

uint64_t gb_journal_trial(const struct gb_journal *journal, size_t i)
{
    return journal->entries[i].trial;
}

bool gb_journal_has(const struct gb_journal *journal, uint64_t trial)
{
    size_t place = place_of(journal, trial);

    return place < journal->n && journal->entries[place].trial == trial;
}

enum gb_status gb_journal_read(struct gb_journal *journal, size_t i, struct gb_record **out,
                               struct gb_error *err)
{
    struct head head;
    uint8_t *payload = NULL;
    bool torn, whole;
    enum gb_status status = read_record(journal, journal->entries[i].at, journal->end, &head,
                                        &payload, &torn, &whole, err);

    if (status == GB_OK && !whole)
        status =
            gb_fail(err, GB_EFILE, "the record of trial %" PRIu64 " in '%s' has changed on disk",
                    journal->entries[i].trial, journal->path);
    if (status == GB_OK)
        status = gb_record_decode(out, payload, head.n_bytes, err);
    free(payload);
    return status;
}
