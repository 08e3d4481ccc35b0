/* One block: what is accepted encodes back to the same bytes, and its certificate can be looked at.
 */
#include <string.h>

#include "chain/wire/block.h"
#include "tests/fuzz/fuzz.h"
#include "tests/small_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct small_chain chain; /* whose genesis certificates are held against */
    struct gb_bytes to = {0};
    struct gb_block *block;

    if (!chain.ring)
        small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    if (gb_block_decode(&block, bytes, n, &chain.chain_id, NULL) != GB_OK)
        return 0;
    gb_block_encode(block, &to);
    FUZZ_HOLDS(!to.failed && to.n == n && memcmp(to.bytes, bytes, n) == 0);
    (void)gb_certificate_check(&block->certificate, block->header.number, &chain.genesis,
                               &chain.chain_id, NULL);
    free(to.bytes);
    gb_block_free(block);
    return 0;
}

void fuzz_make_seeds(void)
{
    struct small_chain chain;

    small_chain_open_settled(&chain);
    for (size_t i = 0; i < chain.n_blocks; i++) {
        struct gb_bytes to = {0};

        gb_block_encode(chain.blocks[i], &to);
        fuzz_seed(to.bytes, to.n);
        free(to.bytes);
    }
    small_chain_close(&chain);
}
