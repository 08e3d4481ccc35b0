#include "tests/small_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

struct bytes small_ledger_load(const char *path)
{
    struct bytes bytes = {malloc(1 << 20), 0};
    FILE *file = fopen(path, "rb");

    if (!bytes.at || !file)
        abort();
    bytes.n = fread(bytes.at, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

void small_ledger_save(const char *path, struct bytes bytes)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes.at, 1, bytes.n, file) != bytes.n || fclose(file) != 0)
        abort();
}

uint32_t small_ledger_word(struct bytes bytes, size_t at)
{
    return (uint32_t)bytes.at[at] << 24 | (uint32_t)bytes.at[at + 1] << 16 |
           (uint32_t)bytes.at[at + 2] << 8 | bytes.at[at + 3];
}

struct layout small_ledger_layout(struct bytes bytes)
{
    struct layout layout = {0, {0}};

    for (size_t at = 0; at < bytes.n; at += 8 + small_ledger_word(bytes, at + 4))
        layout.at[layout.n++] = at;
    layout.at[layout.n] = bytes.n;
    return layout;
}

enum gb_status small_ledger_verify(const char *path, struct gb_error *err)
{
    struct gb_ledger_report report;

    *err = (struct gb_error){0};
    return gb_ledger_verify(path, NULL, NULL, &report, err);
}

void small_ledger_expect_broken(const char *path, const char *words)
{
    struct gb_error err;

    EXPECT_INT(small_ledger_verify(path, &err), GB_EBROKEN);
    if (!EXPECT(strstr(err.text, words) != NULL))
        tap_note("said \"%s\", expected \"%s\"", err.text, words);
}

void small_ledger_expect_broken_bytes(struct bytes bytes, const char *words)
{
    const char *path = "small_ledger.tmp";

    small_ledger_save(path, bytes);
    small_ledger_expect_broken(path, words);
    unlink(path);
}

void small_ledger_make(const char *path, enum gb_crypto crypto, size_t n_validators,
                       bool with_settlement)
{
    struct small_chain chain;

    small_chain_open(&chain, crypto, with_settlement ? 3 : 2, n_validators, 1);
    small_chain_trade(&chain);
    if (with_settlement)
        small_chain_settle(&chain);
    small_chain_write(&chain, path);
    small_chain_close(&chain);
}
