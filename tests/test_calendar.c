/* The calendar of a run: days of 23 and 25 hours, midnights that come twice or not at all, and a
 * run whose loads and times of day go by the local clock and whose sun does not. */
#include "base/calendar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define HOUR_NS GB_NS_PER_HOUR

static struct gb_calendar calendar_of(const char *date, const char *zone)
{
    int64_t days = 0;

    EXPECT(gb_date_parse(date, &days));
    return gb_calendar_make(days, zone, 5.5);
}

static double day_h(const struct gb_calendar *calendar, int64_t day)
{
    return (double)(gb_calendar_day_ns(calendar, day + 1) - gb_calendar_day_ns(calendar, day)) /
           (double)HOUR_NS;
}

static int64_t clock_ns(int64_t day, double hour)
{
    return day * GB_NS_PER_DAY + (int64_t)(hour * (double)HOUR_NS);
}

/* ---- days */

static void days_of_23_and_25_hours_come_where_clocks_change(void)
{
    struct gb_calendar spring = calendar_of("2024-03-29", BERLIN);
    struct gb_calendar autumn = calendar_of("2024-10-26", BERLIN);
    struct gb_calendar south = calendar_of("2024-04-06", "AEST-10AEDT,M10.1.0,M4.1.0/3");

    EXPECT_NEAR(day_h(&spring, 1), 24, 0);
    EXPECT_NEAR(day_h(&spring, 2), 23, 0);
    EXPECT_NEAR(day_h(&spring, 3), 24, 0);
    EXPECT_INT(gb_calendar_day_ns(&spring, 7), (7 * 24 - 1) * HOUR_NS);
    EXPECT_NEAR(day_h(&autumn, 1), 25, 0);
    EXPECT_NEAR(day_h(&south, 0), 24, 0);
    EXPECT_NEAR(day_h(&south, 1), 25, 0);
    EXPECT_INT(spring.start_s * GB_NS_PER_SECOND + HOUR_NS, spring.start_days * GB_NS_PER_DAY);
    EXPECT_NEAR(spring.lag_h, 1, 0);
    EXPECT_NEAR(south.lag_h, 11, 0);
}

static void a_fixed_clock_has_days_of_24_hours_and_shows_the_time_of_the_run(void)
{
    struct gb_calendar fixed = calendar_of("2024-03-30", GB_ZONE_FIXED);

    for (int64_t at = -30 * HOUR_NS; at < 60 * HOUR_NS; at += HOUR_NS / 3)
        EXPECT(gb_calendar_local_ns(&fixed, at) == at &&
               gb_calendar_standard_ns(&fixed, at) == at &&
               gb_calendar_moment_ns(&fixed, at, INT64_MIN) == at);
    EXPECT_INT(gb_calendar_offset_s(&fixed, 0), 19800);
    EXPECT_NEAR(fixed.lag_h, 5.5, 0);
}

static void days_follow_each_other_through_years_of_every_zone(void)
{
    static const char *const zones[] = {BERLIN,
                                        "EST5EDT,M3.2.0,M11.1.0",
                                        "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                                        "CST5CDT,M3.2.0/0,M11.1.0/1",
                                        "<-03>3<-02>,M10.3.0/0,M2.3.0/0"};

    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct gb_calendar calendar = calendar_of("2023-01-01", zones[z]);
        int64_t sum = 0;
        for (int64_t day = 0; day < 3 * 365 + 1; day++) {
            int64_t begin = gb_calendar_day_ns(&calendar, day);
            EXPECT_INT(begin, sum);
            EXPECT_INT(gb_calendar_day_at(&calendar, begin), day);
            EXPECT(fabs(day_h(&calendar, day) - 24) <= 1);
            sum = gb_calendar_day_ns(&calendar, day + 1);
        }
    }
}

static void a_midnight_that_is_left_out_is_the_change_and_of_two_the_first(void)
{
    struct gb_calendar without = calendar_of("2017-10-15", "<-03>3<-02>,M10.3.0/0,M2.3.0/0");
    struct gb_calendar twice = calendar_of("2024-11-03", "CST5CDT,M3.2.0/0,M11.1.0/1");

    EXPECT_INT(gb_calendar_local_ns(&without, 0), HOUR_NS); /* the clock shows 1:00 at once */
    EXPECT_NEAR(day_h(&without, 0), 23, 0);
    EXPECT_NEAR(without.lag_h, -3, 0);
    EXPECT_INT(gb_calendar_local_ns(&twice, 0), 0);
    EXPECT_INT(gb_calendar_local_ns(&twice, HOUR_NS), 0);
    EXPECT_NEAR(day_h(&twice, 0), 25, 0);
    EXPECT_INT(gb_calendar_day_at(&twice, -1), -1);
}

/* ---- the clock */

static void the_clock_leaves_an_hour_out_and_shows_one_twice(void)
{
    struct gb_calendar spring = calendar_of("2024-03-30", BERLIN);
    struct gb_calendar autumn = calendar_of("2024-10-26", BERLIN);
    int64_t first, second;

    EXPECT_INT(gb_calendar_local_ns(&spring, clock_ns(1, 1.75)), clock_ns(1, 1.75));
    EXPECT_INT(gb_calendar_local_ns(&spring, clock_ns(1, 2)), clock_ns(1, 3));
    EXPECT_INT(gb_calendar_standard_ns(&spring, clock_ns(1, 2)), clock_ns(1, 2));
    EXPECT_INT(gb_calendar_moment_ns(&spring, clock_ns(1, 3.5), INT64_MIN), clock_ns(1, 2.5));
    EXPECT_INT(gb_calendar_moment_ns(&spring, clock_ns(1, 2.5), INT64_MIN), clock_ns(1, 2));
    first = gb_calendar_moment_ns(&autumn, clock_ns(1, 2.5), INT64_MIN);
    second = gb_calendar_moment_ns(&autumn, clock_ns(1, 2.5), first + 1);
    EXPECT_INT(first, clock_ns(1, 2.5));
    EXPECT_INT(second, first + HOUR_NS);
    EXPECT_INT(gb_calendar_offset_s(&autumn, first), 7200);
    EXPECT_INT(gb_calendar_offset_s(&autumn, second), 3600);
    EXPECT_INT(gb_calendar_standard_ns(&autumn, 0), -HOUR_NS);
}

/* ---- runs */

/* Loads that only the hour moves, and the sun of a cloudless sky. */
static const char *const calm[] = {"days=3",
                                   "meters.count=4",
                                   "meters.prosumer_share=1",
                                   "meters.storage_share=0",
                                   "meters.wind_share=0",
                                   "load.noise=0",
                                   "load.event_rate=0",
                                   "load.phase_sd=0",
                                   "load.shape_sd=0",
                                   "site.latitude=48.1",
                                   "site.longitude=11.6",
                                   NULL};

static struct gb_record *run_calm(const char *start_date, const char *clock, const char *more)
{
    const char *settings[4] = {start_date, clock, more};

    return run_both(calm, settings);
}

static size_t n_slots(const struct gb_record *record)
{
    return gb_record_n_rows(record, GB_TABLE_SLOTS);
}

static const struct gb_slot_row *slots(const struct gb_record *record)
{
    return gb_record_rows(record, GB_TABLE_SLOTS);
}

static void the_number_of_slots_follows_from_the_days(void)
{
    struct gb_record *spring = run_calm("start_date=2024-03-30", "site.time_zone=" BERLIN, NULL);
    struct gb_record *autumn = run_calm("start_date=2024-10-26", "site.time_zone=" BERLIN, NULL);

    if (!spring || !autumn)
        return;
    EXPECT_INT(n_slots(spring), 96 + 92 + 96);
    EXPECT_INT(n_slots(autumn), 96 + 100 + 96);
    EXPECT_INT(slots(spring)[96 + 7].utc_offset_s, 3600);
    EXPECT_INT(slots(spring)[96 + 8].utc_offset_s, 7200);
    EXPECT_INT(slots(autumn)[96 + 11].utc_offset_s, 7200);
    EXPECT_INT(slots(autumn)[96 + 12].utc_offset_s, 3600);
    gb_record_free(spring);
    gb_record_free(autumn);
}

/* The sun of the zone's run is that of a run on its standard time, slot by slot; its loads are an
 * hour earlier from the change on. */
static void loads_go_by_the_local_clock_and_the_sun_does_not(void)
{
    struct gb_record *local = run_calm("start_date=2024-03-30", "site.time_zone=" BERLIN, NULL);
    struct gb_record *standard = run_calm("start_date=2024-03-30", "site.utc_offset=1", NULL);

    if (!local || !standard)
        return;
    for (size_t k = 0; k < n_slots(local); k++) {
        size_t moved = k < 96 + 8 ? k : k + 4;
        EXPECT_INT(slots(local)[k].solar_wh, slots(standard)[k].solar_wh);
        EXPECT(llabs(slots(local)[k].load_wh - slots(standard)[moved].load_wh) <= 4);
    }
    gb_record_free(local);
    gb_record_free(standard);
}

static void a_zone_without_summer_time_is_a_fixed_offset(void)
{
    struct gb_record *zone = run_calm("start_date=2024-03-30", "site.time_zone=<+0530>-5:30", NULL);
    struct gb_record *offset = run_calm("start_date=2024-03-30", "site.utc_offset=5.5", NULL);

    if (!zone || !offset)
        return;
    EXPECT(records_are_equal(zone, offset));
    gb_record_free(zone);
    gb_record_free(offset);
}

static void a_warm_up_across_the_change_is_of_local_days(void)
{
    struct gb_record *all = run_calm("start_date=2024-03-30", "site.time_zone=" BERLIN, NULL);
    struct gb_record *behind =
        run_calm("start_date=2024-03-30", "site.time_zone=" BERLIN, "warm_up=2 d");

    if (!all || !behind)
        return;
    EXPECT_INT(n_slots(behind), 96);
    EXPECT_INT(slots(behind)[0].time_ns, 0);
    for (size_t k = 0; k < n_slots(behind); k++) {
        EXPECT_INT(slots(behind)[k].load_wh, slots(all)[96 + 92 + k].load_wh);
        EXPECT_INT(slots(behind)[k].solar_wh, slots(all)[96 + 92 + k].solar_wh);
        EXPECT_INT(slots(behind)[k].utc_offset_s, 7200);
    }
    gb_record_free(all);
    gb_record_free(behind);
}

/* ---- refusals */

static void expect_refused(const char *zone, const char *slot, const char *days, const char *why)
{
    const char *const settings[] = {"start_date=2024-03-30", zone, slot, days};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error error = {0};
    struct gb_scenario *scenario = NULL;

    EXPECT_INT(gb_scenario_defaults(&scenario, NULL, 4, settings, diagnostics, &error), GB_ECONFIG);
    if (!EXPECT(gb_diagnostics_count(diagnostics) == 1 &&
                strstr(gb_diagnostics_at(diagnostics, 0), why)))
        tap_note("%s", gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                             : "nothing is wrong");
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
}

static void no_zone_and_slots_that_do_not_fit_its_days_are_refused(void)
{
    expect_refused("site.time_zone=Europe/Berlin", "slot=1 h", "days=2",
                   "'Europe/Berlin' is no time zone");
    expect_refused("site.time_zone=" BERLIN, "slot=2 h", "days=2",
                   "2024-03-31 has 23 h, which is no whole number of 2 h");
    expect_refused("site.time_zone=<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "slot=1 h", "days=9",
                   "2024-04-07 has 1470 min, which is no whole number of 1 h");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(days_of_23_and_25_hours_come_where_clocks_change),
        TAP(a_fixed_clock_has_days_of_24_hours_and_shows_the_time_of_the_run),
        TAP(days_follow_each_other_through_years_of_every_zone),
        TAP(a_midnight_that_is_left_out_is_the_change_and_of_two_the_first),
        TAP(the_clock_leaves_an_hour_out_and_shows_one_twice),
        TAP(the_number_of_slots_follows_from_the_days),
        TAP(loads_go_by_the_local_clock_and_the_sun_does_not),
        TAP(a_zone_without_summer_time_is_a_fixed_offset),
        TAP(a_warm_up_across_the_change_is_of_local_days),
        TAP(no_zone_and_slots_that_do_not_fit_its_days_are_refused),
        {0}};
    return tap_main("calendar", tests);
}
