/* One transaction, bundles among them: what is accepted encodes back to the same bytes. */
#include <string.h>

#include "chain/wire/transaction.h"
#include "tests/fuzz/fuzz.h"
#include "tests/small_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct gb_hash chain_id = {0};
    struct gb_transaction *transaction;

    if (gb_transaction_decode(&transaction, bytes, n, &chain_id, NULL) != GB_OK)
        return 0;
    FUZZ_HOLDS(gb_transaction_seal(transaction, &chain_id, NULL, true, NULL) == GB_OK);
    FUZZ_HOLDS(transaction->n_bytes == n && memcmp(transaction->bytes, bytes, n) == 0);
    gb_transaction_free(transaction);
    return 0;
}

void fuzz_make_seeds(void)
{
    struct small_chain chain;

    small_chain_open_settled(&chain);
    for (size_t i = 0; i < chain.n_blocks; i++)
        for (size_t k = 0; k < chain.blocks[i]->n_transactions; k++) {
            const struct gb_transaction *transaction = chain.blocks[i]->transactions[k];

            fuzz_seed(transaction->bytes, transaction->n_bytes);
        }
    small_chain_close(&chain);
}
