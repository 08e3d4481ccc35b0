/* The market's authorities. The supervisor admits users before the first opening; the operator
 * closes the gate on the ledger, opens delivery under the match that is stable at its node,
 * signs settlements once both readings are there, and finalizes at the deadline. It acts on what
 * its entry node has stable, and on nothing else. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"

#define OPERATOR GB_PARTY(GB_ROLE_OPERATOR, 0)
#define SUPERVISOR GB_PARTY(GB_ROLE_SUPERVISOR, 0)
#define USERS_A_PART GB_BUNDLE_MAX /* of a registration: as many as a bundle has messages */

static void register_part(struct gb_run *run, uint32_t part)
{
    size_t first = (size_t)part * USERS_A_PART;
    size_t n = run->n - first < USERS_A_PART ? run->n - first : USERS_A_PART;
    struct gb_transaction *transaction = gb_run_authority_message(
        run, SUPERVISOR, GB_MESSAGE_REGISTER, n * sizeof(struct gb_admission));

    if (!transaction)
        return;
    struct gb_admission *users = gb_transaction_reserve(transaction, n * sizeof *users);
    for (size_t i = 0; i < n; i++) {
        uint32_t meter = (uint32_t)(first + i);
        users[i] = (struct gb_admission){
            .meter = meter,
            .key = gb_keyring_public(run->ring, GB_PARTY(GB_ROLE_METER, meter)),
            .capacity_wh = run->scenario->capacity_wh};
    }
    transaction->messages[0].body.registration =
        (struct gb_register_message){.n_users = (uint32_t)n, .users = users};
    gb_run_send(run, transaction, -1, part);
}

void gb_run_register(struct gb_run *run)
{
    size_t n_parts = (run->n - 1) / USERS_A_PART + 1;

    for (uint32_t part = 0; part < n_parts && !gb_run_has_failed(run); part++)
        register_part(run, part);
}

void gb_run_close(struct gb_run *run, struct live_interval *live)
{
    struct gb_transaction *transaction =
        gb_run_authority_message(run, OPERATOR, GB_MESSAGE_CLOSE, 0);

    if (!transaction)
        return;
    transaction->messages[0].body.close = (struct gb_close_message){
        .interval = live->interval, .height = run->node_height[GB_OPERATOR_NODE]};
    live->close_nonce = transaction->messages[0].nonce;
    gb_run_send(run, transaction, live->interval, 0);
}

static bool knows(const struct gb_run *run, uint32_t node, uint64_t height)
{
    return height != 0 && run->node_height[node] >= height;
}

void gb_run_open(struct gb_run *run, struct live_interval *live)
{
    struct gb_transaction *transaction =
        gb_run_authority_message(run, OPERATOR, GB_MESSAGE_OPEN, 0);

    if (!transaction)
        return;
    struct gb_open_message *open = &transaction->messages[0].body.open;
    *open = (struct gb_open_message){.interval = live->interval};
    if (knows(run, GB_OPERATOR_NODE, live->match_height)) {
        open->has_match = true;
        open->root =
            gb_contracts_interval(run->protocol->contracts(run->chain), live->interval).match_root;
    } else {
        gb_run_blame_close(run, live);
    }
    live->open_nonce = transaction->messages[0].nonce;
    gb_run_send(run, transaction, live->interval, 0);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static size_t list_trade(struct live_interval *live, const struct gb_trade *trades, uint32_t t,
                         uint32_t *ready, size_t n)
{
    const struct gb_trade *trade = &trades[t];

    if ((live->trade_flags[t] & TRADE_IS_SIGNED) ||
        !(live->flags[trade->seller] & METER_HAS_READ) ||
        !(live->flags[trade->buyer] & METER_HAS_READ))
        return n;
    live->trade_flags[t] |= TRADE_IS_SIGNED;
    ready[n] = t;
    return n + 1;
}

/* All trades, in their order, or those of meters newly read, which then want sorting? */
static bool looks_at_all(const struct live_interval *live)
{
    return live->is_opened_now || 8 * live->n_fresh > live->n_trades;
}

/* Lists in `ready` the trades whose both meters' readings are stable at the operator's node and
 * which it has not signed, ascending: those of meters newly read, or of all once the interval
 * has been opened. */
static size_t list_trades(const struct gb_run *run, struct live_interval *live, uint32_t *ready)
{
    const struct gb_contracts *contracts = run->protocol->contracts(run->chain);
    size_t n = 0, n_all;
    const struct gb_trade *trades = gb_contracts_trades(contracts, live->interval, &n_all);

    if (!live->flags || n_all == 0) /* nobody has read, or all of it is settled and billed */
        return 0;
    if (looks_at_all(live)) {
        for (size_t t = 0; t < n_all; t++)
            n = list_trade(live, trades, (uint32_t)t, ready, n);
        return n;
    }
    for (size_t i = 0; i < live->n_fresh; i++) {
        const uint32_t *own;
        size_t n_own = gb_contracts_meter_trades(contracts, live->interval, live->fresh[i], &own);

        for (size_t t = 0; t < n_own; t++)
            n = list_trade(live, trades, own[t], ready, n);
    }
    if (n > 0)
        qsort(ready, n, sizeof *ready, by_number);
    return n;
}

void gb_run_sign_settle(struct gb_run *run, struct gb_transaction *transaction)
{
    struct gb_settle_message *settle = &transaction->messages[0].body.settle;

    if (gb_keyring_crypto(run->ring) == GB_CRYPTO_NONE)
        return;
    if (!gb_transaction_make_proofs(transaction, 1)) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for a signature");
        return;
    }
    struct gb_signature *signature = gb_transaction_reserve_signatures(transaction, 1);
    gb_keyring_sign(run->ring, OPERATOR, &settle->root, signature);
    settle->signature = signature;
}

static void name_root(const struct gb_run *run, const struct live_interval *live,
                      struct gb_settle_message *settle)
{
    if (gb_keyring_crypto(run->ring) == GB_CRYPTO_NONE)
        return;
    const struct gb_hash *digests =
        gb_contracts_interval(run->protocol->contracts(run->chain), live->interval).digests;
    struct gb_merkle tree;
    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < settle->n_trades; i++)
        gb_merkle_add(&tree, &digests[settle->trades[i]]);
    settle->root = gb_merkle_end(&tree);
}

static void send_settle(struct gb_run *run, const struct live_interval *live, const uint32_t *ready,
                        size_t n)
{
    struct gb_transaction *transaction =
        gb_run_authority_message(run, OPERATOR, GB_MESSAGE_SETTLE, n * sizeof *ready);

    if (!transaction)
        return;
    uint32_t *trades = gb_transaction_reserve(transaction, n * sizeof *trades);
    memcpy(trades, ready, n * sizeof *trades);
    struct gb_settle_message *settle = &transaction->messages[0].body.settle;
    *settle = (struct gb_settle_message){
        .interval = live->interval, .n_trades = (uint32_t)n, .trades = trades};
    name_root(run, live, settle);
    gb_run_sign_settle(run, transaction);
    gb_run_send(run, transaction, live->interval, trades[0]);
}

/* How many trades list_trades may list. */
static size_t max_ready(const struct gb_run *run, const struct live_interval *live)
{
    const struct gb_contracts *contracts = run->protocol->contracts(run->chain);
    const uint32_t *own;
    size_t n = 0;

    if (looks_at_all(live))
        return live->n_trades;
    for (size_t i = 0; i < live->n_fresh; i++)
        n += gb_contracts_meter_trades(contracts, live->interval, live->fresh[i], &own);
    return n;
}

void gb_run_settle(struct gb_run *run, struct live_interval *live)
{
    bool is_delivering =
        knows(run, GB_OPERATOR_NODE, live->open_height) && live->status == INTERVAL_DELIVERED;
    size_t n_max = is_delivering ? max_ready(run, live) : 0, n = 0;
    uint32_t *ready = malloc((n_max + 1) * sizeof *ready);

    if (!ready) {
        gb_fail(&run->error, GB_ENOMEM, "no memory to settle %zu trades", n_max);
        return;
    }
    if (is_delivering) {
        n = list_trades(run, live, ready);
        live->is_opened_now = false;
    }
    live->n_fresh = 0;
    if (n > 0) /* where it is executed at once the interval may end with it */
        send_settle(run, live, ready, n);
    free(ready);
}

void gb_run_finalize(struct gb_run *run, int64_t interval)
{
    struct gb_transaction *transaction =
        gb_run_authority_message(run, OPERATOR, GB_MESSAGE_FINALIZE, 0);

    if (!transaction)
        return;
    transaction->messages[0].body.finalize = (struct gb_finalize_message){.interval = interval};
    gb_run_send(run, transaction, interval, 0);
}
