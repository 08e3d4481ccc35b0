/* Quantiles of the histogram against the sorted values themselves. */
#include "sim/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "sim/random.h"
#include "tests/tap.h"

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void small_values_have_exact_quantiles(void)
{
    struct gb_histogram *histogram;

    EXPECT_INT(gb_histogram_create(&histogram, NULL), GB_OK);
    EXPECT(isnan(gb_histogram_quantile(histogram, 0.5)));
    for (int64_t v = 1; v <= 100; v++)
        gb_histogram_add(histogram, v, 1);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 0.5), 50, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 0.95), 95, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 0), 1, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 1), 100, 0);
    gb_histogram_add(histogram, 7, 900);        /* weights count like so many values */
    EXPECT_NEAR(gb_histogram_quantile(histogram, 0.5), 7, 0);
    gb_histogram_free(histogram);
}

static void quantiles_of_any_size_are_within_a_thousandth(void)
{
    enum { N = 20001 };
    int64_t *values = malloc(N * sizeof *values);
    struct gb_histogram *histogram;
    struct gb_key key = gb_key_make(7, 0, GB_PURPOSE_TEST);

    EXPECT_INT(gb_histogram_create(&histogram, NULL), GB_OK);
    for (uint32_t i = 0; i < N; i++) {          /* spread over 18 decades */
        values[i] = (int64_t)exp(gb_draw_uniform(gb_draw_at(key, i, 0, 0, 0)) * log(1e18));
        gb_histogram_add(histogram, values[i], 1);
    }
    qsort(values, N, sizeof *values, by_value);
    for (int percent = 1; percent < 100; percent++) {
        double exact = (double)values[(int)ceil(percent / 100.0 * N) - 1];
        EXPECT_NEAR(gb_histogram_quantile(histogram, percent / 100.0), exact, exact * 1e-3);
    }
    gb_histogram_free(histogram);
    free(values);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(small_values_have_exact_quantiles),
        TAP(quantiles_of_any_size_are_within_a_thousandth),
        {0}
    };
    return tap_main("histogram", tests);
}
