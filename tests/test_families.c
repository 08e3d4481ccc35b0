/* Members of families handed in at run time: a strategy, a mechanism, a delay model and a message
 * flow that no list of the program holds are named by scenarios and run, each added by one call. */
#include "base/delay.h"
#include "base/param.h"
#include "base/registry.h"
#include "chain/node/chain.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "experiments/sweep/sweep.h"
#include "models/agents/strategy.h"
#include "models/assets/load.h"
#include "models/market/mechanism.h"
#include "models/market/order_store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/runs.h"
#include "tests/tap.h"
#include "tests/text_file.h"

/* ---- a strategy: everybody quotes one price, held within its own reserve */

struct flat {
    struct gb_price price;
};

static const struct gb_param flat_params[] = {
    {"agents.flat_price", GB_PARAM_PRICE, offsetof(struct flat, price), "0.45", 0, 1000,
     "currency/kWh", NULL, GB_LAYER_AGENTS, "What strategy flat quotes."},
    {0},
};

static void flat_quote(const void *config, void *state, const struct gb_traits *traits,
                       const struct gb_quote_batch *batch, struct gb_price *quote_out,
                       int32_t *beta_out)
{
    int64_t price = ((const struct flat *)config)->price.ticks;

    (void)state;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];
        int64_t sell = traits->reserve_sell[meter].ticks, buy = traits->reserve_buy[meter].ticks;

        if (batch->side[i] == GB_SELL)
            quote_out[i].ticks = price > sell ? price : sell;
        else
            quote_out[i].ticks = price < buy ? price : buy;
        beta_out[i] = gb_betas_of(traits->betas, meter, batch->interval);
    }
}

static const struct gb_strategy flat = {
    .member = {.name = "flat",
               .summary = "quotes one price",
               .params = flat_params,
               .config_size = sizeof(struct flat)},
    .quote = flat_quote,
};

/* ---- a mechanism: every sale meets the first bids in order of time that cross it, at its ask */

enum { MAX_TRADES = 4096 };

struct first_come {
    struct gb_order_store orders;
    size_t n_trades;
    struct gb_trade trades[MAX_TRADES];
};

static const struct gb_param first_come_params[] = {
    {"market.k", GB_PARAM_ENERGY, sizeof(struct gb_energy), "7", 1, 1e6, "Wh", NULL,
     GB_LAYER_MARKET, "A name that two_round has as well, for something else."},
    {"market.smallest_trade", GB_PARAM_ENERGY, 0, "1", 1, 1e6, "Wh", NULL, GB_LAYER_MARKET,
     "Smallest trade of the mechanism first_come."},
    {0},
};

static int64_t smallest_trade; /* of the rules of the latest state: for the test below */

static enum gb_status first_come_create(void **state, const struct gb_market_rules *rules,
                                        struct gb_error *err)
{
    *state = calloc(1, sizeof(struct first_come));
    memcpy(&smallest_trade, rules->options, sizeof smallest_trade);
    return *state ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for a mechanism");
}

static void first_come_begin(void *state, int64_t interval)
{
    struct first_come *market = state;

    (void)interval;
    gb_order_store_clear(&market->orders);
    market->n_trades = 0;
}

static enum gb_status first_come_apply(void *state, const struct gb_order *orders, size_t n,
                                       struct gb_error *err)
{
    struct first_come *market = state;
    enum gb_status status = gb_order_store_reserve(&market->orders, n, err);

    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = gb_order_store_add(&market->orders, &orders[i], 0, err);
    return status;
}

static enum gb_status first_come_cancel(void *state, uint32_t order, struct gb_error *err)
{
    return gb_order_store_cancel(&((struct first_come *)state)->orders, order, err);
}

static void first_come_trade(struct first_come *market, uint32_t ask, uint32_t bid)
{
    struct gb_order_store *orders = &market->orders;
    int64_t a = orders->left[ask].wh, b = orders->left[bid].wh, wh = a < b ? a : b;

    if (wh == 0 || orders->quote[bid].ticks < orders->quote[ask].ticks ||
        market->n_trades == MAX_TRADES)
        return;
    market->trades[market->n_trades++] =
        (struct gb_trade){.round = 1,
                          .sell_order = ask,
                          .buy_order = bid,
                          .seller = orders->terms[ask].owner,
                          .buyer = orders->terms[bid].owner,
                          .source = (uint8_t)orders->terms[ask].source,
                          .energy = {wh},
                          .price_buy = orders->quote[ask],
                          .price_sell = orders->quote[ask]};
    gb_order_store_set_left(orders, ask, a - wh);
    gb_order_store_set_left(orders, bid, b - wh);
}

static enum gb_status first_come_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct first_come *market = state;
    const struct gb_order_store *orders = &market->orders;

    (void)err;
    for (uint32_t ask = 0; ask < orders->n; ask++)
        for (uint32_t bid = 0; orders->terms[ask].side == GB_SELL && bid < orders->n; bid++)
            if (orders->terms[bid].side == GB_BUY)
                first_come_trade(market, ask, bid);
    *out = (struct gb_match){.n_trades = market->n_trades,
                             .trades = market->trades,
                             .n_orders = orders->n,
                             .unmatched = orders->left,
                             .last_quote = orders->quote,
                             .rounds = 1};
    return GB_OK;
}

static void first_come_free(void *state)
{
    if (state)
        gb_order_store_release(&((struct first_come *)state)->orders, 0);
    free(state);
}

static const struct gb_mechanism first_come = {
    .member = {.name = "first_come",
               .summary = "first come, first served, at the ask",
               .params = first_come_params,
               .config_size = 2 * sizeof(struct gb_energy)},
    .create = first_come_create,
    .begin = first_come_begin,
    .apply = first_come_apply,
    .cancel = first_come_cancel,
    .finish = first_come_finish,
    .free = first_come_free,
};

/* ---- a delay: one of two, as likely as the other */

struct either {
    int64_t first_ns, second_ns;
};

static const struct gb_param either_params[] = {
    {"first", GB_PARAM_DURATION, offsetof(struct either, first_ns), "10 ms", 0, 0, NULL, NULL,
     GB_LAYER_CHAIN, "The one."},
    {"second", GB_PARAM_DURATION, offsetof(struct either, second_ns), "50 ms", 0, 0, NULL, NULL,
     GB_LAYER_CHAIN, "The other."},
    {0},
};

static double either_at(const void *config, double uniform)
{
    const struct either *either = config;

    return (double)(uniform < 0.5 ? either->first_ns : either->second_ns);
}

static double either_mean_ns(const void *config)
{
    const struct either *either = config;

    return ((double)either->first_ns + (double)either->second_ns) / 2;
}

static const struct gb_delay_model either = {
    .member = {.name = "either",
               .summary = "one of two",
               .params = either_params,
               .config_size = sizeof(struct either)},
    .at = either_at,
    .mean_ns = either_mean_ns,
};

/* ---- a flow: that of Castro and Liskov, with the leader's Prepare sent as well */

static const struct gb_flow echoed = {
    .member = {.name = "echoed", .summary = "classic, and the leader prepares"},
    .formula = "(n-1)(2n+1)",
    .leader_prepares = true,
};

/* ---- the tests */

static struct gb_extensions *all_four(void)
{
    struct gb_extensions *extensions = gb_extensions_create();
    struct gb_error err = {0};

    if (!EXPECT(extensions != NULL))
        abort();
    EXPECT_INT(gb_extensions_add(extensions, &gb_strategy_family, &flat.member, &err), GB_OK);
    EXPECT_INT(gb_extensions_add(extensions, &gb_mechanism_family, &first_come.member, &err),
               GB_OK);
    EXPECT_INT(gb_extensions_add(extensions, &gb_delay_family, &either.member, &err), GB_OK);
    EXPECT_INT(gb_extensions_add(extensions, &gb_flow_family, &echoed.member, &err), GB_OK);
    return extensions;
}

/* A scenario of a small village under settings; NULL with the first diagnostic in `said`. */
static struct gb_scenario *village(const struct gb_extensions *extensions, const char *setting,
                                   const char *other, char *said, size_t size)
{
    const char *const settings[] = {"slots=48", "meters.count=12", setting, other};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    said[0] = '\0';
    if (gb_scenario_defaults(&scenario, extensions, other ? 4 : 3, settings, diagnostics, &err) !=
        GB_OK)
        snprintf(said, size, "%s", gb_diagnostics_at(diagnostics, 0));
    gb_diagnostics_free(diagnostics);
    return scenario;
}

/* ledger  where it is written, or NULL */
static struct gb_record *run_extended_to(const char *ledger, const struct gb_extensions *extensions,
                                         const char *setting, const char *other)
{
    char said[512];
    struct gb_scenario *scenario = village(extensions, setting, other, said, sizeof said);
    struct gb_run_options options = {.ledger_path = ledger};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    EXPECT_TEXT(said, "");
    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_scenario_free(scenario);
    return record;
}

static struct gb_record *run_extended(const struct gb_extensions *extensions, const char *setting,
                                      const char *other)
{
    return run_extended_to(NULL, extensions, setting, other);
}

static void each_of_them_runs(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_record *usual = run_extended(extensions, "seed=1", NULL);
    struct gb_record *quoted =
        run_extended(extensions, "agents.strategy=flat", "agents.flat_price=0.44");
    struct gb_record *matched =
        run_extended(extensions, "market.mechanism=first_come", "market.smallest_trade=5");
    struct gb_record *delayed = run_extended(extensions, "chain.delay=either 20 ms 90 ms", NULL);
    const struct gb_trade_row *trades = matched ? gb_record_rows(matched, GB_TABLE_TRADES) : NULL;

    EXPECT(usual && gb_record_n_rows(usual, GB_TABLE_TRADES) > 0);
    EXPECT(quoted && gb_record_n_rows(quoted, GB_TABLE_TRADES) > 0);
    EXPECT(matched && gb_record_n_rows(matched, GB_TABLE_TRADES) > 0);
    EXPECT(trades && trades[0].round == 1);
    EXPECT_INT(smallest_trade, 5);
    EXPECT(delayed && gb_record_n_rows(delayed, GB_TABLE_BLOCKS) > 0);
    EXPECT(usual && delayed && !tables_are_equal(usual, delayed, GB_TABLE_BLOCKS));
    gb_record_free(usual);
    gb_record_free(quoted);
    gb_record_free(matched);
    gb_record_free(delayed);
    gb_extensions_free(extensions);
}

static void their_names_and_options_are_those_of_the_scenario(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_error err = {0};
    char said[512], *text = NULL, takes[512];
    struct gb_scenario *scenario =
        village(extensions, "agents.strategy=flat", "agents.flat_price=0.44", said, sizeof said);

    EXPECT_INT((int64_t)gb_scenario_n_rows(extensions), (int64_t)gb_scenario_n_rows(NULL) + 3);
    if (EXPECT(scenario != NULL)) {
        EXPECT_INT(gb_scenario_text(scenario, &text, &err), GB_OK);
        EXPECT(text && strstr(text, "strategy: flat\n") && strstr(text, "flat_price: 0.44\n"));
        EXPECT(text && !strstr(text, "smallest_trade"));
        const struct gb_param *row = gb_scenario_find_row(scenario, "chain.delay");
        gb_scenario_describe(extensions, row, takes, sizeof takes);
        EXPECT(strstr(takes, "or `either 10 ms 50 ms`") != NULL);
    }
    gb_scenario_free(scenario);
    free(text);
    EXPECT(!village(NULL, "agents.strategy=flat", NULL, said, sizeof said));
    EXPECT(strstr(said, "expected one of paper_beta") != NULL);
    EXPECT(!village(extensions, "agents.strategy=zi_c", "agents.flat_price=1", said, sizeof said));
    EXPECT(strstr(said, "is an option of the strategy flat") != NULL);
    EXPECT(!village(extensions, "market.mechanism=first_come", "market.beta=1", said, sizeof said));
    EXPECT(strstr(said, "'market.beta' is an option of the mechanism two_round or continuous, and "
                        "market.mechanism is first_come") != NULL);
    gb_extensions_free(extensions);
}

static void a_ledger_under_them_is_verified_by_who_has_them(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_ledger_report report = {0};
    struct gb_error err = {0};
    const char *path = "test_families.ledger";

    gb_record_free(
        run_extended_to(path, extensions, "market.mechanism=first_come", "chain.flow=echoed"));
    EXPECT_INT(gb_ledger_verify(path, extensions, NULL, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    EXPECT(report.n_blocks > 0);
    EXPECT_INT(gb_ledger_verify(path, NULL, NULL, &report, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "expected a flow that this program knows, got 'echoed'") != NULL);
    gb_record_free(
        run_extended_to(path, extensions, "market.mechanism=first_come", "chain.flow=classic"));
    err = (struct gb_error){0};
    EXPECT_INT(gb_ledger_verify(path, NULL, NULL, &report, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "expected a mechanism that this program knows, got 'first_come'") !=
           NULL);
    unlink(path);
    gb_extensions_free(extensions);
}

/* The effective scenario of the last cell reads back under the same extensions alone. */
static void a_sweep_and_a_stored_scenario_may_name_them(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL, *back = NULL;
    struct gb_sweep *sweep = NULL;
    struct gb_error err = {0};
    char *text = NULL;

    write_text("test_families.yaml", "format: 1\nslots: 2\nmeters.count: 4\n");
    write_text("test_families.sweep.yaml", "format: 1\nscenario: test_families.yaml\n"
                                           "vary: {agents.strategy: [zi_c, flat]}\n");
    EXPECT_INT(gb_sweep_load(&sweep, extensions, "test_families.sweep.yaml", 0, NULL, 0,
                             diagnostics, &err),
               GB_OK);
    if (sweep) {
        EXPECT_INT(gb_sweep_scenario(sweep, 1, &scenario, &err), GB_OK);
        EXPECT_INT(gb_scenario_text(scenario, &text, &err), GB_OK);
        EXPECT(text && strstr(text, "strategy: flat\n"));
        EXPECT_INT(gb_scenario_parse(&back, extensions, text, "stored", diagnostics, &err), GB_OK);
        gb_scenario_free(back);
        EXPECT_INT(gb_scenario_parse(&back, NULL, text, "stored", diagnostics, &err), GB_ECONFIG);
    }
    gb_scenario_free(scenario);
    gb_sweep_free(sweep);
    sweep = NULL;
    EXPECT_INT(
        gb_sweep_load(&sweep, NULL, "test_families.sweep.yaml", 0, NULL, 0, diagnostics, &err),
        GB_ECONFIG);
    free(text);
    gb_diagnostics_free(diagnostics);
    gb_extensions_free(extensions);
    unlink("test_families.yaml");
    unlink("test_families.sweep.yaml");
}

static void an_option_name_of_two_members_is_read_by_the_one_that_is_chosen(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_error err = {0};
    char said[512], *text = NULL;
    struct gb_scenario *scenario =
        village(extensions, "market.mechanism=first_come", "market.k=12", said, sizeof said);

    EXPECT_TEXT(said, "");
    if (scenario)
        EXPECT_INT(gb_scenario_text(scenario, &text, &err), GB_OK);
    EXPECT(text && strstr(text, "  k: 12\n") && !strstr(text, "  k: 0.5\n"));
    gb_scenario_free(scenario);
    free(text);
    EXPECT(!village(extensions, "market.mechanism=first_come", "market.k=0.5", said, sizeof said));
    EXPECT(strstr(said, "market.k: expected a whole number of Wh") != NULL);
    EXPECT(!village(extensions, "market.mechanism=two_round", "market.k=12", said, sizeof said));
    EXPECT(strstr(said, "market.k: expected a number from 0 to 1") != NULL);
    EXPECT(!village(extensions, "market.mechanism=grid_only", "market.k=12", said, sizeof said));
    EXPECT(
        strstr(said,
               "'market.k' is an option of the mechanism two_round or uniform or first_come, and "
               "market.mechanism is grid_only") != NULL);
    gb_extensions_free(extensions);
}

static void a_mechanism_has_as_many_options_as_a_genesis_counts(void)
{
    enum { N_OPTIONS = GB_MECHANISM_MAX_OPTIONS + 1 };
    struct gb_extensions *extensions = all_four();
    struct gb_mechanism rich = first_come;
    struct gb_param options[N_OPTIONS + 1] = {{0}};
    struct gb_error err = {0};

    for (size_t i = 0; i < N_OPTIONS; i++)
        options[i] = first_come_params[1];
    rich.member.name = "rich";
    rich.member.params = options;
    EXPECT_INT(gb_extensions_add(extensions, &gb_mechanism_family, &rich.member, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "the mechanism 'rich' has 65 options, more than 64");
    options[N_OPTIONS - 1] = (struct gb_param){0};
    EXPECT_INT(gb_extensions_add(extensions, &gb_mechanism_family, &rich.member, &err), GB_OK);
    gb_extensions_free(extensions);
}

static void every_member_built_in_fits_its_family(void)
{
    const struct gb_family *const families[] = {&gb_strategy_family, &gb_mechanism_family,
                                                &gb_protocol_family, &gb_delay_family,
                                                &gb_flow_family,     &gb_load_family};
    size_t n = 0;

    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        for (size_t i = 0; families[f]->members[i]; i++, n++) {
            struct gb_error err = {0};

            EXPECT_INT(gb_family_check(families[f], families[f]->members[i], &err), GB_OK);
            EXPECT_TEXT(err.text, "");
        }
    EXPECT(n > 10);
}

static void a_name_is_a_word_and_is_taken_once(void)
{
    struct gb_extensions *extensions = all_four();
    struct gb_strategy other = flat;
    struct gb_mechanism large = first_come;
    struct gb_error err = {0};

    EXPECT_INT(gb_extensions_add(extensions, &gb_strategy_family, &flat.member, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "there is a strategy 'flat' already");
    other.member.name = "zi_c";
    EXPECT_INT(gb_extensions_add(extensions, &gb_strategy_family, &other.member, NULL), GB_EINPUT);
    other.member.name = "Flat out";
    EXPECT_INT(gb_extensions_add(extensions, &gb_strategy_family, &other.member, NULL), GB_EINPUT);
    large.member.name = "large";
    large.member.config_size = GB_MECHANISM_OPTIONS + 1;
    EXPECT_INT(gb_extensions_add(extensions, &gb_mechanism_family, &large.member, NULL), GB_EINPUT);
    EXPECT(!gb_family_find(&gb_delay_family, extensions, "flat")); /* families are apart */
    gb_extensions_free(extensions);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(each_of_them_runs),
        TAP(their_names_and_options_are_those_of_the_scenario),
        TAP(a_ledger_under_them_is_verified_by_who_has_them),
        TAP(a_name_is_a_word_and_is_taken_once),
        TAP(a_sweep_and_a_stored_scenario_may_name_them),
        TAP(an_option_name_of_two_members_is_read_by_the_one_that_is_chosen),
        TAP(a_mechanism_has_as_many_options_as_a_genesis_counts),
        TAP(every_member_built_in_fits_its_family),
        {0}};
    return tap_main("families", tests);
}
