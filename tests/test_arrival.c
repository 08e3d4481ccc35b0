/* Whatever order readings, opens and finalizes come in, every Wh is billed once and everybody pays
 * what the rules say. An oracle that shares nothing with the contracts keeps a table of meters and
 * intervals, and after every message looks through all of it. */
#include <stdlib.h>

#include "models/market/two_round/options.h"
#include "tests/splitmix64.h"
#include "tests/stage_delivery.h"
#include "tests/tap.h"

enum { METERS = 5, SLOTS = 4, MAX_TRADES = 40, N_CASES = 2000 };

struct case_state {
    struct stage stage;
    struct gb_contract_rules rules;
    uint64_t random;
    struct gb_message readings[METERS][SLOTS], opens[SLOTS];
    struct gb_trade trades[SLOTS][MAX_TRADES];
    size_t n_trades[SLOTS];
    int64_t ordered[METERS][SLOTS], metered[METERS][SLOTS]; /* Wh, import positive */
    bool was_sent[METERS][SLOTS], is_known[METERS][SLOTS], in_time[METERS][SLOTS];
    bool is_final[SLOTS], is_delivered[SLOTS], is_opened[SLOTS];
};

static uint32_t below(struct case_state *c, uint32_t n)
{
    return (uint32_t)(splitmix64(&c->random) % n);
}

/* ---- the play */

static struct gb_contract_rules rules_of(struct case_state *c)
{
    struct gb_contract_rules rules = stage_rules();

    rules.settlement = below(c, 3) == 0 ? GB_SETTLE_DELIVERED : GB_SETTLE_FIRM;
    rules.unmatched = rules.settlement == GB_SETTLE_FIRM && below(c, 2) ? GB_UNMATCHED_SCHEDULED
                                                                        : GB_UNMATCHED_METERED;
    rules.signatures_required = 2; /* both meters': the readings alone settle a trade */
    gb_two_round_options(&rules.market)->match = (int32_t)below(c, 2);
    rules.open_ns = rules.gate_ns = 2 * SLOTS * SLOT;
    rules.open_ns += SLOT;
    rules.deadline_ns = 2 * SLOTS * SLOT;
    return rules;
}

static void declare(struct case_state *c, int64_t k)
{
    struct stage *s = &c->stage;

    for (uint32_t m = 0; m < METERS; m++) {
        enum gb_side side = below(c, 2) ? GB_BUY : GB_SELL;
        int64_t wh = 1 + below(c, 3000), reserve = 310000 + below(c, 280001);
        if (below(c, 5) == 0)
            continue;
        EXPECT_INT(stage_send(s, stage_order(s, m, k, side, wh, reserve, reserve)), GB_RECEIPT_OK);
        c->ordered[m][k] = side == GB_BUY ? wh : -wh;
    }
}

static void match(struct case_state *c, int64_t k)
{
    struct stage *s = &c->stage;

    EXPECT_INT(stage_send(s, stage_gate(s, k, s->height)), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s->contracts, k);
    c->n_trades[k] = view.n_trades;
    for (size_t t = 0; t < view.n_trades; t++)
        c->trades[k][t] = view.trades[t];
}

/* What meters show is what they ordered, about, or something else. */
static void make_readings(struct case_state *c)
{
    struct stage_approval approvals[STAGE_APPROVALS];

    for (uint32_t m = 0; m < METERS; m++)
        for (int64_t k = 0; k < SLOTS; k++) {
            int64_t wh = c->ordered[m][k];
            c->metered[m][k] = below(c, 3) == 0 ? (int64_t)below(c, 6001) - 3000
                               : below(c, 2)    ? wh + (int64_t)below(c, 201) - 100
                                                : wh / (1 + below(c, 3));
            c->readings[m][k] = stage_reading(&c->stage, m, k, c->metered[m][k], approvals);
        }
}

/* ---- the oracle */

/* Unknown intervals before a known one are billed as a gap once all of them are final. */
static void close_gaps(struct case_state *c)
{
    for (uint32_t m = 0; m < METERS; m++)
        for (int64_t first = 0, k; first < SLOTS; first = k + 1) {
            bool all_final = true;
            for (k = first; k < SLOTS && !c->is_known[m][k]; k++)
                all_final &= c->is_final[k];
            for (int64_t i = first; all_final && k < SLOTS && i < k; i++)
                c->is_known[m][i] = true;
        }
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t tariff(int64_t wh)
{
    return 590000 * larger(wh, 0) - 310000 * larger(-wh, 0);
}

/* What a meter allots to trade t of an interval, of what it metered on its side of it. */
static int64_t allotted(const struct case_state *c, uint32_t m, int64_t k, size_t t)
{
    bool sells = c->trades[k][t].seller == m;
    int64_t left = larger(sells ? -c->metered[m][k] : c->metered[m][k], 0), given = 0;

    for (size_t i = 0; i <= t; i++) {
        if (c->trades[k][i].seller != m && c->trades[k][i].buyer != m)
            continue;
        given = left < c->trades[k][i].energy.wh ? left : c->trades[k][i].energy.wh;
        left -= given;
    }
    return given;
}

static int64_t executed(const struct case_state *c, int64_t k, size_t t)
{
    const struct gb_trade *trade = &c->trades[k][t];

    if (!c->is_delivered[k] || !c->in_time[trade->seller][k] || !c->in_time[trade->buyer][k])
        return 0;
    if (c->rules.settlement == GB_SETTLE_FIRM)
        return trade->energy.wh;
    int64_t sold = allotted(c, trade->seller, k, t), bought = allotted(c, trade->buyer, k, t);
    return sold < bought ? sold : bought;
}

static int64_t paid_for(const struct case_state *c, uint32_t m, int64_t k)
{
    int64_t metered = c->metered[m][k], bought = 0, sold = 0, units = 0;

    if (!c->in_time[m][k])
        return tariff(metered);
    for (size_t t = 0; t < c->n_trades[k]; t++) {
        const struct gb_trade *trade = &c->trades[k][t];
        int64_t wh = executed(c, k, t);
        bought += trade->buyer == m ? wh : 0;
        sold += trade->seller == m ? wh : 0;
        units += trade->buyer == m    ? wh * trade->price_buy.ticks
                 : trade->seller == m ? -wh * trade->price_sell.ticks
                                      : 0;
    }
    if (c->rules.unmatched == GB_UNMATCHED_SCHEDULED && c->is_delivered[k] && c->ordered[m][k]) {
        int64_t beside = metered - c->ordered[m][k];
        return units + tariff(c->ordered[m][k] - bought + sold) +
               (beside > 0 ? 700000 : 200000) * beside;
    }
    int64_t imported = larger(metered, 0), exported = larger(-metered, 0);
    int64_t taken = imported < bought ? imported : bought;
    int64_t delivered = exported < sold ? exported : sold;
    return units + 700000 * (sold - delivered) - 200000 * (bought - taken) +
           590000 * (imported - taken) - 310000 * (exported - delivered);
}

/* ---- messages, in any order */

static void send_open(struct case_state *c, int64_t k, bool is_late)
{
    enum gb_receipt receipt = stage_send(&c->stage, c->opens[k]);

    EXPECT_INT(receipt, c->is_final[k] ? GB_RECEIPT_ALREADY_DONE : GB_RECEIPT_OK);
    c->is_opened[k] = true;
    c->is_delivered[k] = !is_late;
}

static void send_reading(struct case_state *c, uint32_t m, int64_t k)
{
    enum gb_receipt receipt = stage_send(&c->stage, c->readings[m][k]);

    if (!EXPECT_INT(receipt, c->is_known[m][k] ? GB_RECEIPT_ALREADY_DONE : GB_RECEIPT_OK))
        tap_note("meter %u, slot %d", m, (int)k);
    c->was_sent[m][k] = true;
    c->in_time[m][k] = !c->is_final[k];
    c->is_known[m][k] = true;
}

static void send_finalize(struct case_state *c, int64_t k)
{
    EXPECT_INT(stage_send(&c->stage, stage_finalize(&c->stage, k)), GB_RECEIPT_OK);
    c->is_final[k] = true;
}

/* Tries at random: a reading, an open or, once it is late, a finalize. */
static void send_any(struct case_state *c, bool is_late)
{
    uint32_t m = below(c, METERS);
    int64_t k = below(c, SLOTS);

    switch (below(c, is_late ? 6 : 5)) {
    case 0:
        if (!c->is_opened[k])
            send_open(c, k, is_late);
        break;
    case 5:
        if (!c->is_final[k])
            send_finalize(c, k);
        break;
    default:
        if (!c->was_sent[m][k])
            send_reading(c, m, k);
        break;
    }
    close_gaps(c);
}

static void flush(struct case_state *c)
{
    for (int64_t k = 0; k < SLOTS; k++)
        if (!c->is_final[k])
            send_finalize(c, k);
    close_gaps(c);
    for (uint32_t m = 0; m < METERS; m++) {
        if (!c->is_known[m][SLOTS - 1])
            send_reading(c, m, SLOTS - 1);
        EXPECT_INT(gb_contracts_last_reading(c->stage.contracts, m), SLOTS - 1);
    }
}

static bool check(const struct case_state *c)
{
    bool holds = true;

    for (uint32_t m = 0; m < METERS; m++) {
        int64_t expected = 0;
        for (int64_t k = 0; k < SLOTS; k++)
            expected += paid_for(c, m, k);
        holds &= EXPECT_INT(STAGE_BALANCE - stage_balance(&c->stage, m) -
                                gb_contracts_grid_account(c->stage.contracts, m).units,
                            expected);
        holds &= EXPECT_INT(gb_contracts_escrow(c->stage.contracts, m).units, 0);
    }
    return holds;
}

static bool play(struct case_state *c, uint64_t seed)
{
    *c = (struct case_state){.random = seed};
    c->rules = rules_of(c);
    stage_start_under(&c->stage, METERS, c->rules);
    c->stage.time_ns = -c->rules.open_ns + SLOTS * SLOT;
    for (int64_t k = 0; k < SLOTS; k++)
        declare(c, k);
    for (int64_t k = 0; k < SLOTS; k++)
        match(c, k);
    make_readings(c);
    for (int64_t k = 0; k < SLOTS; k++)
        c->opens[k] = stage_deliver(&c->stage, k);
    c->stage.time_ns = SLOTS * SLOT;
    for (uint32_t i = below(c, 40); i > 0; i--)
        send_any(c, false);
    c->stage.time_ns = (3 * SLOTS + 2) * SLOT;
    for (uint32_t i = below(c, 60); i > 0; i--)
        send_any(c, true);
    flush(c);
    bool holds = check(c);
    stage_close(&c->stage);
    return holds;
}

static void everybody_pays_what_the_rules_say_whatever_comes_first(void)
{
    struct case_state *c = malloc(sizeof *c);
    size_t n_settled = 0, n_late = 0;

    for (uint64_t seed = 1; c && seed <= N_CASES; seed++) {
        if (!play(c, seed))
            tap_note("in case %u", (unsigned)seed);
        for (int64_t k = 0; k < SLOTS; k++)
            for (size_t t = 0; t < c->n_trades[k]; t++)
                n_settled += executed(c, k, t) > 0;
        for (uint32_t m = 0; m < METERS; m++)
            for (int64_t k = 0; k < SLOTS; k++)
                n_late += !c->in_time[m][k];
    }
    EXPECT(n_settled > N_CASES && n_late > N_CASES);
    free(c);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(everybody_pays_what_the_rules_say_whatever_comes_first), {0}};
    return tap_main("arrival", tests);
}
