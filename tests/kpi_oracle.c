/* Computes every published figure of results anew and says which of them differ:
 *
 *     kpi_oracle RESULT.h5 ...         results of single runs at output.level meters
 *     kpi_oracle --kinds RESULT.h5 ... likewise; each kind of trouble is in some of them
 *     kpi_oracle --sensitivity RESULT.h5     does it notice when one value of one column is
 * another?
 *
 * From /orders, /trades, /blocks, /meters and the stored scenario to every column of /summary,
 * /slots and /users, by the definitions of doc/results.md and the rules of the market; nothing of
 * the program is used. A column that no rule here looks at and that is not exempt fails the test.
 * kpi_oracle.py is the same in another language and by other hands of arithmetic: fractions for
 * floating point. */
#include "tests/kpi_oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t price_of(const char *scenario, const char *key, const char *word, int64_t otherwise)
{
    char text[64];

    kpi_scenario(scenario, key, text, sizeof text);
    return strcmp(text, word) == 0 ? otherwise : kpi_decimal(text, 1000000);
}

static void read_rules(struct oracle *oracle)
{
    const char *scenario = oracle->file.scenario;
    char text[64], days[64];

    oracle->retail = price_of(scenario, "tariff.retail", "", 0);
    oracle->feed_in = price_of(scenario, "tariff.feed_in", "", 0);
    oracle->price_short = price_of(scenario, "imbalance.short", "retail", oracle->retail);
    oracle->price_long = price_of(scenario, "imbalance.long", "feed_in", oracle->feed_in);
    kpi_scenario(scenario, "settlement.unmatched", text, sizeof text);
    oracle->is_scheduled = strcmp(text, "scheduled") == 0;
    kpi_scenario(scenario, "settlement.rule", text, sizeof text);
    oracle->is_delivered = strcmp(text, "delivered") == 0;
    kpi_scenario(scenario, "meters.delivery", text, sizeof text);
    oracle->is_declared = strcmp(text, "declared") == 0;
    kpi_scenario(scenario, "storage.controller", text, sizeof text);
    oracle->is_greedy = strcmp(text, "greedy") == 0;
    kpi_scenario(scenario, "storage.baseline", text, sizeof text);
    oracle->is_greedy = oracle->is_greedy && strcmp(text, "none") != 0;
    kpi_scenario(scenario, "slot", text, sizeof text);
    oracle->slot_ns = kpi_duration_ns(text);
    kpi_scenario(scenario, "site.utc_offset", text, sizeof text);
    oracle->utc_offset_s = 3600 * strtoll(text, NULL, 10);
    kpi_scenario(scenario, "meters.count", text, sizeof text);
    oracle->n = (size_t)strtoull(text, NULL, 10);
    kpi_scenario(scenario, "slots", text, sizeof text);
    kpi_scenario(scenario, "days", days, sizeof days);
    oracle->n_slots = (size_t)strtoull(text, NULL, 10);
    if (oracle->n_slots == 0)
        oracle->n_slots =
            (size_t)(strtoll(days, NULL, 10) * INT64_C(86400000000000) / oracle->slot_ns);
}

/* The kinds of trouble that some of the results must hold, lest their figures go unchecked. */
enum {
    WITH_TRADES,
    WITH_MISSED_SLOTS,
    WITH_VOID_TRADES,
    WITH_IMBALANCE,
    WITH_SCHEDULES,
    WITH_PARTS,
    WITH_STORAGE,
    WITH_GAPS,
    N_KINDS
};
static const char *const kinds[] = {"settled trades",   "missed slots",
                                    "void trades",      "imbalance",
                                    "missed schedules", "trades delivered in part",
                                    "storage",          "readings that came too late"};

static void count_kinds(struct oracle *oracle, size_t counts[N_KINDS])
{
    int is_kind[N_KINDS] = {0};

    for (size_t t = 0; t < oracle->trades->n; t++) {
        int64_t wh = oracle->executed[t];

        is_kind[is_settled(oracle, t) ? WITH_TRADES : WITH_VOID_TRADES] = 1;
        is_kind[WITH_PARTS] |= wh > 0 && wh < kpi_integers(oracle->trades, "energy_wh")[t];
    }
    for (size_t k = 0; k < oracle->n_slots; k++)
        is_kind[WITH_MISSED_SLOTS] |= oracle->missed[k] != 0;
    for (size_t at = 0; at < oracle->meters->n; at++) {
        is_kind[WITH_IMBALANCE] |= oracle->cells[at].missing + oracle->cells[at].untaken > 0;
        is_kind[WITH_SCHEDULES] |= oracle->cells[at].schedule_cost != 0;
        is_kind[WITH_STORAGE] |= kpi_integers(oracle->meters, "charge_wh")[at] > 0;
        is_kind[WITH_GAPS] |= kpi_is(oracle->meters, "is_read", at, "no");
    }
    for (int i = 0; i < N_KINDS; i++)
        counts[i] += (size_t)is_kind[i];
}

static void open_result(struct oracle *oracle, struct kpi_file file, const char *path)
{
    const struct {
        const char *name;
        struct kpi_table **table;
    } tables[] = {{"summary", &oracle->summary}, {"slots", &oracle->slots},
                  {"users", &oracle->users},     {"orders", &oracle->orders},
                  {"trades", &oracle->trades},   {"blocks", &oracle->blocks},
                  {"meters", &oracle->meters}};

    oracle->file = file;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        *tables[i].table = kpi_table(&oracle->file, tables[i].name);
    oracle->n_sent = oracle->orders->n;
    oracle->orders->n = kpi_put_first(oracle->orders, "action", "add");
    read_rules(oracle);
    expect(oracle, oracle->file.n_tables == 7, "the result has seven tables", 0);
    expect(oracle, oracle->summary->n == 1, "a single run", 0);
    if (oracle->slots->n != oracle->n_slots || oracle->users->n != oracle->n ||
        oracle->meters->n != oracle->n * oracle->n_slots) {
        printf("Bail out! /slots, /users and /meters of %s are not as long as the scenario says\n",
               path);
        exit(1);
    }
    oracle->missed = kpi_integers(oracle->slots, "status");
    oracle->metered = kpi_integers(oracle->meters, "metered_wh");
    oracle->baseline = kpi_integers(oracle->meters, "baseline_wh");
    oracle->gap_cost = kpi_integers(oracle->meters, "gap_cost");
    oracle->cells = calloc(oracle->meters->n + 1, sizeof *oracle->cells);
    oracle->bid = calloc(3 * oracle->trades->n + 1, sizeof *oracle->bid);
    if (!oracle->cells || !oracle->bid)
        exit(1);
    oracle->ask = oracle->bid + oracle->trades->n;
    oracle->executed = oracle->ask + oracle->trades->n;
}

static void close_result(struct oracle *oracle)
{
    free(oracle->cells);
    free(oracle->bid);
    kpi_free(&oracle->file);
}

/* Another value in the last row of a column. */
static void change(struct kpi_table *table, struct kpi_column *column)
{
    size_t row = table->n - 1;

    if (column->integers)
        column->integers[row]++;
    else if (column->numbers)
        column->numbers[row] =
            isnan(column->numbers[row]) ? 0 : column->numbers[row] * (1 + 1e-6) + 1e-9;
    else
        column->texts[row][0] ^= 1; /* of a name that is not empty */
}

/* file     what was read of `path`; it is freed
 * changed  "summary/cost": one value of that column is changed first; NULL: none
 * counts   of the kinds; this result is added
 * returns  how many figures differ */
static size_t check_result(struct kpi_file file, const char *path, const char *changed,
                           size_t counts[N_KINDS])
{
    struct oracle oracle = {.is_quiet = changed != NULL};
    int64_t traded = 0;
    double sides = 0;

    open_result(&oracle, file, path);
    if (changed) {
        char table[64];

        snprintf(table, sizeof table, "%.*s", (int)strcspn(changed, "/"), changed);
        change(kpi_table(&oracle.file, table),
               kpi_column(kpi_table(&oracle.file, table), strchr(changed, '/') + 1));
    }
    check_fills(&oracle);
    execute_trades(&oracle);
    count_orders_and_trades(&oracle);
    for (size_t at = 0; at < oracle.meters->n; at++)
        count_cell(&oracle, at);
    for (size_t k = 0; k < oracle.n_slots; k++) {
        struct slot_sums sums = claim_orders_of_slot(&oracle, k);

        claim_slot(&oracle, k);
        traded += sums.traded;
        sides += (double)min_of(sums.supply, sums.demand);
    }
    claim_users(&oracle);
    claim_scenario(&oracle);
    claim_orders(&oracle);
    claim_trades(&oracle, sides);
    struct energy energy = claim_energy(&oracle, traded);
    claim_money(&oracle, energy.ceiling_cost);
    claim_chain(&oracle);
    claim_power(&oracle);
    claim_utility(&oracle);
    claim_shares(&oracle);
    claim_unmatched(&oracle);
    claim_welfare(&oracle);
    check_that_all_is_claimed(&oracle, oracle.summary);
    check_that_all_is_claimed(&oracle, oracle.slots);
    check_that_all_is_claimed(&oracle, oracle.users);
    count_kinds(&oracle, counts);
    close_result(&oracle);
    return oracle.n_faults;
}

/* Does a change of that column go unnoticed? In a process of its own: the result is read once. */
static int is_unnoticed(struct kpi_file file, const char *path, const char *changed)
{
    size_t counts[N_KINDS] = {0};
    int status = 0;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(check_result(file, path, changed, counts) > 0 ? 0 : 3);
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(1);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* Changes column after column of the result. returns how many changes went unnoticed */
static int check_sensitivity(const char *path)
{
    static const char *const checked[] = {"summary", "slots", "users"};
    struct kpi_file file = kpi_read(path);
    size_t n = 0;
    int n_unnoticed = 0;
    char name[160];

    for (size_t t = 0; t < sizeof checked / sizeof checked[0]; t++) {
        struct kpi_table *table = kpi_table(&file, checked[t]);

        for (size_t c = 0; c < table->n_columns; c++) {
            if (name_column(table, c, name, sizeof name))
                continue;
            n++;
            if (is_unnoticed(file, path, name)) {
                printf("# a change of /%s goes unnoticed\n", name);
                n_unnoticed++;
            }
        }
    }
    kpi_free(&file);
    printf("# %zu columns changed, one after the other\n", n);
    return n_unnoticed;
}

int main(int argc, char **argv)
{
    size_t counts[N_KINDS] = {0};
    int n_failed = 0, wants_kinds = argc > 1 && strcmp(argv[1], "--kinds") == 0;

    if (argc == 3 && strcmp(argv[1], "--sensitivity") == 0)
        return check_sensitivity(argv[2]) > 0;
    for (int i = 1 + wants_kinds; i < argc; i++)
        if (check_result(kpi_read(argv[i]), argv[i], NULL, counts) > 0) {
            printf("# in %s\n", argv[i]);
            n_failed++;
        }
    print_exempt();
    printf("# %d results", argc - 1 - wants_kinds);
    for (int i = 0; i < N_KINDS; i++) {
        printf(", %zu with %s", counts[i], kinds[i]);
        n_failed += wants_kinds && counts[i] < 3;
    }
    printf("\n");
    return n_failed > 0;
}
