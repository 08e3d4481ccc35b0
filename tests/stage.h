/* A stage for the contracts: keys, a genesis and their state, and messages played by hand. Every
 * block played ends with gb_contracts_check, so every test is a test of conservation as well. */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "chain/contracts/contracts.h"
#include "chain/wire/keys.h"

#define STAGE_METERS 64
#define STAGE_MINUTE (60 * GB_NS_PER_SECOND)
#define STAGE_BALANCE INT64_C(1000000000000) /* 1000 currency each */

#define STAGE_APPROVALS 8 /* in a message, at most */

struct stage_approval {
    uint32_t trade;
    struct gb_signature signature;
};

/* Intervals of 15 minutes from 0 on; orders 15 minutes before, deadline 15 minutes after. */
struct stage {
    struct gb_keyring *ring;
    struct gb_genesis genesis;
    struct gb_hash chain_id;
    struct gb_contracts *contracts;
    struct gb_error err;
    uint64_t height;                 /* of the last block */
    int64_t time_ns;                 /* of the next block */
    int64_t block_time_ns;           /* of the last one */
    struct gb_block_results results; /* of the last one */
    uint64_t meter_nonces[STAGE_METERS];
    uint64_t operator_nonce, supervisor_nonce, bundle_nonce;
    struct gb_registers registers[STAGE_METERS];
    /* arrays of the latest messages: each holds until so many others have been made */
    struct stage_arrays {
        uint32_t trades[STAGE_APPROVALS];
        struct gb_signature signatures[STAGE_APPROVALS];
    } arrays[STAGE_METERS];
    size_t n_arrays;
};

#define STAGE_OPERATOR GB_PARTY(GB_ROLE_OPERATOR, 0)
#define STAGE_SUPERVISOR GB_PARTY(GB_ROLE_SUPERVISOR, 0)

/* What the paper says, pooled, 3 of 3; a test may change it before stage_open. */
struct gb_contract_rules stage_rules(void);
/* All meters are in the genesis; none is registered. */
void stage_open(struct stage *stage, enum gb_crypto crypto, size_t n_meters,
                struct gb_contract_rules rules);
void stage_close(struct stage *stage);
/* Registers meters [0, n) without a limit of capacity. */
void stage_register_all(struct stage *stage);

/* ---- blocks */
void stage_begin(struct stage *stage);
/* Receipt of its last message. */
enum gb_receipt stage_add(struct stage *stage, struct gb_transaction *transaction);
void stage_end(struct stage *stage);
/* A block of one transaction of one message; its receipt. */
enum gb_receipt stage_send(struct stage *stage, struct gb_message message);
enum gb_receipt stage_send_in_block(struct stage *stage, struct gb_message message);
/* Wraps a message in a sealed transaction. */
struct gb_transaction *stage_wrap(struct stage *stage, struct gb_message message);
struct gb_transaction *stage_bundle(struct stage *stage, const struct gb_message *messages,
                                    size_t n);

/* ---- messages, each with the next nonce of its sender */
struct gb_message stage_order(struct stage *stage, uint32_t meter, int64_t interval,
                              enum gb_side side, int64_t wh, int64_t price, int64_t reserve);
/* The same in place of the meter's order that it sent under this nonce. */
struct gb_message stage_amendment(struct stage *stage, uint32_t meter, uint64_t nonce,
                                  enum gb_side side, int64_t total, int64_t price, int64_t reserve);
struct gb_message stage_cancel(struct stage *stage, uint32_t meter, int64_t interval,
                               uint64_t nonce);
/* The clock goes on to the gate or the start that a close or an open belongs to. */
struct gb_message stage_gate(struct stage *stage, int64_t interval, uint64_t height);
/* Opens with the match root that stands in their state. */
struct gb_message stage_deliver(struct stage *stage, int64_t interval);
/* Where orders trade as they come: under the trades of blocks up to a height. */
struct gb_hash stage_root_until(const struct stage *stage, int64_t interval, uint64_t height);
struct gb_message stage_deliver_until(struct stage *stage, int64_t interval, uint64_t height);
struct gb_message stage_miss(struct stage *stage, int64_t interval);
/* Advances the meter's registers by net (positive = import, negative = solar energy) and signs its
 * trades (approvals has capacity for them and lives until the message is sent). */
struct gb_message stage_reading(struct stage *stage, uint32_t meter, int64_t interval,
                                int64_t net_wh, struct stage_approval *approvals);
struct gb_message stage_approve(struct stage *stage, uint32_t meter, int64_t interval, uint32_t n,
                                const struct stage_approval *approvals);
struct stage_approval stage_approval(struct stage *stage, gb_party signer, int64_t interval,
                                     uint32_t trade);
/* The operator's signature under these trades. */
struct gb_message stage_settle(struct stage *stage, int64_t interval, const uint32_t *trades,
                               uint32_t n);
struct gb_message stage_finalize(struct stage *stage, int64_t interval);

/* ---- what the last block emitted: the n-th event of a kind, NULL if there is none */
const struct gb_contract_event *stage_event(const struct stage *stage,
                                            enum gb_contract_event_kind kind, size_t n);
size_t stage_count(const struct stage *stage, enum gb_contract_event_kind kind);
int64_t stage_balance(const struct stage *stage, uint32_t meter);
int64_t stage_escrow(const struct stage *stage, uint32_t meter);

#endif
