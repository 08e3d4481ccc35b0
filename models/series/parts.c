#include "models/series/parts.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"

enum { DAY_S = 86400, HOUR_S = 3600, FIRST_YEAR = 1700, LAST_YEAR = 2200, TYPICAL_YEAR = 2001 };
enum { MOST_COLUMNS = 64 }; /* of parts: whatever is further to the right is a value */

#define NONE SIZE_MAX

/* ---- names */

/* Words of each part; words of months and minutes are told apart by where they stand. */
static const char *const words[GB_N_PARTS][22] = {
    [GB_PART_YEAR] = {"year", "yr", "yyyy", "yy", "jahr", "ann\303\251e", "annee", "ann\351e", "an",
                      "a\303\261o", "a\361o", "ano", "anio", "anno", "jaar", NULL},
    [GB_PART_MONTH] = {"month", "mo", "mon", "mm", "monat", "mois", "mes", "mese", "m\303\252s",
                       "m\352s", "maand", NULL},
    [GB_PART_DAY] = {"day", "dy", "dd", "tag", "jour", "d\303\255a", "d\355a", "dia", "giorno",
                     "dag", "day of month", "day_of_month", NULL},
    [GB_PART_YEAR_DAY] = {"doy", "day of year", "day_of_year", "dayofyear", "yearday", "yday",
                          "year day", "julian day", "jday", "julian_day", "tag des jahres",
                          "jahrestag", "tagesnummer", "jour de l'ann\303\251e", "jour julien",
                          "d\303\255a del a\303\261o", "dia del ano", "d\303\255a juliano", NULL},
    [GB_PART_HOUR] = {"hour", "hr", "hh", "he", "hour ending", "hour_ending", "hourending",
                      "hour of day", "hour_of_day", "stunde", "std", "heure", "hora", "ora", "uur",
                      "h", "hora_fin", NULL},
    [GB_PART_MINUTE] = {"minute", "minutes", "min", "mm", "mn", "mi", "minuten", "minuto",
                        "minutos", "minuti", "minuut", NULL},
    [GB_PART_SECOND] = {"second", "seconds", "sec", "ss", "sekunde", "sekunden", "seconde",
                        "secondes", "segundo", "segundos", "secondi", NULL},
};

/* What else the hour's column is called, where nothing is called an hour. */
static const char *const clock_words[] = {"time",    "hhmm",  "hour/minute", "hour_minute",
                                          "uhrzeit", "zeit",  "heures",      "horas",
                                          "tijd",    "clock", "hhmmss",      NULL};

/* Periods of a day, which markets and grids number, and how long they are. */
static const struct period_words {
    int64_t seconds; /* 0: the name does not tell */
    const char *words[10];
} period_words[] = {
    {HOUR_S / 2,
     {"half hour", "half_hour", "half-hour", "halfhour", "settlement period", "settlement_period",
      "settlementperiod", "sp", "halbstunde", NULL}},
    {HOUR_S / 4,
     {"quarter hour", "quarter_hour", "quarter-hour", "quarterhour", "viertelstunde",
      "quart d'heure", "cuarto de hora", NULL}},
    {0, {"period", "periodo", "per\303\255odo", "p\303\251riode", "periode", "quarter", NULL}}};

/* Months that are written out, or begin so. */
static const char *const months[12][8] = {
    {"jan", "january", "januar", "janvier", "ene", "enero", "gennaio", NULL},
    {"feb", "february", "februar", "f\303\251vrier", "febrero", "febbraio", "februari", NULL},
    {"mar", "march", "m\303\244rz", "m\303\244r", "mars", "marzo", "maart", NULL},
    {"apr", "april", "avril", "abr", "abril", "aprile", NULL},
    {"may", "mai", "mayo", "maggio", "mei", NULL},
    {"jun", "june", "juni", "juin", "junio", "giugno", NULL},
    {"jul", "july", "juli", "juillet", "julio", "luglio", NULL},
    {"aug", "august", "ao\303\273t", "ago", "agosto", "augustus", NULL},
    {"sep", "september", "sept", "septembre", "septiembre", "settembre", NULL},
    {"oct", "october", "okt", "oktober", "octobre", "octubre", "ottobre", NULL},
    {"nov", "november", "novembre", "noviembre", NULL},
    {"dec", "december", "dez", "dezember", "d\303\251cembre", "dic", "diciembre", NULL},
};

const char *gb_part_name(enum gb_part part)
{
    static const char *const names[GB_N_PARTS] = {"year", "month",  "day",   "day of the year",
                                                  "hour", "minute", "second"};

    return names[part];
}

/* `#YY`, `Hour (UTC)` and `hour [h]` are YY, Hour and hour. */
static struct gb_span bare(struct gb_span name)
{
    while (name.n > 0 && (name.at[0] == '#' || name.at[0] == ' ')) {
        name.at++;
        name.n--;
    }
    for (size_t i = 1; i < name.n; i++)
        if (name.at[i] == '(' || name.at[i] == '[')
            name.n = i;
    while (name.n > 0 && name.at[name.n - 1] == ' ')
        name.n--;
    return name;
}

static void clear(struct gb_parts *out)
{
    *out = (struct gb_parts){.decimal = '.', .zone = GB_ZONE_UTC, .period_s = HOUR_S};
    for (size_t p = 0; p < GB_N_PARTS; p++)
        out->columns[p] = NONE;
}

/* Rows of numbers are passed over before any word is looked up. */
static bool may_be_word(struct gb_span name)
{
    return name.n > 0 && !(name.at[0] >= '+' && name.at[0] <= '9');
}

static size_t find(const struct gb_span *names, size_t n, const char *const *list, size_t from)
{
    for (size_t i = from; i < n && i < MOST_COLUMNS; i++)
        if (may_be_word(names[i]) && gb_span_is_one_of(bare(names[i]), list))
            return i;
    return NONE;
}

/* What stands beside the least of something. */
static const char *const extreme_words[] = {"max", "maximum", "mean", "avg", "average", NULL};

/* The column of periods, which stands for the hour's. */
static void find_period(struct gb_parts *out, const struct gb_span *names, size_t n)
{
    size_t *hour = &out->columns[GB_PART_HOUR];

    for (size_t i = 0; *hour == NONE && i < sizeof period_words / sizeof period_words[0]; i++) {
        *hour = find(names, n, period_words[i].words, 0);
        out->named_s = period_words[i].seconds;
    }
    out->is_period = *hour != NONE;
}

/* The hour, and right behind it minutes and seconds: elsewhere, and before `max` `min` is the least
 * of something. */
static void find_clock(struct gb_parts *out, const struct gb_span *names, size_t n)
{
    size_t *columns = out->columns;

    columns[GB_PART_HOUR] = find(names, n, words[GB_PART_HOUR], 0);
    if (columns[GB_PART_HOUR] == NONE)
        columns[GB_PART_HOUR] = find(names, n, clock_words, 0);
    for (enum gb_part p = GB_PART_MINUTE; p <= GB_PART_SECOND && columns[p - 1] != NONE; p++) {
        size_t next = columns[p - 1] + 1;
        bool is_least = next + 1 < n && gb_span_is_one_of(bare(names[next + 1]), extreme_words);
        if (next < n && !is_least && gb_span_is_one_of(bare(names[next]), words[p]))
            columns[p] = next;
    }
}

bool gb_parts_named(struct gb_parts *out, const struct gb_span *names, size_t n, bool has_date)
{
    size_t *columns = out->columns;

    clear(out);
    find_clock(out, names, n);
    out->has_date = !has_date;
    if (has_date && columns[GB_PART_HOUR] == NONE)
        find_period(out, names, n);
    if (has_date)
        return out->is_used = columns[GB_PART_HOUR] != NONE;
    columns[GB_PART_YEAR] = find(names, n, words[GB_PART_YEAR], 0);
    columns[GB_PART_MONTH] = find(names, n, words[GB_PART_MONTH], 0);
    if (columns[GB_PART_MONTH] == columns[GB_PART_MINUTE]) /* `hh mm` */
        columns[GB_PART_MONTH] = NONE;
    columns[GB_PART_DAY] = find(names, n, words[GB_PART_DAY], 0);
    columns[GB_PART_YEAR_DAY] = find(names, n, words[GB_PART_YEAR_DAY], 0);
    bool has_year = columns[GB_PART_YEAR] != NONE, has_hour = columns[GB_PART_HOUR] != NONE;
    bool has_month = columns[GB_PART_MONTH] != NONE && columns[GB_PART_DAY] != NONE;
    bool has_day = columns[GB_PART_YEAR_DAY] != NONE;
    if (has_year && !has_month && !has_day) { /* a day without its month is that of the year */
        columns[GB_PART_YEAR_DAY] = columns[GB_PART_DAY];
        columns[GB_PART_DAY] = NONE;
        has_day = columns[GB_PART_YEAR_DAY] != NONE && columns[GB_PART_MONTH] == NONE;
    } else if (has_month)
        columns[GB_PART_YEAR_DAY] = NONE;
    else
        columns[GB_PART_MONTH] = columns[GB_PART_DAY] = NONE;
    out->is_typical = !has_year;
    return out->is_used = (has_month || has_day) && (has_year || has_hour);
}

/* ---- a list of columns */

static size_t n_names(const char *list)
{
    size_t n = 1;

    for (; *list; list++)
        n += *list == ',';
    return n;
}

bool gb_parts_is_list(const char *list)
{
    return list && n_names(list) >= 3;
}

static size_t column_of(const char *name, size_t length, const struct gb_span *names, size_t n)
{
    size_t place = 0, i = 0;

    for (; i < length && name[i] >= '0' && name[i] <= '9' && place <= n; i++)
        place = 10 * place + (size_t)(name[i] - '0');
    if (i == length) /* a cell of a row may look just so */
        return place >= 1 && place <= n ? place - 1 : NONE;
    for (i = 0; i < n; i++)
        if (names[i].n == length && strncasecmp(names[i].at, name, length) == 0)
            return i;
    return NONE;
}

bool gb_parts_listed(struct gb_parts *out, const char *list, const struct gb_span *names, size_t n)
{
    static const enum gb_part order[] = {GB_PART_YEAR, GB_PART_MONTH,  GB_PART_DAY,
                                         GB_PART_HOUR, GB_PART_MINUTE, GB_PART_SECOND};
    size_t i = 0;

    clear(out);
    for (; *list && i < sizeof order / sizeof order[0]; i++) {
        size_t length = strcspn(list, ",");
        out->columns[order[i]] = column_of(list, length, names, n);
        if (out->columns[order[i]] == NONE)
            return false;
        list += length + (list[length] == ',');
    }
    out->has_date = true;
    return out->is_used = i >= 3 && *list == '\0';
}

/* ---- stamps */

static bool whole(struct gb_span cell, char decimal, int64_t least, int64_t most, int64_t *out)
{
    int64_t nano;

    if (!gb_cell_plain_number(cell, decimal, &nano) &&
        gb_cell_number(cell, decimal, &nano) != GB_CELL_NUMBER)
        return false;
    *out = nano / GB_NANO;
    return nano % GB_NANO == 0 && *out >= least && *out <= most;
}

static bool read_month(struct gb_span cell, char decimal, int64_t *out)
{
    if (whole(cell, decimal, 1, 12, out))
        return true;
    while (cell.n > 0 && (cell.at[cell.n - 1] == '.' || cell.at[cell.n - 1] == ' '))
        cell.n--;
    for (*out = 1; *out <= 12; ++*out)
        if (gb_span_is_one_of(cell, months[*out - 1]))
            return true;
    return false;
}

static bool read_date(const struct gb_parts *parts, const struct gb_span *cells, int64_t *days)
{
    const size_t *columns = parts->columns;
    int64_t year = TYPICAL_YEAR, month, day;

    if (columns[GB_PART_YEAR] != NONE &&
        !whole(cells[columns[GB_PART_YEAR]], parts->decimal, FIRST_YEAR, LAST_YEAR, &year))
        return false;
    if (parts->is_typical)
        year = TYPICAL_YEAR;
    if (columns[GB_PART_YEAR_DAY] != NONE) {
        int64_t first = gb_days_to_year((int)year), next = gb_days_to_year((int)year + 1);
        bool is_day =
            whole(cells[columns[GB_PART_YEAR_DAY]], parts->decimal, 1, next - first, &day);
        *days = is_day ? first + day - 1 : 0;
        return is_day;
    }
    return read_month(cells[columns[GB_PART_MONTH]], parts->decimal, &month) &&
           whole(cells[columns[GB_PART_DAY]], parts->decimal, 1, 31, &day) &&
           gb_civil_days((int)year, (int)month, (int)day, days);
}

bool gb_parts_is_leap_day(const struct gb_parts *parts, const struct gb_span *cells)
{
    const size_t *columns = parts->columns;
    int64_t month, day;

    if (!parts->is_used || !parts->has_date || !parts->is_typical)
        return false;
    if (columns[GB_PART_YEAR_DAY] != NONE)
        return whole(cells[columns[GB_PART_YEAR_DAY]], parts->decimal, 366, 366, &day);
    return read_month(cells[columns[GB_PART_MONTH]], parts->decimal, &month) && month == 2 &&
           whole(cells[columns[GB_PART_DAY]], parts->decimal, 29, 29, &day);
}

/* Seconds since midnight: of `7`, of `7.25` where no minutes stand beside, of `7:15`, of `715`. */
static bool read_hour(const struct gb_parts *parts, struct gb_span cell, int64_t *seconds)
{
    struct gb_stamp stamp;
    int64_t value;

    if (parts->is_period) {
        bool is_one = whole(cell, parts->decimal, 0, 100, &value);
        *seconds = is_one ? (value + parts->from_zero) * parts->period_s : 0;
        return is_one;
    }
    if (cell.n > 0 && memchr(cell.at, ':', cell.n)) {
        bool is_clock = gb_stamp_read_clock(cell, &stamp);
        *seconds = is_clock ? stamp.local_s : 0;
        return is_clock;
    }
    if (parts->is_digits) {
        bool is_clock = whole(cell, parts->decimal, 0, 2400, &value) && value % 100 < 60;
        *seconds = is_clock ? value / 100 * HOUR_S + value % 100 * 60 : 0;
        return is_clock;
    }
    if (whole(cell, parts->decimal, 0, 25, &value)) {
        *seconds = value * HOUR_S;
        return true;
    }
    if (parts->columns[GB_PART_MINUTE] != NONE ||
        gb_cell_number(cell, parts->decimal, &value) != GB_CELL_NUMBER || value < 0 ||
        value > 24 * GB_NANO)
        return false;
    *seconds = (value * HOUR_S + GB_NANO / 2) / GB_NANO;
    return true;
}

static bool read_clock(const struct gb_parts *parts, const struct gb_span *cells, int64_t *seconds)
{
    int64_t minute = 0, second = 0;
    const size_t *columns = parts->columns;

    *seconds = 0;
    if (columns[GB_PART_HOUR] != NONE && !read_hour(parts, cells[columns[GB_PART_HOUR]], seconds))
        return false;
    if (columns[GB_PART_MINUTE] != NONE &&
        !whole(cells[columns[GB_PART_MINUTE]], parts->decimal, 0, 59, &minute))
        return false;
    if (columns[GB_PART_SECOND] != NONE &&
        !whole(cells[columns[GB_PART_SECOND]], parts->decimal, 0, 59, &second))
        return false;
    *seconds += 60 * minute + second;
    return *seconds <= DAY_S || parts->is_period ||
           (*seconds == DAY_S + HOUR_S && columns[GB_PART_MINUTE] == NONE);
}

/* The start of an hour, or another period, that is counted from a local midnight on. */
static int64_t counted_start(const struct gb_parts *parts, int64_t midnight_s, int64_t end_s)
{
    const struct gb_zone *zone = &parts->zone;
    struct gb_zone_year year = {0};
    int64_t instants[2];
    int n = gb_zone_instants(zone, &year, midnight_s, instants);

    return (n > 0 ? instants[0] : midnight_s - zone->offset_s) + end_s - parts->period_s;
}

bool gb_parts_split(const struct gb_parts *parts, struct gb_stamp_reader *reader,
                    const struct gb_span *cells, size_t time, int64_t *midnight_s, int64_t *clock_s)
{
    struct gb_stamp date;
    int64_t days;

    if (parts->has_date) {
        if (!read_date(parts, cells, &days))
            return false;
        *midnight_s = days * DAY_S;
    } else {
        if (!gb_stamp_read(reader, cells[time], &date) || !date.has_date || date.has_clock)
            return false;
        *midnight_s = date.local_s;
    }
    return read_clock(parts, cells, clock_s);
}

bool gb_parts_read(const struct gb_parts *parts, struct gb_stamp_reader *reader,
                   const struct gb_span *cells, size_t time, struct gb_stamp *out)
{
    int64_t midnight_s, clock_s;

    if (!gb_parts_split(parts, reader, cells, time, &midnight_s, &clock_s))
        return false;
    *out = (struct gb_stamp){.has_date = true, .has_clock = parts->columns[GB_PART_HOUR] != NONE};
    out->local_s =
        parts->counts_day ? counted_start(parts, midnight_s, clock_s) : midnight_s + clock_s;
    return true;
}

bool gb_parts_is_hour(const struct gb_parts *parts, const struct gb_span *names)
{
    size_t hour = parts->columns[GB_PART_HOUR];

    return hour != NONE && gb_span_is_one_of(bare(names[hour]), words[GB_PART_HOUR]);
}

bool gb_parts_has(const struct gb_parts *parts, size_t column)
{
    for (size_t p = 0; parts->is_used && p < GB_N_PARTS; p++)
        if (parts->columns[p] == column)
            return true;
    return false;
}
