/* Delay distributions: text form, inverse CDFs at known quantiles, moments. */
#include "base/delay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "tests/tap.h"

static const struct gb_param delay_row = {
    .key = "delay", .kind = GB_PARAM_CALL, .family = &gb_delay_family};

static struct gb_delay parsed(const char *text)
{
    struct gb_delay delay = {0};
    char why[256] = "";

    if (!EXPECT(gb_param_parse(&delay_row, text, &delay, why, sizeof why)))
        tap_note("%s: %s", text, why);
    return delay;
}

static bool is_named(const struct gb_delay *delay, const char *name)
{
    return delay->model && strcmp(delay->model->member.name, name) == 0;
}

static void the_five_forms_are_read(void)
{
    struct gb_delay d = parsed("constant 100 ms");
    EXPECT(is_named(&d, "constant") && d.arguments[0].ns == 100000000);
    d = parsed("normal 100 ms 20 ms");
    EXPECT(is_named(&d, "normal") && d.arguments[0].ns == 100000000);
    EXPECT_INT(d.arguments[1].ns, 20000000);
    d = parsed("exponential 1.5 s");
    EXPECT(is_named(&d, "exponential") && d.arguments[0].ns == 1500000000);
    d = parsed("uniform 0 ms 200 ms");
    EXPECT(is_named(&d, "uniform") && d.arguments[0].ns == 0 && d.arguments[1].ns == 200000000);
    d = parsed("lognormal 100 ms 0.5");
    EXPECT(is_named(&d, "lognormal") && d.arguments[0].ns == 100000000);
    EXPECT(d.arguments[1].number == 0.5);
    d = parsed("  normal  100ms   20us ");
    EXPECT(is_named(&d, "normal") && d.arguments[0].ns == 100000000 && d.arguments[1].ns == 20000);
}

static void wrong_forms_are_refused_with_a_form_that_would_do(void)
{
    static const struct {
        const char *text, *hint;
    } cases[] = {
        {"", "lognormal 100 ms 0.5"},
        {"100 ms", "constant 100 ms"},
        {"gamma 1 ms", "exponential 100 ms"},
        {"constant", "constant 100 ms"},
        {"constant 100", "constant 100 ms"},
        {"constant -1 ms", "constant 100 ms"},
        {"constant 1 ms 2 ms", "constant 100 ms"},
        {"normal 1 ms", "normal 100 ms 20 ms"},
        {"normal 1 ms 2", "normal 100 ms 20 ms"},
        {"uniform 2 ms 1 ms", "lower bound"},
        {"lognormal 1 ms 5 ms", "lognormal 100 ms 0.5"},
        {"lognormal 1 ms -1", "lognormal"},
        {"lognormal 1 ms nan", "lognormal"},
        {"exponential 200 d", "104 d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_delay delay = {.arguments = {{77}}};
        char why[256] = "";
        EXPECT(!gb_param_parse(&delay_row, cases[i].text, &delay, why, sizeof why));
        if (!EXPECT(strstr(why, cases[i].hint) != NULL))
            tap_note("%s: %s", cases[i].text, why);
        EXPECT_INT(delay.arguments[0].ns, 77);
    }
}

static void a_delay_written_reads_back_to_the_same(void)
{
    static const char *const texts[] = {"constant 0 s",
                                        "constant 100 ms",
                                        "normal 100 ms 20 us",
                                        "exponential 20 s",
                                        "uniform 0 s 200 ms",
                                        "lognormal 1 h 0.1",
                                        "lognormal 7 ns 1.2345678901234567"};
    char text[128];

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct gb_delay d = parsed(texts[i]);
        EXPECT_TEXT(gb_delay_format(&d, text, sizeof text), texts[i]);
        struct gb_delay back = parsed(text);
        EXPECT(memcmp(&back, &d, sizeof d) == 0);
    }
}

static void draws_are_the_quantiles_of_the_distribution(void)
{
    struct gb_delay constant = parsed("constant 100 ms"), normal = parsed("normal 100 ms 20 ms"),
                    exponential = parsed("exponential 100 ms"),
                    uniform = parsed("uniform 50 ms 250 ms"),
                    lognormal = parsed("lognormal 100 ms 0.5");

    EXPECT_INT(gb_delay_at(&constant, 0.999), 100000000);
    EXPECT_INT(gb_delay_at(&normal, 0.5), 100000000);
    EXPECT_INT(gb_delay_at(&normal, 0.975), 139199280);     /* 100 + 20 x 1.95996398454 */
    EXPECT_INT(gb_delay_at(&exponential, 0.5), 69314718);   /* 100 ln 2 = 69.3147181 */
    EXPECT_INT(gb_delay_at(&exponential, 0.75), 138629436); /* 100 ln 4 = 138.6294361 */
    EXPECT_INT(gb_delay_at(&uniform, 0.25), 100000000);
    EXPECT_INT(gb_delay_at(&lognormal, 0.5), 88249690); /* 100 exp(-0.125) = 88.2496903 */
}

static void negative_draws_become_0(void)
{
    struct gb_delay normal = parsed("normal 1 ms 20 ms");
    EXPECT_INT(gb_delay_at(&normal, 0.01), 0);
    EXPECT(gb_delay_at(&normal, 0.9) > 0);
}

static void the_longest_draw_still_fits_64_bits(void)
{
    struct gb_delay d = parsed("lognormal 100 d 8"); /* 100 d exp(8 x 8.2 - 32): 1e30 ns */
    EXPECT_INT(gb_delay_at(&d, 1 - 0x1p-53), INT64_C(1) << 62);
    d = parsed("constant 0 s");
    EXPECT_INT(gb_delay_at(&d, 0.5), 0);
    d = parsed("lognormal 0 s 1");
    EXPECT_INT(gb_delay_at(&d, 0.999), 0);
}

/* 2e4 stratified uniforms (midpoints): the mean of the draws is the stated mean within 0.5 %. */
static void the_mean_is_the_stated_mean(void)
{
    static const char *const texts[] = {"constant 80 ms", "normal 100 ms 20 ms",
                                        "exponential 20 ms", "uniform 20 ms 50 ms",
                                        "lognormal 100 ms 0.5"};
    enum { N = 20000 };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct gb_delay d = parsed(texts[i]);
        double sum = 0;
        for (int j = 0; j < N; j++)
            sum += (double)gb_delay_at(&d, (j + 0.5) / N);
        EXPECT_NEAR(sum / N, gb_delay_mean_ns(&d), 0.005 * gb_delay_mean_ns(&d));
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(the_five_forms_are_read),
                                            TAP(wrong_forms_are_refused_with_a_form_that_would_do),
                                            TAP(a_delay_written_reads_back_to_the_same),
                                            TAP(draws_are_the_quantiles_of_the_distribution),
                                            TAP(negative_draws_become_0),
                                            TAP(the_longest_draw_still_fits_64_bits),
                                            TAP(the_mean_is_the_stated_mean),
                                            {0}};
    return tap_main("delay", tests);
}
