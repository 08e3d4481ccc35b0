#include "chain/ledger/ledger_format_priv.h"

#include <stdio.h>
#include <string.h>

#include "chain/wire/codec.h"

struct gb_hash gb_ledger_trailer_digest(const struct gb_ledger_trailer *trailer,
                                        const struct gb_hash *chain_id)
{
    uint8_t bytes[GB_TRAILER_SIZE + GB_HASH_SIZE];
    struct gb_bytes to = {.bytes = bytes, .capacity = sizeof bytes};

    gb_put_fixed(&to, chain_id->bytes, GB_HASH_SIZE);
    gb_put_u64(&to, trailer->n_blocks);
    gb_put_fixed(&to, trailer->head.bytes, GB_HASH_SIZE);
    gb_put_fixed(&to, trailer->file.bytes, GB_HASH_SIZE);
    return gb_hash_bytes(GB_DOMAIN_TRAILER, bytes, to.n);
}

bool gb_ledger_begins(const char *path)
{
    uint8_t head[4], expected[4];
    struct gb_bytes to = {.bytes = expected, .capacity = sizeof expected};
    FILE *file = fopen(path, "rb");
    bool is_ledger;

    if (!file)
        return false;
    gb_put_u32(&to, GB_TAG_GENESIS);
    is_ledger = fread(head, 1, sizeof head, file) == sizeof head &&
                memcmp(head, expected, sizeof head) == 0;
    fclose(file);
    return is_ledger;
}

bool gb_ledger_head(const char *path, struct gb_hash *out)
{
    uint8_t bytes[GB_RECORD_HEAD_SIZE + GB_TRAILER_SIZE];
    struct gb_decoder from = {.bytes = bytes, .n = sizeof bytes};
    FILE *file = gb_ledger_begins(path) ? fopen(path, "rb") : NULL;
    bool is_whole = false;

    if (file && fseek(file, -(long)sizeof bytes, SEEK_END) == 0 &&
        fread(bytes, 1, sizeof bytes, file) == sizeof bytes)
        is_whole = gb_take_u32(&from) == GB_TAG_TRAILER && gb_take_u32(&from) == GB_TRAILER_SIZE;
    if (is_whole) {
        gb_take_u64(&from); /* count of blocks */
        gb_take_fixed(&from, out->bytes, GB_HASH_SIZE);
    }
    if (file)
        fclose(file);
    return is_whole;
}
