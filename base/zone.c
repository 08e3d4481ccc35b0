#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"

enum { DAY_S = 86400, HOUR_S = 3600, SHORTEST_NAME = 3 };

/* ---- the text */

/* A name: letters, or anything in <>. returns what follows, NULL where there is none */
static const char *take_name(const char *at)
{
    size_t n = 0;

    if (*at == '<') {
        n = strcspn(at, ">");
        return at[n] == '>' && n > SHORTEST_NAME ? at + n + 1 : NULL;
    }
    while (isalpha((unsigned char)at[n]))
        n++;
    return n >= SHORTEST_NAME ? at + n : NULL;
}

static const char *take_number(const char *at, int most, int *out)
{
    size_t n = 0;

    for (*out = 0; at && at[n] >= '0' && at[n] <= '9' && n < 4; n++)
        *out = 10 * *out + at[n] - '0';
    return n > 0 && *out <= most ? at + n : NULL;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds */
static const char *take_time(const char *at, int most_hours, int32_t *out)
{
    int sign = *at == '-' ? -1 : 1, part[3] = {0};

    at = take_number(at + (*at == '-' || *at == '+'), most_hours, &part[0]);
    for (int i = 1; i < 3 && at && *at == ':'; i++)
        at = take_number(at + 1, 59, &part[i]);
    *out = sign * (HOUR_S * part[0] + 60 * part[1] + part[2]);
    return at;
}

static const char *take_rule(const char *at, struct gb_zone_rule *out)
{
    *out =
        (struct gb_zone_rule){.form = *at == 'M' || *at == 'J' ? *at : 'n', .time_s = 2 * HOUR_S};
    if (out->form == 'M') {
        at = take_number(at + 1, 12, &out->month);
        at = at && *at == '.' ? take_number(at + 1, 5, &out->week) : NULL;
        at = at && *at == '.' ? take_number(at + 1, 6, &out->day) : NULL;
        if (out->month < 1 || out->week < 1)
            return NULL;
    } else {
        at = take_number(at + (out->form == 'J'), 365, &out->day);
        if (out->form == 'J' && out->day < 1)
            return NULL;
    }
    return at && *at == '/' ? take_time(at + 1, 167, &out->time_s) : at;
}

static enum gb_status fail(const char *text, const char *why, struct gb_error *err)
{
    return gb_fail(err, GB_EINPUT,
                   "'%s' is no time zone: %s; a POSIX one is expected, like 'UTC0', '<+10>-10' or "
                   "'CET-1CEST,M3.5.0,M10.5.0/3'",
                   text, why);
}

/* What stands behind the standard time: summer time and its rules. returns why not, or NULL */
static const char *read_summer(const char *at, struct gb_zone *zone)
{
    int32_t west_s;

    at = take_name(at);
    if (!at)
        return "the name of summer time has at least three letters";
    zone->summer_offset_s = zone->offset_s + HOUR_S;
    if (*at != ',' && *at != '\0') {
        at = take_time(at, 24, &west_s);
        zone->summer_offset_s = -west_s;
    }
    if (!at || *at != ',')
        return "summer time needs the rules of its begin and end";
    at = take_rule(at + 1, &zone->begin);
    at = at && *at == ',' ? take_rule(at + 1, &zone->end) : NULL;
    if (!at || *at)
        return "a rule is Mmonth.week.weekday, Jday or day, each perhaps with /time";
    if (zone->summer_offset_s <= zone->offset_s)
        return "summer time must be ahead of standard time";
    zone->has_summer = true;
    return NULL;
}

enum gb_status gb_zone_parse(const char *text, struct gb_zone *out, struct gb_error *err)
{
    struct gb_zone zone = {.has_summer = false};
    const char *at = take_name(text), *why;
    int32_t west_s = 0;

    if (strlen(text) >= sizeof zone.text)
        return fail("(long)", "it is longer than 79 characters", err);
    snprintf(zone.text, sizeof zone.text, "%s", text);
    if (!at)
        return fail(text, "its name has at least three letters", err);
    bool is_utc = strncasecmp(text, "UTC", 3) == 0 || strncasecmp(text, "GMT", 3) == 0;
    bool bare = is_utc && *at == '\0';
    at = bare ? at : take_time(at, 24, &west_s);
    if (!at)
        return fail(text, "hours west of Greenwich follow the name", err);
    if (is_utc && west_s != 0 && *at == '\0')
        return fail(text,
                    "behind UTC a plus means west to POSIX and east to most people (one hour ahead "
                    "is '<+01>-1')",
                    err);
    zone.offset_s = -west_s;
    why = *at ? read_summer(at, &zone) : NULL;
    if (why)
        return fail(text, why, err);
    *out = zone;
    return GB_OK;
}

/* ---- the changes of a year */

static bool is_leap(int year)
{
    return gb_days_to_year(year + 1) - gb_days_to_year(year) == 366;
}

static int64_t day_of_rule(const struct gb_zone_rule *rule, int year)
{
    int64_t first = gb_days_to_year(year), day = 0;

    if (rule->form == 'n')
        return first + rule->day;
    if (rule->form == 'J')
        return first + rule->day - 1 + (is_leap(year) && rule->day > 59);
    gb_civil_days(year, rule->month, 1, &day);
    int weekday = (gb_civil_day_at(day).weekday + 1) % 7; /* Sunday = 0 */
    day += (rule->day - weekday + 7) % 7 + 7 * (int64_t)(rule->week - 1);
    while (gb_civil_day_at(day).month != rule->month)
        day -= 7; /* the fifth is the last */
    return day;
}

static void keep_year(const struct gb_zone *zone, struct gb_zone_year *kept, int64_t utc_s)
{
    int64_t day = gb_floor_divide(utc_s + zone->offset_s, DAY_S);
    int year = gb_civil_day_at(day).year;

    kept->year = year;
    kept->first_s = gb_days_to_year(year) * DAY_S - zone->offset_s;
    kept->last_s = gb_days_to_year(year + 1) * DAY_S - zone->offset_s;
    kept->begin_s = day_of_rule(&zone->begin, year) * DAY_S + zone->begin.time_s - zone->offset_s;
    kept->end_s = day_of_rule(&zone->end, year) * DAY_S + zone->end.time_s - zone->summer_offset_s;
}

int32_t gb_zone_offset_at(const struct gb_zone *zone, struct gb_zone_year *kept, int64_t utc_s)
{
    if (!zone->has_summer)
        return zone->offset_s;
    if (kept->year == 0 || utc_s < kept->first_s || utc_s >= kept->last_s)
        keep_year(zone, kept, utc_s);
    bool is_summer = kept->begin_s < kept->end_s
                         ? utc_s >= kept->begin_s && utc_s < kept->end_s
                         : utc_s >= kept->begin_s || utc_s < kept->end_s; /* the south */
    return is_summer ? zone->summer_offset_s : zone->offset_s;
}

int gb_zone_instants(const struct gb_zone *zone, struct gb_zone_year *kept, int64_t local_s,
                     int64_t out[2])
{
    int64_t summer_s = local_s - zone->summer_offset_s, winter_s = local_s - zone->offset_s;
    int n = 0;

    if (!zone->has_summer) {
        out[0] = winter_s;
        return 1;
    }
    if (gb_zone_offset_at(zone, kept, summer_s) == zone->summer_offset_s)
        out[n++] = summer_s;
    if (gb_zone_offset_at(zone, kept, winter_s) == zone->offset_s)
        out[n++] = winter_s;
    return n;
}

struct gb_zone gb_zone_ahead(int64_t hundredths)
{
    struct gb_zone zone = {.offset_s = (int32_t)(36 * hundredths)};
    int minutes = (int)(hundredths < 0 ? -hundredths : hundredths) * 60 / 100;
    char east = hundredths < 0 ? '-' : '+', west = hundredths < 0 ? '+' : '-';

    if (hundredths == 0)
        return GB_ZONE_UTC;
    if (minutes % 60 == 0)
        snprintf(zone.text, sizeof zone.text, "<%c%02d>%c%d", east, minutes / 60, west,
                 minutes / 60);
    else
        snprintf(zone.text, sizeof zone.text, "<%c%02d%02d>%c%d:%02d", east, minutes / 60,
                 minutes % 60, west, minutes / 60, minutes % 60);
    return zone;
}
