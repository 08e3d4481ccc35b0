/* The genesis: what is accepted encodes back to the same bytes. */
#include <string.h>

#include "chain/wire/genesis.h"
#include "tests/fuzz/fuzz.h"
#include "tests/small_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct gb_genesis genesis = {0};
    uint8_t *back;
    size_t n_back;

    if (gb_genesis_decode(&genesis, bytes, n, NULL, NULL) != GB_OK)
        return 0;
    FUZZ_HOLDS(gb_genesis_encode(&genesis, &back, &n_back, NULL) == GB_OK);
    FUZZ_HOLDS(n_back == n && memcmp(back, bytes, n) == 0);
    free(back);
    gb_genesis_clear(&genesis);
    return 0;
}

void fuzz_make_seeds(void)
{
    for (int crypto = 0; crypto < 2; crypto++) {
        struct small_chain chain;
        uint8_t *bytes;
        size_t n;

        small_chain_open(&chain, crypto ? GB_CRYPTO_REAL : GB_CRYPTO_MODELLED, 3, 4, 1);
        FUZZ_HOLDS(gb_genesis_encode(&chain.genesis, &bytes, &n, NULL) == GB_OK);
        fuzz_seed(bytes, n);
        free(bytes);
        small_chain_close(&chain);
    }
}
