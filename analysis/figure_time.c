/* The axis of figures over time: clock times and dates, in local time of the scenario. */
#include <inttypes.h>
#include <string.h>

#include "analysis/figures_priv.h"
#include "base/date.h"

#define HOUR_NS INT64_C(3600000000000)
#define MINUTE_NS INT64_C(60000000000)
#define DAY_NS (24 * HOUR_NS)
#define TICK_MM 15.0   /* of the axis: what one tick's label takes at least */
#define AXIS_SHARE 0.8 /* of the page's width */
#define LONGEST_TICKS 2048

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

enum gb_status gb_time_window_of(struct gb_time_window *out,
                                 const struct gb_figure_request *request, struct gb_error *err)
{
    const struct gb_summary_row *trial = gb_results_trial(request->results, request->trial);
    int64_t length;

    if (!trial)
        return gb_fail(err, GB_EREFUSED, "there is no trial %" PRIu64, request->trial);
    length = trial->n_slots * trial->slot_ns;
    out->from_ns = request->from_ns > 0 ? request->from_ns : 0;
    out->to_ns = request->to_ns > 0 && request->to_ns < length ? request->to_ns : length;
    out->calendar = gb_results_calendar(request->results,
                                        (size_t)(trial - gb_results_summary(request->results)));
    if (out->from_ns >= out->to_ns)
        return gb_fail(err, GB_EREFUSED,
                       "nothing of the run is shown from %g h on: it lasts %g h; choose by --day, "
                       "--from and --to",
                       gb_hours(out->from_ns), gb_hours(length));
    return GB_OK;
}

/* ---- ticks */

/* The shortest step of a clock or a calendar with which the labels have room. */
static int64_t tick_step(int64_t length_ns, double max_ticks)
{
    static const int64_t steps[] = {
        MINUTE_NS,   2 * MINUTE_NS, 5 * MINUTE_NS, 10 * MINUTE_NS, 15 * MINUTE_NS, 30 * MINUTE_NS,
        HOUR_NS,     2 * HOUR_NS,   3 * HOUR_NS,   4 * HOUR_NS,    6 * HOUR_NS,    12 * HOUR_NS,
        DAY_NS,      2 * DAY_NS,    5 * DAY_NS,    7 * DAY_NS,     14 * DAY_NS,    30 * DAY_NS,
        60 * DAY_NS, 90 * DAY_NS,   180 * DAY_NS,  365 * DAY_NS};
    size_t n = sizeof steps / sizeof steps[0], i = 0;

    while (i + 1 < n && (double)length_ns / (double)steps[i] > max_ticks)
        i++;
    return steps[i];
}

/* "06:00", at midnight of a longer window with the date below; of steps of days the date alone.
 * local  what the clock shows */
static void format_tick(const struct gb_time_window *window, int64_t at, int64_t local,
                        int64_t step, bool has_dates, char *text, size_t size)
{
    int64_t of_day = local % DAY_NS;
    struct gb_civil_day day = gb_civil_day_at(window->calendar.start_days + local / DAY_NS);
    char date[32];

    snprintf(date, sizeof date, "%d %.3s", day.day, months[day.month - 1]);
    if (step >= DAY_NS)
        snprintf(text, size, "%s", date);
    else if (at == window->to_ns && of_day == 0 && !has_dates)
        snprintf(text, size, "24:00");
    else
        snprintf(text, size, "%02d:%02d%s%s", (int)(of_day / HOUR_NS),
                 (int)(of_day % HOUR_NS / MINUTE_NS), has_dates && of_day == 0 ? "\\n" : "",
                 has_dates && of_day == 0 ? date : "");
}

static int64_t first_tick(const struct gb_time_window *window, int64_t step)
{
    int64_t from_ns = gb_calendar_local_ns(&window->calendar, window->from_ns);

    return (from_ns + step - 1) / step * step;
}

static bool lies_in_one_day(const struct gb_time_window *window)
{
    return gb_calendar_day_at(&window->calendar, window->to_ns - 1) ==
           gb_calendar_day_at(&window->calendar, window->from_ns);
}

void gb_time_axis_write(const struct gb_time_window *window, const struct gb_figure_page *page)
{
    int64_t step =
        tick_step(window->to_ns - window->from_ns, AXIS_SHARE * page->width_mm / TICK_MM);
    bool has_dates = step < DAY_NS && !lies_in_one_day(window);
    char ticks[LONGEST_TICKS] = "", range[96], label[160];
    size_t n = 0;

    for (int64_t local = first_tick(window, step); n + 64 < sizeof ticks; local += step) {
        int64_t at = gb_calendar_moment_ns(&window->calendar, local, window->from_ns);
        char text[48];

        if (at > window->to_ns)
            break;
        if (step < DAY_NS && gb_calendar_local_ns(&window->calendar, at) != local)
            continue; /* of the hour that is left out */
        format_tick(window, at, local, step, has_dates, text, sizeof text);
        n += (size_t)snprintf(ticks + n, sizeof ticks - n, "%s\"%s\" %.12g", n ? ", " : "(", text,
                              gb_hours(at));
    }
    snprintf(ticks + n, sizeof ticks - n, "%s", n ? ")" : "()");
    gb_time_window_format(window, range, sizeof range);
    snprintf(label, sizeof label, "%s (%s)", step < DAY_NS ? "Time of day" : "Date", range);
    fprintf(page->settings, "x_low = %.12g\nx_high = %.12g\nhas_dates = %d\n",
            gb_hours(window->from_ns), gb_hours(window->to_ns), has_dates);
    gb_figure_set_text(page->settings, "x_tics", ticks);
    gb_figure_set_text(page->settings, "x_label", label);
}

/* ---- words */

static struct gb_civil_day day_of(const struct gb_time_window *window, int64_t at_ns)
{
    const struct gb_calendar *calendar = &window->calendar;

    return gb_civil_day_at(calendar->start_days + gb_calendar_day_at(calendar, at_ns));
}

char *gb_time_window_format(const struct gb_time_window *window, char *buffer, size_t size)
{
    struct gb_civil_day first = day_of(window, window->from_ns);
    struct gb_civil_day last = day_of(window, window->to_ns - 1);

    if (first.year != last.year)
        snprintf(buffer, size, "%d %s %d to %d %s %d", first.day, months[first.month - 1],
                 first.year, last.day, months[last.month - 1], last.year);
    else if (first.month != last.month)
        snprintf(buffer, size, "%d %s to %d %s %d", first.day, months[first.month - 1], last.day,
                 months[last.month - 1], last.year);
    else if (first.day != last.day)
        snprintf(buffer, size, "%d to %d %s %d", first.day, last.day, months[last.month - 1],
                 last.year);
    else
        snprintf(buffer, size, "%d %s %d", first.day, months[first.month - 1], first.year);
    return buffer;
}
