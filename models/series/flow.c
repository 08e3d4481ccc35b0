#include "models/series/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/integer.h"

enum { DAY_S = 86400, WEEK_S = 7 * DAY_S };

/* ---- gaps */

static void hold(int64_t *values, size_t n, size_t *n_filled)
{
    size_t first = 0;

    while (first < n && values[first] == GB_SERIES_MISSING)
        first++;
    for (size_t i = 0; first < n && i < n; i++)
        if (values[i] == GB_SERIES_MISSING) {
            values[i] = i < first ? values[first] : values[i - 1];
            ++*n_filled;
        }
}

/* The step at the same local time so many seconds away; false where the series has none. */
static bool same_time(const struct gb_channel *channel, const struct gb_zone *zone,
                      struct gb_zone_year *year, size_t i, int64_t away_s, size_t *out)
{
    int64_t here_s = channel->start_s + (int64_t)i * channel->step_s, there_s = here_s + away_s;

    there_s += gb_zone_offset_at(zone, year, here_s) - gb_zone_offset_at(zone, year, there_s);
    int64_t since_s = there_s - channel->start_s;
    if (since_s < 0 || since_s % channel->step_s != 0 ||
        since_s / channel->step_s >= (int64_t)channel->n)
        return false;
    *out = (size_t)(since_s / channel->step_s);
    return true;
}

/* From what was measured alone.
 * measured  as it was before anything was filled */
static void take_week(const struct gb_channel *channel, const struct gb_zone *zone,
                      const int64_t *measured, int64_t *values, size_t n, size_t *n_filled)
{
    struct gb_zone_year year = {0};
    size_t other;

    for (size_t i = 0; i < n; i++)
        for (int away = -1; values[i] == GB_SERIES_MISSING && away <= 1; away += 2)
            if (same_time(channel, zone, &year, i, (int64_t)away * WEEK_S, &other) && other < n &&
                measured[other] != GB_SERIES_MISSING) {
                values[i] = measured[other];
                ++*n_filled;
            }
}

static enum gb_status fill(struct gb_series_flow *flow, const struct gb_channel *channel,
                           const struct gb_series *series, enum gb_series_gaps gaps,
                           struct gb_error *err)
{
    if (gaps == GB_GAPS_HOLD)
        hold(flow->quantities, flow->n, &flow->n_filled);
    if (gaps != GB_GAPS_WEEK)
        return GB_OK;
    int64_t *measured = malloc((flow->n + 1) * sizeof *measured);
    if (!measured)
        return gb_fail(err, GB_ENOMEM, "no memory to fill the gaps of %s", channel->name);
    memcpy(measured, flow->quantities, flow->n * sizeof *measured);
    take_week(channel, &series->zone, measured, flow->quantities, flow->n, &flow->n_filled);
    free(measured);
    return GB_OK;
}

/* ---- what the values mean */

static void set_factor(struct gb_series_flow *flow, const struct gb_channel *channel)
{
    bool of_power = !gb_unit_is_of_steps(channel->unit);
    int64_t watts = channel->unit->kind <= GB_UNIT_ENERGY ? channel->unit->watts : 1;
    int64_t numerator = watts * (of_power ? channel->step_s : 1);
    int64_t denominator = GB_NANO * (of_power ? 3600 : 1);

    denominator *= channel->value == GB_VALUE_SAMPLE ? 2 : 1; /* the sum of two ends */
    int64_t divisor = gb_common_divisor(denominator, numerator);
    flow->numerator = numerator / divisor;
    flow->denominator = denominator / divisor;
}

/* The sum of both ends of a step; of a day that repeats the last step ends at its first value. */
static void integrate_samples(struct gb_series_flow *flow, bool is_daily)
{
    int64_t *values = flow->quantities, first = flow->n ? values[0] : GB_SERIES_MISSING;

    for (size_t i = 0; i < flow->n; i++) {
        int64_t next = i + 1 < flow->n ? values[i + 1] : first;
        bool is_known = values[i] != GB_SERIES_MISSING && next != GB_SERIES_MISSING;
        values[i] = is_known ? values[i] + next : GB_SERIES_MISSING;
    }
    flow->n -= flow->n > 0 && !is_daily;
}

/* So much of `whole` as part k of n gets when it is spread evenly and exactly. */
static int64_t part_of(int64_t whole, size_t k, size_t n)
{
    __int128 upper = (__int128)whole * (__int128)(k + 1) / (__int128)n;

    return (int64_t)(upper - (__int128)whole * (__int128)k / (__int128)n);
}

/* Differences of readings. */
static void difference(struct gb_series_flow *flow, const struct gb_channel *channel)
{
    const int64_t *readings = channel->values;
    size_t last = channel->n;

    for (size_t i = 0; i < channel->n; i++)
        flow->quantities[i] = GB_SERIES_MISSING;
    for (size_t i = 0; i < channel->n; i++) {
        if (readings[i] == GB_SERIES_MISSING)
            continue;
        if (last < i && readings[i] >= readings[last]) {
            for (size_t k = last; k < i; k++)
                flow->quantities[k] = part_of(readings[i] - readings[last], k - last, i - last);
            flow->n_filled += i - last > 1 ? i - last : 0;
        } else if (last < i && flow->n_resets++ == 0) {
            flow->reset_line = channel->lines[i];
        }
        last = i;
    }
    flow->n -= flow->n > 0;
}

enum gb_status gb_series_flow_make(struct gb_series_flow *out, const struct gb_channel *channel,
                                   const struct gb_series *series, enum gb_series_gaps gaps,
                                   struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *out =
        (struct gb_series_flow){.start_s = channel->start_s,
                                .step_s = channel->step_s,
                                .n = channel->n,
                                .quantities = malloc((channel->n + 1) * sizeof *out->quantities)};
    if (!out->quantities)
        return gb_fail(err, GB_ENOMEM, "no memory for the energy of %s", channel->name);
    set_factor(out, channel);
    if (channel->value == GB_VALUE_COUNTER) {
        difference(out, channel);
        status = fill(out, channel, series, gaps, err);
    } else {
        memcpy(out->quantities, channel->values, channel->n * sizeof *out->quantities);
        status = fill(out, channel, series, gaps, err);
        if (channel->value == GB_VALUE_SAMPLE)
            integrate_samples(out, series->is_daily);
    }
    for (size_t i = 0; i < out->n; i++)
        out->n_missing += out->quantities[i] == GB_SERIES_MISSING;
    return status;
}

void gb_series_flow_clear(struct gb_series_flow *flow)
{
    free(flow->quantities);
    flow->quantities = NULL;
}

/* ---- Wh */

struct carry { /* of a Wh, in 1/(denominator x step) */
    __int128 rest;
};

/* Half a Wh ahead, so that what has been cut off is the sum so far to the nearest Wh. */
static struct carry first_carry(const struct gb_series_flow *flow)
{
    return (struct carry){(__int128)flow->denominator * flow->step_s / 2};
}

/* The quotient, rounded down; in 64 bits where they hold both, which takes a tenth of the time.
 * unit  positive */
static __int128 floor_of(__int128 rest, __int128 unit)
{
    if (rest == (int64_t)rest && unit == (int64_t)unit)
        return (int64_t)rest / (int64_t)unit - ((int64_t)rest % (int64_t)unit < 0);
    return rest / unit - (rest % unit < 0);
}

/* Adds so many seconds of a step to `wh`, whole Wh alone. */
static bool add(struct carry *carry, const struct gb_series_flow *flow, size_t i, int64_t seconds,
                int64_t *wh)
{
    __int128 unit = (__int128)flow->denominator * flow->step_s;

    if (flow->quantities[i] == GB_SERIES_MISSING)
        return true;
    carry->rest += (__int128)flow->quantities[i] * flow->numerator * seconds;
    __int128 whole = floor_of(carry->rest, unit);
    carry->rest -= whole * unit;
    return whole <= INT64_MAX && whole >= INT64_MIN &&
           !__builtin_add_overflow(*wh, (int64_t)whole, wh);
}

static enum gb_status beyond(struct gb_error *err)
{
    return gb_fail(err, GB_ERANGE, "the energy of a series exceeds 64 bits of Wh");
}

/* What a carry that takes all steps one by one comes to: one quotient of their sum. */
enum gb_status gb_series_flow_total(const struct gb_series_flow *flow, int64_t *wh,
                                    struct gb_error *err)
{
    __int128 unit = (__int128)flow->denominator * flow->step_s, sum = 0;

    for (size_t i = 0; i < flow->n; i++)
        sum += flow->quantities[i] == GB_SERIES_MISSING ? 0 : flow->quantities[i];
    if (__builtin_mul_overflow(sum, (__int128)flow->numerator * flow->step_s, &sum) ||
        __builtin_add_overflow(sum, first_carry(flow).rest, &sum))
        return beyond(err);
    sum = floor_of(sum, unit);
    if (sum < INT64_MIN || sum > INT64_MAX)
        return beyond(err);
    *wh = (int64_t)sum;
    return GB_OK;
}

enum gb_status gb_series_flow_cut(const struct gb_series_flow *flow, int64_t start_s,
                                  int64_t window_s, size_t n, int64_t *wh, struct gb_error *err)
{
    struct carry carry = first_carry(flow);
    size_t i = 0;

    for (size_t w = 0; w < n; w++) {
        int64_t from_s = start_s + (int64_t)w * window_s, to_s = from_s + window_s;

        wh[w] = 0;
        while (i < flow->n && flow->start_s + (int64_t)(i + 1) * flow->step_s <= from_s)
            i++;
        for (; i < flow->n; i++) {
            int64_t begin_s = flow->start_s + (int64_t)i * flow->step_s;
            int64_t end_s = begin_s + flow->step_s;
            int64_t first_s = begin_s > from_s ? begin_s : from_s;
            int64_t last_s = end_s < to_s ? end_s : to_s;

            if (last_s > first_s && !add(&carry, flow, i, last_s - first_s, &wh[w]))
                return beyond(err);
            if (end_s > to_s)
                break; /* the next window has a part of it too */
        }
    }
    return GB_OK;
}

int gb_series_flow_doubt(int64_t wh, double days)
{
    const double least = 100e3, most = 100e6;
    double yearly = days > 0 ? (double)wh * 365 / days : 0;

    if (yearly >= least && yearly <= most)
        return 0;
    if (yearly > most)
        return yearly / 1000 <= most ? -1 : 2;
    return yearly * 1000 >= least ? 1 : 2;
}
