#include "models/assets/evs.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "models/weather/weather.h"

struct gb_evs {
    const struct gb_fleet *fleet;
    struct gb_calendar calendar;
    int64_t slot_ns, end_ns;
    struct gb_ev_state *state; /* a car */
};

static const struct gb_ev_config *ev_of(const struct gb_evs *evs, size_t i)
{
    return &gb_fleet_kind(evs->fleet, evs->fleet->evs.meter[i])->ev;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What a session draws: of a car of whose days a list says what they take, that. */
static struct gb_ev_config drawn_by(const struct gb_evs *evs, size_t i)
{
    struct gb_ev_config ev = *ev_of(evs, i);
    double kwh = evs->fleet->evs.kwh[i];

    if (!isnan(kwh)) {
        ev.energy_kwh = kwh;
        ev.energy_sd_kwh = 0;
        ev.distance_km = -1;
    }
    return ev;
}

/* Goes to the session of a day, as far as it lies in the run. */
static void enter(const struct gb_evs *evs, size_t i, int64_t day, struct gb_ev_state *state)
{
    uint32_t owner = evs->fleet->draw_owner[evs->fleet->evs.meter[i]];
    struct gb_ev_config ev = drawn_by(evs, i);
    struct gb_ev_session whole =
        gb_ev_session_of(&ev, &evs->calendar, evs->fleet->evs.key, owner, day);
    struct gb_ev_session *cut = &state->session;

    *cut = whole;
    cut->arrival_ns = later(whole.arrival_ns, 0);
    cut->departure_ns = earlier(whole.departure_ns, evs->end_ns);
    if (cut->arrival_ns > whole.arrival_ns || cut->departure_ns < whole.departure_ns) {
        int64_t left_ns = later(cut->departure_ns - cut->arrival_ns, 0);
        cut->need_wh *= (double)left_ns / (double)(whole.departure_ns - whole.arrival_ns);
    }
    state->owed_wh = cut->need_wh;
}

enum gb_status gb_evs_create(struct gb_evs **out, const struct gb_physics_config *config,
                             const struct gb_fleet *fleet, struct gb_error *err)
{
    struct gb_evs *evs = calloc(1, sizeof *evs);
    size_t n = fleet->evs.n;

    if (evs)
        evs->state = calloc(n + 1, sizeof *evs->state);
    if (!evs || !evs->state) {
        free(evs);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu electric vehicles", n);
    }
    evs->fleet = fleet;
    evs->calendar = gb_weather_calendar(&config->weather);
    evs->slot_ns = config->weather.slot_ns;
    gb_evs_end_at(evs, INT64_MAX);
    *out = evs;
    return GB_OK;
}

/* To the first session that is not over when the run begins: none is longer than a day and what a
 * clock jumps by. */
void gb_evs_end_at(struct gb_evs *evs, int64_t end_ns)
{
    evs->end_ns = end_ns;
    for (size_t i = 0; i < evs->fleet->evs.n; i++) {
        enter(evs, i, -2, &evs->state[i]);
        while (evs->state[i].session.departure_ns <= 0)
            enter(evs, i, evs->state[i].session.day + 1, &evs->state[i]);
    }
}

void gb_evs_free(struct gb_evs *evs)
{
    if (!evs)
        return;
    free(evs->state);
    free(evs);
}

const struct gb_ev_state *gb_evs_states(const struct gb_evs *evs)
{
    return evs->state;
}

static double hours(int64_t ns)
{
    return (double)ns / (double)GB_NS_PER_HOUR;
}

/* What a session owes, and what the slots behind the one at hand, up to its departure, can take. */
struct owed {
    double owed_wh;
    size_t n_later;
    double room_a_slot_wh, last_room_wh; /* of those before the last, and of that */
};

static double owed_wh(const void *of_whom, const struct gb_flexible_rule *rule, int64_t ticks,
                      double taken_wh)
{
    const struct owed *owed = of_whom;
    size_t n = gb_flexible_may_wait(rule, ticks) ? owed->n_later : 0;
    double sum = 0;

    for (size_t behind = 1; behind <= n && sum < owed->owed_wh; behind++)
        if (gb_flexible_waits_for(rule, ticks, behind, 1))
            sum += behind == n ? owed->last_room_wh : owed->room_a_slot_wh;
    return owed->owed_wh - taken_wh - sum;
}

/* What the session at hand takes between two moments in a slot. */
static double charge(const struct gb_evs *evs, size_t i, int64_t from_ns, int64_t slot_end_ns,
                     double own_wh, const struct gb_outlook *outlook,
                     const struct gb_ev_state *state)
{
    const struct gb_ev_config *ev = ev_of(evs, i);
    double power_w = 1000 * evs->fleet->evs.kw[i];
    int64_t departure_ns = state->session.departure_ns;
    int64_t behind_ns = later(departure_ns - slot_end_ns, 0);
    int64_t n_later = (behind_ns + evs->slot_ns - 1) / evs->slot_ns;
    const struct owed owed = {
        .owed_wh = state->owed_wh,
        .n_later = (size_t)n_later,
        .room_a_slot_wh = power_w * hours(evs->slot_ns),
        .last_room_wh = n_later > 0 ? power_w * hours(behind_ns - (n_later - 1) * evs->slot_ns) : 0,
    };
    const struct gb_flexible_task task = {
        .rule = {(enum gb_flexible_controller)ev->controller, ev->price_limit.ticks, outlook},
        .room_wh = power_w * hours(earlier(departure_ns, slot_end_ns) - from_ns),
        .own_wh = own_wh,
        .owed_wh = owed_wh,
        .of_whom = &owed,
    };

    return state->owed_wh > 0 ? gb_flexible_take(&task) : 0;
}

struct gb_flexible_flow gb_evs_step(const struct gb_evs *evs, size_t i, int64_t interval,
                                    double own_wh, const struct gb_outlook *outlook,
                                    struct gb_ev_state *state)
{
    int64_t begin_ns = interval * evs->slot_ns, end_ns = begin_ns + evs->slot_ns;
    struct gb_flexible_flow flow = {.taken_wh = 0};

    while (state->session.arrival_ns < end_ns) {
        int64_t from_ns = later(begin_ns, state->session.arrival_ns);

        if (state->session.departure_ns > from_ns) {
            double taken_wh =
                charge(evs, i, from_ns, end_ns, own_wh - flow.taken_wh, outlook, state);
            flow.taken_wh += taken_wh;
            state->owed_wh -= taken_wh;
        }
        if (state->session.departure_ns > end_ns)
            break;
        flow.unserved_wh += state->owed_wh > 0 ? state->owed_wh : 0;
        enter(evs, i, state->session.day + 1, state);
    }
    return flow;
}

struct gb_flexible_flow gb_evs_advance(struct gb_evs *evs, size_t i, int64_t interval,
                                       double own_wh, const struct gb_outlook *outlook)
{
    return gb_evs_step(evs, i, interval, own_wh, outlook, &evs->state[i]);
}
