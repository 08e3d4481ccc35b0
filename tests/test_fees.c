/* Fees of messages: what a chain takes for every order that it executes is owed by who sent it and
 * is the operator's, and whatever else a user pays stays as it was. Each run asserts its identities
 * itself. */
#include "chain/contracts/receipt.h"
#include "tests/runs.h"
#include "tests/tap.h"

#define FEE INT64_C(2000000) /* 0.002 */

static size_t n_executed(const struct gb_record *record, uint32_t meter)
{
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        EXPECT_INT(orders[i].n_again, 0); /* each row is one message */
        n += orders[i].meter == meter && orders[i].status != GB_N_RECEIPTS &&
             gb_receipt_is_of_execution((enum gb_receipt)orders[i].status);
    }
    return n;
}

/* Money of a user but for its fees. */
static int64_t other_cost(const struct gb_user_row *user)
{
    return user->cost - user->fee_cost;
}

/* is_weighed  by agents, who then do otherwise than where messages are free */
static void compare_fees(const char *mechanism, bool is_weighed)
{
    struct gb_record *free_of = run_village(mechanism, "agents.traits=wide", NULL, NULL);
    struct gb_record *record =
        run_village(mechanism, "agents.traits=wide", "chain.fee=0.002", NULL);

    if (!free_of || !record) {
        gb_record_free(free_of);
        gb_record_free(record);
        return;
    }
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    const struct gb_user_row *before = gb_record_rows(free_of, GB_TABLE_USERS);
    int64_t sum = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++) {
        EXPECT_INT(users[i].fee_cost, (int64_t)n_executed(record, (uint32_t)i) * FEE);
        if (!is_weighed)
            EXPECT_INT(other_cost(&users[i]), before[i].cost);
        sum += users[i].fee_cost;
    }
    EXPECT(sum > 0);
    EXPECT_INT(summary_of(record)->fee_cost, sum);
    EXPECT_INT(summary_of(record)->operator_balance, summary_of(free_of)->operator_balance + sum);
    if (!is_weighed)
        EXPECT_INT(summary_of(record)->saving, summary_of(free_of)->saving - sum);
    gb_record_free(free_of);
    gb_record_free(record);
}

static void every_order_that_is_executed_costs_its_sender_the_fee_and_nothing_else(void)
{
    compare_fees("market.mechanism=two_round", false);
}

static void amendments_cost_it_too(void)
{
    compare_fees("market.mechanism=continuous", true);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_order_that_is_executed_costs_its_sender_the_fee_and_nothing_else),
        TAP(amendments_cost_it_too),
        {0}};
    return tap_main("fees", tests);
}
