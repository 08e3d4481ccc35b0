#include "models/series/header_words.h"

#include <string.h>
#include <strings.h>

/* ---- clocks */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool holds_word(struct gb_span words, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= words.n; i++)
        if (strncasecmp(words.at + i, word, n) == 0)
            return true;
    return false;
}

/* Where UTC or GMT stands as a word, behind it: `timestamp_utc`, `timeUTC`. 0: nowhere */
static size_t behind_utc(struct gb_span words)
{
    for (size_t i = 0; i + 3 <= words.n; i++) {
        const char *at = words.at + i;
        bool is_utc = strncasecmp(at, "UTC", 3) == 0 || strncasecmp(at, "GMT", 3) == 0;
        bool is_capital = at[0] == 'U' || at[0] == 'G';
        bool begins = i == 0 || !is_letter(at[-1]) || (is_capital && at[-1] >= 'a');
        if (is_utc && begins && (i + 3 == words.n || !is_letter(at[3])))
            return i + 3;
    }
    return 0;
}

/* "+1", "-5:30", "+0100" behind UTC, in hundredths of an hour; nothing is 0. false: none of these
 */
static bool read_offset(const char *at, const char *end, int64_t *hundredths)
{
    int digits[4], n = 0;

    *hundredths = 0;
    while (at < end && *at == ' ')
        at++;
    if (at + 1 >= end || (*at != '+' && *at != '-') || !is_digit(at[1]))
        return true;
    bool is_west = *at++ == '-';
    for (; at < end && n < 4 && (is_digit(*at) || (*at == ':' && n > 0)); at++)
        if (is_digit(*at))
            digits[n++] = *at - '0';
    if (n == 0 || (at < end && (is_digit(*at) || *at == '/')))
        return false;
    int hours = n % 2 ? digits[0] : 10 * digits[0] + digits[1];
    int minutes = n > 2 ? 10 * digits[n - 2] + digits[n - 1] : 0;
    *hundredths = (is_west ? -1 : 1) * (100 * hours + minutes * 100 / 60);
    return hours <= 14 && minutes % 15 == 0 && minutes < 60;
}

bool gb_header_zone(struct gb_span words, struct gb_zone *out)
{
    size_t behind = behind_utc(words);
    int64_t hundredths;

    if (behind == 0 || !read_offset(words.at + behind, words.at + words.n, &hundredths))
        return false;
    struct gb_span rest = {words.at + behind, words.n - behind};
    if (behind_utc(rest) != 0 || holds_word(words, "CEST") || holds_word(words, "BST") ||
        (hundredths != 0 && (holds_word(words, "local") || holds_word(words, "summer"))))
        return false;
    *out = gb_zone_ahead(hundredths);
    return true;
}

/* Letters of any language: bytes of UTF-8 and Latin-1 beyond ASCII are taken for some. */
static bool is_of_word(char c)
{
    return is_letter(c) || (unsigned char)c >= 0x80;
}

bool gb_header_is_time(struct gb_span words)
{
    static const char *const times[] = {
        "time",    "date",      "datetime",   "timestamp",   "stamp", "datum",     "zeit",
        "uhrzeit", "zeitpunkt", "datumzeit",  "zeitstempel", "fecha", "fechahora", "hora",
        "heure",   "temps",     "horodatage", "horodate",    "data",  "ora",       "data_ora",
        "tijd",    "tijdstip",  "datumtijd",  "dato",        "tid",   "tidspunkt", NULL};

    for (size_t from = 0, i = 0; i <= words.n; i++) {
        if (i < words.n && is_of_word(words.at[i]))
            continue;
        if (gb_span_is_one_of((struct gb_span){words.at + from, i - from}, times))
            return true;
        from = i + 1;
    }
    return false;
}

/* ---- cells of a line of units */

struct gb_span gb_header_bare(struct gb_span cell)
{
    while (cell.n >= 2 && strchr("([{<", cell.at[0]) && strchr(")]}>", cell.at[cell.n - 1])) {
        cell.at++;
        cell.n -= 2;
    }
    return cell;
}

const struct gb_unit *gb_header_unit(struct gb_span cell)
{
    cell = gb_header_bare(cell);
    const struct gb_unit *unit = gb_unit_named(cell.at, cell.n);

    return unit ? unit : gb_unit_in(cell.at, cell.n);
}

/* `dd.MM.yyyy HH:mm:ss`, `YYYY-MM-DD`: how a stamp is written. */
static bool is_pattern(struct gb_span cell)
{
    size_t n_letters = 0;

    for (size_t i = 0; i < cell.n; i++) {
        if (cell.at[i] == '\0' || !strchr("dDmMyYhHsSTt0 .:-/'", cell.at[i]))
            return false;
        n_letters += strchr("dDmMyYhHsS", cell.at[i]) != NULL;
    }
    return n_letters >= 4;
}

enum gb_date_order gb_header_order(struct gb_span cell)
{
    struct gb_span bare = gb_header_bare(cell);
    bool has_year = bare.n > 0 && (memchr(bare.at, 'y', bare.n) || memchr(bare.at, 'Y', bare.n));

    if (!has_year || !is_pattern(bare))
        return GB_DATE_UNSAID;
    return bare.at[0] == 'd' || bare.at[0] == 'D'   ? GB_DATE_DMY
           : bare.at[0] == 'm' || bare.at[0] == 'M' ? GB_DATE_MDY
                                                    : GB_DATE_UNSAID;
}

bool gb_header_is_like_a_unit(struct gb_span cell)
{
    static const char *const words[] = {
        "-",      "--",      "n/a",   "none", "unit",   "units", "einheit", "V",         "kV",
        "A",      "mA",      "Hz",    "var",  "kvar",   "Mvar",  "VA",      "kVA",       "MVA",
        "varh",   "kvarh",   "VAh",   "kVAh", "Ah",     "bar",   "s",       "sec",       "seconds",
        "min",    "h",       "hours", "l",    "l/h",    "m3",    "m3/h",    "m\xC2\xB3", "g",
        "kg",     "t",       "ppm",   "lx",   "GW",     "GWh",   "J",       "kJ",        "MJ",
        "GJ",     "J/m2",    "EUR",   "ct",   "GBP",    "USD",   "$",       "RN",        "TS",
        "status", "code",    "flag",  "text", "bool",   "degC",  "Deg C",   "deg C",     "Grad",
        "local",  "W/m2/nm", "rad",   "ohm",  "counts", "pu",    "p.u.",    "kW/kW",     "utc",
        "gmt",    "#",       NULL};
    struct gb_span bare = gb_header_bare(cell);
    const char *slash = bare.n ? memchr(bare.at, '/', bare.n) : NULL;
    struct gb_zone zone;

    return gb_span_is_one_of(cell, words) || gb_span_is_one_of(bare, words) || is_pattern(bare) ||
           (bare.n < 12 && gb_header_zone(bare, &zone)) ||
           (slash && gb_unit_named(bare.at, (size_t)(slash - bare.at))) || gb_header_unit(cell);
}
