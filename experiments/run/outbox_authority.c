/* Messages of operator and supervisor: one at a time, each a transaction of its own, which leaves
 * when it is handed over. */
#include "experiments/run/outbox_priv.h"

#include <assert.h>

static void date_of_authority(struct gb_run_outbox *outbox, struct gb_message *message)
{
    const struct gb_message_owner *owner = &gb_message_owners[message->kind];

    assert(owner->role == GB_PARTY_ROLE(message->sender) && owner->role != GB_ROLE_METER);
    message->nonce = owner->role == GB_ROLE_OPERATOR ? ++outbox->operator_nonces[owner->number]
                                                     : ++outbox->supervisor_nonce;
    message->last_valid_height = gb_run_outbox_validity(outbox, GB_OPERATOR_NODE);
}

struct gb_transaction *gb_run_outbox_authority_message(struct gb_run_outbox *outbox,
                                                       gb_party sender, uint8_t kind,
                                                       size_t array_bytes)
{
    struct gb_transaction *transaction = gb_run_has_failed(outbox->env)
                                             ? NULL
                                             : gb_transaction_create(GB_PARTY_NONE, 1, array_bytes);

    if (!transaction) {
        gb_fail(outbox->env->error, GB_ENOMEM, "no memory for a transaction");
        return NULL;
    }
    struct gb_message *message = &transaction->messages[0];
    message->kind = kind;
    message->sender = sender;
    date_of_authority(outbox, message);
    return transaction;
}

void gb_run_outbox_send_authority(struct gb_run_outbox *outbox, struct gb_transaction *transaction,
                                  int64_t interval, uint32_t part)
{
    const struct gb_message *message = &transaction->messages[0];
    struct gb_route route = {.owner = message->sender,
                             .time = (uint32_t)interval,
                             .item = gb_route_item(message->kind, part),
                             .is_insistent = true,
                             .until_ns = gb_run_purpose_end_ns(outbox->env, message, interval)};

    gb_run_gateway_submit(outbox->gateway, transaction, GB_OPERATOR_NODE,
                          gb_run_now_ns(outbox->env), &route);
}

void gb_run_outbox_resubmit_authority(struct gb_run_outbox *outbox,
                                      struct gb_transaction *transaction, int64_t interval,
                                      int64_t leaves_ns)
{
    const struct gb_message *message = &transaction->messages[0];
    struct gb_route route = {.owner = message->sender,
                             .is_insistent = true,
                             .until_ns = gb_run_purpose_end_ns(outbox->env, message, interval)};

    gb_run_address_by_nonce(&route, message->kind, message->nonce);
    gb_run_gateway_submit(outbox->gateway, transaction, GB_OPERATOR_NODE, leaves_ns, &route);
}
