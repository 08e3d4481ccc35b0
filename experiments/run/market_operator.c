#include "experiments/run/market_operator.h"

#include <stdlib.h>
#include <string.h>

#define OPERATOR GB_PARTY(GB_ROLE_OPERATOR, 0)
#define SUPERVISOR GB_PARTY(GB_ROLE_SUPERVISOR, 0)
#define USERS_A_PART GB_BUNDLE_MAX /* of a registration: as many as a bundle has messages */

struct gb_run_operator_interval {
    bool has_round_1, waits_for_round_1; /* to close round 2 */
    bool is_opened_now; /* readings may have come before the open: look at all trades */
    bool has_reading;   /* of any meter */
    /* Per meter, where there is a reading: does the operator know it? Few meters' stays for the
     * next interval at the place. */
    uint8_t *has_read;
    uint32_t *fresh; /* meters whose reading it has not looked at */
    size_t n_fresh;
    uint8_t *is_signed; /* per trade: its settlement; NULL before the first */
};

void gb_run_operator_init(struct gb_run_operator *operator_,
                          const struct gb_run_operator_links *links)
{
    *operator_ = (struct gb_run_operator){.to = *links};
}

static void drop(struct gb_run_operator_interval *of)
{
    free(of->has_read);
    free(of->fresh);
    free(of->is_signed);
    *of = (struct gb_run_operator_interval){.is_opened_now = false};
}

/* The interval is over. */
static void retire(const struct gb_run_environment *env, struct gb_run_operator_interval *of)
{
    uint8_t *has_read = of->has_read;
    uint32_t *fresh = of->fresh;

    if (env->n > GB_RUN_KEPT_CAPACITY) {
        drop(of);
        return;
    }
    free(of->is_signed);
    *of = (struct gb_run_operator_interval){.has_read = has_read, .fresh = fresh};
}

void gb_run_operator_clear(struct gb_run_operator *operator_)
{
    for (size_t place = 0; place < operator_->n_places; place++)
        drop(&operator_->at[place]);
    free(operator_->at);
    operator_->at = NULL;
    operator_->n_places = 0;
}

void gb_run_operator_open_place(struct gb_run_operator *operator_, size_t place)
{
    gb_run_reach_place((void **)&operator_->at, &operator_->n_places, place, sizeof *operator_->at,
                       operator_->to.env->error);
}

void gb_run_operator_retire(struct gb_run_operator *operator_, size_t place)
{
    retire(operator_->to.env, &operator_->at[place]);
}

/* ---- registration */

static void register_part(struct gb_run_operator *operator_, uint32_t part)
{
    const struct gb_run_operator_links *to = &operator_->to;
    size_t first = (size_t)part * USERS_A_PART;
    size_t n = to->env->n - first < USERS_A_PART ? to->env->n - first : USERS_A_PART;
    struct gb_transaction *transaction = gb_run_outbox_authority_message(
        to->outbox, SUPERVISOR, GB_MESSAGE_REGISTER, n * sizeof(struct gb_admission));

    if (!transaction)
        return;
    struct gb_admission *users = gb_transaction_reserve(transaction, n * sizeof *users);
    for (size_t i = 0; i < n; i++) {
        uint32_t meter = (uint32_t)(first + i);
        users[i] = (struct gb_admission){.meter = meter,
                                         .key = gb_keyring_public(gb_run_gateway_keys(to->gateway),
                                                                  GB_PARTY(GB_ROLE_METER, meter)),
                                         .capacity_wh = to->env->scenario->capacity_wh};
    }
    transaction->messages[0].body.registration =
        (struct gb_register_message){.n_users = (uint32_t)n, .users = users};
    gb_run_outbox_send_authority(to->outbox, transaction, -1, part);
}

void gb_run_operator_register(struct gb_run_operator *operator_)
{
    const struct gb_run_environment *env = operator_->to.env;
    size_t n_parts = (env->n - 1) / USERS_A_PART + 1;

    for (uint32_t part = 0; part < n_parts && !gb_run_has_failed(env); part++)
        register_part(operator_, part);
}

/* ---- close, open, finalize */

/* part  number of the close in its interval */
static void send_close(struct gb_run_operator *operator_, size_t place, int64_t interval,
                       uint32_t part)
{
    const struct gb_run_operator_links *to = &operator_->to;
    struct gb_transaction *transaction =
        gb_run_outbox_authority_message(to->outbox, OPERATOR, GB_MESSAGE_CLOSE, 0);

    if (!transaction)
        return;
    struct gb_close_message *close = &transaction->messages[0].body.close;
    *close = (struct gb_close_message){.interval = interval};
    if (!gb_run_trades_at_once(to->env)) /* there the open says what stands */
        close->height = gb_run_knowledge_height(to->knowledge, GB_OPERATOR_NODE);
    gb_run_causes_sent(to->causes, place, &transaction->messages[0]);
    gb_run_outbox_send_authority(to->outbox, transaction, interval, part);
}

void gb_run_operator_close(struct gb_run_operator *operator_, size_t place, int64_t interval)
{
    send_close(operator_, place, interval, 0);
}

void gb_run_operator_close_round_2(struct gb_run_operator *operator_, size_t place,
                                   int64_t interval)
{
    struct gb_run_operator_interval *of = &operator_->at[place];

    of->waits_for_round_1 = !of->has_round_1;
    if (of->has_round_1)
        send_close(operator_, place, interval, 1);
}

void gb_run_operator_learn_round(struct gb_run_operator *operator_, size_t place, int64_t interval)
{
    struct gb_run_operator_interval *of = &operator_->at[place];

    of->has_round_1 = true;
    if (of->waits_for_round_1 &&
        gb_run_now_ns(operator_->to.env) < gb_run_start_ns(operator_->to.env, interval))
        send_close(operator_, place, interval, 1);
    of->waits_for_round_1 = false;
}

/* The match that is stable at its node, into *open. returns false where there is none */
static bool name_match(const struct gb_run_operator_links *to, size_t place, int64_t interval,
                       struct gb_open_message *open)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(to->gateway);
    uint64_t match_height = to->accounts->at[place].match_height;

    if (!gb_run_knowledge_has(to->knowledge, GB_OPERATOR_NODE, match_height))
        return false;
    open->has_match = true;
    open->root = gb_contracts_interval(contracts, interval).match_root;
    return true;
}

/* Where orders trade as they come: the trades in all blocks that are stable at its node. */
static bool name_trades(const struct gb_run_operator_links *to, int64_t interval,
                        struct gb_open_message *open)
{
    uint64_t height = gb_run_knowledge_height(to->knowledge, GB_OPERATOR_NODE);

    if (height == 0)
        return false;
    open->has_match = open->has_height = true;
    open->height = height;
    open->root = gb_contracts_root_until(gb_run_gateway_contracts(to->gateway), interval, height);
    return true;
}

void gb_run_operator_open(struct gb_run_operator *operator_, size_t place, int64_t interval)
{
    const struct gb_run_operator_links *to = &operator_->to;
    struct gb_transaction *transaction =
        gb_run_outbox_authority_message(to->outbox, OPERATOR, GB_MESSAGE_OPEN, 0);

    if (!transaction)
        return;
    struct gb_open_message *open = &transaction->messages[0].body.open;
    *open = (struct gb_open_message){.interval = interval};
    if (!(gb_run_trades_at_once(to->env) ? name_trades(to, interval, open)
                                         : name_match(to, place, interval, open)))
        gb_run_causes_no_match(to->causes, place);
    gb_run_causes_sent(to->causes, place, &transaction->messages[0]);
    gb_run_outbox_send_authority(to->outbox, transaction, interval, 0);
}

void gb_run_operator_finalize(struct gb_run_operator *operator_, int64_t interval)
{
    const struct gb_run_operator_links *to = &operator_->to;
    struct gb_transaction *transaction =
        gb_run_outbox_authority_message(to->outbox, OPERATOR, GB_MESSAGE_FINALIZE, 0);

    if (!transaction)
        return;
    transaction->messages[0].body.finalize = (struct gb_finalize_message){.interval = interval};
    gb_run_outbox_send_authority(to->outbox, transaction, interval, 0);
}

/* ---- what it knows */

void gb_run_operator_wait(struct gb_run_operator *operator_, bool is_waiting)
{
    operator_->is_waiting = is_waiting;
}

static bool reserve_readings(const struct gb_run_environment *env,
                             struct gb_run_operator_interval *of)
{
    if (!of->has_read)
        of->has_read = malloc(env->n * sizeof *of->has_read);
    if (!of->fresh)
        of->fresh = malloc(env->n * sizeof *of->fresh);
    of->has_reading = of->has_read && of->fresh;
    if (of->has_reading) {
        memset(of->has_read, 0, env->n * sizeof *of->has_read);
        return true;
    }
    gb_fail(env->error, GB_ENOMEM, "no memory for the readings of %zu meters", env->n);
    return false;
}

void gb_run_operator_learn(struct gb_run_operator *operator_, size_t place,
                           const struct gb_contract_event *event)
{
    struct gb_run_operator_interval *of = &operator_->at[place];
    uint32_t meter = GB_PARTY_INDEX(event->sender);

    if (event->receipt != GB_RECEIPT_OK)
        return;
    if (!of->has_reading && !reserve_readings(operator_->to.env, of))
        return;
    if (!of->has_read[meter]) {
        of->has_read[meter] = 1;
        of->fresh[of->n_fresh++] = meter;
    }
}

void gb_run_operator_learn_open(struct gb_run_operator *operator_, size_t place)
{
    operator_->at[place].is_opened_now = true;
}

/* ---- settlement */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* n_standing  trades that stand, the first; the others are void */
static size_t list_trade(struct gb_run_operator_interval *of, const struct gb_trade *trades,
                         size_t n_standing, uint32_t t, uint32_t *ready, size_t n)
{
    const struct gb_trade *trade = &trades[t];

    if (t >= n_standing || of->is_signed[t] || !of->has_read[trade->seller] ||
        !of->has_read[trade->buyer])
        return n;
    of->is_signed[t] = 1;
    ready[n] = t;
    return n + 1;
}

/* All trades, in their order, or those of meters newly read, which then want sorting? */
static bool looks_at_all(const struct gb_run_operator_interval *of, size_t n_trades)
{
    return of->is_opened_now || 8 * of->n_fresh > n_trades;
}

/* Lists in `ready` the trades whose both meters' readings are stable at the operator's node and
 * which it has not signed, ascending: those of meters newly read, or of all once the interval
 * has been opened. */
static size_t list_trades(const struct gb_contracts *contracts, int64_t interval, bool all,
                          struct gb_run_operator_interval *of, uint32_t *ready)
{
    size_t n = 0, n_all;
    const struct gb_trade *trades = gb_contracts_trades(contracts, interval, &n_all);
    size_t n_standing = gb_contracts_interval(contracts, interval).n_standing;

    if (!of->has_reading || n_all == 0) /* nobody has read, or all of it is settled and billed */
        return 0;
    if (all) {
        for (size_t t = 0; t < n_all; t++)
            n = list_trade(of, trades, n_standing, (uint32_t)t, ready, n);
        return n;
    }
    for (size_t i = 0; i < of->n_fresh; i++) {
        const uint32_t *own;
        size_t n_own = gb_contracts_meter_trades(contracts, interval, of->fresh[i], &own);

        for (size_t t = 0; t < n_own; t++)
            n = list_trade(of, trades, n_standing, own[t], ready, n);
    }
    if (n > 0)
        qsort(ready, n, sizeof *ready, by_number);
    return n;
}

void gb_run_operator_sign_settle(const struct gb_run_operator *operator_,
                                 struct gb_transaction *transaction)
{
    const struct gb_keyring *keys = gb_run_gateway_keys(operator_->to.gateway);
    struct gb_settle_message *settle = &transaction->messages[0].body.settle;

    if (gb_keyring_crypto(keys) == GB_CRYPTO_NONE)
        return;
    if (!gb_transaction_make_proofs(transaction, 1)) {
        gb_fail(operator_->to.env->error, GB_ENOMEM, "no memory for a signature");
        return;
    }
    struct gb_signature *signature = gb_transaction_reserve_signatures(transaction, 1);
    gb_keyring_sign(keys, OPERATOR, &settle->root, signature);
    settle->signature = signature;
}

static void name_root(const struct gb_run_gateway *gateway, struct gb_settle_message *settle)
{
    if (gb_keyring_crypto(gb_run_gateway_keys(gateway)) == GB_CRYPTO_NONE)
        return;
    const struct gb_hash *digests =
        gb_contracts_interval(gb_run_gateway_contracts(gateway), settle->interval).digests;
    struct gb_merkle tree;
    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < settle->n_trades; i++)
        gb_merkle_add(&tree, &digests[settle->trades[i]]);
    settle->root = gb_merkle_end(&tree);
}

static void send_settle(const struct gb_run_operator *operator_, int64_t interval,
                        const uint32_t *ready, size_t n)
{
    const struct gb_run_operator_links *to = &operator_->to;
    struct gb_transaction *transaction =
        gb_run_outbox_authority_message(to->outbox, OPERATOR, GB_MESSAGE_SETTLE, n * sizeof *ready);

    if (!transaction)
        return;
    uint32_t *trades = gb_transaction_reserve(transaction, n * sizeof *trades);
    memcpy(trades, ready, n * sizeof *trades);
    struct gb_settle_message *settle = &transaction->messages[0].body.settle;
    *settle =
        (struct gb_settle_message){.interval = interval, .n_trades = (uint32_t)n, .trades = trades};
    name_root(to->gateway, settle);
    gb_run_operator_sign_settle(operator_, transaction);
    gb_run_outbox_send_authority(to->outbox, transaction, interval, trades[0]);
}

/* How many trades list_trades may list. */
static size_t max_ready(const struct gb_contracts *contracts, int64_t interval, bool all,
                        const struct gb_run_operator_interval *of, size_t n_trades)
{
    const uint32_t *own;
    size_t n = 0;

    if (all)
        return n_trades;
    for (size_t i = 0; i < of->n_fresh; i++)
        n += gb_contracts_meter_trades(contracts, interval, of->fresh[i], &own);
    return n;
}

/* Trades that can be settled now, in *ready, which the caller frees. returns how many */
static size_t find_ready(const struct gb_run_operator *operator_, int64_t interval,
                         struct gb_run_operator_interval *of, size_t n_trades, uint32_t **ready)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(operator_->to.gateway);
    bool all = looks_at_all(of, n_trades);
    size_t n_max = max_ready(contracts, interval, all, of, n_trades);

    if (!of->is_signed) {
        of->is_signed = malloc((n_trades + 1) * sizeof *of->is_signed);
        if (of->is_signed)
            memset(of->is_signed, 0, n_trades * sizeof *of->is_signed);
    }
    *ready = malloc((n_max + 1) * sizeof **ready);
    if (of->is_signed && *ready)
        return list_trades(contracts, interval, all, of, *ready);
    gb_fail(operator_->to.env->error, GB_ENOMEM, "no memory to settle %zu trades", n_max);
    return 0;
}

void gb_run_operator_settle(struct gb_run_operator *operator_, size_t place, int64_t interval)
{
    const struct gb_run_account *account = &operator_->to.accounts->at[place];
    struct gb_run_operator_interval *of = &operator_->at[place];
    uint32_t *ready = NULL;
    size_t n = 0;

    if (operator_->is_waiting || (of->n_fresh == 0 && !of->is_opened_now))
        return;
    if (account->status == GB_RUN_DELIVERED &&
        gb_run_knowledge_has(operator_->to.knowledge, GB_OPERATOR_NODE, account->open_height)) {
        n = find_ready(operator_, interval, of, account->n_trades, &ready);
        of->is_opened_now = false;
    }
    of->n_fresh = 0;
    if (n > 0) /* where it is executed at once the interval may end with it */
        send_settle(operator_, interval, ready, n);
    free(ready);
}
