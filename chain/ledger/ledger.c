#include "chain/ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/memory.h"
#include "base/new_file.h"
#include "chain/wire/codec.h"

/* Tags differ in many bits, so that no single one turns a block into a trailer. */
enum { TAG_GENESIS = 0x47424c31, TAG_BLOCK = 0x424c4f4b, TAG_TRAILER = 0x54524c52 };

#define RECORD_HEAD_SIZE 8
#define TRAILER_SIZE (8 + GB_HASH_SIZE + GB_HASH_SIZE + sizeof(struct gb_signature))
#define BUFFER_SIZE ((size_t)1 << 20)

struct trailer {
    uint64_t n_blocks;
    struct gb_hash head, file;
    struct gb_signature signature;
};

static struct gb_hash trailer_digest(const struct trailer *trailer, const struct gb_hash *chain_id)
{
    uint8_t capacity[TRAILER_SIZE + GB_HASH_SIZE];
    struct gb_bytes to = {.bytes = capacity, .capacity = sizeof capacity};

    gb_put_fixed(&to, chain_id->bytes, GB_HASH_SIZE);
    gb_put_u64(&to, trailer->n_blocks);
    gb_put_fixed(&to, trailer->head.bytes, GB_HASH_SIZE);
    gb_put_fixed(&to, trailer->file.bytes, GB_HASH_SIZE);
    return gb_hash_bytes(GB_DOMAIN_TRAILER, capacity, to.n);
}

/* ---- writer */

struct gb_ledger_writer {
    FILE *file;
    char *path, *part;
    enum gb_lock lock;       /* of .part */
    struct gb_hasher hasher; /* over everything written so far */
    struct gb_hash chain_id, head;
    uint64_t n_blocks;
    struct gb_bytes record; /* reused from block to block */
};

static enum gb_status fail_to_write(const struct gb_ledger_writer *writer, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write the ledger '%s': %s", writer->path,
                   strerror(errno));
}

static void begin_record(struct gb_ledger_writer *writer, uint32_t tag)
{
    writer->record.n = 0;
    gb_put_u32(&writer->record, tag);
    gb_put_u32(&writer->record, 0);
}

/* Fills in the length and writes the record. */
static enum gb_status end_record(struct gb_ledger_writer *writer, struct gb_error *err)
{
    struct gb_bytes *record = &writer->record;

    if (record->failed)
        return gb_fail(err, GB_ENOMEM, "no memory for a record of the ledger '%s'", writer->path);
    if (record->n - RECORD_HEAD_SIZE > UINT32_MAX)
        return gb_fail(err, GB_EFILE, "cannot write the ledger '%s': a record exceeds 4 GiB",
                       writer->path);
    struct gb_bytes length = {.bytes = record->bytes + 4, .capacity = 4};
    gb_put_u32(&length, (uint32_t)(record->n - RECORD_HEAD_SIZE));
    if (fwrite(record->bytes, 1, record->n, writer->file) != record->n)
        return fail_to_write(writer, err);
    gb_hasher_add(&writer->hasher, record->bytes, record->n);
    return GB_OK;
}

static enum gb_status write_genesis(struct gb_ledger_writer *writer,
                                    const struct gb_genesis *genesis, struct gb_error *err)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    enum gb_status status = gb_genesis_encode(genesis, &bytes, &n, err);

    if (status != GB_OK)
        return status;
    writer->chain_id = writer->head = gb_genesis_chain_id(bytes, n);
    begin_record(writer, TAG_GENESIS);
    gb_put_fixed(&writer->record, bytes, n);
    free(bytes);
    return end_record(writer, err);
}

/* Whether the file begins as a ledger does; one that cannot be read is taken for none. */
static bool begins_as_ledger(const char *path)
{
    uint8_t head[4], expected[4];
    struct gb_bytes to = {.bytes = expected, .capacity = sizeof expected};
    FILE *file = fopen(path, "rb");
    bool is_ledger;

    if (!file)
        return false;
    gb_put_u32(&to, TAG_GENESIS);
    is_ledger = fread(head, 1, sizeof head, file) == sizeof head &&
                memcmp(head, expected, sizeof head) == 0;
    fclose(file);
    return is_ledger;
}

/* Renaming onto a device or a directory would replace it or fail at the very end; a file that
 * is no ledger is not ours to replace. */
static enum gb_status check_target(const char *path, struct gb_error *err)
{
    struct stat found;

    if (stat(path, &found) != 0)
        return GB_OK;
    if (!S_ISREG(found.st_mode))
        return gb_fail(err, GB_EFILE, "cannot write the ledger '%s': it is %s", path,
                       S_ISDIR(found.st_mode) ? "a directory" : "no regular file");
    if (found.st_size > 0 && !begins_as_ledger(path))
        return gb_fail(err, GB_EINPUT,
                       "'%s' is no ledger of this program and stays as it is: "
                       "choose another file with --ledger",
                       path);
    return GB_OK;
}

/* Opens the .part for this process alone: two of them in one file would make a ledger of neither.
 */
static enum gb_status open_part(struct gb_ledger_writer *writer, struct gb_error *err)
{
    int file;

    writer->lock = gb_lock_open(&file, writer->part, O_RDWR | O_CREAT | O_CLOEXEC);
    if (file < 0) {
        enum gb_status status =
            writer->lock == GB_LOCK_BUSY
                ? gb_fail(err, GB_EFILE, "the ledger '%s' is being written by another process",
                          writer->path)
                : fail_to_write(writer, err);
        free(writer->part); /* it is not ours to remove */
        writer->part = NULL;
        return status;
    }
    if (ftruncate(file, 0) < 0 || !(writer->file = fdopen(file, "wb"))) {
        enum gb_status status = fail_to_write(writer, err);
        close(file);
        return status;
    }
    setvbuf(writer->file, NULL, _IOFBF, BUFFER_SIZE);
    return GB_OK;
}

enum gb_status gb_ledger_writer_open(struct gb_ledger_writer **out, const char *path,
                                     const struct gb_genesis *genesis, struct gb_error *err)
{
    if (genesis->crypto == GB_CRYPTO_NONE)
        return gb_fail(err, GB_ECONFIG,
                       "cannot write the ledger '%s': without a simulated chain "
                       "nothing is signed and there is no ledger",
                       path);
    enum gb_status status = check_target(path, err);
    if (status != GB_OK)
        return status;

    struct gb_ledger_writer *writer =
        gb_memory_zeroed(alignof(struct gb_ledger_writer), sizeof *writer);
    if (!writer)
        return gb_fail(err, GB_ENOMEM, "no memory for the ledger '%s'", path);
    status = gb_file_target(&writer->path, path, err);
    if (status == GB_OK && !(writer->part = gb_file_part(writer->path)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the ledger '%s'", path);
    if (status == GB_OK)
        status = open_part(writer, err);
    if (status != GB_OK)
        goto fail;
    gb_hasher_init(&writer->hasher, GB_DOMAIN_FILE);
    status = write_genesis(writer, genesis, err);
    if (status != GB_OK)
        goto fail;
    *out = writer;
    return GB_OK;
fail:
    gb_ledger_writer_abandon(writer);
    return status;
}

enum gb_status gb_ledger_writer_append(struct gb_ledger_writer *writer,
                                       const struct gb_block *block, struct gb_error *err)
{
    begin_record(writer, TAG_BLOCK);
    gb_block_encode(block, &writer->record);
    enum gb_status status = end_record(writer, err);
    if (status == GB_OK) {
        writer->n_blocks++;
        writer->head = block->hash;
    }
    return status;
}

static enum gb_status write_trailer(struct gb_ledger_writer *writer, const struct gb_keyring *ring,
                                    struct gb_error *err)
{
    struct gb_hasher hasher = writer->hasher;
    struct trailer trailer = {
        .n_blocks = writer->n_blocks, .head = writer->head, .file = gb_hasher_end(&hasher)};
    struct gb_hash digest = trailer_digest(&trailer, &writer->chain_id);

    gb_keyring_sign(ring, GB_PARTY(GB_ROLE_OPERATOR, 0), &digest, &trailer.signature);
    begin_record(writer, TAG_TRAILER);
    gb_put_u64(&writer->record, trailer.n_blocks);
    gb_put_fixed(&writer->record, trailer.head.bytes, GB_HASH_SIZE);
    gb_put_fixed(&writer->record, trailer.file.bytes, GB_HASH_SIZE);
    gb_put_fixed(&writer->record, trailer.signature.bytes, sizeof trailer.signature.bytes);
    return end_record(writer, err);
}

enum gb_status gb_ledger_writer_seal(struct gb_ledger_writer *writer, const struct gb_keyring *ring,
                                     struct gb_error *err)
{
    enum gb_status status = write_trailer(writer, ring, err);

    if (status == GB_OK && (fflush(writer->file) != 0 || fsync(fileno(writer->file)) != 0))
        status = fail_to_write(writer, err);
    return status;
}

/* While the lock still keeps others from the .part. */
static enum gb_status give_name(struct gb_ledger_writer *writer, struct gb_error *err)
{
    if (!gb_file_publish(writer->part, writer->path))
        return fail_to_write(writer, err);
    free(writer->part); /* it has become the ledger */
    writer->part = NULL;
    return GB_OK;
}

static void free_writer(struct gb_ledger_writer *writer)
{
    if (writer->file)
        fclose(writer->file);
    free(writer->record.bytes);
    free(writer->part);
    free(writer->path);
    free(writer);
}

enum gb_status gb_ledger_writer_publish(struct gb_ledger_writer *writer, struct gb_error *err)
{
    enum gb_status status = give_name(writer, err);

    free_writer(writer);
    return status;
}

enum gb_status gb_ledger_writer_close(struct gb_ledger_writer *writer,
                                      const struct gb_keyring *ring, struct gb_error *err)
{
    enum gb_status status = gb_ledger_writer_seal(writer, ring, err);

    if (status == GB_OK)
        status = give_name(writer, err);
    gb_ledger_writer_abandon(writer); /* of a .part that has become the ledger nothing is left */
    return status;
}

const char *gb_ledger_writer_path(const struct gb_ledger_writer *writer)
{
    return writer->path;
}

const char *gb_ledger_writer_part(const struct gb_ledger_writer *writer)
{
    return writer->part;
}

const struct gb_hash *gb_ledger_writer_head(const struct gb_ledger_writer *writer)
{
    return &writer->head;
}

bool gb_ledger_writer_is_locked(const struct gb_ledger_writer *writer)
{
    return writer->lock == GB_LOCK_HELD;
}

void gb_ledger_writer_abandon(struct gb_ledger_writer *writer)
{
    if (!writer)
        return;
    if (writer->part)
        unlink(writer->part); /* while the lock still keeps others from it */
    free_writer(writer);
}

/* ---- reader */

struct gb_ledger_reader {
    FILE *file;
    uint64_t size, at;       /* bytes of the file; bytes read */
    struct gb_hasher hasher; /* over all records read but the trailer */
    uint8_t *bytes;          /* of the record in hand */
    size_t capacity;
    struct gb_genesis genesis;
    struct gb_hash chain_id;
    uint64_t n_blocks;
    struct trailer trailer;
};

struct record {
    uint32_t tag, length;
};

/* What stands where the reader is: "genesis", "block 7" or "trailer". A file's last record is its
 * trailer, so a damaged one is known by where it stands. */
static const char *place_of(const struct gb_ledger_reader *reader, uint32_t tag, char *buffer,
                            size_t size)
{
    uint64_t left = reader->size - reader->at;

    if (reader->at == 0)
        return "genesis";
    if (tag == TAG_TRAILER || (tag != TAG_BLOCK && left == RECORD_HEAD_SIZE + TRAILER_SIZE))
        return "trailer";
    snprintf(buffer, size, "block %" PRIu64, reader->n_blocks + 1);
    return buffer;
}

static enum gb_status read_bytes(struct gb_ledger_reader *reader, uint8_t *bytes, size_t n,
                                 const char *place, struct gb_error *err)
{
    if (fread(bytes, 1, n, reader->file) != n)
        return gb_fail(err, GB_EFILE, "%s: cannot read it: %s", place,
                       ferror(reader->file) ? strerror(errno) : "the file has become shorter");
    return GB_OK;
}

/* Reserves capacity for the n bytes of a record. */
static enum gb_status reserve(struct gb_ledger_reader *reader, size_t n, const char *place,
                              struct gb_error *err)
{
    if (n <= reader->capacity)
        return GB_OK;
    uint8_t *bytes = realloc(reader->bytes, n);
    if (!bytes)
        return gb_fail(err, GB_ENOMEM, "%s: no memory for its %zu bytes", place, n);
    reader->bytes = bytes;
    reader->capacity = n;
    return GB_OK;
}

static enum gb_status fail_cut_off(const char *place, struct gb_error *err)
{
    return gb_fail(err, GB_EBROKEN,
                   "%s: the file ends inside it; the ledger is incomplete or a "
                   "length is damaged",
                   place);
}

/* Reads the next record into reader->bytes; there is at least one byte left. */
static enum gb_status read_record(struct gb_ledger_reader *reader, struct record *out,
                                  struct gb_error *err)
{
    uint8_t head[RECORD_HEAD_SIZE];
    char buffer[32];
    const char *place = place_of(reader, 0, buffer, sizeof buffer);

    if (reader->size - reader->at < sizeof head)
        return fail_cut_off(place, err);
    enum gb_status status = read_bytes(reader, head, sizeof head, place, err);
    if (status != GB_OK)
        return status;
    struct gb_decoder from = {.bytes = head, .n = sizeof head};
    struct record record;
    record.tag = gb_take_u32(&from);
    record.length = gb_take_u32(&from);
    place = place_of(reader, record.tag, buffer, sizeof buffer);
    if (reader->at == 0 ? record.tag != TAG_GENESIS
                        : record.tag != TAG_BLOCK && record.tag != TAG_TRAILER)
        return gb_fail(err, GB_EBROKEN,
                       reader->at == 0 ? "%s: it does not start like a ledger"
                                       : "%s: expected the start of a block or of the trailer",
                       place);
    if (reader->size - reader->at - sizeof head < record.length)
        return fail_cut_off(place, err);
    status = reserve(reader, record.length, place, err);
    if (status == GB_OK)
        status = read_bytes(reader, reader->bytes, record.length, place, err);
    if (status != GB_OK)
        return status;
    if (record.tag != TAG_TRAILER) {
        gb_hasher_add(&reader->hasher, head, sizeof head);
        gb_hasher_add(&reader->hasher, reader->bytes, record.length);
    }
    reader->at += sizeof head + record.length;
    *out = record;
    return GB_OK;
}

static enum gb_status open_file(struct gb_ledger_reader *reader, const char *path,
                                struct gb_error *err)
{
    struct stat found;

    if (stat(path, &found) != 0)
        return gb_fail(err, GB_EFILE, "cannot read the ledger '%s': %s", path, strerror(errno));
    if (!S_ISREG(found.st_mode))
        return gb_fail(err, GB_EFILE, "cannot read the ledger '%s': it is %s", path,
                       S_ISDIR(found.st_mode) ? "a directory" : "no regular file");
    if (!(reader->file = fopen(path, "rb")))
        return gb_fail(err, GB_EFILE, "cannot read the ledger '%s': %s", path, strerror(errno));
    reader->size = (uint64_t)found.st_size;
    if (reader->size == 0)
        return gb_fail(err, GB_EBROKEN, "genesis: '%s' is empty", path);
    return GB_OK;
}

static enum gb_status read_genesis(struct gb_ledger_reader *reader, struct gb_error *err)
{
    struct gb_error why = {0};
    struct record record;
    enum gb_status status = read_record(reader, &record, err);

    if (status != GB_OK)
        return status;
    status = gb_genesis_decode(&reader->genesis, reader->bytes, record.length, &why);
    if (status != GB_OK)
        return gb_fail(err, status == GB_EINPUT ? GB_EBROKEN : status, "genesis: %s", why.text);
    reader->chain_id = gb_genesis_chain_id(reader->bytes, record.length);
    return GB_OK;
}

enum gb_status gb_ledger_reader_open(struct gb_ledger_reader **out, const char *path,
                                     struct gb_error *err)
{
    struct gb_ledger_reader *reader =
        gb_memory_zeroed(alignof(struct gb_ledger_reader), sizeof *reader);

    if (!reader)
        return gb_fail(err, GB_ENOMEM, "no memory for the ledger '%s'", path);
    gb_hasher_init(&reader->hasher, GB_DOMAIN_FILE);
    enum gb_status status = open_file(reader, path, err);
    if (status == GB_OK)
        status = read_genesis(reader, err);
    if (status != GB_OK) {
        gb_ledger_reader_close(reader);
        return status;
    }
    *out = reader;
    return GB_OK;
}

const struct gb_genesis *gb_ledger_genesis(const struct gb_ledger_reader *reader)
{
    return &reader->genesis;
}

const struct gb_hash *gb_ledger_chain_id(const struct gb_ledger_reader *reader)
{
    return &reader->chain_id;
}

static enum gb_status take_trailer(struct gb_ledger_reader *reader, uint32_t length,
                                   struct gb_error *err)
{
    struct gb_decoder from = {.bytes = reader->bytes, .n = length};
    struct gb_error why = {0};

    reader->trailer.n_blocks = gb_take_u64(&from);
    gb_take_fixed(&from, reader->trailer.head.bytes, GB_HASH_SIZE);
    gb_take_fixed(&from, reader->trailer.file.bytes, GB_HASH_SIZE);
    gb_take_fixed(&from, reader->trailer.signature.bytes, sizeof reader->trailer.signature.bytes);
    if (gb_decoder_end(&from, &why) != GB_OK)
        return gb_fail(err, GB_EBROKEN, "trailer: %s", why.text);
    if (reader->at < reader->size)
        return gb_fail(err, GB_EBROKEN, "trailer: %" PRIu64 " bytes follow it",
                       reader->size - reader->at);
    return GB_OK;
}

enum gb_status gb_ledger_reader_next(struct gb_ledger_reader *reader, struct gb_block **out,
                                     struct gb_error *err)
{
    struct gb_error why = {0};
    struct record record;

    if (reader->at == reader->size)
        return gb_fail(err, GB_EBROKEN,
                       "the ledger is incomplete: it ends after block %" PRIu64
                       " without a trailer",
                       reader->n_blocks);
    enum gb_status status = read_record(reader, &record, err);
    if (status != GB_OK)
        return status;
    if (record.tag == TAG_TRAILER) {
        status = take_trailer(reader, record.length, err);
        if (status == GB_OK)
            *out = NULL;
        return status;
    }
    status = gb_block_decode(out, reader->bytes, record.length, &reader->chain_id, &why);
    if (status != GB_OK)
        return gb_fail(err, status == GB_EINPUT ? GB_EBROKEN : status, "block %" PRIu64 ": %s",
                       reader->n_blocks + 1, why.text);
    reader->n_blocks++;
    return GB_OK;
}

enum gb_status gb_ledger_reader_check_trailer(const struct gb_ledger_reader *reader,
                                              uint64_t n_blocks, const struct gb_hash *head,
                                              struct gb_error *err)
{
    const struct trailer *trailer = &reader->trailer;
    struct gb_hash digest = trailer_digest(trailer, &reader->chain_id);
    struct gb_hasher hasher = reader->hasher;
    struct gb_hash file = gb_hasher_end(&hasher);

    if (trailer->n_blocks != n_blocks)
        return gb_fail(err, GB_EBROKEN,
                       "trailer: it counts %" PRIu64 " blocks, the file has %" PRIu64,
                       trailer->n_blocks, n_blocks);
    if (!gb_hash_is_equal(&trailer->head, head))
        return gb_fail(err, GB_EBROKEN, "trailer: its head is not the hash of the last block");
    if (!gb_hash_is_equal(&trailer->file, &file))
        return gb_fail(err, GB_EBROKEN, "trailer: its file hash is not that of the file");
    if (!gb_signature_is_valid((enum gb_crypto)reader->genesis.crypto,
                               GB_PARTY(GB_ROLE_OPERATOR, 0), &reader->genesis.operator_, &digest,
                               &trailer->signature))
        return gb_fail(err, GB_EBROKEN, "trailer: the operator's signature is not valid");
    return GB_OK;
}

void gb_ledger_reader_close(struct gb_ledger_reader *reader)
{
    if (!reader)
        return;
    gb_genesis_clear(&reader->genesis);
    free(reader->bytes);
    if (reader->file)
        fclose(reader->file);
    free(reader);
}

bool gb_ledger_head(const char *path, struct gb_hash *out)
{
    uint8_t bytes[RECORD_HEAD_SIZE + TRAILER_SIZE];
    struct gb_decoder from = {.bytes = bytes, .n = sizeof bytes};
    FILE *file = begins_as_ledger(path) ? fopen(path, "rb") : NULL;
    bool is_whole = false;

    if (file && fseek(file, -(long)sizeof bytes, SEEK_END) == 0 &&
        fread(bytes, 1, sizeof bytes, file) == sizeof bytes)
        is_whole = gb_take_u32(&from) == TAG_TRAILER && gb_take_u32(&from) == TRAILER_SIZE;
    if (is_whole) {
        gb_take_u64(&from); /* count of blocks */
        gb_take_fixed(&from, out->bytes, GB_HASH_SIZE);
    }
    if (file)
        fclose(file);
    return is_whole;
}
