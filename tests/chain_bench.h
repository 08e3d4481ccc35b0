/* A chain of four validators on a bench: everything is sent by hand, and the times at which blocks
 * are sealed and stable stay to be read. */
#ifndef TESTS_CHAIN_BENCH_H
#define TESTS_CHAIN_BENCH_H

#include "chain/node/chain.h"
#include "tests/stage.h"

enum { N_NODES = 4, N_HEIGHTS = 64 };
#define MS GB_NS_PER_MS
#define LINK (100 * MS)
#define CLIENT (20 * MS)

struct bench {
    struct stage stage;
    struct gb_network network;
    struct gb_queue *queue;
    void *chain;
    const struct gb_protocol *protocol;
    struct gb_ledger_writer *ledger;
    int64_t stable_ns[N_NODES][N_HEIGHTS]; /* 0: never */
    int64_t sealed_ns[N_HEIGHTS], commit_quorum_ns[N_HEIGHTS], stable_quorum_ns[N_HEIGHTS];
    size_t n_transactions[N_HEIGHTS];
    uint64_t n_ok, n_failed; /* receipts, acknowledged once */
    uint64_t n_given_up;
    uint32_t n_to_send, n_sent; /* registrations that `stable` sends from within */
    bool is_telling;            /* `stable` has not returned */
    int64_t promised_ns;        /* nothing becomes stable before */
};

struct bench_setup {
    const struct gb_flow *flow;
    uint32_t max_transactions;
    struct gb_delay client, link;
    struct gb_chain_config chain;
};

/* Links and clients of constant delays, blocks of up to 1000. */
struct bench_setup bench_setup(const struct gb_flow *flow);
/* ledger   written there; NULL: none
 * weights  of the validators, or NULL: all 1 */
void bench_open_weighted(struct bench *bench, const struct gb_protocol *protocol,
                         struct bench_setup setup, enum gb_crypto crypto, const char *ledger,
                         const uint32_t *weights);
void bench_open(struct bench *bench, const struct gb_protocol *protocol, struct bench_setup setup,
                enum gb_crypto crypto, const char *ledger);
/* Sends the registration of one meter, an admissible message at any height. */
void bench_register(struct bench *bench, uint32_t meter, int64_t sent_ns, uint32_t node,
                    bool is_insistent, int64_t until_ns);
/* Until nothing is left to happen. */
void bench_run(struct bench *bench);
void bench_close(struct bench *bench);

#endif
