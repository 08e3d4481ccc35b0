/* A ledger file: read to its end or refused, and the same of its replay. */
#include "chain/ledger/ledger.h"
#include "tests/fuzz/fuzz.h"
#include "tests/small_ledger.h"

/* Everything that reading alone shows; returns whether the file is whole. */
static bool read_to_the_end(const char *path)
{
    struct gb_ledger_reader *reader;
    struct gb_block *block = NULL;
    enum gb_status status;

    if (gb_ledger_reader_open(&reader, path, NULL, NULL) != GB_OK)
        return false;
    do {
        status = gb_ledger_reader_next(reader, &block, NULL);
        if (status == GB_OK && block)
            gb_block_free(block);
    } while (status == GB_OK && block);
    gb_ledger_reader_close(reader);
    return status == GB_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *path = fuzz_file(bytes, n);
    struct gb_ledger_report report;
    struct gb_hash head;
    bool is_whole = read_to_the_end(path);

    if (gb_ledger_verify(path, NULL, NULL, &report, NULL) == GB_OK)
        FUZZ_HOLDS(is_whole && gb_ledger_head(path, &head));
    return 0;
}

void fuzz_make_seeds(void)
{
    small_ledger_make("made.tmp", GB_CRYPTO_MODELLED, 4, false);
    fuzz_seed_file("made.tmp");
    small_ledger_make("made.tmp", GB_CRYPTO_REAL, 4, true);
    fuzz_seed_file("made.tmp");
}
