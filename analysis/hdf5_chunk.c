#include "analysis/hdf5_chunk_priv.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"

struct gb_hdf5_packer {
    z_stream stream; /* begun once, reset for each chunk */
    uint8_t *shuffled, *packed;
    size_t shuffled_size, packed_size;
};

/* ---- life */

static struct gb_hdf5_packer *create_packer(void)
{
    struct gb_hdf5_packer *packer = calloc(1, sizeof *packer);

    if (packer && deflateInit(&packer->stream, GB_HDF5_DEFLATE_LEVEL) != Z_OK) {
        free(packer);
        packer = NULL;
    }
    return packer;
}

void gb_hdf5_packer_free(struct gb_hdf5_packer *packer)
{
    if (!packer)
        return;
    deflateEnd(&packer->stream);
    free(packer->shuffled);
    free(packer->packed);
    free(packer);
}

static bool reach(uint8_t **buffer, size_t *size, size_t n)
{
    if (n <= *size)
        return true;
    free(*buffer);
    *buffer = malloc(n);
    *size = *buffer ? n : 0;
    return *buffer != NULL;
}

/* A packer with buffers for n bytes; NULL without memory. */
static struct gb_hdf5_packer *ready_packer(struct gb_hdf5_out *out, size_t n)
{
    struct gb_hdf5_packer *packer = out->packer ? out->packer : create_packer();

    out->packer = packer;
    if (packer && reach(&packer->shuffled, &packer->shuffled_size, n) &&
        reach(&packer->packed, &packer->packed_size, deflateBound(&packer->stream, n)))
        return packer;
    gb_hdf5_no_memory(out);
    return NULL;
}

/* ---- packing */

/* A number of 4 or 8 bytes, as an integer of the same bits. */
static uint64_t load(const char *from, size_t size)
{
    uint32_t half;
    uint64_t whole;

    if (size == sizeof half) {
        memcpy(&half, from, sizeof half);
        return half;
    }
    memcpy(&whole, from, sizeof whole);
    return whole;
}

static void exchange(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask)
{
    uint64_t differs = (*low >> shift ^ *high) & mask;

    *low ^= differs << shift;
    *high ^= differs;
}

/* Byte j of word i becomes byte i of word j: halves change places, then quarters, then bytes. */
static void transpose(uint64_t words[8])
{
    for (unsigned i = 0; i < 4; i++)
        exchange(&words[i], &words[i + 4], 32, UINT64_C(0x00000000ffffffff));
    for (unsigned i = 0; i < 4; i++)
        exchange(&words[i + i / 2 * 2], &words[i + i / 2 * 2 + 2], 16,
                 UINT64_C(0x0000ffff0000ffff));
    for (unsigned i = 0; i < 8; i += 2)
        exchange(&words[i], &words[i + 1], 8, UINT64_C(0x00ff00ff00ff00ff));
}

/* All lowest bytes first, then all second ones, and so on: the order of the file, little-endian,
 * whatever that of the machine is. Eight numbers at a time, so that each byte is no store of its
 * own. */
static void shuffle_numbers(uint8_t *to, const char *from, size_t n, size_t size)
{
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t words[8];

        for (size_t k = 0; k < 8; k++)
            words[k] = load(from + (i + k) * size, size);
        transpose(words);
        for (size_t byte = 0; byte < size; byte++)
            gb_little_endian_u64(to + byte * n + i, words[byte]);
    }
    for (; i < n; i++)
        for (size_t byte = 0; byte < size; byte++)
            to[byte * n + i] = (uint8_t)(load(from + i * size, size) >> 8 * byte);
}

/* returns  the bytes to be packed: flags, and hashes, whose bytes are the values, as they are */
static const uint8_t *shuffle(struct gb_hdf5_packer *packer, enum gb_field_kind kind, size_t n,
                              const void *values)
{
    size_t size = gb_field_size(kind);

    if (size != sizeof(uint64_t) && size != sizeof(uint32_t))
        return values;
    shuffle_numbers(packer->shuffled, values, n, size);
    return packer->shuffled;
}

/* returns  how many bytes it has become */
static size_t deflate_all(struct gb_hdf5_packer *packer, const uint8_t *bytes, size_t n)
{
    z_stream *stream = &packer->stream;

    deflateReset(stream);
    stream->next_in = (Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)n;
    stream->next_out = packer->packed;
    stream->avail_out = (uInt)packer->packed_size;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? stream->total_out : 0;
}

void gb_hdf5_write_chunk(struct gb_hdf5_out *out, hid_t column, enum gb_field_kind kind,
                         hsize_t first, size_t n, const void *values)
{
    size_t n_bytes = n * gb_field_size(kind);
    hsize_t start[2] = {first, 0};
    struct gb_hdf5_packer *packer = ready_packer(out, n_bytes);

    if (!packer)
        return;
    if (first > 0)
        gb_hdf5_extend(out, column, kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0, first + n);
    size_t n_packed = deflate_all(packer, shuffle(packer, kind, n, values), n_bytes);
    gb_hdf5_did(out, H5Dwrite_chunk(column, H5P_DEFAULT, 0, start, n_packed, packer->packed));
}
