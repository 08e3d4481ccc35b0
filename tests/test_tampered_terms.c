/* The terms of a market stand in the genesis, and nowhere else: who changes one behind a valid
 * signature of the supervisor has another chain, and who executes under other terms than the
 * genesis says is found by who executes again, whatever a quorum certified. */
#include <string.h>
#include <unistd.h>

#include "tests/small_ledger.h"
#include "tests/tap.h"

#define PATH "test_tampered_terms.tmp"

typedef struct gb_contract_rules terms;

static void fee_of_orders(terms *rules)
{
    rules->fee.units += 1;
}

static void network_fee_of_buyers(terms *rules)
{
    rules->trade_fees.network_buyer.ticks += 1000;
}

static void network_fee_of_sellers(terms *rules)
{
    rules->trade_fees.network_seller.ticks += 1000;
}

static void levies(terms *rules)
{
    rules->trade_fees.levies.ticks += 1000;
}

static void market_fee_of_buyers(terms *rules)
{
    rules->trade_fees.market_buyer.ticks += 1000;
}

static void market_fee_of_sellers(terms *rules)
{
    rules->trade_fees.market_seller.ticks += 1000;
}

static void retail(terms *rules)
{
    rules->market.tariff.retail.ticks += 1000;
}

static void feed_in(terms *rules)
{
    rules->market.tariff.feed_in.ticks -= 1000;
}

static void price_of_short_imbalance(terms *rules)
{
    rules->imbalance_short.ticks += 1000;
}

static void price_of_long_imbalance(terms *rules)
{
    rules->imbalance_long.ticks -= 1000;
}

static void smallest_order(terms *rules)
{
    rules->min_quantity.wh += 1;
}

static void signatures_of_a_trade(terms *rules)
{
    rules->signatures_required -= 1;
}

static void gate(terms *rules)
{
    rules->gate_ns -= 1;
}

static const struct {
    const char *name;
    void (*change)(terms *);
    bool moves_money; /* of the small chain, where everybody meets what was traded */
} changes[] = {{"fee of orders", fee_of_orders, true},
               {"network fee of buyers", network_fee_of_buyers, true},
               {"network fee of sellers", network_fee_of_sellers, true},
               {"levies", levies, true},
               {"market fee of buyers", market_fee_of_buyers, true},
               {"market fee of sellers", market_fee_of_sellers, true},
               {"retail", retail, false},
               {"feed-in", feed_in, true},
               {"price of short imbalance", price_of_short_imbalance, false},
               {"price of long imbalance", price_of_long_imbalance, false},
               {"smallest order", smallest_order, false},
               {"signatures of a trade", signatures_of_a_trade, false},
               {"gate", gate, false}};
#define N_CHANGES (sizeof changes / sizeof changes[0])

static void open_chain(struct small_chain *chain)
{
    small_chain_open(chain, GB_CRYPTO_MODELLED, 3, 4, 1);
}

static void settle_and_write(struct small_chain *chain)
{
    small_chain_trade(chain);
    small_chain_settle(chain);
    small_chain_write(chain, PATH);
}

static void expect_broken(const char *name, const char *words)
{
    struct gb_error err;
    enum gb_status status = small_ledger_verify(PATH, &err);

    if (!EXPECT(status == GB_EBROKEN && strstr(err.text, words)))
        tap_note("%s: status %d, \"%s\", expected \"%s\"", name, (int)status, err.text, words);
    unlink(PATH);
}

static void terms_changed_under_a_new_signature_are_another_chain(void)
{
    for (size_t i = 0; i < N_CHANGES; i++) {
        struct small_chain chain;
        struct gb_error err;

        open_chain(&chain);
        small_chain_trade(&chain);
        small_chain_settle(&chain);
        changes[i].change(&chain.genesis.rules);
        EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain.chain_id, &err), GB_OK);
        small_chain_write(&chain, PATH);
        small_chain_close(&chain);
        expect_broken(changes[i].name, "block 1: header: its parent");
    }
}

/* All validators and the supervisor agree to it. */
static void blocks_executed_under_other_terms_are_found(void)
{
    for (size_t i = 0; i < N_CHANGES; i++) {
        struct small_chain chain;
        struct gb_error err = {0};

        if (!changes[i].moves_money)
            continue;
        open_chain(&chain);
        struct gb_genesis other = chain.genesis;
        changes[i].change(&other.rules);
        gb_contracts_free(chain.contracts);
        EXPECT_INT(gb_contracts_create(&chain.contracts, &other, &chain.chain_id, &err), GB_OK);
        settle_and_write(&chain);
        small_chain_close(&chain);
        expect_broken(changes[i].name, "results: execution gives another");
    }
}

static void under_its_own_terms_the_same_chain_is_sound(void)
{
    struct small_chain chain;
    struct gb_error err = {0};

    open_chain(&chain);
    settle_and_write(&chain);
    EXPECT_INT(small_ledger_verify(PATH, &err), GB_OK);
    small_chain_close(&chain);
    unlink(PATH);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(terms_changed_under_a_new_signature_are_another_chain),
        TAP(blocks_executed_under_other_terms_are_found),
        TAP(under_its_own_terms_the_same_chain_is_sound),
        {0}};
    return tap_main("tampered terms", tests);
}
