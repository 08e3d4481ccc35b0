#include "models/series/grid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/memory.h"
#include "models/series/grid_priv.h"

enum { DAY_S = 86400, MOST_STEP_S = 7 * DAY_S, SPARSEST = 100, FEW = 2000 };

/* ---- order */

static int compare(const void *a, const void *b)
{
    const struct gb_entry *x = a, *y = b;

    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Of a file that has the newest row first equal stamps stand in that order, too. */
static int compare_newest_first(const void *a, const void *b)
{
    const struct gb_entry *x = a, *y = b;

    return x->time_s != y->time_s ? compare(a, b) : compare(b, a);
}

/* Sorts where it must. returns how many stood behind a later one */
static size_t sort(struct gb_stretch *stretch)
{
    size_t n_backward = 0, n_forward = 0;

    for (size_t i = 1; i < stretch->n; i++) {
        n_backward += stretch->entries[i].time_s < stretch->entries[i - 1].time_s;
        n_forward += stretch->entries[i].time_s > stretch->entries[i - 1].time_s;
    }
    if (n_backward > 0)
        qsort(stretch->entries, stretch->n, sizeof *stretch->entries,
              n_backward > n_forward ? compare_newest_first : compare);
    return n_backward;
}

const char *gb_stretch_meter(const struct gb_stretch *stretch, char text[80])
{
    const struct gb_rows *rows = stretch->rows;
    const char *name = rows->meters[rows->rows[stretch->entries[0].row].meter].name;

    snprintf(text, 80, *name ? ", of meter '%.60s'" : "%s", name);
    return text;
}

static int64_t distance(const struct gb_stretch *stretch, size_t i)
{
    return stretch->entries[i].time_s - stretch->entries[i - 1].time_s;
}

/* The distance between neighbours that more than half of them have, equal stamps apart; where there
 * is none the shortest. */
static int64_t usual_distance(const struct gb_stretch *stretch)
{
    int64_t usual_s = 0, shortest_s = 0;
    size_t votes = 0, n_usual = 0, n = 0;

    for (size_t i = 1; i < stretch->n; i++) {
        int64_t step_s = distance(stretch, i);
        if (step_s == 0)
            continue;
        if (votes == 0)
            usual_s = step_s;
        votes = step_s == usual_s ? votes + 1 : votes - 1;
        shortest_s = n++ == 0 || step_s < shortest_s ? step_s : shortest_s;
    }
    for (size_t i = 1; i < stretch->n; i++)
        n_usual += distance(stretch, i) == usual_s;
    return 2 * n_usual > n ? usual_s : shortest_s;
}

static enum gb_status find_step(struct gb_stretch *stretch, struct gb_error *err)
{
    char meter[80];

    stretch->step_s = stretch->rows->span_s ? stretch->rows->span_s : usual_distance(stretch);
    if (stretch->step_s <= 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: two different stamps of a meter are expected, to tell the step%s",
                       stretch->file, gb_stretch_line(stretch, 0),
                       gb_stretch_meter(stretch, meter));
    if (stretch->step_s > MOST_STEP_S)
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: a step of %" PRId64 " s; a week at most is expected",
                       stretch->file, gb_stretch_line(stretch, 0), stretch->step_s);
    return GB_OK;
}

/* ---- the local clock */

enum misfit { FITS, DOUBLED, SKIPPED };

/* How many stamps at the beginning stand once in an hour that the clock shows twice, and are of its
 * second time: a series that begins there, as forecasts may, lacks nothing then. 0 where all stamps
 * are, for nothing tells. */
static size_t begin_late(const struct gb_stretch *stretch, const struct gb_zone *zone,
                         int64_t early_s)
{
    struct gb_zone_year year = {0};
    int64_t instants[2];
    size_t n = 0;

    while (n < stretch->n &&
           gb_zone_instants(zone, &year, stretch->entries[n].time_s - early_s, instants) == 2 &&
           (n + 1 == stretch->n || distance(stretch, n + 1) > 0))
        n++;
    return n < stretch->n ? n : 0;
}

/* The instant of each stamp, taken `early_s` earlier on the clock; of two equal stamps the first is
 * summer time. returns how many stamps fit no instant; the first of them in *first and *why, where
 * skipped ones are dropped the first doubled one, if any
 * out  NULL: they are only counted */
static size_t place(const struct gb_stretch *stretch, const struct gb_zone *zone, int64_t early_s,
                    struct gb_entry *out, size_t *n_summer, size_t *first, enum misfit *why)
{
    struct gb_zone_year year = {0};
    size_t n_misfits = 0, n_alike = 0, n_late = begin_late(stretch, zone, early_s);
    int64_t before_s = 0; /* out may be the entries themselves */

    *n_summer = 0;
    for (size_t i = 0; i < stretch->n; i++) {
        int64_t local_s = stretch->entries[i].time_s, instants[2];
        int n = gb_zone_instants(zone, &year, local_s - early_s, instants);

        n_alike = i > 0 && before_s == local_s ? n_alike + 1 : 0;
        before_s = local_s;
        enum misfit misfit = n == 0 ? SKIPPED : n_alike >= (size_t)n ? DOUBLED : FITS;
        *n_summer += misfit == FITS && n_alike == 1;
        if (misfit != FITS) {
            bool is_worse = stretch->rows->drops_skipped && *why == SKIPPED && misfit == DOUBLED;
            if (n_misfits++ == 0 || is_worse) {
                *first = i;
                *why = misfit;
            }
        }
        size_t which = i < n_late ? 1 : n_alike < (size_t)n ? n_alike : 0;
        if (out)
            out[i] = (struct gb_entry){misfit == SKIPPED ? INT64_MIN : instants[which],
                                       stretch->entries[i].row};
    }
    return n_misfits;
}

static enum gb_status fail_said_twice(const struct gb_stretch *stretch, const struct gb_zone *zone,
                                      size_t at, const char *stamp, struct gb_error *err)
{
    const struct gb_rows *rows = stretch->rows;
    const struct gb_row *row = &rows->rows[stretch->entries[at].row];
    char made[32];

    gb_instant_format(rows->meters[row->meter].issued_s * INT64_C(1000000000), made, sizeof made);
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: %s stands already in line %u, in the forecast made at %s, too; once "
                   "is expected, but for an hour that the clock of %s shows twice: does a column "
                   "name the meter (--id)?",
                   stretch->file, row->line, stamp, gb_stretch_line(stretch, at ? at - 1 : 0), made,
                   zone->text);
}

static enum gb_status fail_misfit(const struct gb_stretch *stretch, const struct gb_zone *zone,
                                  size_t at, enum misfit why, struct gb_error *err)
{
    char text[32], meter[80];

    gb_instant_format(stretch->entries[at].time_s * INT64_C(1000000000), text, sizeof text);
    text[strlen(text) - 1] = '\0'; /* no Z: it is local */
    if (why == SKIPPED)
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: the clock of %s leaves %s out; --zone UTC0 or another zone?",
                       stretch->file, gb_stretch_line(stretch, at), zone->text, text);
    gb_stretch_meter(stretch, meter);
    if (stretch->rows->has_issues)
        return fail_said_twice(stretch, zone, at, text, err);
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: %s stands already in line %u%s, and no end of summer time of zone %s "
                   "explains it: does %s or say when a forecast was "
                   "made (--issued), or does the file's clock change (--zone)?",
                   stretch->file, gb_stretch_line(stretch, at), text,
                   gb_stretch_line(stretch, at ? at - 1 : 0), meter, zone->text,
                   *meter ? "another column name the meter, too (--id A,B)"
                          : "a column name the meter (--id)");
}

/* Rows that nothing on the clock corresponds to are taken out. */
static void drop_skipped(struct gb_stretch *stretch)
{
    size_t n = 0;

    for (size_t i = 0; i < stretch->n; i++)
        if (stretch->entries[i].time_s != INT64_MIN)
            stretch->entries[n++] = stretch->entries[i];
    stretch->n = n;
}

/* From the local clock to starts of intervals (stamps, where they are no labels) in UTC. Whoever
 * labels by ends either reads the clock at the end, or adds a step to what the clock showed at the
 * start; where the hours that come twice and not at all fit only one of these, it is that. */
static enum gb_status to_utc(struct gb_stretch *stretch, struct gb_series *series,
                             struct gb_error *err)
{
    const struct gb_rows *rows = stretch->rows;
    bool is_end = series->label == GB_LABEL_END && !rows->is_settled;
    int64_t early_s = 0;
    size_t n_summer, first = 0;
    enum misfit why = FITS;
    struct gb_zone zone = rows->is_utc ? GB_ZONE_UTC : series->zone;

    size_t n = place(stretch, &zone, 0, NULL, &n_summer, &first, &why);
    if (n > 0 && zone.has_summer && (is_end || series->label_unsaid)) {
        size_t other_first = 0;
        enum misfit other_why = FITS;
        size_t other =
            place(stretch, &zone, stretch->step_s, NULL, &n_summer, &other_first, &other_why);
        if (other < n) {
            n = other;
            early_s = stretch->step_s;
            first = other_first;
            why = other_why;
        }
    }
    if (n > 0 && (why == DOUBLED || !rows->drops_skipped))
        return fail_misfit(stretch, &zone, first, why, err);
    place(stretch, &zone, early_s, stretch->entries, &n_summer, &first, &why);
    series->n_summer += n_summer;
    drop_skipped(stretch);
    int64_t shift_s = early_s == 0 && is_end ? stretch->step_s : 0;
    shift_s -= early_s > 0 && !is_end ? early_s : 0;
    for (size_t i = 0; i < stretch->n; i++)
        stretch->entries[i].time_s -= shift_s;
    sort(stretch); /* the doubled hour, where its stamps are finer */
    return GB_OK;
}

/* A day that repeats: 00:00 is the end of the day where ends are labels. */
static enum gb_status settle_daily(struct gb_stretch *stretch, const struct gb_series *series,
                                   struct gb_error *err)
{
    int64_t early_s = series->label == GB_LABEL_END      ? stretch->step_s
                      : series->label == GB_LABEL_MIDDLE ? stretch->step_s / 2
                                                         : 0;

    for (size_t i = 0; i < stretch->n; i++) {
        int64_t *time_s = &stretch->entries[i].time_s;
        *time_s = (*time_s - early_s + DAY_S) % DAY_S;
    }
    sort(stretch);
    for (size_t i = 1; i < stretch->n; i++)
        if (stretch->entries[i].time_s == stretch->entries[i - 1].time_s)
            return fail_misfit(stretch, &GB_ZONE_UTC, i, DOUBLED, err);
    return DAY_S % stretch->step_s == 0
               ? GB_OK
               : gb_fail(err, GB_EINPUT, "'%s':%u: a step of %" PRId64 " s does not divide the day",
                         stretch->file, gb_stretch_line(stretch, 0), stretch->step_s);
}

/* ---- the grid */

/* The steps from the first stamp to the last; of a day that repeats from midnight to midnight. */
static enum gb_status measure(const struct gb_stretch *stretch, bool is_daily, int64_t *start_s,
                              size_t *n, struct gb_error *err)
{
    if (stretch->n == 0)
        return gb_fail(err, GB_EINPUT, "'%s': a meter without a row", stretch->file);
    int64_t first_s = is_daily ? 0 : stretch->entries[0].time_s;
    int64_t last_s = is_daily ? DAY_S - stretch->step_s : stretch->entries[stretch->n - 1].time_s;
    uint64_t steps = (uint64_t)(last_s - first_s) / (uint64_t)stretch->step_s + 1;

    if (steps > SPARSEST * (uint64_t)stretch->n + FEW)
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: rows for %zu of %" PRIu64 " steps of %" PRId64
                       " s; a regular series is expected",
                       stretch->file, gb_stretch_line(stretch, 0), stretch->n, steps,
                       stretch->step_s);
    *start_s = first_s;
    *n = (size_t)steps;
    return GB_OK;
}

static enum gb_status add_meter(struct gb_series *series, struct gb_stretch *stretch,
                                const struct gb_rows_meter *meter, const char *const *names,
                                const struct gb_unit *const *units, struct gb_error *err)
{
    struct gb_channel *channels = series->channels + series->n_channels;
    int64_t start_s = 0;
    size_t n = 0;

    if (stretch->n == 0)
        return GB_OK; /* named, and never read */
    series->n_backward += sort(stretch);
    enum gb_status status = find_step(stretch, err);
    if (status == GB_OK)
        status =
            series->is_daily ? settle_daily(stretch, series, err) : to_utc(stretch, series, err);
    if (status == GB_OK)
        status = measure(stretch, series->is_daily, &start_s, &n, err);
    if (status != GB_OK)
        return status;
    series->n_channels += stretch->rows->width;
    return gb_stretch_fill(stretch, channels, &series->arena, meter, names, units, start_s, n, err);
}

/* The rows of all meters, meter by meter, in the order of the file.
 * ends  out: where each meter's end */
static void deal(const struct gb_rows *rows, struct gb_entry *entries, size_t *ends)
{
    for (size_t i = 0; i < rows->n; i++)
        ends[rows->rows[i].meter]++;
    for (size_t m = 0, before = 0; m < rows->n_meters; m++) {
        size_t n = ends[m];
        ends[m] = before;
        before += n;
    }
    for (size_t i = 0; i < rows->n; i++)
        entries[ends[rows->rows[i].meter]++] = (struct gb_entry){rows->rows[i].time_s, i};
}

/* The step of forecasts: the shortest that any of them has; where each is of one step, that between
 * what they are about. 0 where nothing tells it. */
static enum gb_status find_common_step(struct gb_rows *rows, struct gb_entry *entries,
                                       const size_t *ends, const char *file, struct gb_error *err)
{
    int64_t shortest_s = 0;

    for (size_t m = 0; m < rows->n_meters; m++) {
        size_t begin = m ? ends[m - 1] : 0;
        struct gb_stretch stretch = {rows, file, entries + begin, ends[m] - begin, 0};
        sort(&stretch);
        int64_t step_s = usual_distance(&stretch);
        if (step_s > 0 && (shortest_s == 0 || step_s < shortest_s))
            shortest_s = step_s;
    }
    if (shortest_s == 0) {
        struct gb_entry *all = malloc(rows->n * sizeof *all);
        if (!all)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", rows->n, file);
        memcpy(all, entries, rows->n * sizeof *all);
        struct gb_stretch whole = {rows, file, all, rows->n, 0};
        sort(&whole);
        shortest_s = usual_distance(&whole);
        free(all);
    }
    rows->span_s = shortest_s;
    return GB_OK;
}

enum gb_status gb_grid_build(struct gb_series *series, struct gb_rows *rows,
                             const char *const *names, const struct gb_unit *const *units,
                             const char *file, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    size_t most = rows->n_meters * rows->width;

    if (rows->n == 0)
        return gb_fail(err, GB_EINPUT, "'%s': no row of values", file);
    struct gb_entry *entries = gb_memory_paged(gb_memory_whole_pages(rows->n * sizeof *entries));
    size_t *ends = calloc(rows->n_meters, sizeof *ends);
    series->channels = calloc(most, sizeof *series->channels);
    if (!entries || !ends || !series->channels)
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", rows->n, file);
    else
        deal(rows, entries, ends);
    series->n_rows = rows->n;
    if (status == GB_OK && rows->has_issues && rows->span_s == 0)
        status = find_common_step(rows, entries, ends, file, err);
    for (size_t m = 0; status == GB_OK && m < rows->n_meters; m++) {
        size_t begin = m ? ends[m - 1] : 0;
        struct gb_stretch stretch = {rows, file, entries + begin, ends[m] - begin, 0};
        status = add_meter(series, &stretch, &rows->meters[m], names, units, err);
    }
    free(ends);
    free(entries);
    return status;
}
