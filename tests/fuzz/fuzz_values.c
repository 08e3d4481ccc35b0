/* Numbers, durations, delays, dates and every row of the scenario's table: what is accepted,
 * written out reads as the same value, and what is refused is refused with what was expected. */
#include <string.h>

#include "base/date.h"
#include "base/delay.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/param.h"
#include "base/quantity.h"
#include "base/utf8.h"
#include "experiments/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

static const struct gb_param delay_row = {
    .key = "delay", .kind = GB_PARAM_CALL, .family = &gb_delay_family};

static void try_numbers(const char *text)
{
    char buffer[128];
    int64_t value, again;

    for (int decimals = 0; decimals <= 9; decimals++)
        if (gb_parse_decimal(text, decimals, &value)) {
            gb_format_decimal(value, decimals, buffer, sizeof buffer);
            FUZZ_HOLDS(gb_parse_decimal(buffer, decimals, &again) && again == value);
        }
    if (gb_duration_parse(text, &value)) {
        gb_duration_format(value, buffer, sizeof buffer);
        FUZZ_HOLDS(gb_duration_parse(buffer, &again) && again == value);
    }
    if (gb_date_parse(text, &value)) {
        gb_date_format(value, buffer, sizeof buffer);
        FUZZ_HOLDS(gb_date_parse(buffer, &again) && again == value);
    }
}

static void try_delay(const char *text)
{
    char buffer[128], twice[128], why[256];
    struct gb_delay delay, again;

    if (!gb_param_parse(&delay_row, text, &delay, why, sizeof why)) {
        FUZZ_HOLDS(why[0] != '\0');
        return;
    }
    gb_delay_format(&delay, buffer, sizeof buffer);
    FUZZ_HOLDS(gb_param_parse(&delay_row, buffer, &again, why, sizeof why));
    FUZZ_HOLDS(strcmp(buffer, gb_delay_format(&again, twice, sizeof twice)) == 0);
    FUZZ_HOLDS(gb_delay_at(&delay, 0.5) >= 0 && gb_delay_at(&delay, 0x1p-53) >= 0);
}

/* Whatever the row, its value lies in a scenario or in a config that is no larger. */
static void try_row(const struct gb_param *row, const char *text)
{
    static _Alignas(16) unsigned char base[1 << 16], again[1 << 16];
    char why[1024], buffer[GB_PARAM_TEXT_SIZE];

    if (row->kind == GB_PARAM_BLOCK) /* whoever owns the struct keeps the text as it is */
        return;
    FUZZ_HOLDS(row->offset + GB_PARAM_TEXT_SIZE < sizeof base);
    why[0] = '\0';
    if (!gb_param_parse(row, text, base, why, sizeof why)) {
        FUZZ_HOLDS(why[0] != '\0');
        return;
    }
    gb_param_format(row, base, buffer, sizeof buffer);
    FUZZ_HOLDS(gb_param_parse(row, buffer, again, why, sizeof why));
    FUZZ_HOLDS(memcmp(base + row->offset, again + row->offset, 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = fuzz_text(bytes, n), hint[256];
    size_t length;

    try_numbers(text);
    try_delay(text);
    for (size_t i = 0; i < gb_scenario_n_rows(NULL); i++)
        try_row(gb_scenario_row(NULL, i), text);
    (void)gb_number_has_leading_zero(text);
    FUZZ_HOLDS(gb_number_hint(text, hint, sizeof hint) == (hint[0] != '\0'));
    FUZZ_HOLDS(!gb_utf8_is_plain(text, true) || gb_utf8_is_plain(hint, true));
    (void)gb_utf8_decode((const unsigned char *)text, &length);
    free(text);
    return 0;
}

void fuzz_make_seeds(void)
{
    const char *const texts[] = {"0.59",
                                 "010",
                                 "1_000",
                                 "12:30",
                                 "15 min",
                                 "500 ms",
                                 "1.5 s",
                                 "constant 100 ms",
                                 "yes",
                                 "0,59",
                                 "2023-06-01",
                                 "normal 100 ms 20 ms",
                                 "8 kW",
                                 "until_cross",
                                 "-1e300",
                                 "lognormal 100 ms 0.5",
                                 "9007199254740992",
                                 "uniform 0 ms 200 ms",
                                 "exponential 1 d"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        fuzz_seed_text(texts[i]);
    for (size_t i = 0; i < gb_scenario_n_rows(NULL); i++)
        fuzz_seed_text(gb_scenario_row(NULL, i)->default_text);
}
