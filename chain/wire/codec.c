#include "chain/wire/codec.h"

#include <stdlib.h>

static size_t padding_of(size_t n)
{
    return (4 - n % 4) % 4;
}

void gb_put_opaque(struct gb_bytes *to, const void *bytes, size_t n)
{
    gb_put_u32(to, (uint32_t)n);
    uint8_t *p = gb_bytes_add_space(to, n + padding_of(n));
    if (!p)
        return;
    if (n > 0)
        memcpy(p, bytes, n);
    memset(p + n, 0, padding_of(n));
}

void gb_decoder_refuse(struct gb_decoder *decoder, size_t at, const char *expected)
{
    if (decoder->expected)
        return;
    decoder->expected = expected;
    decoder->at = at;
}

uint32_t gb_take_choice(struct gb_decoder *decoder, uint32_t first, uint32_t last,
                        const char *expected)
{
    size_t at = decoder->at;
    uint32_t value = gb_take_u32(decoder);

    if (value >= first && value <= last)
        return value;
    gb_decoder_refuse(decoder, at, expected);
    return first;
}

bool gb_take_flag(struct gb_decoder *decoder)
{
    return gb_take_choice(decoder, 0, 1, "a flag, 0 or 1") == 1;
}

uint32_t gb_take_count(struct gb_decoder *decoder, size_t element_size, const char *expected)
{
    size_t at = decoder->at;
    uint32_t count = gb_take_u32(decoder);

    if (count <= (decoder->n - decoder->at) / element_size)
        return count;
    gb_decoder_refuse(decoder, at, expected);
    return 0;
}

const uint8_t *gb_take_opaque(struct gb_decoder *decoder, size_t *n)
{
    uint32_t length = gb_take_u32(decoder);
    size_t padding = padding_of(length), at = decoder->at;
    const uint8_t *p = gb_take_space(decoder, length + padding);

    if (!p)
        return NULL;
    for (size_t i = 0; i < padding; i++)
        if (p[length + i] != 0) {
            gb_decoder_refuse(decoder, at + length + i, "padding of zeros");
            return NULL;
        }
    *n = length;
    return p;
}

enum gb_status gb_decoder_end(struct gb_decoder *decoder, struct gb_error *err)
{
    if (!decoder->expected && decoder->at < decoder->n)
        gb_decoder_refuse(decoder, decoder->at, "the end of the encoding");
    if (decoder->expected && decoder->found[0] != '\0')
        return gb_fail(err, GB_EINPUT, "at byte %zu: expected %s, got '%s'", decoder->at,
                       decoder->expected, decoder->found);
    if (decoder->expected)
        return gb_fail(err, GB_EINPUT, "at byte %zu: expected %s", decoder->at, decoder->expected);
    return GB_OK;
}
