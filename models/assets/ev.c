#include "models/assets/ev.h"

#include <math.h>

#include "base/date.h"
#include "models/weather/gaussian.h"

/* Draws of a day. */
enum { DRAW_NEED, DRAW_TIMES };

#define HOURS_A_DAY 24.0

double gb_ev_plugged_in_h(const struct gb_ev_config *ev)
{
    if (ev->departure_h < 0) /* none */
        return ev->plugged_in_h;
    double hours = ev->departure_h - ev->arrival_h;
    return hours > 0 ? hours : hours + HOURS_A_DAY;
}

/* A deviation in hours, as far as sessions keep apart. */
static double deviation_h(double sd_h, double normal, double most_h)
{
    return fmin(fmax(sd_h * normal, -most_h), most_h);
}

/* When the local clock shows so many hours since 00:00 of a day. */
static int64_t moment_ns(const struct gb_calendar *calendar, int64_t day, double hours)
{
    int64_t local_ns = day * GB_NS_PER_DAY + llround(hours * (double)GB_NS_PER_HOUR);

    return gb_calendar_moment_ns(calendar, local_ns, INT64_MIN);
}

static double need_wh(const struct gb_ev_config *ev, struct gb_draw draw)
{
    if (gb_draw_uniform(draw) >= ev->days_share)
        return 0;
    if (ev->distance_km >= 0)
        return GB_WH_PER_KWH * ev->distance_km * ev->consumption_kwh_km;
    return GB_WH_PER_KWH *
           gb_lognormal(ev->energy_kwh, ev->energy_sd_kwh, gb_normal_from(gb_draw_uniform2(draw)));
}

struct gb_ev_session gb_ev_session_of(const struct gb_ev_config *ev,
                                      const struct gb_calendar *calendar, struct gb_key key,
                                      uint32_t owner, int64_t day)
{
    uint32_t time = (uint32_t)(calendar->start_days + day);
    struct gb_draw need = gb_draw_at(key, owner, 0, time, DRAW_NEED);
    struct gb_draw times = gb_draw_at(key, owner, 0, time, DRAW_TIMES);
    double plugged_in_h = gb_ev_plugged_in_h(ev);
    double most_h = fmin(plugged_in_h, HOURS_A_DAY - plugged_in_h) / 2;
    double arrival_h = ev->arrival_h + deviation_h(ev->arrival_sd_h, gb_draw_normal(times), most_h);
    double departure_h =
        ev->arrival_h + plugged_in_h +
        deviation_h(ev->departure_sd_h, gb_normal_from(gb_draw_uniform2(times)), most_h);

    return (struct gb_ev_session){.day = day,
                                  .arrival_ns = moment_ns(calendar, day, arrival_h),
                                  .departure_ns = moment_ns(calendar, day, departure_h),
                                  .need_wh = need_wh(ev, need)};
}
