#include "chain/ledger/ledger_format_priv.h"

#include <string.h>

#include "base/file.h"
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
    size_t n = sizeof head;

    gb_put_u32(&to, GB_TAG_GENESIS);
    return gb_file_head(path, head, &n) && n == sizeof head &&
           memcmp(head, expected, sizeof head) == 0;
}

bool gb_ledger_head(const char *path, struct gb_hash *out)
{
    uint8_t bytes[GB_RECORD_HEAD_SIZE + GB_TRAILER_SIZE];
    struct gb_decoder from = {.bytes = bytes, .n = sizeof bytes};
    size_t n = sizeof bytes;
    bool is_whole = gb_ledger_begins(path) && gb_file_tail(path, bytes, &n) && n == sizeof bytes &&
                    gb_take_u32(&from) == GB_TAG_TRAILER && gb_take_u32(&from) == GB_TRAILER_SIZE;

    if (is_whole) {
        gb_take_u64(&from); /* count of blocks */
        gb_take_fixed(&from, out->bytes, GB_HASH_SIZE);
    }
    return is_whole;
}
