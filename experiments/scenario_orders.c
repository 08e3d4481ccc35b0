/* The orders of a scenario: a CSV table beside it or inside it. */
#include "experiments/scenario_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/yaml.h"

/* One character of UTF-8 at `text`, its length in *length; 0 if there is none. */
static uint32_t decode(const unsigned char *text, size_t *length)
{
    uint32_t c = text[0];
    size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xf0 && c < 0xf5 ? 4 : 0;

    if (n == 0)
        return 0;
    c = n == 1 ? c : c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (text[i] & 0x3f);
    }
    *length = n;
    return (n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ? 0 : c;
}

/* The stored scenario holds the orders inside YAML: only what YAML gives back unchanged is taken. */
static bool is_storable(uint32_t c)
{
    if (c < 0x80)
        return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0x7f);
    return c > 0xa0 && c != 0x2028 && c != 0x2029 && (c < 0xd800 || c > 0xdfff) && c != 0xfeff &&
           c < 0x110000 && c != 0xfffe && c != 0xffff;
}

/* Line of the first character that cannot be stored, from 1; 0 if all can. */
static size_t first_bad_line(const char *text, size_t length)
{
    size_t line = 1, step = 1;

    for (size_t i = 0; i < length; i += step) {
        uint32_t c = decode((const unsigned char *)text + i, &step);
        if (c == 0 || !is_storable(c))
            return line;
        line += c == '\n';
    }
    return 0;
}

/* orders.file is looked for beside the scenario. returns a path to be freed, or NULL */
static char *orders_path(const struct gb_scenario *scenario)
{
    const char *folder = scenario->folder ? scenario->folder : ".";
    bool is_beside = scenario->orders_file[0] != '/' && strcmp(folder, ".") != 0;
    size_t size = strlen(folder) + strlen(scenario->orders_file) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s%s%s", is_beside ? folder : "", is_beside ? "/" : "",
                 scenario->orders_file);
    return path;
}

enum gb_status gb_reading_orders(struct gb_reading *reading, struct gb_error *err)
{
    (void)orders_path;
    (void)first_bad_line;
    (void)err;
    if (reading->orders_changed)
        gb_reading_complain(reading, "orders.file", "orders are not read by this build");
    return GB_OK;
}
