/* POSIX time zones: what is read, what is refused, and the hours that come twice and not at all. */
#include "base/zone.h"

#include <string.h>

#include "base/date.h"
#include "tests/tap.h"

enum { HOUR_S = 3600 };

static struct gb_zone zone_of(const char *text)
{
    struct gb_zone zone = GB_ZONE_UTC;
    struct gb_error err = {0};

    EXPECT_INT(gb_zone_parse(text, &zone, &err), GB_OK);
    return zone;
}

/* "2024-03-31T01:00" as seconds, whatever clock shows it. */
static int64_t at(const char *text)
{
    int64_t ns = 0;

    EXPECT(gb_instant_parse(text, &ns));
    return ns / 1000000000;
}

static int64_t offset_h(const char *zone_text, const char *utc)
{
    struct gb_zone zone = zone_of(zone_text);
    struct gb_zone_year year = {0};

    return gb_zone_offset_at(&zone, &year, at(utc)) / HOUR_S;
}

static void clocks_change_by_the_rules_of_the_north(void)
{
    const char *berlin = "CET-1CEST,M3.5.0,M10.5.0/3";

    EXPECT_INT(offset_h(berlin, "2024-03-31T00:59:59"), 1);
    EXPECT_INT(offset_h(berlin, "2024-03-31T01:00"), 2);
    EXPECT_INT(offset_h(berlin, "2024-10-27T00:59:59"), 2);
    EXPECT_INT(offset_h(berlin, "2024-10-27T01:00"), 1);
    EXPECT_INT(offset_h("EST5EDT,M3.2.0,M11.1.0", "2014-03-09T06:59:59"), -5);
    EXPECT_INT(offset_h("EST5EDT,M3.2.0,M11.1.0", "2014-03-09T07:00"), -4);
    EXPECT_INT(offset_h("EST5EDT,M3.2.0,M11.1.0", "2014-11-02T06:00"), -5);
}

static void clocks_change_by_the_rules_of_the_south(void)
{
    const char *sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";

    EXPECT_INT(offset_h(sydney, "2024-01-01T00:00"), 11);
    EXPECT_INT(offset_h(sydney, "2024-04-06T15:59:59"), 11);
    EXPECT_INT(offset_h(sydney, "2024-04-06T16:00"), 10);
    EXPECT_INT(offset_h(sydney, "2024-10-05T15:59:59"), 10);
    EXPECT_INT(offset_h(sydney, "2024-10-05T16:00"), 11);
}

static void days_of_the_year_are_rules_too(void)
{
    /* J60 is 1 March in every year, 60 (from 0) is 29 February of a leap year's end: 1 March */
    EXPECT_INT(offset_h("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59"), 0);
    EXPECT_INT(offset_h("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00"), 1);
    EXPECT_INT(offset_h("AAA0BBB,60/0,300/0", "2024-03-01T00:00"), 1);
    EXPECT_INT(offset_h("AAA0BBB,60/0,300/0", "2023-03-01T23:59:59"), 0);
    EXPECT_INT(offset_h("<+0330>-3:30", "2023-03-01T00:00"), 3);
}

static void an_hour_comes_twice_and_one_not_at_all(void)
{
    struct gb_zone zone = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
    struct gb_zone_year year = {0};
    int64_t instants[2];

    EXPECT_INT(gb_zone_instants(&zone, &year, at("2024-03-31T02:30"), instants), 0);
    EXPECT_INT(gb_zone_instants(&zone, &year, at("2024-10-27T02:30"), instants), 2);
    EXPECT_INT(instants[0], at("2024-10-27T00:30")); /* summer time first */
    EXPECT_INT(instants[1], at("2024-10-27T01:30"));
    EXPECT_INT(gb_zone_instants(&zone, &year, at("2024-10-27T03:00"), instants), 1);
    EXPECT_INT(instants[0], at("2024-10-27T02:00"));
}

static void every_instant_is_found_again_from_its_clock(void)
{
    const char *const texts[] = {"CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                 "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "UTC0"};

    for (size_t z = 0; z < sizeof texts / sizeof texts[0]; z++) {
        struct gb_zone zone = zone_of(texts[z]);
        struct gb_zone_year year = {0};
        int64_t instants[2];

        for (int64_t utc_s = at("2022-12-30T00:00"); utc_s < at("2025-01-03T00:00");
             utc_s += 1800) {
            int64_t local_s = utc_s + gb_zone_offset_at(&zone, &year, utc_s);
            int n = gb_zone_instants(&zone, &year, local_s, instants);
            if (!EXPECT(n >= 1 && (instants[0] == utc_s || (n == 2 && instants[1] == utc_s))))
                return;
        }
    }
}

static void what_systems_read_differently_is_refused(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {{"UTC+10", "a plus means west"},
                 {"CET-1CEST", "needs the rules"},
                 {"Europe/Berlin", "a POSIX one is expected"},
                 {"CE-1", "at least three letters"},
                 {"CET", "hours west"},
                 {"CET-1CEST,M3.6.0,M10.5.0", "a rule is"},
                 {"CET-1CEST,M3.5.0", "a rule is"},
                 {"CET-1CEST,J0,J300", "a rule is"},
                 {"CET-1CEST-0,M3.5.0,M10.5.0", "ahead of standard"},
                 {"", "at least three letters"}};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct gb_zone zone = GB_ZONE_UTC;
        struct gb_error err = {0};
        EXPECT_INT(gb_zone_parse(wrong[i].text, &zone, &err), GB_EINPUT);
        if (!EXPECT(strstr(err.text, wrong[i].says) != NULL))
            tap_note("%s: %s", wrong[i].text, err.text);
        EXPECT_TEXT(zone.text, "UTC0");
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(clocks_change_by_the_rules_of_the_north),
                                            TAP(clocks_change_by_the_rules_of_the_south),
                                            TAP(days_of_the_year_are_rules_too),
                                            TAP(an_hour_comes_twice_and_one_not_at_all),
                                            TAP(every_instant_is_found_again_from_its_clock),
                                            TAP(what_systems_read_differently_is_refused),
                                            {0}};

    return tap_main("zone", tests);
}
