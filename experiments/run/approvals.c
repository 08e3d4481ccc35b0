#include "experiments/run/approvals.h"

#include <string.h>

size_t gb_run_approvals_count(const struct gb_run_gateway *gateway, int64_t interval,
                              uint32_t meter)
{
    const uint32_t *trades;

    return gb_contracts_standing_trades(gb_run_gateway_contracts(gateway), interval, meter,
                                        &trades);
}

struct gb_approvals gb_run_approvals_name(const struct gb_run_gateway *gateway, int64_t interval,
                                          uint32_t meter, struct gb_transaction *transaction)
{
    const uint32_t *trades;
    size_t n =
        gb_contracts_standing_trades(gb_run_gateway_contracts(gateway), interval, meter, &trades);

    if (n == 0)
        return (struct gb_approvals){0};
    uint32_t *named = gb_transaction_reserve(transaction, n * sizeof *named);
    memcpy(named, trades, n * sizeof *named);
    return (struct gb_approvals){.n = (uint32_t)n, .trades = named};
}

bool gb_run_approvals_are_in(uint8_t kind)
{
    return kind == GB_MESSAGE_READING || kind == GB_MESSAGE_APPROVE;
}

/* What a message approves, and in which interval; NULL: nothing. */
static struct gb_approvals *approvals_in(struct gb_message *message, int64_t *interval)
{
    if (message->kind == GB_MESSAGE_READING) {
        *interval = message->body.reading.interval;
        return &message->body.reading.approvals;
    }
    if (message->kind != GB_MESSAGE_APPROVE)
        return NULL;
    *interval = message->body.approve.interval;
    return &message->body.approve.approvals;
}

static void sign(const struct gb_run_gateway *gateway, const struct gb_message *message,
                 int64_t interval, struct gb_approvals *approvals,
                 struct gb_transaction *transaction)
{
    const struct gb_keyring *keys = gb_run_gateway_keys(gateway);
    const struct gb_hash *digests =
        gb_contracts_interval(gb_run_gateway_contracts(gateway), interval).digests;
    struct gb_signature *signatures = gb_transaction_reserve_signatures(transaction, approvals->n);

    for (uint32_t t = 0; digests && t < approvals->n; t++) /* none: it is done without */
        gb_keyring_sign(keys, message->sender, &digests[approvals->trades[t]], &signatures[t]);
    approvals->signatures = signatures;
}

enum gb_status gb_run_approvals_sign(const struct gb_run_gateway *gateway,
                                     struct gb_transaction *transaction, struct gb_error *err)
{
    int64_t interval;
    size_t n = 0;

    if (gb_keyring_crypto(gb_run_gateway_keys(gateway)) == GB_CRYPTO_NONE)
        return GB_OK;
    for (size_t i = 0; i < transaction->n_messages; i++) {
        const struct gb_approvals *approvals = approvals_in(&transaction->messages[i], &interval);
        n += approvals ? approvals->n : 0;
    }
    if (n == 0)
        return GB_OK;
    if (!gb_transaction_make_proofs(transaction, n))
        return gb_fail(err, GB_ENOMEM, "no memory for %zu signatures", n);
    for (size_t i = 0; i < transaction->n_messages; i++) {
        struct gb_message *message = &transaction->messages[i];
        struct gb_approvals *approvals = approvals_in(message, &interval);

        if (approvals && approvals->n > 0)
            sign(gateway, message, interval, approvals, transaction);
    }
    return GB_OK;
}
