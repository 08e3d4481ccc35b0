/* The outbox: messages of meters, operator and supervisor become transactions, wait for when they
 * leave (scheduled_sends.h), and go to the chain. Nonces are counted here, and nowhere else. */
#ifndef EXPERIMENTS_RUN_OUTBOX_H
#define EXPERIMENTS_RUN_OUTBOX_H

#include "experiments/run/gateway.h"
#include "experiments/run/knowledge.h"
#include "experiments/run/outgoing.h"

struct gb_run_outbox; /* closed */

/* Everything is borrowed for life. returns NULL when out of memory */
struct gb_run_outbox *gb_run_outbox_create(const struct gb_run_environment *env,
                                           struct gb_run_gateway *gateway,
                                           const struct gb_run_knowledge *knowledge,
                                           struct gb_error *err);
void gb_run_outbox_free(struct gb_run_outbox *outbox);             /* with what has not left */
size_t gb_run_outbox_n_unsent(const struct gb_run_outbox *outbox); /* transactions */

/* Sends them. Their arrays are borrowed for the call or, with `release`, until the last of them has
 * left. */
void gb_run_outbox_dispatch(struct gb_run_outbox *outbox, const struct gb_run_outgoing *outgoing);

/* One message of operator or supervisor through GB_OPERATOR_NODE; NULL after a failure. The caller
 * fills in the body and hands it to one of the two below. */
struct gb_transaction *gb_run_outbox_authority_message(struct gb_run_outbox *outbox,
                                                       gb_party sender, uint8_t kind,
                                                       size_t array_bytes);
void gb_run_outbox_send_authority(struct gb_run_outbox *outbox, struct gb_transaction *transaction,
                                  int64_t interval, uint32_t part);
/* The same for what was refused: sent at leaves_ns, its draws addressed by its nonce. */
void gb_run_outbox_resubmit_authority(struct gb_run_outbox *outbox,
                                      struct gb_transaction *transaction, int64_t interval,
                                      int64_t leaves_ns);
/* A bundle with its messages as they are, under a new nonce of its concentrator. */
void gb_run_outbox_resubmit_bundle(struct gb_run_outbox *outbox, struct gb_transaction *bundle,
                                   int64_t interval);

#endif
