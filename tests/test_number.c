/* Numbers as people write them: what several readers would take for several numbers is explained.
 */
#include "base/number.h"

#include <string.h>

#include "tests/tap.h"

struct case_of {
    const char *text, *hint;
};

static void expect_hints(const struct case_of *cases, size_t n)
{
    char hint[160];

    for (size_t i = 0; i < n; i++) {
        EXPECT(gb_number_hint(cases[i].text, hint, sizeof hint));
        EXPECT_TEXT(hint, cases[i].hint);
    }
}
#define EXPECT_HINTS(cases) expect_hints(cases, sizeof cases / sizeof cases[0])

static void zeros_in_front_name_both_readings(void)
{
    static const struct case_of cases[] = {
        {"010", "10 to some readers and 8, in octal, to others: write 10 or 8"},
        {"-0017", "-17 to some readers and -15, in octal, to others: write -17 or -15"},
        {"007", "zeros in front mark an octal number to some readers: write 7"},
        {"089", "zeros in front mark an octal number to some readers: write 89"},
        {"00.59", "zeros in front mark an octal number to some readers: write 0.59"},
        {"0x1F", "31 in base 16: write it in decimal"},
        {"0o17", "15 in base 8: write it in decimal"},
        {"0b11", "3 in base 2: write it in decimal"},
    };

    EXPECT_HINTS(cases);
    EXPECT(gb_number_has_leading_zero("010") && gb_number_has_leading_zero("-00") &&
           gb_number_has_leading_zero("+01.5"));
    EXPECT(!gb_number_has_leading_zero("0") && !gb_number_has_leading_zero("-0.5") &&
           !gb_number_has_leading_zero("100"));
}

static void commas_and_marks_of_thousands_are_told_apart(void)
{
    static const struct case_of cases[] = {
        {"0,59", "a decimal comma: write 0.59"},
        {"0,590", "a decimal comma: write 0.590"},
        {"1.000,50", "a decimal comma: write 1000.50"},
        {"1,000.50", "a mark of thousands: write 1000.50"},
        {"1,000,000", "a mark of thousands: write 1000000"},
        {"1,000",
         "1000 with a mark of thousands and 1.000 with a decimal comma: write one of them"},
        {"1.000",
         "1000 with a mark of thousands and 1.000 with a decimal point: write one of them"},
        {"1_000", "1000 to some readers and no number to others: write 1000"},
        {"1'000", "1000 to some readers and no number to others: write 1000"},
        {"1 000", "1000 to some readers and no number to others: write 1000"},
        {"1\xc2\xa0"
         "000",
         "1000 to some readers and no number to others: write 1000"},
        {"1.000.000", "with points as marks of thousands? write 1000000"},
    };

    EXPECT_HINTS(cases);
}

static void sixties_words_exponents_and_other_digits_are_explained(void)
{
    static const struct case_of cases[] = {
        {"12:30",
         "750 to readers that count in sixties and a time of day to others: write one number"},
        {"1:30:00",
         "5400 to readers that count in sixties and a time of day to others: write one number"},
        {"yes", "a truth value to some readers and a word to others, no number"},
        {"Off", "a truth value to some readers and a word to others, no number"},
        {".inf", "no finite number"},
        {"NaN", "no finite number"},
        {"1e3", "write it without an exponent"},
        {"\xef\xbc\x91\xef\xbc\x92", "in other characters than 0 to 9: write 12"},
        {"\xe2\x88\x92"
         "5",
         "in other characters than 0 to 9: write -5"},
    };

    EXPECT_HINTS(cases);
}

static void the_number_of_a_quantity_is_found_among_its_words(void)
{
    static const struct case_of cases[] = {
        {"010 min", "10 to some readers and 8, in octal, to others: write 10 or 8"},
        {"1,5min", "a decimal comma: write 1.5"},
        {"normal 3 ms 0,5 ms", "a decimal comma: write 0.5"},
        {"\xef\xbc\x98\xc2\xa0kW", "in other characters than 0 to 9: write 8"},
    };

    EXPECT_HINTS(cases);
}

static void what_is_plain_or_no_number_at_all_has_no_hint(void)
{
    static const char *const texts[] = {
        "",         "0",        "8",     "-0.5", "5.",      ".5",         "8 MW",
        "x",        "0x",       "0xg",   "1:2",  "1:0:0.1", "-",          "_",
        "1_",       ",5,",      "e",     "1e",   "15 min",  "2023-06-01", "exponential 20 s",
        "\xc2\xa0", "\xef\xbc", "01/us", "01/"};
    char hint[160], long_text[300];

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!EXPECT(!gb_number_hint(texts[i], hint, sizeof hint)) | !EXPECT_TEXT(hint, ""))
            tap_note("of '%s'", texts[i]);
    memset(long_text, '0', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    EXPECT(!gb_number_hint(long_text, hint, sizeof hint));
}

static void blanks_of_typesetting_are_blanks(void)
{
    EXPECT_TEXT(gb_number_skip_blanks(" \xc2\xa0\xe2\x80\xaf\xe2\x80\x89 kW"), "kW");
    EXPECT_TEXT(gb_number_skip_blanks("kW "), "kW ");
    EXPECT_TEXT(gb_number_skip_blanks("\xe2\x88\x92"), "\xe2\x88\x92");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(zeros_in_front_name_both_readings),
        TAP(commas_and_marks_of_thousands_are_told_apart),
        TAP(sixties_words_exponents_and_other_digits_are_explained),
        TAP(the_number_of_a_quantity_is_found_among_its_words),
        TAP(what_is_plain_or_no_number_at_all_has_no_hint),
        TAP(blanks_of_typesetting_are_blanks),
        {0}};
    return tap_main("number", tests);
}
