#include "cli/paper_case.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics.h"
#include "analysis/paper_case.h"
#include "analysis/schema.h"
#include "base/param.h"
#include "cli/text_table.h"
#include "models/market/mechanism.h"

static const struct gb_summary_row *only_trial(const struct gb_results *results)
{
    return &gb_results_summary(results)[0];
}

static enum gb_status load_orders(struct gb_results *results, struct gb_order_row **orders,
                                  size_t *n, struct gb_error *err)
{
    void *rows = NULL;
    enum gb_status status =
        gb_results_rows(results, GB_TABLE_ORDERS, only_trial(results)->trial, &rows, n, err);

    *orders = rows;
    return status;
}

enum gb_status gb_paper_case_is(bool *is, struct gb_results *results, struct gb_error *err)
{
    struct gb_order_row *orders = NULL;
    size_t n = 0;
    enum gb_status status;

    *is = gb_results_n_trials(results) == 1 && gb_results_has(results, GB_TABLE_ORDERS) &&
          only_trial(results)->n_orders == GB_PAPER_N_ORDERS;
    if (!*is)
        return GB_OK;
    status = load_orders(results, &orders, &n, err);
    *is = status == GB_OK && gb_paper_case_matches(only_trial(results), orders, n);
    free(orders);
    return status;
}

/* ---- Table 2 */

/* The paper's name of the user at a meter, by the order it sent. */
static const char *user_at(const struct gb_order_row *orders, size_t n, uint32_t meter)
{
    for (size_t i = 0; i < n; i++)
        if (orders[i].meter == meter)
            return gb_paper_user_of(&orders[i]);
    return "?";
}

static const struct gb_paper_trade *printed_trade(const char *seller, const char *buyer)
{
    for (size_t i = 0; i < GB_PAPER_N_TRADES; i++)
        if (strcmp(gb_paper_trades[i].seller, seller) == 0 &&
            strcmp(gb_paper_trades[i].buyer, buyer) == 0)
            return &gb_paper_trades[i];
    return NULL;
}

static void add_trade(struct gb_text_table *table, const char *seller, const char *buyer,
                      const char *round, int64_t wh, int64_t ticks, const char *state)
{
    const struct gb_paper_trade *printed = printed_trade(seller, buyer);
    char energy[32], price[32], printed_energy[32];

    gb_text_table_add(table, "%s-%s", seller, buyer);
    gb_text_table_add(table, "%s", round);
    gb_text_table_add(table, "%s", gb_format_decimal(wh, 3, energy, sizeof energy));
    gb_text_table_add(table, "%s", gb_format_decimal(ticks, 6, price, sizeof price));
    gb_text_table_add(table, "%s", state);
    gb_text_table_add(
        table, "%s",
        printed ? gb_format_decimal(printed->energy_wh, 3, printed_energy, sizeof printed_energy)
                : "-");
    gb_text_table_add(table, "%s", printed ? printed->price : "-");
}

static enum gb_status print_trades(struct gb_results *results, const struct gb_order_row *orders,
                                   size_t n_orders, FILE *out, struct gb_error *err)
{
    struct gb_text_table table = {.alignment = "lrrrlrr"};
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(results, GB_TABLE_TRADES, only_trial(results)->trial, &rows, &n, err);
    const struct gb_trade_row *trades = rows;
    const struct gb_field *status_field = gb_field_find(GB_TABLE_TRADES, "status");
    static const char *const head[] = {"trade", "round",      "kWh",  "price",
                                       "state", "paper: kWh", "price"};

    if (status != GB_OK)
        return status;
    for (size_t c = 0; c < sizeof head / sizeof head[0]; c++)
        gb_text_table_add(&table, "%s", head[c]);
    for (size_t i = 0; i < n; i++) {
        char round[16], state[16];

        snprintf(round, sizeof round, "%" PRIu32, trades[i].round);
        add_trade(&table, user_at(orders, n_orders, trades[i].seller),
                  user_at(orders, n_orders, trades[i].buyer), round, trades[i].energy_wh,
                  trades[i].price_buy,
                  gb_field_word(status_field, trades[i].status, state, sizeof state));
    }
    for (size_t i = 0; i < n_orders; i++) /* what buyers found no partner for */
        if (orders[i].side == GB_BUY && orders[i].matched_wh < orders[i].quantity_wh)
            add_trade(&table, gb_paper_grid, gb_paper_user_of(&orders[i]), "-",
                      orders[i].quantity_wh - orders[i].matched_wh, only_trial(results)->retail,
                      "-");
    fprintf(out, "Trades, beside Table 2 of the paper (yuan/kWh; it prints 0.4925 as 0.492)\n");
    gb_text_table_print(&table, 2, out);
    free(rows);
    return GB_OK;
}

/* ---- Figure 4 */

static const struct gb_user_row *user_row(const struct gb_user_row *users, size_t n, uint32_t meter)
{
    for (size_t i = 0; i < n; i++)
        if (users[i].meter == meter)
            return &users[i];
    return NULL;
}

static void add_user(struct gb_text_table *table, const struct gb_paper_user *paper,
                     const struct gb_user_row *user, bool sells)
{
    int64_t sign = sells ? -1 : 1;
    char text[32];

    gb_text_table_add(table, "%s", paper->user);
    gb_text_table_add(table, "%s", sells ? "revenue" : "cost");
    gb_text_table_add(table, "%s", gb_format_decimal(sign * user->cost, 9, text, sizeof text));
    gb_text_table_add(table, "%s",
                      gb_format_decimal(sign * user->cost_grid_only, 9, text, sizeof text));
    gb_text_table_add(table, "%+.4f %%",
                      gb_change_pct(sign * user->cost, sign * user->cost_grid_only));
    gb_text_table_add(table, "%.7g", paper->amount);
}

static enum gb_status print_users(struct gb_results *results, const struct gb_order_row *orders,
                                  size_t n_orders, FILE *out, struct gb_error *err)
{
    struct gb_text_table table = {.alignment = "llrrrr"};
    static const char *const head[] = {"user", "", "market", "grid only", "change", "paper"};
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(results, GB_TABLE_USERS, only_trial(results)->trial, &rows, &n, err);

    if (status != GB_OK)
        return status;
    for (size_t c = 0; c < sizeof head / sizeof head[0]; c++)
        gb_text_table_add(&table, "%s", head[c]);
    for (size_t p = 0; p < GB_PAPER_N_ORDERS; p++)
        for (size_t i = 0; i < n_orders; i++) {
            const struct gb_user_row *user = user_row(rows, n, orders[i].meter);

            if (user && strcmp(gb_paper_user_of(&orders[i]), gb_paper_users[p].user) == 0)
                add_user(&table, &gb_paper_users[p], user, orders[i].side == GB_SELL);
        }
    fprintf(out, "\nUsers, beside Figure 4 of the paper (yuan; computed from its Table 2)\n");
    gb_text_table_print(&table, 2, out);
    free(rows);
    return GB_OK;
}

/* ---- the ablation: what of the benefit comes from where */

struct outcome {
    int64_t buyers_cost, sellers_revenue;
};

/* Clears the stored orders under the given rules; who finds no partner trades with the grid. */
static enum gb_status clear(const struct gb_order_row *rows, size_t n,
                            const struct gb_market_rules *rules, struct outcome *out,
                            struct gb_error *err)
{
    const struct gb_mechanism *mechanism = rules->mechanism;
    struct gb_order book[GB_PAPER_N_ORDERS] = {0};
    struct gb_match match;
    void *state = NULL;
    enum gb_status status = mechanism->create(&state, rules, err);

    if (status != GB_OK)
        return status;
    for (size_t i = 0; i < n; i++) /* rows come in the ledger's order */
        book[i] = (struct gb_order){.owner = rows[i].meter,
                                    .side = rows[i].side,
                                    .type = rows[i].type,
                                    .source = rows[i].source,
                                    .quantity = {rows[i].quantity_wh},
                                    .minimum = {rows[i].minimum_wh},
                                    .price = {rows[i].price},
                                    .reserve = {rows[i].reserve},
                                    .beta_millionths = GB_BETA_OF_MARKET};
    mechanism->begin(state, 0);
    status = mechanism->apply(state, book, n, err);
    if (status == GB_OK)
        status = mechanism->finish(state, &match, err);
    if (status == GB_OK) {
        *out = (struct outcome){0, 0};
        for (size_t i = 0; i < match.n_trades; i++) {
            out->buyers_cost += gb_cost(match.trades[i].energy, match.trades[i].price_buy).units;
            out->sellers_revenue +=
                gb_cost(match.trades[i].energy, match.trades[i].price_sell).units;
        }
        for (size_t i = 0; i < n; i++)
            if (rows[i].side == GB_BUY)
                out->buyers_cost += gb_cost(match.unmatched[i], rules->tariff.retail).units;
            else
                out->sellers_revenue += gb_cost(match.unmatched[i], rules->tariff.feed_in).units;
    }
    mechanism->free(state);
    return status;
}

/* An option of the default mechanism, as text that it takes. */
static void set_option(struct gb_market_rules *rules, const char *key, const char *value)
{
    char why[256];
    bool is_good = gb_market_rules_set(rules, key, value, why, sizeof why);

    assert(is_good && "an option of the paper's market");
    (void)is_good;
}

static enum gb_status print_ablation(const struct gb_summary_row *summary,
                                     const struct gb_order_row *orders, size_t n, FILE *out,
                                     struct gb_error *err)
{
    static const struct {
        const char *what, *rounds, *beta, *match;
    } steps[] = {
        {"round 1 alone", "0", "0", "within_reserve"},
        {"and round 2, matched within the reserves, beta = 0", "1", "0", "within_reserve"},
        {"the same, beta = 0.1 (the paper)", "1", "0.1", "within_reserve"},
        {"the same, beta = 0.1, but only crossing quotes match", "1", "0.1", "crossing"},
    };
    struct gb_text_table table = {.alignment = "lrr"};
    enum gb_status status = GB_OK;

    gb_text_table_add(&table, "orders of Table 1 cleared by");
    gb_text_table_add(&table, "buyers' cost");
    gb_text_table_add(&table, "sellers' revenue");
    for (size_t i = 0; status == GB_OK && i < sizeof steps / sizeof steps[0]; i++) {
        struct gb_market_rules rules;
        struct outcome outcome;

        gb_market_rules_init(&rules); /* the defaults are the paper's reading */
        rules.tariff = (struct gb_tariff){{summary->retail}, {summary->feed_in}};
        rules.has_band = 1;
        set_option(&rules, "market.books", "pooled");
        set_option(&rules, "market.requote.rounds", steps[i].rounds);
        set_option(&rules, "market.beta", steps[i].beta);
        set_option(&rules, "market.requote.match", steps[i].match);
        status = clear(orders, n, &rules, &outcome, err);
        if (status != GB_OK)
            break;
        gb_text_table_add(&table, "%s", steps[i].what);
        gb_text_table_add(&table, "%+.4f %%",
                          gb_change_pct(outcome.buyers_cost, summary->buyers_cost_grid_only));
        gb_text_table_add(
            &table, "%+.4f %%",
            gb_change_pct(outcome.sellers_revenue, summary->sellers_revenue_grid_only));
    }
    if (status == GB_OK)
        fprintf(out, "\nWhere it comes from (computed now from the stored orders): beta moves\n"
                     "money between the sides and little else; the match of round 2 within the\n"
                     "reserves does the rest\n");
    gb_text_table_print(&table, 2, out);
    return status;
}

enum gb_status gb_paper_case_print(struct gb_results *results, FILE *out, struct gb_error *err)
{
    const struct gb_summary_row *summary = only_trial(results);
    struct gb_order_row *orders = NULL;
    size_t n = 0;
    enum gb_status status = load_orders(results, &orders, &n, err);

    if (status == GB_OK)
        status = print_trades(results, orders, n, out, err);
    if (status == GB_OK)
        status = print_users(results, orders, n, out, err);
    if (status == GB_OK) {
        struct gb_text_table table = {.alignment = "lrr"};

        gb_text_table_add(&table, "against grid-only");
        gb_text_table_add(&table, "this run");
        gb_text_table_add(&table, "paper");
        gb_text_table_add(&table, "buyers' cost");
        gb_text_table_add(&table, "%+.4f %%",
                          gb_change_pct(summary->buyers_cost, summary->buyers_cost_grid_only));
        gb_text_table_add(&table, "%+d %%", GB_PAPER_BUYERS_CHANGE_PCT);
        gb_text_table_add(&table, "sellers' revenue");
        gb_text_table_add(
            &table, "%+.4f %%",
            gb_change_pct(summary->sellers_revenue, summary->sellers_revenue_grid_only));
        gb_text_table_add(&table, "%+d %%", GB_PAPER_SELLERS_CHANGE_PCT);
        fputc('\n', out);
        gb_text_table_print(&table, 2, out);
        status = print_ablation(summary, orders, n, out, err);
    }
    free(orders);
    return status;
}
