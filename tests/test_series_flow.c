/* What series hold to the last Wh: counters, samples, gaps, windows. */
#include "models/series/flow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "tests/series_text.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

static void a_counter_knows_gaps_and_resets(void)
{
    const struct gb_series_options options = {.value = GB_VALUE_COUNTER};
    struct gb_series *series =
        series_read_text("time,kWh\n2024-01-01 00:00,10\n2024-01-01 01:00,11\n"
                         "2024-01-01 02:00,NA\n2024-01-01 03:00,\n"
                         "2024-01-01 04:00,12\n2024-01-01 05:00,1\n"
                         "2024-01-01 06:00,1.5\n",
                         &options);
    struct gb_series_flow flow;

    if (!series)
        return;
    EXPECT_INT(gb_series_flow_make(&flow, &series->channels[0], series, GB_GAPS_REFUSE, NULL),
               GB_OK);
    EXPECT_INT(flow.n, 6);
    EXPECT_INT(flow.n_filled, 3); /* 1 kWh over three hours */
    EXPECT_INT(flow.quantities[1] + flow.quantities[2] + flow.quantities[3], GB_NANO);
    EXPECT_INT(flow.n_resets, 1);
    EXPECT_INT(flow.reset_line, 7);
    EXPECT_INT(flow.n_missing, 1);
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 2500);
    gb_series_flow_clear(&flow);
    gb_series_free(series);
}

/* 0.3 + 0.3 Wh are 1 Wh to the nearest, and 0.3 + 0.1 none; below 0 likewise. */
static void a_total_is_to_the_nearest_wh(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series =
        series_read_text("time,a Wh,b Wh,c Wh,d Wh\n2024-01-01 00:00,0.3,0.3,-0.3,-0.3\n"
                         "2024-01-01 01:00,0.3,0.1,-0.3,-0.1\n",
                         &options);

    if (!series)
        return;
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 1);
    EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 0);
    EXPECT_INT(series_total(series, 2, GB_GAPS_REFUSE), -1);
    EXPECT_INT(series_total(series, 3, GB_GAPS_REFUSE), 0);
    gb_series_free(series);
}

static void samples_integrate_by_the_trapezoid(void)
{
    const struct gb_series_options options = {.value = GB_VALUE_SAMPLE};
    struct gb_series *series = series_read_text(
        "time,kW\n2024-01-01 00:00,0\n2024-01-01 00:30,2\n2024-01-01 01:00,1\n", &options);

    if (!series)
        return;
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 500 + 750);
    gb_series_free(series);
}

static void a_gap_takes_the_same_local_time_a_week_away(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .unit = series_unit("Wh")};
    struct gb_text text;

    /* 31 March 2024 has no hour 2: that day's 12:00 is the 167th hour after last week's */
    series_set_zone(&options, CENTRAL_EUROPE);
    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,a", text.stream);
    for (int64_t i = 0, utc_s = series_instant("2024-03-20T23:00"); i < 24 * 14;
         i++, utc_s += 3600) {
        int64_t local_s = utc_s + (utc_s >= series_instant("2024-03-31T01:00") ? 7200 : 3600);
        char stamp[32];
        gb_instant_format(local_s * 1000000000, stamp, sizeof stamp);
        if (local_s == series_instant("2024-03-31T12:00"))
            continue;
        fprintf(text.stream, "\n%.16s,%" PRId64, stamp, local_s / 3600 % 24);
    }
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    if (series) {
        struct gb_series_flow flow;
        size_t gap =
            (size_t)((series_instant("2024-03-31T12:00+02:00") - series->channels[0].start_s) /
                     3600);
        EXPECT_INT(series->channels[0].n_absent, 1);
        EXPECT_INT(gb_series_flow_make(&flow, &series->channels[0], series, GB_GAPS_WEEK, NULL),
                   GB_OK);
        EXPECT_INT(flow.n_filled, 1);
        EXPECT_INT(flow.quantities[gap], 12 * GB_NANO);
        gb_series_flow_clear(&flow);
    }
    gb_series_free(series);
    free(bytes);
}

static void windows_hold_the_energy_to_the_last_wh(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    uint64_t state = 7;
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,kW", text.stream);
    for (int i = 0; i < 500; i++)
        fprintf(text.stream, "\n%d,%" PRIu64 ".%03" PRIu64, 1700000000 + 700 * i,
                splitmix64(&state) % 9, splitmix64(&state) % 1000);
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    static const int64_t windows[] = {60, 450, 700, 900, 3600, 100000};
    for (size_t k = 0; series && k < sizeof windows / sizeof windows[0]; k++) {
        const struct gb_channel *channel = &series->channels[0];
        int64_t window_s = windows[k], start_s = channel->start_s - 13, sum = 0;
        size_t n = (size_t)(500 * 700 / window_s + 2);
        int64_t *wh = calloc(n, sizeof *wh);
        struct gb_series_flow flow;
        double worst = 0;

        EXPECT_INT(gb_series_flow_make(&flow, channel, series, GB_GAPS_REFUSE, NULL), GB_OK);
        EXPECT(wh && gb_series_flow_cut(&flow, start_s, window_s, n, wh, NULL) == GB_OK);
        for (size_t w = 0; wh && w < n; w++) {
            double exact = 0; /* of the window, from the values themselves */
            int64_t from_s = start_s + (int64_t)w * window_s;
            for (size_t i = 0; i < channel->n; i++) {
                int64_t begin_s = channel->start_s + (int64_t)i * 700;
                int64_t first_s = begin_s > from_s ? begin_s : from_s;
                int64_t end_s =
                    begin_s + 700 < from_s + window_s ? begin_s + 700 : from_s + window_s;
                if (end_s > first_s)
                    exact += (double)channel->values[i] / 1e6 * (double)(end_s - first_s) / 3600;
            }
            double off = exact > (double)wh[w] ? exact - (double)wh[w] : (double)wh[w] - exact;
            worst = off > worst ? off : worst;
            sum += wh[w];
        }
        EXPECT(worst <= 1.0 + 1e-6);
        EXPECT_INT(sum, series_total(series, 0, GB_GAPS_REFUSE));
        free(wh);
        gb_series_flow_clear(&flow);
    }
    gb_series_free(series);
    free(bytes);
}

static void a_year_that_no_household_uses_names_the_factor(void)
{
    EXPECT_INT(gb_series_flow_doubt(3500000, 365), 0);
    EXPECT_INT(gb_series_flow_doubt(3500, 365), 1);
    EXPECT_INT(gb_series_flow_doubt(INT64_C(3500000000), 365), -1);
    EXPECT_INT(gb_series_flow_doubt(INT64_C(3500000000000), 365), 2);
    EXPECT_INT(gb_series_flow_doubt(10000, 1), 0);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_counter_knows_gaps_and_resets),
                                            TAP(a_total_is_to_the_nearest_wh),
                                            TAP(samples_integrate_by_the_trapezoid),
                                            TAP(a_gap_takes_the_same_local_time_a_week_away),
                                            TAP(windows_hold_the_energy_to_the_last_wh),
                                            TAP(a_year_that_no_household_uses_names_the_factor),
                                            {0}};

    return tap_main("series_flow", tests);
}
