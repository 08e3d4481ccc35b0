#include "models/assets/replays.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/series/issues.h"
#include "models/series/library.h"

/* Where the power of one load or system comes from. */
struct source {
    struct gb_replay *replay;       /* NULL: modelled; of forecasts that of the first issue */
    const struct gb_measured *file; /* its columns stand so far apart from issue to issue */
    double factor, prior_w;         /* prior: before the file begins */
};

struct gb_replays {
    enum gb_replayed_part part;
    const struct gb_fleet *fleet;
    struct gb_calendar calendar;
    int64_t slot_ns;
    const struct gb_weather_config *weather;
    size_t n;               /* sources */
    struct gb_replay *list; /* a column of every kind's series */
    struct source *sources;
};

/* ---- set-up */

static const char *name_of(enum gb_replayed_part part, const struct gb_kind *kind)
{
    switch (part) {
    case GB_REPLAYED_LOADS: return kind->household.series;
    case GB_REPLAYED_SYSTEMS: return kind->pv.series;
    case GB_FORECAST_LOADS: return kind->household.forecast;
    default: return kind->pv.forecast;
    }
}

static bool is_of_loads(enum gb_replayed_part part)
{
    return part == GB_REPLAYED_LOADS || part == GB_FORECAST_LOADS;
}

/* The series of a kind's loads or systems, or NULL. */
static const struct gb_measured *series_of(const struct gb_replays *replays,
                                           const struct gb_physics_config *config,
                                           const struct gb_kind *kind)
{
    return gb_library_find(config->library, name_of(replays->part, kind));
}

/* A column, and issue of a forecast. */
static size_t n_replays(const struct gb_measured *measured)
{
    return measured->n * (measured->n_issues > 0 ? measured->n_issues : 1);
}

/* The columns of all kinds' series. GB_EFILE where one was not read, as of a scenario that is known
 * from a result alone. */
static enum gb_status count_columns(const struct gb_replays *replays,
                                    const struct gb_physics_config *config, size_t *n,
                                    struct gb_error *err)
{
    *n = 0;
    for (size_t k = 0; k < replays->fleet->n_kinds; k++) {
        const struct gb_kind *kind = &replays->fleet->kinds[k];
        const struct gb_measured *measured = series_of(replays, config, kind);
        const char *name = name_of(replays->part, kind);

        if (!measured && gb_series_is_named(name))
            return gb_fail(err, GB_EFILE,
                           "the file of the series '%s' was not read: run the scenario from a file "
                           "beside it",
                           name);
        *n += measured ? n_replays(measured) : 0;
    }
    return GB_OK;
}

static struct source load_source(const struct gb_replays *replays,
                                 const struct gb_measured *measured, size_t meter)
{
    double mean_w = replays->fleet->load_scale_w[meter];

    return (struct source){.factor = measured->n == 1 ? mean_w / gb_measured_overall_w(measured)
                                                      : measured->scale,
                           .prior_w = mean_w};
}

static struct source system_source(const struct gb_replays *replays,
                                   const struct gb_measured *measured, size_t system)
{
    double kwp = replays->fleet->systems.kwp[system];

    return (struct source){.factor = measured->scale * (measured->n == 1 ? kwp : 1)};
}

/* Sources of the meters [first, end), homes of one kind, from its columns. */
static void set_sources(struct gb_replays *replays, const struct gb_measured *measured,
                        struct gb_replay *columns, size_t first, size_t end)
{
    const struct gb_systems *systems = &replays->fleet->systems;
    bool of_loads = is_of_loads(replays->part);
    size_t from = of_loads ? first : gb_owners_before(systems->meter, systems->n, first);
    size_t to = of_loads ? end : gb_owners_before(systems->meter, systems->n, end);

    for (size_t i = from; i < to; i++) {
        size_t meter = of_loads ? i : systems->meter[i];
        assert(measured->n == 1 || meter - first < measured->n);
        replays->sources[i] =
            of_loads ? load_source(replays, measured, meter) : system_source(replays, measured, i);
        replays->sources[i].replay = columns + (measured->n == 1 ? 0 : meter - first);
        replays->sources[i].file = measured;
    }
}

static enum gb_status allocate(struct gb_replays *replays, size_t n_columns, struct gb_error *err)
{
    replays->list = calloc(n_columns, sizeof *replays->list);
    replays->sources = calloc(replays->n + 1, sizeof *replays->sources);
    return replays->list && replays->sources
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory to replay %zu columns", n_columns);
}

static void replay_kinds(struct gb_replays *replays, const struct gb_physics_config *config)
{
    const struct gb_fleet *fleet = replays->fleet;
    struct gb_replay *columns = replays->list;
    size_t meter = 0;

    for (size_t k = 0; k < fleet->n_kinds; k++) {
        const struct gb_measured *measured = series_of(replays, config, &fleet->kinds[k]);
        size_t end = meter + (size_t)fleet->kinds[k].n_homes;

        for (size_t c = 0; measured && c < n_replays(measured); c++) {
            const struct gb_measured *said =
                measured->n_issues > 0 ? measured->issues[c / measured->n] : measured;
            columns[c] = gb_replay_make(&said->courses[c % measured->n], measured->align,
                                        &replays->calendar);
        }
        if (measured)
            set_sources(replays, measured, columns, meter, end);
        columns += measured ? n_replays(measured) : 0;
        meter = end;
    }
}

enum gb_status gb_replays_create(struct gb_replays **out, enum gb_replayed_part part,
                                 const struct gb_physics_config *config,
                                 const struct gb_fleet *fleet, struct gb_error *err)
{
    struct gb_replays made = {.part = part, .fleet = fleet}, *replays;
    size_t n_columns = 0;

    *out = NULL;
    enum gb_status status = count_columns(&made, config, &n_columns, err);
    if (status != GB_OK || n_columns == 0)
        return status;
    made.calendar = gb_weather_calendar(&config->weather);
    made.slot_ns = config->weather.slot_ns;
    made.weather = &config->weather;
    made.n = is_of_loads(part) ? fleet->n : fleet->systems.n;
    replays = calloc(1, sizeof *replays);
    if (!replays)
        return gb_fail(err, GB_ENOMEM, "no memory to replay series");
    *replays = made;
    status = allocate(replays, n_columns, err);
    if (status != GB_OK) {
        gb_replays_free(replays);
        return status;
    }
    replay_kinds(replays, config);
    *out = replays;
    return GB_OK;
}

void gb_replays_free(struct gb_replays *replays)
{
    if (!replays)
        return;
    free(replays->list);
    free(replays->sources);
    free(replays);
}

/* ---- power */

/* What flows in a slot; of forecasts by the latest one that is of it and was made until what was
 * read last ended, behind which nobody bids before the next slot has. */
static bool find_stretch(const struct gb_replays *replays, const struct source *source,
                         int64_t interval, int64_t last_read, struct gb_stretch *out)
{
    const int64_t slot_s = replays->slot_ns / GB_NS_PER_SECOND, at_s = interval * slot_s;
    int64_t until_s = replays->calendar.start_s + (last_read + 1) * slot_s;

    if (source->file->n_issues == 0)
        return gb_replay_stretch(source->replay, at_s, slot_s, out);
    for (size_t i = gb_measured_issues_until(source->file, until_s); i-- > 0;)
        if (gb_replay_stretch(source->replay + i * source->file->n, at_s, slot_s, out))
            return true;
    return false;
}

/* Of a source in a slot: of whole Wh, so that whatever slots a run has they add up to what the file
 * says to the last one. Steps of a slot are of whole micro-Wh, which meters carry: a Wh in a second
 * would be 3.6 kW. returns false where the file does not tell it */
static bool measured_w(const struct gb_replays *replays, const struct source *source,
                       int64_t interval, int64_t last_read, double *out)
{
    const int64_t slot_s = replays->slot_ns / GB_NS_PER_SECOND;
    const double parts = replays->weather->steps_a_slot > 1 ? 1e6 : 1; /* of a Wh */
    struct gb_stretch stretch;

    if (!find_stretch(replays, source, interval, last_read, &stretch))
        return false;
    *out = (round(parts * (source->factor * stretch.after_wh)) -
            round(parts * (source->factor * stretch.before_wh))) /
           parts * 3600 / (double)slot_s;
    return true;
}

static enum gb_status fail_uncovered(const struct gb_replays *replays, const struct source *source,
                                     int64_t interval, struct gb_error *err)
{
    const struct gb_calendar *calendar = &replays->calendar;
    int64_t at_ns = interval * replays->slot_ns;
    char date[16], moment[32], reach[80];

    gb_date_format(calendar->start_days + gb_calendar_day_at(calendar, at_ns), date, sizeof date);
    gb_instant_format(calendar->start_s * GB_NS_PER_SECOND + at_ns, moment, sizeof moment);
    gb_course_describe_reach(source->replay->course, reach, sizeof reach);
    return gb_fail(err, GB_EINPUT,
                   "%s: the file has nothing for slot %" PRId64 ", at %s, on %s by the local "
                   "clock: it reaches %s",
                   is_of_loads(replays->part) ? "a measured load" : "measured generation",
                   gb_weather_market_slot(replays->weather, interval), moment, date, reach);
}

enum gb_status gb_replays_overwrite(const struct gb_replays *replays, int64_t interval,
                                    double *power_w, struct gb_error *err)
{
    for (size_t i = 0; replays && i < replays->n; i++) {
        const struct source *source = &replays->sources[i];

        if (!source->replay || measured_w(replays, source, interval, interval, &power_w[i]))
            continue;
        if (interval >= 0)
            return fail_uncovered(replays, source, interval, err);
        power_w[i] = source->prior_w;
    }
    return GB_OK;
}

void gb_replays_believe(const struct gb_replays *replays, size_t first, size_t n,
                        const struct gb_replay_question *question, double *power_w)
{
    for (size_t i = first; replays && i < first + n; i++) {
        const struct source *source = &replays->sources[i];
        double belief_w = source->prior_w;

        if (!source->replay)
            continue;
        int64_t last_read = question->last_read;
        if (!measured_w(replays, source, question->slot, last_read, &belief_w) &&
            !measured_w(replays, source, last_read, last_read, &belief_w))
            belief_w = source->prior_w;
        belief_w *= question->factor;
        power_w[i - first] = question->truth_w ? question->skill * question->truth_w[i] +
                                                     (1 - question->skill) * belief_w
                                               : belief_w;
    }
}
