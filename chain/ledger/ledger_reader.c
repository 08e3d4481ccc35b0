#include "chain/ledger/ledger.h"

#include <errno.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/memory.h"
#include "chain/ledger/ledger_format_priv.h"
#include "chain/wire/codec.h"

struct gb_ledger_reader {
    FILE *file;
    uint64_t size, at;       /* bytes of the file; bytes read */
    struct gb_hasher hasher; /* over all records read but the trailer */
    uint8_t *bytes;          /* of the record in hand */
    size_t capacity;
    struct gb_genesis genesis;
    struct gb_hash chain_id;
    uint64_t n_blocks;
    struct gb_ledger_trailer trailer;
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
    if (tag == GB_TAG_TRAILER ||
        (tag != GB_TAG_BLOCK && left == GB_RECORD_HEAD_SIZE + GB_TRAILER_SIZE))
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
    uint8_t *bytes = gb_array_grow(reader->bytes, &reader->capacity, n, 1);

    if (!bytes)
        return gb_fail(err, GB_ENOMEM, "%s: no memory for its %zu bytes", place, n);
    reader->bytes = bytes;
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
    uint8_t head[GB_RECORD_HEAD_SIZE];
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
    if (reader->at == 0 ? record.tag != GB_TAG_GENESIS
                        : record.tag != GB_TAG_BLOCK && record.tag != GB_TAG_TRAILER)
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
    if (record.tag != GB_TAG_TRAILER) {
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

static enum gb_status read_genesis(struct gb_ledger_reader *reader,
                                   const struct gb_extensions *extensions, struct gb_error *err)
{
    struct gb_error why = {0};
    struct record record;
    enum gb_status status = read_record(reader, &record, err);

    if (status != GB_OK)
        return status;
    status = gb_genesis_decode(&reader->genesis, reader->bytes, record.length, extensions, &why);
    if (status != GB_OK)
        return gb_fail(err, status == GB_EINPUT ? GB_EBROKEN : status, "genesis: %s", why.text);
    reader->chain_id = gb_genesis_chain_id(reader->bytes, record.length);
    return GB_OK;
}

enum gb_status gb_ledger_reader_open(struct gb_ledger_reader **out, const char *path,
                                     const struct gb_extensions *extensions, struct gb_error *err)
{
    struct gb_ledger_reader *reader =
        gb_memory_zeroed(alignof(struct gb_ledger_reader), sizeof *reader);

    if (!reader)
        return gb_fail(err, GB_ENOMEM, "no memory for the ledger '%s'", path);
    gb_hasher_init(&reader->hasher, GB_DOMAIN_FILE);
    enum gb_status status = open_file(reader, path, err);
    if (status == GB_OK)
        status = read_genesis(reader, extensions, err);
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
    if (record.tag == GB_TAG_TRAILER) {
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
    const struct gb_ledger_trailer *trailer = &reader->trailer;
    struct gb_hash digest = gb_ledger_trailer_digest(trailer, &reader->chain_id);
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
