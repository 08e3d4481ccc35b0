/* Parameter tables: each kind strictly read, refused in words, written back to the same bits. */
#include "base/param.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/delay.h"
#include "base/duration.h"
#include "base/edit_distance.h"
#include "base/quantity.h"
#include "tests/tap.h"

struct everything {
    int64_t integer;
    double number;
    int64_t beta;
    struct gb_price price;
    struct gb_money money;
    struct gb_energy energy;
    int64_t duration_ns;
    struct gb_delay delay;
    int32_t choice;
    bool flag;
    uint32_t set;
    int64_t date;
    char text[GB_PARAM_TEXT_SIZE];
    int64_t rounds;
    struct gb_price limit;
    double azimuth;
    int64_t large;
    struct gb_money purse;
    double power, loss;
};

static const char *const flows[] = {"classic", "fisco2", "fisco3", NULL};

static const char *const words[] = {"until_cross", "auto", NULL};

/* clang-format off */
#define ROW_OF(key, kind, field, default_text, low, high, choices) \
    {key, kind, offsetof(struct everything, field), default_text, low, high, "1", choices, \
     GB_LAYER_MARKET, "A row."}
/* clang-format on */
#define ROW(key, kind, field, default_text, low, high) \
    ROW_OF(key, kind, field, default_text, low, high, NULL)
static const struct gb_param rows[] = {
    ROW("integer", GB_PARAM_INTEGER, integer, "12", 1, 1000),
    ROW("number", GB_PARAM_NUMBER, number, "0.25", 0, 1),
    ROW("beta", GB_PARAM_MILLIONTHS, beta, "0.1", 0, 1),
    ROW("price", GB_PARAM_PRICE, price, "0.59", 0, 100),
    ROW("money", GB_PARAM_MONEY, money, "1000", 0, INFINITY),
    ROW("energy", GB_PARAM_ENERGY, energy, "1", 0, 0),
    ROW("duration", GB_PARAM_DURATION, duration_ns, "15 min", 1, 86400),
    {"delay", GB_PARAM_CALL, offsetof(struct everything, delay), "exponential 20 ms", 0, 0, NULL,
     NULL, GB_LAYER_CHAIN, "A row.", &gb_delay_family},
    ROW_OF("choice", GB_PARAM_CHOICE, choice, "fisco3", 0, 0, flows),
    ROW("flag", GB_PARAM_FLAG, flag, "yes", 0, 0),
    ROW_OF("set", GB_PARAM_WORDS, set, "[classic, fisco3]", 0, 0, flows),
    ROW("date", GB_PARAM_DATE, date, "2023-06-01", 0, 0),
    ROW("text", GB_PARAM_TEXT, text, "", 0, 0),
    ROW_OF("rounds", GB_PARAM_INTEGER, rounds, "auto", 0, 9, words),
    ROW("large", GB_PARAM_INTEGER, large, "1", 0, 0x1p53),
    ROW("purse", GB_PARAM_MONEY, purse, "1", 0, 1e9),
    ROW_OF("limit", GB_PARAM_PRICE, limit, "until_cross", -5, 5, words),
    ROW_OF("azimuth", GB_PARAM_NUMBER, azimuth, "auto", 0, 360, words),
    {"power", GB_PARAM_NUMBER, offsetof(struct everything, power), "5", 0, 100, "kW", NULL,
     GB_LAYER_PHYSICS, "A row."},
    {"loss", GB_PARAM_NUMBER, offsetof(struct everything, loss), "0.25", 0, 99, "percent", NULL,
     GB_LAYER_PHYSICS, "A row."},
    {0},
};

static bool reads(const char *key, const char *text, struct everything *out)
{
    char why[512] = "";
    return gb_param_parse(gb_param_find(rows, key), text, out, why, sizeof why);
}

static void defaults_fill_every_field(void)
{
    struct everything all;

    gb_param_defaults(rows, &all);
    EXPECT_INT(all.integer, 12);
    EXPECT(all.number == 0.25);
    EXPECT_INT(all.beta, 100000);
    EXPECT_INT(all.price.ticks, 590000);
    EXPECT_INT(all.money.units, 1000 * GB_UNITS_PER_CURRENCY);
    EXPECT_INT(all.energy.wh, 1);
    EXPECT_INT(all.duration_ns, 900 * GB_NS_PER_SECOND);
    EXPECT(all.delay.model == &gb_delay_exponential && all.delay.arguments[0].ns == 20000000);
    EXPECT_INT(all.choice, 2);
    EXPECT(all.flag);
    EXPECT_INT(all.set, 5);
    EXPECT_INT(all.date, 19509);
    EXPECT_TEXT(all.text, "");
    EXPECT_INT(all.rounds, -2);
    EXPECT_INT(all.limit.ticks, GB_PARAM_PRICE_WORD);
    EXPECT(all.azimuth == -2);
    for (const struct gb_param *row = rows; row->key; row++)
        if (!EXPECT(gb_param_is_at_default(row, &all)))
            tap_note("%s", row->key);
    all.number = 0.5;
    EXPECT(!gb_param_is_at_default(gb_param_find(rows, "number"), &all));
}

static void what_is_no_value_of_the_kind_is_refused_and_changes_nothing(void)
{
    /* clang-format off */
    static const struct { const char *key, *text; } cases[] = {
        {"integer", ""}, {"integer", "x"}, {"integer", "1.0"}, {"integer", "1e2"},
        {"integer", " 5"}, {"integer", "5 "}, {"integer", "0x10"}, {"integer", "-"},
        {"integer", "9223372036854775808"}, {"number", "nan"}, {"number", "inf"},
        {"number", "0x1p-1"}, {"number", "0,5"}, {"number", "1e"}, {"number", "."},
        {"number", " 0.5"}, {"number", "1e999"}, {"beta", "0.1234567"}, {"beta", "1e-1"},
        {"set", ""}, {"set", "[]"}, {"set", "classic fisco2"}, {"set", "[classic, classic]"},
        {"set", "[classic,]"}, {"set", "[classic"}, {"set", "classic, fisco4"},
        {"price", "0.1234567"}, {"price", "0.28 yuan"}, {"money", "1.0123456789"},
        {"energy", "1.5"}, {"energy", "1 kWh"}, {"duration", "15"}, {"duration", "15 minutes"},
        {"duration", "-1 s"}, {"duration", "min"}, {"duration", "1.5 ns"}, {"duration", "1 s 2"},
        {"duration", "1e3 s"}, {"delay", "20 ms"}, {"choice", "fisco4"}, {"choice", ""},
        {"choice", "Classic"}, {"flag", "1"}, {"flag", "Yes"}, {"date", "2023-02-29"},
        {"date", "2023-13-01"}, {"date", "2023-00-10"}, {"date", "2023-1-1"},
        {"date", "0000-01-01"}, {"date", "2023-06-01x"}, {"date", "1900-02-29"},
        {"text", "two\nlines"}, {"rounds", "-1"}, {"rounds", "10"}, {"rounds", "Auto"},
        {"limit", "-5.000001"}, {"limit", ""}, {"azimuth", "-1"}, {"azimuth", "north"},
        {"limit", "-5.000001"}, {"limit", ""}, {"integer", "010"}, {"integer", "1_00"},
        {"number", "00.5"}, {"number", "0x0.8p0"}, {"price", "01"}, {"money", "1'000"},
        {"energy", "007"}, {"duration", "010 min"}, {"duration", "12:30"}, {"integer", "yes"},
        {"number", "50 %"}, {"power", "8 MW"}, {"power", "8 %"}, {"power", "kW"}, {"loss", "8 kW"},
    };
    /* clang-format on */
    struct everything all, before;

    memset(&all, 0, sizeof all);
    gb_param_defaults(rows, &all);
    before = all;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (!EXPECT(!reads(cases[i].key, cases[i].text, &all)))
            tap_note("%s: '%s' was taken", cases[i].key, cases[i].text);
    EXPECT(memcmp(&all, &before, sizeof all) == 0);
}

static void ranges_are_inclusive_and_said_in_the_message(void)
{
    struct everything all;
    char why[512];

    EXPECT(reads("number", "0", &all) && reads("number", "1", &all));
    EXPECT(!reads("number", "1.0000000000000002", &all) && !reads("number", "-1e-300", &all));
    EXPECT(reads("beta", "1", &all) && !reads("beta", "1.000001", &all));
    EXPECT(reads("duration", "1 s", &all) && !reads("duration", "999 ms", &all));
    EXPECT(reads("duration", "1 d", &all) && !reads("duration", "86401 s", &all));
    EXPECT(reads("energy", "-5", &all));
    EXPECT(reads("large", "9007199254740992", &all) && !reads("large", "9007199254740993", &all));
    EXPECT(reads("purse", "1000000000", &all) && !reads("purse", "1000000000.000000001", &all));
    EXPECT(!gb_param_parse(gb_param_find(rows, "number"), "x", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a number from 0 to 1, got 'x'");
    EXPECT(!gb_param_parse(gb_param_find(rows, "money"), "-1", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected an amount of at least 0 with at most 9 decimals, got '-1'");
    EXPECT(!gb_param_parse(gb_param_find(rows, "duration"), "15", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a duration from 1 s to 1 d with its unit (ns, us, ms, s, min, h, "
                     "d), got '15'");
}

static void a_number_may_carry_the_unit_of_its_row(void)
{
    static const char *const powers[] = {"8", "8 kW", "8kW", "8\xc2\xa0kW", "0.8e1 kW"};
    struct everything all;
    char why[512];

    for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++) {
        all.power = 0;
        EXPECT(reads("power", powers[i], &all) && all.power == 8);
    }
    EXPECT(reads("loss", "14.5 %", &all) && all.loss == 14.5);
    EXPECT(reads("loss", "14.5 percent", &all) && all.loss == 14.5);
    EXPECT(!gb_param_parse(gb_param_find(rows, "power"), "8 MW", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a number from 0 to 100, in kW, got '8 MW'");
    EXPECT(!gb_param_parse(gb_param_find(rows, "power"), "101 kW", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a number from 0 to 100, got '101 kW'");
    EXPECT(!gb_param_parse(gb_param_find(rows, "number"), "50 %", &all, why, sizeof why));
    EXPECT_TEXT(why,
                "expected a number from 0 to 1, got '50 %': a share of 1, not of 100: write 0.5");
    EXPECT(!gb_param_parse(gb_param_find(rows, "integer"), "5 km", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a whole number from 1 to 1000, got '5 km': it has no unit");
}

static void a_wrong_choice_lists_the_choices_and_guesses(void)
{
    struct everything all;
    char why[512];

    EXPECT(!gb_param_parse(gb_param_find(rows, "choice"), "fsico3", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected one of classic, fisco2, fisco3; got 'fsico3' "
                     "(did you mean 'fisco3'?)");
    EXPECT(!gb_param_parse(gb_param_find(rows, "choice"), "raft", &all, why, sizeof why));
    EXPECT(strstr(why, "did you mean") == NULL);
    EXPECT(!gb_param_parse(gb_param_find(rows, "rounds"), "-1", &all, why, sizeof why));
    EXPECT_TEXT(why, "expected a whole number from 0 to 9 or until_cross, auto, got '-1'");
}

static void a_message_never_leaves_its_buffer(void)
{
    struct everything all;
    char why[24] = "", long_text[600];

    memset(long_text, 'y', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    for (const struct gb_param *row = rows; row->key; row++) {
        EXPECT(!gb_param_parse(row, long_text, &all, why, 8));
        EXPECT(strlen(why) < 8);
    }
}

static void values_written_read_back_to_the_same_bits(void)
{
    /* clang-format off */
    static const struct { const char *key, *text; } cases[] = {
        {"integer", "999"}, {"number", "0.1"}, {"number", "0.33333333333333331"},
        {"number", "1e-300"}, {"number", "5e-324"}, {"number", "-0"}, {"beta", "0.000001"},
        {"price", "0.4925"}, {"price", "99.999999"}, {"money", "0.000000001"},
        {"energy", "-123456789"}, {"duration", "1.5 s"}, {"duration", "90 min"},
        {"duration", "1000000001 ns"}, {"delay", "lognormal 100 ms 0.1"}, {"choice", "classic"},
        {"flag", "no"}, {"set", "fisco2"}, {"set", "[fisco3,  classic]"}, {"rounds", "until_cross"}, {"rounds", "3"}, {"limit", "auto"},
        {"limit", "0.5"}, {"date", "0001-01-01"}, {"date", "1969-12-31"}, {"date", "1970-01-01"},
        {"date", "2024-02-29"}, {"date", "9999-12-31"}, {"text", "a path/with: odd #'\" bytes"},
    };
    /* clang-format on */
    struct everything one, two;
    char text[GB_PARAM_TEXT_SIZE];

    memset(&one, 0, sizeof one);
    gb_param_defaults(rows, &one);
    two = one;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gb_param *row = gb_param_find(rows, cases[i].key);
        if (!EXPECT(reads(cases[i].key, cases[i].text, &one)))
            tap_note("%s: '%s' was refused", cases[i].key, cases[i].text);
        gb_param_format(row, &one, text, sizeof text);
        EXPECT(reads(cases[i].key, text, &two));
        if (!EXPECT(memcmp(&one, &two, sizeof one) == 0))
            tap_note("%s: '%s' became '%s'", cases[i].key, cases[i].text, text);
    }
}

static void every_day_of_eight_centuries_reads_back(void)
{
    const struct gb_param *row = gb_param_find(rows, "date");
    struct everything all, back;
    char text[128];
    bool is_same = true;

    for (all.date = -150000; all.date < 150000; all.date++) {
        gb_param_format(row, &all, text, sizeof text);
        is_same = is_same && reads("date", text, &back) && back.date == all.date;
    }
    EXPECT(is_same);
    EXPECT(reads("date", "2000-03-01", &all));
    EXPECT_INT(all.date, 11017);
}

static void decimal_durations_are_exact(void)
{
    /* clang-format off */
    static const struct { const char *text; int64_t ns; } cases[] = {
        {"1.5 s", 1500000000}, {"0.1 ms", 100000}, {"0.3 s", 300000000},
        {"1.000000001 s", 1000000001},
        {"0.1 min", 6000000000}, {"0.25 h", 900000000000}, {"0.5 d", 43200000000000},
        {"500ms", 500000000}, {"20 ns", 20}, {"10 us", 10000}, {"0 s", 0}, {"3 d", 259200000000000},
    };
    /* clang-format on */
    int64_t ns = 77;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(gb_duration_parse(cases[i].text, &ns));
        EXPECT_INT(ns, cases[i].ns);
    }
    ns = 77;
    EXPECT(!gb_duration_parse("1.0000000001 s", &ns));
    EXPECT(!gb_duration_parse("200000 d", &ns)); /* beyond 64 bits */
    EXPECT(!gb_duration_parse("", &ns));
    EXPECT(!gb_duration_parse(" 1 s", &ns));
    EXPECT_INT(ns, 77);
}

static void durations_are_written_in_the_largest_exact_unit(void)
{
    char text[40];

    EXPECT_TEXT(gb_duration_format(900 * GB_NS_PER_SECOND, text, sizeof text), "15 min");
    EXPECT_TEXT(gb_duration_format(90 * GB_NS_PER_SECOND, text, sizeof text), "90 s");
    EXPECT_TEXT(gb_duration_format(GB_NS_PER_DAY, text, sizeof text), "1 d");
    EXPECT_TEXT(gb_duration_format(0, text, sizeof text), "0 s");
    EXPECT_TEXT(gb_duration_format(-1500000, text, sizeof text), "-1500 us");
    EXPECT_TEXT(gb_duration_format(INT64_MIN, text, sizeof text), "-9223372036854775808 ns");
}

static void edit_distance_counts_the_slips_of_a_hand(void)
{
    EXPECT_INT(gb_edit_distance("market.betta", "market.beta"), 1);
    EXPECT_INT(gb_edit_distance("salt", "slat"), 1);
    EXPECT_INT(gb_edit_distance("kitten", "sitting"), 3);
    EXPECT_INT(gb_edit_distance("", "abc"), 3);
    EXPECT_INT(gb_edit_distance("same", "same"), 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(defaults_fill_every_field),
        TAP(what_is_no_value_of_the_kind_is_refused_and_changes_nothing),
        TAP(ranges_are_inclusive_and_said_in_the_message),
        TAP(a_number_may_carry_the_unit_of_its_row),
        TAP(a_wrong_choice_lists_the_choices_and_guesses),
        TAP(a_message_never_leaves_its_buffer),
        TAP(values_written_read_back_to_the_same_bits),
        TAP(every_day_of_eight_centuries_reads_back),
        TAP(decimal_durations_are_exact),
        TAP(durations_are_written_in_the_largest_exact_unit),
        TAP(edit_distance_counts_the_slips_of_a_hand),
        {0}};
    return tap_main("param", tests);
}
