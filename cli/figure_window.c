#include "cli/figure_window.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

#define MINUTE_NS INT64_C(60000000000)
#define HOUR_NS (60 * MINUTE_NS)
#define DAY_NS (24 * HOUR_NS)
#define DATE_LENGTH 10

struct run {
    struct gb_calendar calendar;
    int64_t length_ns;
};

/* The trial that is shown. */
static struct run run_of(const struct gb_figure_request *figure)
{
    const struct gb_summary_row *trial = gb_results_trial(figure->results, figure->trial);
    size_t place = (size_t)(trial - gb_results_summary(figure->results));

    return (struct run){gb_results_calendar(figure->results, place),
                        trial->n_slots * trial->slot_ns};
}

/* "06:00", "24:00". */
static bool read_clock(const char *text, int64_t *ns)
{
    int hours, minutes, n = 0;

    if (sscanf(text, "%2d:%2d%n", &hours, &minutes, &n) != 2 || text[n] != '\0' || hours < 0 ||
        minutes < 0 || minutes > 59 || hours * 60 + minutes > 24 * 60)
        return false;
    *ns = hours * HOUR_NS + minutes * MINUTE_NS;
    return true;
}

/* The number of a date's day, 0 the first. */
static bool read_date(const char *text, const struct run *run, int64_t *day)
{
    if (!gb_date_parse(text, day))
        return false;
    *day -= run->calendar.start_days;
    return true;
}

/* A day by its number from 1 on, or by its date. */
static enum gb_status read_day(const char *text, const struct run *run, int64_t *day,
                               struct gb_error *err)
{
    char *end, first[16];
    long number = strtol(text, &end, 10);
    int64_t n_days = gb_calendar_day_at(&run->calendar, run->length_ns - 1) + 1;

    if (*end == '\0' && end != text)
        *day = number - 1;
    else if (!read_date(text, run, day))
        return gb_fail(err, GB_EINPUT, "'--day' expects a number from 1 on or a date, got '%s'",
                       text);
    gb_date_format(run->calendar.start_days, first, sizeof first);
    if (*day < 0 || *day >= n_days)
        return gb_fail(err, GB_EINPUT, "the run has no day '%s': it has %" PRId64 " from %s on",
                       text, n_days, first);
    return GB_OK;
}

/* "06:00" of a day, "2023-06-02 06:00", "2023-06-02T06:00", "2023-06-02".
 */
static enum gb_status read_time(const char *option, const char *text, const struct run *run,
                                int64_t day, int64_t *ns, struct gb_error *err)
{
    char date[DATE_LENGTH + 1] = "";
    int64_t of_day = 0;
    size_t n = strlen(text);
    bool has_clock = n > DATE_LENGTH && (text[DATE_LENGTH] == ' ' || text[DATE_LENGTH] == 'T');

    if (n == DATE_LENGTH || has_clock)
        memcpy(date, text, DATE_LENGTH);
    if (!read_clock(text, &of_day) && (!read_date(date, run, &day) ||
                                       (has_clock && !read_clock(text + DATE_LENGTH + 1, &of_day))))
        return gb_fail(err, GB_EINPUT, "'%s' expects a time (06:00, '2023-06-01 06:00'), got '%s'",
                       option, text);
    *ns = gb_calendar_moment_ns(&run->calendar, day * DAY_NS + of_day, INT64_MIN);
    return GB_OK;
}

enum gb_status gb_window_resolve(const struct gb_window_request *request,
                                 struct gb_figure_request *figure, struct gb_error *err)
{
    struct run run = run_of(figure);
    int64_t day = 0, from = 0, to = run.length_ns;
    enum gb_status status = GB_OK;

    if (request->day) {
        status = read_day(request->day, &run, &day, err);
        int64_t next = gb_calendar_day_ns(&run.calendar, day + 1);
        from = gb_calendar_day_ns(&run.calendar, day);
        to = next < to ? next : to;
    }
    if (status == GB_OK && request->from)
        status = read_time("--from", request->from, &run, day, &from, err);
    if (status == GB_OK && request->to)
        status = read_time("--to", request->to, &run, day, &to, err);
    if (status == GB_OK && (from < 0 || from >= to || from >= run.length_ns))
        status =
            gb_fail(err, GB_EINPUT, "nothing of the run lies between '%s' and '%s': it lasts %g h",
                    request->from ? request->from : "its start",
                    request->to ? request->to : "its end", (double)run.length_ns / 3.6e12);
    if (status != GB_OK)
        return status;
    figure->from_ns = from;
    figure->to_ns = to;
    figure->has_window = request->day || request->from || request->to;
    return GB_OK;
}
