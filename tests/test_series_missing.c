/* Numbers that stand where nothing was measured: those of weather that no weather is, those that
 * are said, and those that may be measured. */
#include "models/series/missing.h"

#include <stdio.h>
#include <string.h>

#include "tests/series_text.h"
#include "tests/tap.h"

/* Hours of one column, the numbers by commas. */
static struct gb_series *read_column(const char *name, const char *numbers, const char *missing)
{
    struct gb_series_options options = {.label = GB_LABEL_START};
    char text[512];
    size_t n = (size_t)snprintf(text, sizeof text, "time,%s\n", name);

    if (missing && !EXPECT(gb_missing_parse(&options.missing, missing)))
        return NULL;
    for (int hour = 0; *numbers; hour++) {
        size_t length = strcspn(numbers, ",");
        n += (size_t)snprintf(text + n, sizeof text - n, "2024-03-01T%02d:00Z,%.*s\n", hour,
                              (int)length, numbers);
        numbers += length + (numbers[length] == ',');
    }
    return series_read_text(text, &options);
}

static void expect_missing(const char *name, const char *numbers, const char *missing,
                           const char *pattern, enum gb_sentinel sentinel)
{
    struct gb_series *series = read_column(name, numbers, missing);
    size_t n = 0;

    if (EXPECT(series != NULL) && EXPECT_INT(series->channels[0].n, strlen(pattern))) {
        for (size_t i = 0; pattern[i]; i++) {
            n += pattern[i] == '-';
            if (!EXPECT_INT(series->channels[0].values[i] == GB_SERIES_MISSING, pattern[i] == '-'))
                tap_note("%s: number %zu of %s", name, i, numbers);
        }
        EXPECT_INT(series->channels[0].n_void, n);
        EXPECT_INT(series->n_missing[sentinel], n);
    }
    gb_series_free(series);
}

static void nines_are_no_weather(void)
{
    static const char *const weather[] = {"ghi (W/m2)", "T (C)", "wind (m/s)", "p (hPa)", "RH (%)"};

    for (size_t i = 0; i < sizeof weather / sizeof weather[0]; i++) {
        expect_missing(weather[i], "1,-999,-99,-999.9,2,-99.99,-9999.9,3", NULL, "1---1--1",
                       GB_SENTINEL_NINES);
        expect_missing(weather[i], "1,-9,-9.9,-98,-990,-999.8,999,99.9,-89.9", NULL, "111111111",
                       GB_SENTINEL_NINES);
    }
    expect_missing("load kW", "1,-999,-99.9,2", NULL, "1111", GB_SENTINEL_NINES);
    expect_missing("price EUR/MWh", "1,-999,-99.9,2", NULL, "1111", GB_SENTINEL_NINES);
}

static void numbers_that_are_said_are_nothing(void)
{
    expect_missing("load kW", "1,-999,-1,2,-1.5,-0.5,1", "-999,-1", "1--1111", GB_SENTINEL_SAID);
    expect_missing("load kW", "1,0.25,2,0.250,0.2500001", "0.25", "1-1-1", GB_SENTINEL_SAID);
    expect_missing("T (C)", "1,-99,2", "-99", "1-1", GB_SENTINEL_SAID);
}

static void what_is_said_must_be_numbers(void)
{
    static const char *const bad[] = {
        "", "x", "-999,", ",1", "-999;-1", "1,2,3,4,5,6,7,8,9", "-9999", "1e99", "NA"};
    struct gb_missing_numbers numbers;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!EXPECT(!gb_missing_parse(&numbers, bad[i])))
            tap_note("'%s'", bad[i]);
    EXPECT(gb_missing_parse(&numbers, "1,2,3,4,5,6,7,8") && numbers.n == GB_SERIES_MOST_MISSING);
}

static void a_power_in_nines_is_told(void)
{
    struct gb_series *series = read_column("net kW", "1,-9,-990,-99.9,-999", NULL);
    uint32_t line = 0;

    if (EXPECT(series != NULL)) {
        EXPECT_INT(gb_missing_doubt(&series->channels[0], &line), -99900000000);
        EXPECT_INT(line, 5);
    }
    gb_series_free(series);
    series = read_column("net kW", "1,-999,2", "-999");
    if (EXPECT(series != NULL))
        EXPECT_INT(gb_missing_doubt(&series->channels[0], &line), 0);
    gb_series_free(series);
}

/* What stands where nothing was measured is no reading of a register. */
static void registers_pass_over_what_is_missing(void)
{
    const struct gb_series_options plain = {.value = GB_VALUE_COUNTER};
    struct gb_series_options said = plain;
    struct gb_series *with = NULL, *without = NULL;
    static const char text[] = "time,register kWh\n2024-03-01T00:00Z,10\n2024-03-01T01:00Z,%s\n"
                               "2024-03-01T02:00Z,12\n2024-03-01T03:00Z,13\n";
    char a[sizeof text + 8], b[sizeof text + 8];

    EXPECT(gb_missing_parse(&said.missing, "-1"));
    snprintf(a, sizeof a, text, "-1");
    snprintf(b, sizeof b, text, "NA");
    with = series_read_text(a, &said);
    without = series_read_text(b, &plain);
    if (EXPECT(with && without)) {
        EXPECT_INT(series_total(with, 0, GB_GAPS_REFUSE), 3000);
        EXPECT_INT(series_total(without, 0, GB_GAPS_REFUSE), 3000);
    }
    gb_series_free(with);
    gb_series_free(without);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(nines_are_no_weather),
                                            TAP(numbers_that_are_said_are_nothing),
                                            TAP(what_is_said_must_be_numbers),
                                            TAP(a_power_in_nines_is_told),
                                            TAP(registers_pass_over_what_is_missing),
                                            {0}};

    return tap_main("series missing", tests);
}
