/* An electric vehicle at home: each day it may need energy, from when it is plugged in to when it
 * leaves. A session belongs to the local day on which it arrives, with draws addressed by the owner
 * and the day, so that any day's can be asked for without those before.
 *
 * Arrival and departure are ev.arrival and ev.departure, each with a normal spread that is cut
 * where sessions would touch: by half of the time plugged in, or of the time between two sessions
 * if that is shorter. What a car needs is energy at the charger. */
#ifndef MODELS_ASSETS_EV_H
#define MODELS_ASSETS_EV_H

#include <stdint.h>

#include "base/calendar.h"
#include "base/random.h"
#include "models/assets/physics_config.h"

struct gb_ev_session {
    int64_t day;                      /* of its arrival, 0 the first of the run */
    int64_t arrival_ns, departure_ns; /* since the run began; departures are behind arrivals, and no
                                       * later than the next day's arrival */
    double need_wh;                   /* 0 on a day without driving */
};

/* key: of GB_PURPOSE_EV */
struct gb_ev_session gb_ev_session_of(const struct gb_ev_config *ev,
                                      const struct gb_calendar *calendar, struct gb_key key,
                                      uint32_t owner, int64_t day);
/* How long a car is plugged in without spreads, h. */
double gb_ev_plugged_in_h(const struct gb_ev_config *ev);

#endif
