#include "models/series/unit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define OF_POWER(name, watts)                    \
    {                                            \
        name, GB_UNIT_POWER, watts, "W", 0, 0, 0 \
    }
#define OF_ENERGY(name, watts)                     \
    {                                              \
        name, GB_UNIT_ENERGY, watts, "Wh", 0, 0, 0 \
    }
#define ENERGY_AN_HOUR(name, watts) \
    OF_POWER(name "/h", watts), OF_POWER(name "/hr", watts), OF_POWER(name "/hour", watts)
#define OTHER(name, si, scale, shift)               \
    {                                               \
        name, GB_UNIT_OTHER, 0, si, scale, shift, 0 \
    }
#define PRICE(name, currency, ticks)                  \
    {                                                 \
        name, GB_UNIT_PRICE, 0, currency, 0, 0, ticks \
    }
#define PRICES(sign, currency) \
    PRICE(sign "/kWh", currency, 1000000), PRICE(sign "/MWh", currency, 1000)

static const struct gb_unit units[] = {
    OF_POWER("W", 1),
    OF_POWER("kW", 1000),
    OF_POWER("MW", 1000000),
    OF_ENERGY("Wh", 1),
    OF_ENERGY("kWh", 1000),
    OF_ENERGY("MWh", 1000000),
    ENERGY_AN_HOUR("Wh", 1),
    ENERGY_AN_HOUR("kWh", 1000),
    ENERGY_AN_HOUR("MWh", 1000000),
    {"W/m2", GB_UNIT_IRRADIANCE, 0, "W/m2", 1, 0, 0},
    {"W/m^2", GB_UNIT_IRRADIANCE, 0, "W/m2", 1, 0, 0},
    {"W/m\xC2\xB2", GB_UNIT_IRRADIANCE, 0, "W/m2", 1, 0, 0}, /* the small 2 */
    {"Wh/m2", GB_UNIT_IRRADIANCE, 0, "Wh/m2", 1, 0, 0},
    {"Wh/m^2", GB_UNIT_IRRADIANCE, 0, "Wh/m2", 1, 0, 0},
    {"Wh/m\xC2\xB2", GB_UNIT_IRRADIANCE, 0, "Wh/m2", 1, 0, 0},
    OTHER("m/s", "m/s", 1, 0),
    OTHER("km/h", "m/s", 1 / 3.6, 0),
    OTHER("mph", "m/s", 0.44704, 0),
    OTHER("kn", "m/s", 1852.0 / 3600, 0),
    OTHER("C", "C", 1, 0),
    OTHER("\xC2\xB0"
          "C",
          "C", 1, 0), /* with the sign of degrees */
    OTHER("\xB0"
          "C",
          "C", 1, 0), /* as ISO 8859-1 has it */
    OTHER("degC", "C", 1, 0),
    OTHER("F", "C", 5 / 9.0, -160 / 9.0),
    OTHER("\xC2\xB0"
          "F",
          "C", 5 / 9.0, -160 / 9.0),
    OTHER("degF", "C", 5 / 9.0, -160 / 9.0),
    OTHER("K", "C", 1, -273.15),
    OTHER("%", "%", 1, 0),
    OTHER("Pa", "Pa", 1, 0),
    OTHER("hPa", "Pa", 100, 0),
    OTHER("mbar", "Pa", 100, 0),
    OTHER("deg", "deg", 1, 0),
    OTHER("degrees", "deg", 1, 0),
    OTHER("\xC2\xB0", "deg", 1, 0),
    OTHER("1", "", 1, 0),
    OTHER("lux", "lux", 1, 0),
    OTHER("mm", "mm", 1, 0),
    OTHER("cm", "mm", 10, 0),
    OTHER("m", "m", 1, 0),
    PRICES("currency", ""),
    PRICES("EUR", "EUR"),
    PRICES("\xE2\x82\xAC", "EUR"), /* the sign of the euro */
    PRICES("CHF", "CHF"),
    PRICES("GBP", "GBP"),
    PRICES("\xC2\xA3", "GBP"), /* that of the pound */
    PRICES("DKK", "DKK"),
    PRICES("NOK", "NOK"),
    PRICES("SEK", "SEK"),
    PRICES("PLN", "PLN"),
    PRICES("CZK", "CZK"),
    PRICES("HUF", "HUF"),
    PRICES("RON", "RON"),
    PRICES("USD", "USD"),
    PRICES("AUD", "AUD"),
    PRICES("NZD", "NZD"),
    PRICES("CAD", "CAD"),
    PRICES("JPY", "JPY"),
    PRICES("INR", "INR"),
    PRICES("BRL", "BRL"),
    PRICES("$", ""), /* of any dollar */
    PRICE("ct/kWh", "", 10000),
    PRICE("c/kWh", "", 10000),
    PRICE("p/kWh", "GBP", 10000),
};
enum { N_UNITS = sizeof units / sizeof units[0] };

bool gb_unit_is_of_steps(const struct gb_unit *unit)
{
    return unit->kind == GB_UNIT_ENERGY ||
           (unit->kind == GB_UNIT_IRRADIANCE && strcmp(unit->si, "Wh/m2") == 0);
}

static const struct gb_unit *listed(const char *name, size_t n)
{
    for (size_t i = 0; i < N_UNITS; i++)
        if (strlen(units[i].name) == n && strncasecmp(units[i].name, name, n) == 0)
            return &units[i];
    return NULL;
}

/* ---- power and energy as they are spelled */

/* Steps over the first of the words that stands there. returns its place among them, or -1 */
static int take_word(const char *const *words, const char **at, const char *end)
{
    for (int i = 0; words[i]; i++) {
        size_t n = strlen(words[i]);
        if (n <= (size_t)(end - *at) && strncasecmp(*at, words[i], n) == 0) {
            *at += n;
            return i;
        }
    }
    return -1;
}

static bool is_end(const char *at, const char *end)
{
    return at == end || (*at != '\0' && strchr(" _-/.,:()[]", *at));
}

/* The hour of `kW h`, `kW-h` and `kW * h`, with the times sign between or not. Of `kW hour ending`,
 * `kW h-1` and `kW h 24` it is another hour, not that of the unit. */
static bool take_hour(const char **at, const char *end)
{
    static const char *const joints[] = {
        " ", "-", "*", "_", ".", "\xC2\xB7", "\xE2\x8B\x85", "\xE2\x88\x99", NULL};
    static const char *const hours[] = {"hours", "hour", "hrs", "hr", "h", NULL};
    static const char *const others[] = {"end", "begin", "start", "ahead", "of", NULL};
    const char *from = *at;

    while (take_word(joints, at, end) >= 0)
        continue;
    if (take_word(hours, at, end) >= 0 && is_end(*at, end)) {
        const char *next = *at;
        while (next < end && *next != '\0' && strchr(" _-.", *next))
            next++;
        if (next == end || next == *at ||
            ((*next < '0' || *next > '9') && take_word(others, &next, end) < 0))
            return true;
    }
    *at = from;
    return false;
}

/* The unit of power or energy that a text begins with, however it is spelled: `kW h`, `kW-h`,
 * `kWhr`, `kilowatt-hours`, `Watts`. NULL: none
 * n_used  out: bytes of it */
static const struct gb_unit *spelled(const char *name, size_t n, size_t *n_used)
{
    static const char *const prefixes[] = {"kilo", "mega", "k", "M", NULL};
    static const char *const watts[] = {"watts", "watt", "W", NULL};
    static const char *const names[][2] = {{"kW", "kWh"}, {"MW", "MWh"}, {"W", "Wh"}};
    const char *at = name, *end = name + n;
    int prefix = take_word(prefixes, &at, end);
    int watt = take_word(watts, &at, end);

    if (watt < 0 || (prefix >= 0 && prefix < 2 && watt == 2)) /* no `kiloW` */
        return NULL;
    bool has_hour = take_hour(&at, end);
    *n_used = (size_t)(at - name);
    if (!has_hour && !is_end(at, end))
        return NULL;
    const char *of = names[prefix < 0 ? 2 : prefix % 2][has_hour];
    return listed(of, strlen(of));
}

const struct gb_unit *gb_unit_named(const char *name, size_t n)
{
    const struct gb_unit *unit = listed(name, n);
    size_t n_used = 0;

    if (!unit)
        unit = spelled(name, n, &n_used);
    return n_used == 0 || n_used == n ? unit : NULL;
}

const char *gb_unit_names(void)
{
    return "W, kW, MW, Wh, kWh, MWh, W/m2, m/s, km/h, mph, kn, C, F, K, %, Pa, hPa, deg, mm, m, 1, "
           "currency/kWh, EUR/MWh, ct/kWh";
}

/* `EUR/MWh`, `EUR_MWh` or `EUR per MWh`, of two words; NULL: it is no price. */
static const struct gb_unit *price_of(const char *currency, size_t n_currency, const char *energy,
                                      size_t n_energy)
{
    char name[32];
    int n = snprintf(name, sizeof name, "%.*s/%.*s", (int)(n_currency < 16 ? n_currency : 16),
                     currency, (int)(n_energy < 8 ? n_energy : 8), energy);
    const struct gb_unit *unit = gb_unit_named(name, (size_t)n);

    return unit && unit->kind == GB_UNIT_PRICE ? unit : NULL;
}

static bool is_word(const char *at, size_t n, const char *word)
{
    return strlen(word) == n && strncasecmp(at, word, n) == 0;
}

static size_t word_length(const char *at, size_t n)
{
    size_t i = 0;

    while (i < n && !strchr(" _-/.,:()[]", at[i]))
        i++;
    return i;
}

/* `m2`, `m-2`, `m^2`, `m**-2`, `m_2` and those with a small 2. */
static bool is_square_metre(const char *at, size_t n)
{
    size_t i = 1;

    if (n < 2 || (at[0] != 'm' && at[0] != 'M'))
        return n >= 3 && word_length(at, n) == 3 && strncasecmp(at, "sqm", 3) == 0;
    while (i < n && strchr("^*-_.", at[i]))
        i++;
    if (i + 3 <= n && memcmp(at + i, "\xE2\x81\xBB", 3) == 0) /* the small minus */
        i += 3;
    if (i + 2 <= n && memcmp(at + i, "\xC2\xB2", 2) == 0)
        i += 2;
    else if (i < n && at[i] == '2')
        i++;
    else
        return false;
    return i == n || word_length(at + i, n - i) == 0;
}

/* Of a step, whatever its length: energy in it is no less energy. `hh` is half an hour. */
static bool is_step(const char *at, size_t n)
{
    static const char *const words[] = {"hh",   "half",     "quarter", "step",
                                        "slot", "interval", "period"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is_word(at, n, words[i]))
            return true;
    return n > 3 && at[0] >= '1' && at[0] <= '9' && strncasecmp(at + n - 3, "min", 3) == 0;
}

static bool is_hour(const char *at, size_t n)
{
    return is_word(at, n, "h") || is_word(at, n, "hr") || is_word(at, n, "hour");
}

/* The unit that begins with one of power or energy, by what follows it: `kWh/h` is power, `W/m2` no
 * more than the light on a square metre; NULL: of anything else it is so much of, nothing is known.
 * rest  of the name, behind the unit */
static const struct gb_unit *compound_of(const struct gb_unit *unit, const char *rest, size_t n)
{
    bool is_divided = false;
    char name[16];
    size_t i = 0;

    for (; i < n && strchr(" _-/.,:", rest[i]); i++)
        is_divided = is_divided || rest[i] == '/';
    if (n - i > 4 && strncasecmp(rest + i, "per", 3) == 0 && strchr(" _-.", rest[i + 3])) {
        is_divided = true;
        i += 4;
    }
    size_t length = word_length(rest + i, n - i);
    if (is_square_metre(rest + i, n - i)) {
        snprintf(name, sizeof name, "%s/m2", unit->name);
        return gb_unit_named(name, strlen(name));
    }
    if (is_word(rest + i, length, "kWp"))
        return NULL;
    if (!is_divided || (unit->kind == GB_UNIT_ENERGY && is_step(rest + i, length)))
        return unit;
    if (unit->kind == GB_UNIT_POWER || !is_hour(rest + i, length))
        return NULL;
    snprintf(name, sizeof name, "%s/h", unit->name);
    return gb_unit_named(name, strlen(name));
}

/* Only units of energy, power and light, and prices, stand in a name without brackets: `Wind_m` is
 * no length. */
static const struct gb_unit *word_in(const char *name, size_t n)
{
    size_t from = 0, before = 0, n_before = 0; /* the word before, but `per` */
    bool is_per = false;                       /* `/` or `per` is between */

    for (size_t i = 0; i <= n; i++) {
        if (i < n && !strchr(" _-/.,:", name[i]))
            continue;
        const struct gb_unit *unit = listed(name + from, i - from);
        size_t n_used = 0;
        if (!unit || unit->kind == GB_UNIT_POWER) { /* `kW h` is more than its first word */
            const struct gb_unit *other = spelled(name + from, n - from, &n_used);
            unit = other ? other : unit;
            i = other ? from + n_used : i;
        }
        if (unit && unit->kind <= GB_UNIT_ENERGY) {
            /* `c kWh` is the energy of c */
            const struct gb_unit *price =
                is_per || n_before == 3
                    ? price_of(name + before, n_before, unit->name, strlen(unit->name))
                    : NULL;
            return price ? price : compound_of(unit, name + i, n - i);
        }
        bool is_word_per = is_word(name + from, i - from, "per");
        if (i > from && !is_word_per) {
            before = from;
            n_before = i - from;
        }
        is_per = is_word_per || (i < n && name[i] == '/');
        from = i + 1;
    }
    return NULL;
}

const struct gb_unit *gb_unit_in(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *pair = name[i] == '(' ? ")" : name[i] == '[' ? "]" : NULL;
        const char *end = pair ? memchr(name + i, *pair, n - i) : NULL;
        const struct gb_unit *unit =
            end ? gb_unit_named(name + i + 1, (size_t)(end - name) - i - 1) : NULL;
        if (unit)
            return unit;
    }
    return word_in(name, n);
}
