#include "tests/series_text.h"

#include <string.h>

#include "base/date.h"
#include "models/series/flow.h"
#include "tests/tap.h"

const struct gb_unit *series_unit(const char *name)
{
    return gb_unit_named(name, strlen(name));
}

struct gb_series *series_parsed(const char *text, size_t n, const struct gb_series_options *options)
{
    struct gb_series *series = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_series_parse(&series, text, n, "test", options, &err) == GB_OK))
        tap_note("%s", err.text);
    return series;
}

struct gb_series *series_read_text(const char *text, const struct gb_series_options *options)
{
    return series_parsed(text, strlen(text), options);
}

int64_t series_total(const struct gb_series *series, size_t channel, enum gb_series_gaps gaps)
{
    struct gb_series_flow flow;
    int64_t wh = -1;

    EXPECT_INT(gb_series_flow_make(&flow, &series->channels[channel], series, gaps, NULL), GB_OK);
    EXPECT_INT(gb_series_flow_total(&flow, &wh, NULL), GB_OK);
    gb_series_flow_clear(&flow);
    return wh;
}

int64_t series_instant(const char *text)
{
    int64_t ns = 0;

    EXPECT(gb_instant_parse(text, &ns));
    return ns / 1000000000;
}

void series_set_zone(struct gb_series_options *options, const char *text)
{
    EXPECT_INT(gb_zone_parse(text, &options->zone, NULL), GB_OK);
    options->has_zone = true;
}

void series_expect_refused(const char *text, const struct gb_series_options *options,
                           const char *says)
{
    struct gb_series *series = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_series_parse(&series, text, strlen(text), "test", options, &err), GB_EINPUT);
    if (!EXPECT(strstr(err.text, says) != NULL))
        tap_note("%s", err.text);
    gb_series_free(series);
}
