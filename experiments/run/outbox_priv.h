/* What the files of the outbox share: outbox.c for meters, outbox_authority.c for operator and
 * supervisor. */
#ifndef EXPERIMENTS_RUN_OUTBOX_PRIV_H
#define EXPERIMENTS_RUN_OUTBOX_PRIV_H

#include "experiments/run/outbox.h"
#include "experiments/run/scheduled_sends.h"

#define GB_RUN_VALID_BLOCKS 1000 /* FISCO BCOS: block limit of a transaction */

struct outbox_batch; /* of outbox.c alone */

struct gb_run_outbox {
    const struct gb_run_environment *env;
    struct gb_run_gateway *gateway;
    const struct gb_run_knowledge *knowledge;
    struct gb_run_send_rules rules;
    struct outbox_batch *batches, *spare; /* spare: for what is handed over next */
    struct outbox_batch **open;           /* per concentrator: the bundle that re-quotes join */
    uint64_t n_bundles;
    /* last used: per meter and kind of message, per kind of the operator's, of the supervisor, and
     * per concentrator */
    uint32_t (*nonces)[GB_METER_KINDS];
    uint64_t operator_nonces[GB_OPERATOR_KINDS], supervisor_nonce, *concentrator_nonces;
};

/* Up to which height what leaves now through a node is valid. */
static inline uint64_t gb_run_outbox_validity(const struct gb_run_outbox *outbox, uint32_t node)
{
    return gb_run_knowledge_height(outbox->knowledge, node) + GB_RUN_VALID_BLOCKS;
}

#endif
