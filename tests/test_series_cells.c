/* Cells of series: exact numbers, nothing, or words; stamps, whichever came before; and units in
 * the names of columns. */
#include "models/series/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/series/stamp.h"
#include "models/series/unit.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

static void cells_are_exact_numbers_nothing_or_words(void)
{
    static const struct {
        const char *text;
        char decimal;
        enum gb_cell what;
        int64_t nano;
    } cells[] = {{"0.39799999999999996", '.', GB_CELL_NUMBER, 398000000},
                 {"-0.0", '.', GB_CELL_NUMBER, 0},
                 {"1.234,5", ',', GB_CELL_NUMBER, 1234500000000},
                 {"1,234.5", '.', GB_CELL_NUMBER, 1234500000000},
                 {"+.5", '.', GB_CELL_NUMBER, 500000000},
                 {"2.5e-3", '.', GB_CELL_NUMBER, 2500000},
                 {"1e3", '.', GB_CELL_NUMBER, 1000000000000},
                 {"0.0000000005", '.', GB_CELL_NUMBER, 1},
                 {"1000000000", '.', GB_CELL_NUMBER, INT64_C(1000000000000000000)},
                 {"10000000001", '.', GB_CELL_BEYOND, 0},
                 {"-9999", '.', GB_CELL_MISSING, 0},
                 {"-99999.00", '.', GB_CELL_MISSING, 0},
                 {"Null", '.', GB_CELL_MISSING, 0},
                 {"?", '.', GB_CELL_MISSING, 0},
                 {"", '.', GB_CELL_MISSING, 0},
                 {"1,5", '.', GB_CELL_WORD, 0},
                 {"12:30", '.', GB_CELL_WORD, 0},
                 {"1.2.3", '.', GB_CELL_WORD, 0},
                 {"1e", '.', GB_CELL_WORD, 0}};

    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        int64_t nano = 0;
        struct gb_span cell = {cells[i].text, strlen(cells[i].text)};
        if (!EXPECT_INT(gb_cell_number(cell, cells[i].decimal, &nano), cells[i].what) ||
            !EXPECT_INT(nano, cells[i].nano))
            tap_note("%s", cells[i].text);
    }
}

/* A text of so many random signs of an alphabet. */
static struct gb_span random_cell(const char *alphabet, size_t n, char *text, uint64_t *state)
{
    for (size_t i = 0; i < n; i++)
        text[i] = alphabet[splitmix64(state) % strlen(alphabet)];
    return (struct gb_span){text, n};
}

static void plain_numbers_are_those_of_any_number(void)
{
    static const char *const alphabets[] = {"0123456789", "0123456789.", "0123456789,", "09.,-+e "};
    uint64_t state = 7;
    unsigned n_plain = 0, n_wrong = 0;

    for (unsigned trial = 0; trial < 200000; trial++) {
        char text[24];
        const char decimal = trial % 3 ? '.' : ',';
        struct gb_span cell =
            random_cell(alphabets[trial % 4], splitmix64(&state) % 22, text, &state);
        int64_t plain = -1, any = -2;

        if (!gb_cell_plain_number(cell, decimal, &plain))
            continue;
        n_plain++;
        n_wrong += gb_cell_number(cell, decimal, &any) != GB_CELL_NUMBER || any != plain;
    }
    EXPECT_INT(n_wrong, 0);
    EXPECT(n_plain > 40000);
}

/* A number of up to nine decimals is the double nearest to its so many 1e-9, which is what strtod
 * reads: 53 bits hold the numbers of this test. */
static void numbers_are_those_of_the_library(void)
{
    uint64_t state = 17;
    unsigned n_wrong = 0;

    for (unsigned trial = 0; trial < 200000; trial++) {
        char text[32];
        int n_decimals = (int)(splitmix64(&state) % 10);
        uint64_t whole = splitmix64(&state) % (trial % 2 ? 4000000 : 100);
        uint64_t part = splitmix64(&state) % 1000000000;
        int64_t nano = 0;

        int n = snprintf(text, sizeof text, "%s%llu.%09llu", trial % 3 ? "" : "-",
                         (unsigned long long)whole, (unsigned long long)part);
        n -= 9 - n_decimals;
        text[n] = '\0';
        if (gb_cell_number((struct gb_span){text, (size_t)n}, '.', &nano) != GB_CELL_NUMBER)
            nano = 0; /* -9999 and -99999 stand for nothing, and are no others */
        if (nano == 0 && (strtod(text, NULL) == -9999 || strtod(text, NULL) == -99999))
            continue;
        n_wrong += (double)nano / 1e9 != strtod(text, NULL);
    }
    EXPECT_INT(n_wrong, 0);
}

/* A reader that has read the same day before says what one says that reads it for the first time.
 */
static void stamps_do_not_depend_on_the_stamp_before(void)
{
    static const char *const dates[] = {"2024-03-01", "20240301", "1/3/2024", "01-Mar-2024",
                                        "12:00"};
    static const char *const offsets[] = {"", "+01:00", "-0330", "Z", " CET", "+02:00"};
    uint64_t state = 11;
    unsigned n_clocks = 0, n_wrong = 0;

    for (unsigned trial = 0; trial < 200000; trial++) {
        struct gb_stamp_reader known = {.order = GB_DATE_DMY}, fresh = known;
        struct gb_stamp a = {.local_s = 0}, b = a;
        char text[48], rest[24];
        const char *date = dates[trial % 5];
        struct gb_span tail =
            random_cell(trial % 2 ? " T:012" : "0123 T:+Z-", splitmix64(&state) % 16, rest, &state);

        if (trial % 3 == 0) { /* most of them a clock */
            unsigned clock = (unsigned)(splitmix64(&state) % 90000);
            tail.n = (size_t)snprintf(rest, sizeof rest, "%c%02u:%02u:%02u", " T"[clock & 1],
                                      clock / 3600, clock / 60 % 61, clock % 61);
            tail.n -= clock % 5 == 0 ? 3 : 0;
            tail.n += (size_t)snprintf(rest + tail.n, sizeof rest - tail.n, "%s",
                                       offsets[splitmix64(&state) % 6]);
        }
        snprintf(text, sizeof text, "%s 11:00%s", date, offsets[splitmix64(&state) % 6]);
        gb_stamp_read(&known, (struct gb_span){text, strlen(text)}, &a);
        gb_stamp_read(&known, (struct gb_span){date, strlen(date)}, &a);
        snprintf(text, sizeof text, "%s%.*s", date, (int)tail.n, rest);
        bool is_known = gb_stamp_read(&known, (struct gb_span){text, strlen(text)}, &a);
        bool is_fresh = gb_stamp_read(&fresh, (struct gb_span){text, strlen(text)}, &b);
        n_wrong += is_known != is_fresh ||
                   (is_known && (a.local_s != b.local_s || a.span_s != b.span_s ||
                                 a.has_date != b.has_date || a.has_clock != b.has_clock ||
                                 a.has_offset != b.has_offset || a.offset_s != b.offset_s));
        n_clocks += is_known && a.has_clock;
    }
    EXPECT_INT(n_wrong, 0);
    EXPECT(n_clocks > 40000);
}

/* A name is read to the end of its unit, not of its first word. */
static void a_unit_that_is_divided_is_not_its_first_word(void)
{
    static const struct {
        const char *name, *unit; /* "": none */
    } cases[] = {
        {"load kW", "kW"},
        {"PJME_MW", "MW"},
        {"kW_1", "kW"},
        {"kWh import/export", "kWh"},
        {"KWH/hh (per half hour)", "kWh"},
        {"energy kWh/15min", "kWh"},
        {"energy kWh per slot", "kWh"},
        {"power kWh/h", "kWh/h"},
        {"power (kWh/h)", "kWh/h"},
        {"power Wh per hour", "Wh/h"},
        {"MWh / h", "MWh/h"},
        {"GHI W/m2", "W/m2"},
        {"GHI_W_m2", "W/m2"},
        {"GHI W m-2", "W/m2"},
        {"ssrd W m**-2", "W/m2"},
        {"GHI W/m\xC2\xB2", "W/m2"},
        {"GHI W m\xE2\x81\xBB\xC2\xB2", "W/m2"},
        {"GHI (W/m2)", "W/m2"},
        {"GHI [W/m\xC2\xB2]", "W/m\xC2\xB2"},
        {"GHI Wh/m2", "Wh/m2"},
        {"GHI_Wh_per_m2", "Wh/m2"},
        {"H kWh/m2", ""},
        {"pv W/kWp", ""},
        {"pv_kWh_kWp", ""},
        {"kWh/day", ""},
        {"kWh per household", ""},
        {"ramp kW/h", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gb_unit *unit = gb_unit_in(cases[i].name, strlen(cases[i].name));

        if (strcmp(unit ? unit->name : "", cases[i].unit) != 0)
            tap_note("%s: %s", cases[i].name, unit ? unit->name : "none");
        EXPECT_TEXT(unit ? unit->name : "", cases[i].unit);
        if (unit && strstr(unit->name, "/h"))
            EXPECT_INT(unit->kind, GB_UNIT_POWER);
    }
}

/* `kW h` is energy, however the product is spelled; of an hour that is another's it is power. */
static void products_are_read_as_they_are_spelled(void)
{
    static const struct {
        const char *name, *unit;
    } cases[] = {
        {"load kW h", "kWh"},
        {"load kW-h", "kWh"},
        {"load kW*h", "kWh"},
        {"load kW * h", "kWh"},
        {"load kW.h", "kWh"},
        {"load_kW_h", "kWh"},
        {"load kW\xC2\xB7h", "kWh"},
        {"load kW\xE2\x8B\x85h", "kWh"},
        {"load (kW h)", "kWh"},
        {"load [kW\xC2\xB7h]", "kWh"},
        {"load MW h", "MWh"},
        {"load W h", "Wh"},
        {"load kW hours", "kWh"},
        {"kW h import", "kWh"},
        {"USAGE (kWhr)", "kWh"},
        {"kilowatt-hours", "kWh"},
        {"Energy Megawatthours", "MWh"},
        {"Power (Watts)", "W"},
        {"Kilowatt", "kW"},
        {"power kW h/h", "kWh/h"},
        {"EUR per megawatt-hour", "EUR/MWh"},
        {"T (\xC2\xB0"
         "C)",
         "\xC2\xB0"
         "C"},
        {"load kW hour ending", "kW"},
        {"load kW h-1", "kW"},
        {"load kW hourly", "kW"},
        {"load kW_H0", "kW"},
        {"kW h/day", ""},
        {"kWhatever", ""},
        {"kilowattage", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gb_unit *unit = gb_unit_in(cases[i].name, strlen(cases[i].name));

        if (strcmp(unit ? unit->name : "", cases[i].unit) != 0)
            tap_note("%s: %s", cases[i].name, unit ? unit->name : "none");
        EXPECT_TEXT(unit ? unit->name : "", cases[i].unit);
    }
    EXPECT(gb_unit_named("kW h", 4) == gb_unit_named("kWh", 3));
    EXPECT(gb_unit_named("kW h x", 6) == NULL);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(products_are_read_as_they_are_spelled),
                                            TAP(cells_are_exact_numbers_nothing_or_words),
                                            TAP(plain_numbers_are_those_of_any_number),
                                            TAP(numbers_are_those_of_the_library),
                                            TAP(stamps_do_not_depend_on_the_stamp_before),
                                            TAP(a_unit_that_is_divided_is_not_its_first_word),
                                            {0}};

    return tap_main("series cells", tests);
}
