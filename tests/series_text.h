/* Series read from small texts, for tests of what they hold. */
#ifndef TESTS_SERIES_TEXT_H
#define TESTS_SERIES_TEXT_H

#include "models/series/series.h"

#define CENTRAL_EUROPE "CET-1CEST,M3.5.0,M10.5.0/3"

const struct gb_unit *series_unit(const char *name);
/* NULL, with the reason noted, where the text is no series. */
struct gb_series *series_parsed(const char *text, size_t n,
                                const struct gb_series_options *options);
struct gb_series *series_read_text(const char *text, const struct gb_series_options *options);
/* Expects the text, "test" in messages, to be refused with these words. */
void series_expect_refused(const char *text, const struct gb_series_options *options,
                           const char *says);
/* Of a channel, Wh. */
int64_t series_total(const struct gb_series *series, size_t channel, enum gb_series_gaps gaps);
/* UTC seconds of an instant of ISO 8601. */
int64_t series_instant(const char *text);
void series_set_zone(struct gb_series_options *options, const char *text);

#endif
