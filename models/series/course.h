/* A channel of power or energy on the clock of a run: what flows over any stretch, exact to the
 * digits of the file, split by overlap. Where the file is of other dates, each day of the run takes
 * the course of one of its days, by the local clock: of what the clock shows twice both times take
 * the first, and what it leaves out is not used.
 *
 * exact     the same instants
 * weekday   the same day of the week, as near to the same date of a year as the file has it, up to
 *           ten days away; of equally near ones that of the nearest year
 * any_weekday  the same, however far away: a file of some weeks serves any run
 * calendar  the same date of the nearest year that has it; 29 February takes the 28th of a year
 *           without it
 *
 * A clock without dates repeats every day, whatever the alignment. */
#ifndef MODELS_SERIES_COURSE_H
#define MODELS_SERIES_COURSE_H

#include <stdbool.h>

#include "base/calendar.h"
#include "models/series/flow.h"

enum gb_series_align { GB_ALIGN_EXACT, GB_ALIGN_WEEKDAY, GB_ALIGN_CALENDAR, GB_ALIGN_ANY_WEEKDAY };

/* What a file says, whatever run reads it. */
struct gb_course {
    struct gb_series_flow flow;
    __int128 *before; /* quantities of all steps before each, n + 1 of them; owned */
    bool is_daily;
};

/* out  to be cleared in any case. GB_EINPUT where something is missing that `gaps` does not fill,
 * with the line of the first; the channel has a unit (asserted): of weather a quantity is its own
 * unit, and a Wh an hour of it */
enum gb_status gb_course_make(struct gb_course *out, const struct gb_channel *channel,
                              const struct gb_series *series, enum gb_series_gaps gaps,
                              struct gb_error *err);
void gb_course_clear(struct gb_course *course);
/* Puts the last day before the first, and the first behind the last: of a year that repeats.
 * GB_ENOMEM */
enum gb_status gb_course_wrap(struct gb_course *course, struct gb_error *err);
/* From when to when the file reaches: "from 2022-12-31T23:00:00Z to 2023-12-31T23:00:00Z". */
void gb_course_describe_reach(const struct gb_course *course, char *buffer, size_t size);
/* The mean power over all of the file, W. */
double gb_course_overall_w(const struct gb_course *course);

/* Since the beginning of the file, Wh; nothing is rounded, so that stretches that follow each other
 * add up. */
struct gb_stretch {
    double before_wh, after_wh;
};

/* A course on the clock of a run. */
struct gb_replay {
    const struct gb_course *course; /* borrowed */
    struct gb_calendar calendar;
    enum gb_series_align align;
    int64_t first_day, end_day; /* local days that the file has whole, since 1970-01-01 */
    int64_t day, day_of_file;   /* of the run, and what was found for it; INT64_MIN: none */
    /* what was asked last, and answered: many ask the same */
    int64_t at_s, length_s;
    bool is_known;
    struct gb_stretch stretch;
};

struct gb_replay gb_replay_make(const struct gb_course *course, enum gb_series_align align,
                                const struct gb_calendar *calendar);
/* How many days the day of the file that a local day of the run takes lies from the same date;
 * INT64_MAX where there is none. Not of exact days or of a clock without dates. */
int64_t gb_replay_days_away(const struct gb_replay *replay, int64_t day);
/* The instant of the file, UTC seconds since 1970 (of a clock without dates, seconds since
 * midnight), that a moment of the run takes. returns false where the file has none; it may still
 * lie outside of the file */
bool gb_replay_instant(struct gb_replay *replay, int64_t at_s, int64_t *out);
/* What has flowed in the file before and after so many seconds from a moment of the run on, which
 * lie in one local day.
 * at_s  since the run began
 * returns false where the file does not have them */
bool gb_replay_stretch(struct gb_replay *replay, int64_t at_s, int64_t length_s,
                       struct gb_stretch *out);

/* The value that the steps of the file hold from a moment of the run on for so many seconds, which
 * lie in one local day, in 1e-9 of its unit: of prices, and of the weather.
 * value      of the first step
 * changed_s  since the run began, when first it is another within these seconds; -1: it is not
 * returns false where the file does not have them */
bool gb_replay_held(struct gb_replay *replay, int64_t at_s, int64_t length_s, int64_t *value,
                    int64_t *changed_s);

/* Does the file have all of a run that ends at end_ns?
 * day  out, where it has not: the first local day of which something is missing, since 1970-01-01
 */
bool gb_course_covers(const struct gb_course *course, enum gb_series_align align,
                      const struct gb_calendar *calendar, int64_t end_ns, int64_t *day);

#endif
