/* Benchmark of transactions: CPU time to sign, encode and hash one order, and to read it back; then
 * what a signature costs, by which the time to verify a ledger is bounded. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/report.h"
#include "chain/wire/transaction.h"

enum { N_METERS = 10000, N_MODELLED = 300000, N_REAL = 20000 };

static void *must(void *memory)
{
    if (!memory) {
        fprintf(stderr, "bench_transaction: out of memory\n");
        exit(1);
    }
    return memory;
}

static struct gb_transaction *order(uint32_t i)
{
    struct gb_transaction *transaction = must(gb_transaction_create(GB_PARTY_NONE, 1, 0));
    struct gb_message *message = &transaction->messages[0];

    message->kind = GB_MESSAGE_ORDER;
    message->sender = GB_PARTY(GB_ROLE_METER, i % N_METERS);
    message->nonce = i;
    message->body.order.order.owner = i % N_METERS;
    message->body.order.order.quantity.wh = i;
    return transaction;
}

static void report(const char *crypto, const char *what, double value, const char *unit,
                   const char *holds)
{
    char name[96];

    snprintf(name, sizeof name, "order, %s signatures: %s", crypto, what);
    gb_bench_report(&(struct gb_bench_row){name, value, unit, 0, holds});
}

static void measure(enum gb_crypto crypto, const char *name, uint32_t n)
{
    static const struct gb_hash chain_id = {{1}};
    struct gb_transaction **all = must(malloc(n * sizeof *all));
    struct gb_keyring *ring = NULL;
    struct gb_error err = {0};
    size_t n_bytes = 0, n_valid = 0;

    if (gb_keyring_create(&ring, crypto, gb_key_make(1, 0, GB_PURPOSE_KEY), N_METERS, 4, 0, &err)) {
        fprintf(stderr, "bench_transaction: %s\n", err.text);
        exit(1);
    }
    double start_s = gb_bench_cpu_s();
    for (uint32_t i = 0; i < n; i++) {
        all[i] = order(i);
        gb_transaction_seal(all[i], &chain_id, ring, true, &err);
        n_bytes += all[i]->n_bytes;
    }
    double sealed_s = gb_bench_cpu_s();
    for (uint32_t i = 0; i < n; i++) {
        struct gb_transaction *back = NULL;
        if (gb_transaction_decode(&back, all[i]->bytes, all[i]->n_bytes, &chain_id, &err) == GB_OK)
            gb_transaction_free(back);
    }
    double decoded_s = gb_bench_cpu_s();
    for (uint32_t i = 0; i < n; i++) {
        const struct gb_message *message = &all[i]->messages[0];
        struct gb_public_key key = gb_keyring_public(ring, message->sender);
        n_valid += gb_signature_is_valid(crypto, message->sender, &key, &all[i]->digests[0],
                                         &all[i]->signatures[0]);
    }
    double verified_s = gb_bench_cpu_s();
    report(name, "seal", 1e9 * (sealed_s - start_s) / n, "ns",
           "a transaction of one order made, signed, encoded and hashed");
    report(name, "decode", 1e9 * (decoded_s - sealed_s) / n, "ns",
           "its bytes read and freed again");
    report(name, "decode, bytes", 1e-6 * (double)n_bytes / (decoded_s - sealed_s), "MB/s",
           "the same by its bytes");
    report(name, "verify", 1e9 * (verified_s - decoded_s) / n, "ns",
           "the sender's key made from its seed, and its signature checked");
    if (n_valid != n || err.status != GB_OK) {
        fprintf(stderr, "bench_transaction: a signature is not valid\n");
        exit(1);
    }
    for (uint32_t i = 0; i < n; i++)
        gb_transaction_free(all[i]);
    free(all);
    gb_keyring_free(ring);
}

int main(void)
{
    measure(GB_CRYPTO_MODELLED, "modelled", N_MODELLED);
    measure(GB_CRYPTO_REAL, "real", N_REAL);
    return 0;
}
