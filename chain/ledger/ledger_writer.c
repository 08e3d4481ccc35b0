#include "chain/ledger/ledger.h"

#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/new_file.h"
#include "chain/ledger/ledger_format_priv.h"
#include "chain/wire/codec.h"

#define BUFFER_SIZE ((size_t)1 << 20)

struct gb_ledger_writer {
    struct gb_new_file file;
    struct gb_hasher hasher; /* over everything written so far */
    struct gb_hash chain_id, head;
    uint64_t n_blocks;
    struct gb_bytes record; /* reused from block to block */
};

static enum gb_status fail_to_write(const struct gb_ledger_writer *writer, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write the ledger '%s': %s", writer->file.path,
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
        return gb_fail(err, GB_ENOMEM, "no memory for a record of the ledger '%s'",
                       writer->file.path);
    if (record->n - GB_RECORD_HEAD_SIZE > UINT32_MAX)
        return gb_fail(err, GB_EFILE, "cannot write the ledger '%s': a record exceeds 4 GiB",
                       writer->file.path);
    struct gb_bytes length = {.bytes = record->bytes + 4, .capacity = 4};
    gb_put_u32(&length, (uint32_t)(record->n - GB_RECORD_HEAD_SIZE));
    if (fwrite(record->bytes, 1, record->n, writer->file.stream) != record->n)
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
    begin_record(writer, GB_TAG_GENESIS);
    gb_put_fixed(&writer->record, bytes, n);
    free(bytes);
    return end_record(writer, err);
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
    if (found.st_size > 0 && !gb_ledger_begins(path))
        return gb_fail(err, GB_EINPUT,
                       "'%s' is no ledger of this program and stays as it is: "
                       "choose another file with --ledger",
                       path);
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
    /* alone: two processes in one file would make a ledger of neither */
    status = gb_new_file_open_as(&writer->file, path, "ledger", true, err);
    if (status != GB_OK)
        goto fail;
    setvbuf(writer->file.stream, NULL, _IOFBF, BUFFER_SIZE);
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
    begin_record(writer, GB_TAG_BLOCK);
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
    struct gb_ledger_trailer trailer = {
        .n_blocks = writer->n_blocks, .head = writer->head, .file = gb_hasher_end(&hasher)};
    struct gb_hash digest = gb_ledger_trailer_digest(&trailer, &writer->chain_id);

    gb_keyring_sign(ring, GB_PARTY(GB_ROLE_OPERATOR, 0), &digest, &trailer.signature);
    begin_record(writer, GB_TAG_TRAILER);
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

    return status == GB_OK ? gb_new_file_seal(&writer->file, err) : status;
}

/* The file is closed. */
static void free_writer(struct gb_ledger_writer *writer)
{
    free(writer->record.bytes);
    free(writer);
}

enum gb_status gb_ledger_writer_publish(struct gb_ledger_writer *writer, struct gb_error *err)
{
    enum gb_status status = gb_new_file_publish(&writer->file, err);

    gb_new_file_leave(&writer->file);
    free_writer(writer);
    return status;
}

const char *gb_ledger_writer_path(const struct gb_ledger_writer *writer)
{
    return writer->file.path;
}

const struct gb_hash *gb_ledger_writer_head(const struct gb_ledger_writer *writer)
{
    return &writer->head;
}

bool gb_ledger_writer_is_locked(const struct gb_ledger_writer *writer)
{
    return writer->file.lock == GB_LOCK_HELD;
}

void gb_ledger_writer_abandon(struct gb_ledger_writer *writer)
{
    if (!writer)
        return;
    gb_new_file_abandon(&writer->file);
    free_writer(writer);
}
