/* Limits of a whole community: against the same village without them, meter by meter and slot by
 * slot, with the market and without it. */
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_community.yaml"
/* Homes 0 to 3 own solar and two of them a turbine, 4 and 5 nothing. In slots of 15 min 4 kW are
 * 1000 Wh, 1 kW 250 Wh. */
#define VILLAGE(more)                                                                  \
    "format: 1\nslot: 15 min\ndays: 2\nstart_date: 2024-05-06\noutput.level: meters\n" \
    "chain.crypto: modelled\n" more "households:\n"                                    \
    "  both: {count: 2, pv: {size: 6}, wind: {turbine: 3}" OF_BOTH "}\n"               \
    "  roof: {count: 2, pv: {size: 4}}\n"                                              \
    "  tenant: {count: 2}\n"
#define OF_BOTH ""
#define EXPORT "community.export_limit: 4\n"
enum { HOMES = 6, SLOTS = 192, EXPORT_WH = 1000, IMPORT_WH = 250 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t fed_in(const struct gb_meter_row *row)
{
    return row->metered_wh < 0 ? least(-row->metered_wh, row->solar_wh + row->wind_wh) : 0;
}

/* Is what was cut of two meters rounded up where the greater rest is? */
static bool are_by_remainder(int64_t cut, int64_t sum, const struct gb_meter_row *a,
                             const struct gb_meter_row *b, const struct gb_meter_row *limited_a,
                             const struct gb_meter_row *limited_b)
{
    int64_t of_a = cut * fed_in(a), of_b = cut * fed_in(b);
    bool a_is_up = limited_a->curtailed_wh > of_a / sum;
    bool b_is_up = limited_b->curtailed_wh > of_b / sum;

    return !a_is_up || b_is_up || of_a % sum >= of_b % sum;
}

/* A slot without batteries: nothing but the cut tells the runs apart. returns what was cut */
static int64_t expect_cut(const struct gb_meter_row *limited, const struct gb_meter_row *whole)
{
    int64_t net = 0, kept = 0, sum = 0, given = 0;

    for (int i = 0; i < HOMES; i++) {
        net += whole[i].metered_wh;
        kept += limited[i].metered_wh;
        sum += fed_in(&whole[i]);
    }
    int64_t cut = -net > EXPORT_WH ? -net - EXPORT_WH : 0;
    EXPECT_INT(kept, net + cut);
    for (int i = 0; i < HOMES; i++) {
        const struct gb_meter_row *a = &limited[i], *b = &whole[i];
        int64_t of_solar = least(a->curtailed_wh, b->solar_wh);

        EXPECT_INT(a->load_wh, b->load_wh);
        EXPECT_INT(a->metered_wh, b->metered_wh + a->curtailed_wh);
        EXPECT_INT(a->solar_wh, b->solar_wh - of_solar);
        EXPECT_INT(a->wind_wh, b->wind_wh - (a->curtailed_wh - of_solar));
        EXPECT_INT(a->baseline_wh, a->metered_wh);
        if (cut > 0) {
            EXPECT(a->curtailed_wh * sum > cut * fed_in(b) - sum);
            EXPECT(a->curtailed_wh * sum < cut * fed_in(b) + sum);
        }
        for (int j = 0; cut > 0 && j < HOMES; j++)
            EXPECT(are_by_remainder(cut, sum, b, &whole[j], a, &limited[j]));
        given += a->curtailed_wh;
    }
    EXPECT_INT(given, cut);
    return cut;
}

static void export_beyond_the_limit_is_cut_in_proportion_in_both_arms(void)
{
    struct gb_record *limited = run_text(PATH, VILLAGE(EXPORT));
    struct gb_record *whole = run_text(PATH, VILLAGE(""));
    int64_t sum = 0, n_cut = 0;

    if (limited && whole) {
        const struct gb_meter_row *a = gb_record_rows(limited, GB_TABLE_METERS);
        const struct gb_meter_row *b = gb_record_rows(whole, GB_TABLE_METERS);
        const struct gb_slot_row *slots = gb_record_rows(limited, GB_TABLE_SLOTS);
        const struct gb_summary_row *all = summary_of(limited);

        EXPECT_INT((int64_t)gb_record_n_rows(limited, GB_TABLE_METERS), SLOTS * HOMES);
        for (int k = 0; k < SLOTS; k++) {
            int64_t cut = expect_cut(&a[k * HOMES], &b[k * HOMES]);

            EXPECT_INT(slots[k].community_curtailed_wh, cut);
            EXPECT_INT(slots[k].baseline_community_curtailed_wh, cut);
            EXPECT(slots[k].export_wh <= EXPORT_WH);
            sum += cut;
            n_cut += cut > 0;
        }
        EXPECT(n_cut > 30);
        EXPECT_INT(all->curtailed_wh, sum);
        EXPECT_INT(all->community_curtailed_wh, sum);
        EXPECT_INT(all->baseline_curtailed_wh, sum);
        EXPECT_INT(all->baseline_community_curtailed_wh, sum);
        EXPECT_INT(all->n_overload_slots + all->baseline_n_overload_slots, 0);
        EXPECT_INT(all->peak_export_wh, EXPORT_WH);
        EXPECT(all->n_settled > 0);
        EXPECT_INT(summary_of(whole)->community_curtailed_wh, 0);
    }
    gb_record_free(limited);
    gb_record_free(whole);
}

/* Nobody is switched off: the flows are those without the limit. */
static void import_beyond_the_limit_is_counted_and_drawn(void)
{
    struct gb_record *limited = run_text(PATH, VILLAGE("community.import_limit: 1\n"));
    struct gb_record *whole = run_text(PATH, VILLAGE(""));
    int64_t sum = 0, n = 0;

    if (limited && whole) {
        const struct gb_meter_row *a = gb_record_rows(limited, GB_TABLE_METERS);
        const struct gb_meter_row *b = gb_record_rows(whole, GB_TABLE_METERS);
        const struct gb_slot_row *slots = gb_record_rows(limited, GB_TABLE_SLOTS);
        const struct gb_summary_row *all = summary_of(limited);

        for (int k = 0; k < SLOTS; k++) {
            int64_t net = 0;

            for (int i = k * HOMES; i < (k + 1) * HOMES; i++) {
                EXPECT_INT(a[i].metered_wh, b[i].metered_wh);
                net += b[i].metered_wh;
            }
            int64_t beyond = net > IMPORT_WH ? net - IMPORT_WH : 0;
            EXPECT_INT(slots[k].overload_import_wh, beyond);
            EXPECT_INT(slots[k].baseline_overload_import_wh, beyond);
            sum += beyond;
            n += beyond > 0;
        }
        EXPECT(n > 20 && n < SLOTS);
        EXPECT_INT(all->overload_import_wh, sum);
        EXPECT_INT(all->baseline_overload_import_wh, sum);
        EXPECT_INT(all->n_overload_slots, n);
        EXPECT_INT(all->baseline_n_overload_slots, n);
        EXPECT_INT(all->curtailed_wh, 0);
        EXPECT_INT(all->cost, summary_of(whole)->cost);
    }
    gb_record_free(limited);
    gb_record_free(whole);
}

#undef OF_BOTH
#define OF_BOTH ", storage: {capacity: 6, power: 3}"
#define EMPTIED "storage: {controller: schedule, schedule: \"0:00 3, 9:00 -3, 15:00 3\"}\n"

/* What batteries feed in cannot be curtailed: it is counted where no generation is fed in any more.
 */
static void what_batteries_feed_in_beyond_it_is_overload(void)
{
    struct gb_record *record = run_text(PATH, VILLAGE("community.export_limit: 0\n" EMPTIED));
    int64_t sum = 0, n = 0;

    if (record) {
        const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS);
        const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);

        for (int k = 0; k < SLOTS; k++) {
            EXPECT_INT(slots[k].overload_export_wh, slots[k].export_wh);
            for (int i = k * HOMES; i < (k + 1) * HOMES; i++) {
                EXPECT(slots[k].overload_export_wh == 0 || fed_in(&rows[i]) == 0);
                EXPECT_INT(rows[i].load_wh + rows[i].charge_wh - rows[i].solar_wh -
                               rows[i].wind_wh - rows[i].discharge_wh,
                           rows[i].metered_wh);
            }
            sum += slots[k].overload_export_wh;
            n += slots[k].overload_export_wh > 0;
        }
        EXPECT(n > 0);
        EXPECT_INT(summary_of(record)->overload_export_wh, sum);
        EXPECT_INT(summary_of(record)->n_overload_slots, n);
        EXPECT(summary_of(record)->community_curtailed_wh > 0);
    }
    gb_record_free(record);
}

/* Connections of homes come first, the community's limit takes of what they leave. */
static void connections_of_homes_come_first(void)
{
    struct gb_record *homes = run_text(PATH, VILLAGE("connection: 2.1\n"));
    struct gb_record *both = run_text(PATH, VILLAGE("connection: 2.1\n" EXPORT));

    if (homes && both) {
        EXPECT(summary_of(homes)->baseline_curtailed_wh > 0);
        EXPECT(summary_of(both)->baseline_community_curtailed_wh > 0);
        EXPECT_INT(summary_of(both)->baseline_curtailed_wh -
                       summary_of(both)->baseline_community_curtailed_wh,
                   summary_of(homes)->baseline_curtailed_wh);
    }
    gb_record_free(homes);
    gb_record_free(both);
}

/* Without trades a limit costs both arms the same. */
static void without_a_market_both_arms_are_one(void)
{
    struct gb_record *record =
        run_text(PATH, VILLAGE(EXPORT "community.import_limit: 1\nmarket.mechanism: grid_only\n"));

    if (record) {
        const struct gb_summary_row *all = summary_of(record);

        EXPECT(all->community_curtailed_wh > 0 && all->overload_import_wh > 0);
        EXPECT_INT(all->community_curtailed_wh, all->baseline_community_curtailed_wh);
        EXPECT_INT(all->overload_import_wh, all->baseline_overload_import_wh);
        EXPECT_INT(all->n_overload_slots, all->baseline_n_overload_slots);
        EXPECT_INT(all->cost, all->cost_grid_only);
    }
    gb_record_free(record);
}

static void what_is_declared_knows_no_limit(void)
{
    char said[4096];
    struct gb_scenario *scenario =
        scenario_of_text(PATH,
                         "format: 1\nmeters.delivery: declared\ncommunity.import_limit: 1\n"
                         "orders.inline: |\n  id,side,price,quantity,owner\n  a,buy,0.5,1,0\n",
                         said, sizeof said);

    EXPECT(scenario == NULL);
    EXPECT_TEXT(said, ":3:25: community.import_limit: what is declared (meters.delivery) is "
                      "delivered whole; expected none\n");
    gb_scenario_free(scenario);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(export_beyond_the_limit_is_cut_in_proportion_in_both_arms),
        TAP(import_beyond_the_limit_is_counted_and_drawn),
        TAP(what_batteries_feed_in_beyond_it_is_overload),
        TAP(connections_of_homes_come_first),
        TAP(without_a_market_both_arms_are_one),
        TAP(what_is_declared_knows_no_limit),
        {0},
    };

    return tap_main("community", tests);
}
