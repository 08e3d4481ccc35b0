#include "models/series/unit.h"

#include <string.h>
#include <strings.h>

#define OF_POWER(name, watts)                 \
    {                                         \
        name, GB_UNIT_POWER, watts, "W", 0, 0 \
    }
#define OF_ENERGY(name, watts)                  \
    {                                           \
        name, GB_UNIT_ENERGY, watts, "Wh", 0, 0 \
    }
#define OTHER(name, si, scale, shift)            \
    {                                            \
        name, GB_UNIT_OTHER, 0, si, scale, shift \
    }

static const struct gb_unit units[] = {
    OF_POWER("W", 1),
    OF_POWER("kW", 1000),
    OF_POWER("MW", 1000000),
    OF_ENERGY("Wh", 1),
    OF_ENERGY("kWh", 1000),
    OF_ENERGY("MWh", 1000000),
    {"W/m2", GB_UNIT_IRRADIANCE, 0, "W/m2", 1, 0},
    {"W/m^2", GB_UNIT_IRRADIANCE, 0, "W/m2", 1, 0},
    {"Wh/m2", GB_UNIT_IRRADIANCE, 0, "Wh/m2", 1, 0},
    OTHER("m/s", "m/s", 1, 0),
    OTHER("km/h", "m/s", 1 / 3.6, 0),
    OTHER("mph", "m/s", 0.44704, 0),
    OTHER("kn", "m/s", 1852.0 / 3600, 0),
    OTHER("C", "C", 1, 0),
    OTHER("F", "C", 5 / 9.0, -160 / 9.0),
    OTHER("K", "C", 1, -273.15),
    OTHER("%", "%", 1, 0),
    OTHER("Pa", "Pa", 1, 0),
    OTHER("hPa", "Pa", 100, 0),
    OTHER("mbar", "Pa", 100, 0),
    OTHER("deg", "deg", 1, 0),
    OTHER("degrees", "deg", 1, 0),
    OTHER("1", "", 1, 0),
    OTHER("lux", "lux", 1, 0),
    OTHER("mm", "mm", 1, 0),
    OTHER("cm", "mm", 10, 0),
    OTHER("m", "m", 1, 0),
};
enum { N_UNITS = sizeof units / sizeof units[0] };

bool gb_unit_is_of_steps(const struct gb_unit *unit)
{
    return unit->kind == GB_UNIT_ENERGY ||
           (unit->kind == GB_UNIT_IRRADIANCE && strcmp(unit->si, "Wh/m2") == 0);
}

const struct gb_unit *gb_unit_named(const char *name, size_t n)
{
    for (size_t i = 0; i < N_UNITS; i++)
        if (strlen(units[i].name) == n && strncasecmp(units[i].name, name, n) == 0)
            return &units[i];
    return NULL;
}

const char *gb_unit_names(void)
{
    return "W, kW, MW, Wh, kWh, MWh, W/m2, m/s, km/h, mph, kn, C, F, K, %, Pa, hPa, deg, mm, m, 1";
}

/* Only units of energy and power stand in a name without brackets: `Wind_m` is no length. */
static const struct gb_unit *word_in(const char *name, size_t n)
{
    size_t from = 0;

    for (size_t i = 0; i <= n; i++) {
        if (i < n && !strchr(" _-/.,:", name[i]))
            continue;
        const struct gb_unit *unit = gb_unit_named(name + from, i - from);
        if (unit && unit->kind <= GB_UNIT_ENERGY)
            return unit;
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
