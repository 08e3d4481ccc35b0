/* Meters' approvals of settlements: each names the trades of the interval that its meter takes part
 * in, and signs their digests when it leaves. Readings carry them, or messages of their own. */
#ifndef EXPERIMENTS_RUN_APPROVALS_H
#define EXPERIMENTS_RUN_APPROVALS_H

#include "experiments/run/gateway.h"

/* Trades of the meter in the match that stands on the chain: returns how many. */
size_t gb_run_approvals_count(const struct gb_run_gateway *gateway, int64_t interval,
                              uint32_t meter);
/* Names every one of them, in memory of the transaction. */
struct gb_approvals gb_run_approvals_name(const struct gb_run_gateway *gateway, int64_t interval,
                                          uint32_t meter, struct gb_transaction *transaction);
/* May a kind of message (enum gb_message_kind) hold approvals? */
bool gb_run_approvals_are_in(uint8_t kind);
/* Signs what meters approve in these messages. GB_ENOMEM is all that can go wrong. */
enum gb_status gb_run_approvals_sign(const struct gb_run_gateway *gateway,
                                     struct gb_transaction *transaction, struct gb_error *err);

#endif
