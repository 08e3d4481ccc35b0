/* Chunks of a result that are unpacked here hold what was written, whether they were packed by the
 * program, as whole ones are, or by HDF5; and a damaged one never holds anything else. */
#include "analysis/hdf5_unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results.h"
#include "analysis/schema.h"
#include "tests/sample.h"
#include "tests/tap.h"

#define CHUNK 4096 /* rows */
#define N (CHUNK + 37)

static const char path[] = "test_hdf5_unpack.h5";

/* ---- users whose columns have planes of zeros in all places */

enum pattern {
    NOTHING,
    ONE_PLANE,
    TWO_PLANES,
    THREE_PLANES,
    GAPS,
    HIGHEST,
    ALL_BITS,
    LATE,
    N_PATTERNS
};

static uint64_t number_at(enum pattern pattern, size_t i)
{
    uint64_t noise = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

    switch (pattern) {
    case ONE_PLANE: return noise >> 60;
    case TWO_PLANES: return noise >> 48;
    case THREE_PLANES: return noise >> 42;
    case GAPS: return noise & UINT64_C(0x00ff0000ff0000ff);
    case HIGHEST: return noise & UINT64_C(0x7f00000000000000);
    case ALL_BITS: return noise >> 1;
    case LATE: return i > CHUNK - 5 ? noise >> 1 : 0;
    default: return 0;
    }
}

static void put_number(char *at, size_t size, enum pattern pattern, size_t i)
{
    uint64_t whole = number_at(pattern, i);
    uint32_t half = (uint32_t)whole;

    memcpy(at, size == sizeof half ? (void *)&half : (void *)&whole, size);
}

/* Fields of 4 and 8 bytes; the f-th of all has the pattern f. */
static bool is_number(const struct gb_field *field)
{
    size_t size = gb_field_size(field->kind);

    return size == sizeof(uint32_t) || size == sizeof(uint64_t);
}

static enum gb_status write_users(void)
{
    const struct gb_schema *schema = &gb_schemas[GB_TABLE_USERS];
    struct gb_results_writer *writer = NULL;
    enum gb_status status = sample_begin(&writer, path, NULL);
    struct gb_summary_row summary = {0};

    if (status == GB_OK)
        status = gb_results_begin_trial(writer, 0, GB_OUTPUT_MARKET, NULL);
    if (status != GB_OK)
        return status;
    struct gb_row_sink sink = gb_results_sink(writer, GB_OUTPUT_MARKET);
    for (size_t i = 0; status == GB_OK && i < N; i++) {
        struct gb_user_row user = {0};

        for (size_t f = 0; schema->fields[f].name; f++)
            if (is_number(&schema->fields[f]))
                put_number((char *)&user + schema->fields[f].offset,
                           gb_field_size(schema->fields[f].kind), f % N_PATTERNS, i);
        status = gb_row_sink_append(&sink, GB_TABLE_USERS, &user, NULL);
    }
    if (status == GB_OK)
        status = gb_row_sink_append(&sink, GB_TABLE_SUMMARY, &summary, NULL);
    return sample_finish(writer, status, NULL);
}

static hid_t open_column(hid_t file, size_t f)
{
    char name[96];

    snprintf(name, sizeof name, "users/%s", gb_schemas[GB_TABLE_USERS].fields[f].name);
    return H5Dopen2(file, name, H5P_DEFAULT);
}

enum reading { NOT_READ, READ_AS_WRITTEN, READ_OTHERWISE };

static enum reading read_chunk(struct gb_hdf5_unpacker **unpacker, hid_t column, size_t f,
                               size_t first, size_t n)
{
    size_t size = gb_field_size(gb_schemas[GB_TABLE_USERS].fields[f].kind);
    char *found = malloc(n * size), *expected = malloc(n * size);
    enum reading reading = NOT_READ;

    memset(found, 0x55, n * size);
    for (size_t i = 0; i < n; i++)
        put_number(expected + i * size, size, f % N_PATTERNS, first + i);
    if (gb_hdf5_unpack(unpacker, column, CHUNK, size, first, n, found))
        reading = memcmp(found, expected, n * size) == 0 ? READ_AS_WRITTEN : READ_OTHERWISE;
    free(expected);
    free(found);
    return reading;
}

static void a_chunk_holds_what_was_written(void)
{
    const struct gb_field *fields = gb_schemas[GB_TABLE_USERS].fields;
    struct gb_hdf5_unpacker *unpacker = NULL;
    size_t n_columns = 0;

    EXPECT_INT(write_users(), GB_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (size_t f = 0; fields[f].name; f++) {
        if (!is_number(&fields[f]))
            continue;
        hid_t column = open_column(file, f);
        if (!EXPECT_INT(read_chunk(&unpacker, column, f, 0, CHUNK), READ_AS_WRITTEN) ||
            !EXPECT_INT(read_chunk(&unpacker, column, f, CHUNK, N - CHUNK), READ_AS_WRITTEN))
            tap_note("users/%s", fields[f].name);
        n_columns++;
        H5Dclose(column);
    }
    EXPECT(n_columns > 3 * N_PATTERNS);
    gb_hdf5_unpacker_free(unpacker);
    H5Fclose(file);
    remove(path);
}

/* ---- damage */

/* Turns bits round in a byte of the first chunk, counted from its beginning or, below 0, from its
 * end. returns false where it has no such byte */
static bool turn_bits(hid_t column, long at, uint8_t bits)
{
    const hsize_t start[1] = {0};
    hsize_t n = 0;
    uint32_t mask = 0;
    uint8_t *bytes = NULL;

    if (H5Dget_chunk_storage_size(column, start, &n) >= 0)
        bytes = malloc(n + 1);
    bool ok = bytes && H5Dread_chunk(column, H5P_DEFAULT, start, &mask, bytes) >= 0;
    at = at < 0 ? (long)n + at : at;
    ok = ok && at >= 0 && at < (long)n;
    if (ok) {
        bytes[at] ^= bits;
        ok = H5Dwrite_chunk(column, H5P_DEFAULT, 0, start, n, bytes) >= 0;
    }
    free(bytes);
    return ok;
}

/* Or, where bits of it say nothing, it holds what it held. */
static void a_damaged_chunk_is_left_to_hdf5(void)
{
    const struct gb_field *fields = gb_schemas[GB_TABLE_USERS].fields;
    struct gb_hdf5_unpacker *unpacker = NULL;
    int n_left = 0;

    EXPECT_INT(write_users(), GB_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (size_t f = 0; fields[f].name; f++) {
        if (!is_number(&fields[f]))
            continue;
        hid_t column = open_column(file, f);
        for (long at = -30; at < 60; at++) {
            uint8_t bits = (uint8_t)(1 << (at + 30) % 8);

            if (!turn_bits(column, at, bits))
                continue;
            enum reading reading = read_chunk(&unpacker, column, f, 0, CHUNK);
            n_left += reading == NOT_READ;
            if (!EXPECT(reading != READ_OTHERWISE))
                tap_note("users/%s, byte %ld", fields[f].name, at);
            turn_bits(column, at, bits);
        }
        EXPECT_INT(read_chunk(&unpacker, column, f, 0, CHUNK), READ_AS_WRITTEN);
        H5Dclose(column);
    }
    if (!EXPECT(n_left > 1000))
        tap_note("%d", n_left);
    gb_hdf5_unpacker_free(unpacker);
    H5Fclose(file);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_chunk_holds_what_was_written), TAP(a_damaged_chunk_is_left_to_hdf5), {0}};

    return tap_main("hdf5_unpack", tests);
}
