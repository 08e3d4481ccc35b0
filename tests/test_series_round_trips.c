/* Random series, written in every form of stamps and tables and read back. */
#include "models/series/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "tests/series_text.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

enum { MOST_STEPS = 300, WIDTH = 3 };

struct original {
    int64_t start_s, step_s;
    size_t n;
    int64_t milli[WIDTH][MOST_STEPS]; /* of a kWh; -1: missing */
};

static void draw(struct original *original, uint64_t *state)
{
    static const int64_t steps[] = {60, 300, 600, 900, 1800, 3600};

    original->step_s = steps[splitmix64(state) % 6];
    original->start_s = (int64_t)(splitmix64(state) % 20000) * 86400 + 86400 * 4000;
    original->n = 150 + splitmix64(state) % 150;
    for (size_t k = 0; k < WIDTH; k++)
        for (size_t i = 0; i < original->n; i++)
            original->milli[k][i] =
                splitmix64(state) % 20 == 0 ? -1 : (int64_t)(splitmix64(state) % 5000);
}

static void write_number(FILE *out, int64_t milli, char decimal)
{
    if (milli < 0)
        fputs("NA", out);
    else
        fprintf(out, "%" PRId64 "%c%03" PRId64, milli / 1000, decimal, milli % 1000);
}

static void write_stamp(FILE *out, int64_t utc_s, unsigned form)
{
    char iso[32];

    gb_instant_format(utc_s * 1000000000, iso, sizeof iso);
    switch (form) {
    case 0: fprintf(out, "%s", iso); break;
    case 1: fprintf(out, "%.10s %.8s", iso, iso + 11); break;
    case 2: fprintf(out, "%" PRId64, utc_s); break;
    case 3: fprintf(out, "%.2s.%.2s.%.4s %.5s", iso + 8, iso + 5, iso, iso + 11); break;
    default: fprintf(out, "%.4s%.2s%.2s:%.2s%.2s", iso, iso + 5, iso + 8, iso + 11, iso + 14);
    }
}

static void write_table(FILE *out, const struct original *original, bool is_long, unsigned form)
{
    char separator = form & 1 ? ';' : ',', decimal = form & 1 ? ',' : '.';

    fputs(is_long ? "id" : "when", out);
    fprintf(out, is_long ? "%cwhen%ckWh\n" : "%cA kWh%cB kWh", separator, separator);
    if (!is_long)
        fprintf(out, "%cC kWh\n", separator);
    for (size_t k = 0; k < (is_long ? WIDTH : 1); k++)
        for (size_t i = 0; i < original->n; i++) {
            if (is_long)
                fprintf(out, "%c%c", 'A' + (int)k, separator);
            write_stamp(out, original->start_s + original->step_s * (int64_t)i, form);
            for (size_t c = k; c < (is_long ? k + 1 : WIDTH); c++) {
                putc(separator, out);
                write_number(out, original->milli[c][i], decimal);
            }
            putc('\n', out);
        }
}

static void expect_same(const struct original *original, const char *text, unsigned form)
{
    const struct gb_series_options options = {.label = GB_LABEL_START, .date = GB_DATE_DMY};
    struct gb_series *series = series_read_text(text, &options);

    if (!series) {
        tap_note("form %u:\n%.300s", form, text);
        return;
    }
    EXPECT_INT(series->n_channels, WIDTH);
    for (size_t k = 0; k < WIDTH && k < series->n_channels; k++) {
        const struct gb_channel *channel = &series->channels[k];
        int64_t sum = 0;
        size_t n_wrong = 0;

        EXPECT_INT(channel->start_s, original->start_s);
        if (!EXPECT_INT(channel->n, original->n))
            continue;
        for (size_t i = 0; i < original->n; i++) {
            int64_t milli = original->milli[k][i];
            n_wrong += channel->values[i] != (milli < 0 ? GB_SERIES_MISSING : milli * 1000000);
            sum += milli < 0 ? 0 : milli;
        }
        EXPECT_INT(n_wrong, 0);
        EXPECT_INT(series_total(series, k, GB_GAPS_REFUSE), sum);
    }
    gb_series_free(series);
}

static void what_is_written_in_any_form_reads_back_to_the_wh(void)
{
    static struct original original;
    uint64_t state = 20240331;

    for (unsigned trial = 0; trial < 200; trial++) {
        struct gb_text text;
        unsigned form = trial % 5;

        draw(&original, &state);
        if (!EXPECT(gb_text_open(&text)))
            return;
        write_table(text.stream, &original, trial / 5 % 2 == 1, form);
        char *bytes = gb_text_close(&text);
        if (EXPECT(bytes != NULL))
            expect_same(&original, bytes, form);
        free(bytes);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(what_is_written_in_any_form_reads_back_to_the_wh),
                                            {0}};

    return tap_main("series round trips", tests);
}
