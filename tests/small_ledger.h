/* Small ledgers as files and as bytes, and what verification says of them. */
#ifndef TESTS_SMALL_LEDGER_H
#define TESTS_SMALL_LEDGER_H

#include "chain/ledger/ledger.h"
#include "tests/small_chain.h"

struct bytes {
    uint8_t *at;
    size_t n;
};
struct bytes small_ledger_load(const char *path); /* at has a capacity of 1 MiB; free it */
void small_ledger_save(const char *path, struct bytes bytes);
uint32_t small_ledger_word(struct bytes bytes, size_t at); /* big-endian, at a byte */

/* Where records begin, the genesis first; at[n] is the end of the file. */
struct layout {
    size_t n, at[32];
};
struct layout small_ledger_layout(struct bytes bytes);

/* Writes the ledger of a small chain: 3 blocks of trading, with settlement 6. */
void small_ledger_make(const char *path, enum gb_crypto crypto, size_t n_validators,
                       bool with_settlement);

enum gb_status small_ledger_verify(const char *path, struct gb_error *err);
/* Expects the file, or these bytes, to be refused as broken with these words in the description. */
void small_ledger_expect_broken(const char *path, const char *words);
void small_ledger_expect_broken_bytes(struct bytes bytes, const char *words);

#endif
