/* Quantiles of the histogram against the sorted values themselves. */
#include "sim/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "tests/tap.h"

struct item {
    int64_t value, weight;
};

static int by_value(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value;
}

static void sort_by_value(struct item *items, size_t n)
{
    qsort(items, n, sizeof *items, by_value);
}

/* The definition, on sorted items. */
static int64_t quantile_of(const struct item *items, size_t n, int percent)
{
    int64_t all = 0, below = 0;
    size_t i = 0;

    for (size_t k = 0; k < n; k++)
        all += items[k].weight;
    while ((below += items[i].weight) * 100 < all * percent)
        i++;
    return items[i].value;
}

static struct gb_histogram *histogram_of(const struct item *items, size_t n)
{
    struct gb_histogram *histogram = NULL;

    EXPECT_INT(gb_histogram_create(&histogram, NULL), GB_OK);
    for (size_t i = 0; i < n; i++)
        EXPECT(gb_histogram_add(histogram, items[i].value, items[i].weight));
    return histogram;
}

static struct gb_draw draw(uint32_t i, uint32_t what)
{
    return gb_draw_at(gb_key_make(7, 0, GB_PURPOSE_TEST), i, what, 0, 0);
}

static void quantiles_are_those_counted_by_hand(void)
{
    struct gb_histogram *histogram = histogram_of(NULL, 0);

    EXPECT(isnan(gb_histogram_quantile(histogram, 50)));
    EXPECT(gb_histogram_add(histogram, 12, 0));
    EXPECT(isnan(gb_histogram_quantile(histogram, 50)));
    for (int64_t v = 1; v <= 100; v++)
        EXPECT(gb_histogram_add(histogram, v, 1));
    EXPECT_NEAR(gb_histogram_quantile(histogram, 50), 50, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 95), 95, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 0), 1, 0);
    EXPECT_NEAR(gb_histogram_quantile(histogram, 100), 100, 0);
    EXPECT(gb_histogram_add(histogram, 7, 900)); /* weights count like so many values */
    EXPECT_NEAR(gb_histogram_quantile(histogram, 50), 7, 0);
    gb_histogram_free(histogram);
}

static void values_of_any_sign_and_size_have_exact_quantiles(void)
{
    enum { N = 20001 };
    struct item *items = malloc(N * sizeof *items);

    for (uint32_t i = 0; i < N; i++) { /* both signs, spread over 18 decades, some equal */
        int64_t size = (int64_t)exp(gb_draw_uniform(draw(i, 0)) * log(1e18));
        items[i] = (struct item){draw(i, 1).words[0] % 3 ? size : -size, draw(i, 2).words[0] % 50};
    }
    struct gb_histogram *histogram = histogram_of(items, N);
    sort_by_value(items, N);
    for (int percent = 1; percent <= 100; percent++)
        EXPECT_NEAR(gb_histogram_quantile(histogram, percent),
                    (double)quantile_of(items, N, percent), 0);
    gb_histogram_free(histogram);
    free(items);
}

/* Asked as it grows: what came before a question and after it, in any order and by the largest
 * steps that there are. */
static void quantiles_between_additions_are_those_of_what_was_added(void)
{
    enum { N = 3000 };
    struct item items[N], sorted[N];
    struct gb_histogram *histogram = histogram_of(NULL, 0);

    for (uint32_t i = 0; i < N; i++) {
        items[i] =
            (struct item){(int64_t)(draw(i, 3).words[0] % 900) - 450, 1 + (i % 7) * (i % 11)};
        if (i % 1000 == 1)
            items[i].value = INT64_MIN;
        if (i % 1000 == 2)
            items[i].value = INT64_MAX;
        EXPECT(gb_histogram_add(histogram, items[i].value, items[i].weight));
        if (i % 271 != 0)
            continue;
        memcpy(sorted, items, (i + 1) * sizeof *items);
        sort_by_value(sorted, i + 1);
        for (int percent = 1; percent <= 100; percent += 3)
            EXPECT_NEAR(gb_histogram_quantile(histogram, percent),
                        (double)quantile_of(sorted, i + 1, percent), 0);
    }
    gb_histogram_free(histogram);
}

/* More distinct values than bins: still values of the set, hardly above the exact ones, and the
 * same in any order. */
static void beyond_its_bins_a_quantile_is_a_value_near_the_exact_one(void)
{
    enum { N = 2 * GB_HISTOGRAM_BINS };
    struct item *items = malloc(N * sizeof *items);

    for (uint32_t i = 0; i < N; i++)
        items[i] = (struct item){1000 + 977 * (int64_t)(draw(i, 0).words[0] % 100000007), 1};
    struct gb_histogram *histogram = histogram_of(items, N);
    sort_by_value(items, N);
    struct gb_histogram *sorted = histogram_of(items, N);
    double least = (double)items[0].value, greatest = (double)items[N - 1].value;
    double width = 2 * (greatest - least) / GB_HISTOGRAM_BINS;
    for (int percent = 0; percent <= 100; percent += 10) {
        double exact = (double)quantile_of(items, N, percent);
        double shown = gb_histogram_quantile(histogram, percent);

        EXPECT(shown >= exact && shown < exact + width && shown <= greatest);
        EXPECT(fmod(shown - 1000, 977) == 0);
        EXPECT_NEAR(shown, gb_histogram_quantile(sorted, percent), 0);
    }
    gb_histogram_free(histogram);
    gb_histogram_free(sorted);
    free(items);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(quantiles_are_those_counted_by_hand),
        TAP(values_of_any_sign_and_size_have_exact_quantiles),
        TAP(quantiles_between_additions_are_those_of_what_was_added),
        TAP(beyond_its_bins_a_quantile_is_a_value_near_the_exact_one),
        {0}};
    return tap_main("histogram", tests);
}
