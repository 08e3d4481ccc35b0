/* Benchmark of series: how fast a year's text becomes energy, wide (a column a meter) and long (a
 * row a meter and step). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "bench/report.h"
#include "models/series/flow.h"
#include "models/series/series.h"
#include "tests/splitmix64.h"

enum { N_METERS = 30, N_STEPS = 35040, STEP_S = 900, START_S = 1704067200 };

static void fail(const char *why)
{
    fprintf(stderr, "bench_series: %s\n", why);
    exit(1);
}

static void write_row(FILE *out, int64_t step, int meter, uint64_t *state)
{
    char stamp[32];

    gb_instant_format((START_S + step * STEP_S) * INT64_C(1000000000), stamp, sizeof stamp);
    if (meter >= 0)
        fprintf(out, "meter%03d,", meter);
    fprintf(out, "%.10s %.8s", stamp, stamp + 11);
    for (int i = 0; i < (meter < 0 ? N_METERS : 1); i++)
        fprintf(out, ",%" PRIu64 ".%03" PRIu64, splitmix64(state) % 4, splitmix64(state) % 1000);
    putc('\n', out);
}

static char *make_text(bool is_long, size_t *n)
{
    struct gb_text text;
    uint64_t state = 1;

    if (!gb_text_open(&text))
        fail("out of memory");
    fputs(is_long ? "id,time,energy kWh\n" : "time", text.stream);
    for (int i = 0; !is_long && i < N_METERS; i++)
        fprintf(text.stream, ",meter%03d kWh", i);
    if (!is_long)
        putc('\n', text.stream);
    for (int m = is_long ? 0 : -1; m < (is_long ? N_METERS : 0); m++)
        for (int64_t step = 0; step < N_STEPS; step++)
            write_row(text.stream, step, m, &state);
    char *bytes = gb_text_close(&text);
    if (!bytes)
        fail("out of memory");
    *n = text.n;
    return bytes;
}

static void measure(bool is_long, const char *name)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = NULL;
    struct gb_error err = {0};
    size_t n;
    int64_t wh = 0;
    char *text = make_text(is_long, &n);
    double start_s = gb_bench_cpu_s();

    if (gb_series_parse(&series, text, n, "bench", &options, &err) != GB_OK)
        fail(err.text);
    double read_s = gb_bench_cpu_s();
    for (size_t i = 0; i < series->n_channels; i++) {
        struct gb_series_flow flow;
        int64_t sum;
        if (gb_series_flow_make(&flow, &series->channels[i], series, GB_GAPS_REFUSE, &err) !=
                GB_OK ||
            gb_series_flow_total(&flow, &sum, &err) != GB_OK)
            fail(err.text);
        wh += sum;
        gb_series_flow_clear(&flow);
    }
    if (series->n_channels != N_METERS || wh <= 0)
        fail("the series is not what was written");
    gb_bench_report(&(struct gb_bench_row){name, 1e-6 * (double)n / (read_s - start_s), "MB/s", 200,
                                           "text in memory to channels on their grid"});
    gb_series_free(series);
    free(text);
}

int main(void)
{
    measure(false, "series, CSV: wide");
    measure(true, "series, CSV: long");
    return 0;
}
