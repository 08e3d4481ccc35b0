/* The calendar: every day has its date, and every date that is one its day. */
#include "base/date.h"

#include "tests/tap.h"

static void days_become_dates_over_four_centuries(void)
{
    struct gb_civil_day leap = gb_civil_day_at(gb_days_to_year(2024) + 59);
    struct gb_civil_day epoch = gb_civil_day_at(0), before = gb_civil_day_at(-1);

    EXPECT(epoch.year == 1970 && epoch.month == 1 && epoch.day == 1 && epoch.weekday == 3);
    EXPECT(leap.year == 2024 && leap.month == 2 && leap.day == 29 && leap.weekday == 3);
    EXPECT(before.year == 1969 && before.month == 12 && before.day == 31);
    EXPECT_INT(before.day_of_year, 365);
    struct gb_civil_day last = gb_civil_day_at(gb_days_to_year(1900) - 1);
    for (int64_t d = gb_days_to_year(1900); d < gb_days_to_year(2301); d++) {
        struct gb_civil_day now = gb_civil_day_at(d);
        bool next_day = now.month == last.month && now.year == last.year && now.day == last.day + 1;
        bool next_month = now.day == 1 && now.year == last.year && now.month == last.month + 1;
        bool next_year = now.day == 1 && now.month == 1 && now.year == last.year + 1;
        if (!EXPECT(next_day + next_month + next_year == 1) ||
            !EXPECT(now.weekday == (last.weekday + 1) % 7) ||
            !EXPECT(now.day_of_year == (next_year ? 1 : last.day_of_year + 1)))
            return;
        last = now;
    }
    EXPECT(last.year == 2300 && last.month == 12 && last.day == 31);
}

static void slots_before_zero_fall_into_earlier_days(void)
{
    EXPECT_INT(gb_floor_divide(-1, 96), -1);
    EXPECT_INT(gb_floor_divide(-96, 96), -1);
    EXPECT_INT(gb_floor_divide(-97, 96), -2);
    EXPECT_INT(gb_floor_divide(95, 96), 0);
}

static void a_date_is_written_as_it_is_read(void)
{
    static const char *const refused[] = {
        "2023-02-29", "1900-02-29", "2023-13-01", "2023-00-10",  "2023-04-31",
        "0000-01-01", "2023-1-01",  "20230101",   "2023-01-01 ", ""};
    char text[16];
    int64_t days = 0;

    for (int64_t d = gb_days_to_year(1); d < gb_days_to_year(10000); d += 97) {
        gb_date_format(d, text, sizeof text);
        if (!EXPECT(gb_date_parse(text, &days)) || !EXPECT_INT(days, d))
            return;
    }
    EXPECT(gb_date_parse("2000-02-29", &days) && gb_civil_day_at(days).day_of_year == 60);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        EXPECT(!gb_date_parse(refused[i], &days));
}

static void an_instant_is_read_with_its_offset_and_decimals(void)
{
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {{"1970-01-01T00:00Z", 0},
                 {"1970-01-01 01:00:00+01:00", 0},
                 {"1969-12-31T23:30:00.5-0030", 500000000},
                 {"1970-01-02T00:00:00,000000001", INT64_C(86400000000001)},
                 {"2026-06-01T12:00:05.25+02", INT64_C(1780308005250000000)}};
    static const char *const refused[] = {"2026-06-01",
                                          "2026-06-01T24:00",
                                          "2026-06-01T12",
                                          "2026-06-01T12:60",
                                          "2026-06-01T12:00:61",
                                          "2026-06-01T12:00:00.",
                                          "2026-06-01T12:00:00.0123456789",
                                          "2026-06-01T12:00 CET",
                                          "2026-06-31T12:00",
                                          "2026-06-01T12:00+2",
                                          "9999-01-01T00:00",
                                          ""};
    char text[24];
    int64_t ns = 0;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(gb_instant_parse(cases[i].text, &ns) && EXPECT_INT(ns, cases[i].ns));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (!EXPECT(!gb_instant_parse(refused[i], &ns)))
            tap_note("%s", refused[i]);
    gb_instant_format(INT64_C(1780308005250000000), text, sizeof text);
    EXPECT_TEXT(text, "2026-06-01T10:00:05Z");
    gb_instant_format(-1, text, sizeof text);
    EXPECT_TEXT(text, "1969-12-31T23:59:59Z");
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(days_become_dates_over_four_centuries),
                                            TAP(slots_before_zero_fall_into_earlier_days),
                                            TAP(a_date_is_written_as_it_is_read),
                                            TAP(an_instant_is_read_with_its_offset_and_decimals),
                                            {0}};

    return tap_main("date", tests);
}
