#include "models/assets/heat_pumps.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/date.h"

/* The pumps of a kind, whose homes differ in what they lose, and these in what is stored. */
struct pumps_of_kind {
    const struct gb_heat_pump_config *config;
    double capacity_wh, keep; /* keep: of what is stored, over a slot */
    double *need_wh, *cop;    /* of the slot at hand and those behind it; need_wh: of a home that
                               * loses what the kind says */
};

struct pump {
    double draw_wh; /* at most in a slot */
    double loss;    /* of its home, over what its kind says */
};

struct gb_heat_pumps {
    const struct gb_fleet *fleet;
    const struct gb_outdoors *outdoors; /* NULL: none yet */
    double slot_h;
    size_t n_ahead, n_seen; /* slots of need_wh and cop; of those, up to the end of the run */
    bool sees_end;
    struct pumps_of_kind *kinds; /* of the fleet */
    double *ahead;               /* all their need_wh and cop */
    struct pump *list;           /* a pump, as stored_wh */
    double *stored_wh;
};

static const struct pumps_of_kind *kind_of(const struct gb_heat_pumps *pumps, size_t i)
{
    return &pumps->kinds[pumps->fleet->kind[pumps->fleet->heat_pumps.meter[i]]];
}

static void set_kinds(struct gb_heat_pumps *pumps)
{
    for (size_t k = 0; k < pumps->fleet->n_kinds; k++) {
        const struct gb_heat_pump_config *config = &pumps->fleet->kinds[k].heat_pump;

        pumps->kinds[k] = (struct pumps_of_kind){
            .config = config,
            .capacity_wh = 1000 * config->store_kwh,
            .keep = pow(1 - config->loss_per_h, pumps->slot_h),
            .need_wh = pumps->ahead + 2 * k * pumps->n_ahead,
            .cop = pumps->ahead + (2 * k + 1) * pumps->n_ahead,
        };
    }
}

static void set_pumps(struct gb_heat_pumps *pumps)
{
    const struct gb_heaters *of = &pumps->fleet->heat_pumps;

    for (size_t i = 0; i < of->n; i++) {
        pumps->list[i] =
            (struct pump){.draw_wh = 1000 * of->kw[i] * pumps->slot_h,
                          .loss = of->loss_w_k[i] / kind_of(pumps, i)->config->heat_loss_w_k};
        pumps->stored_wh[i] = kind_of(pumps, i)->capacity_wh;
    }
}

enum gb_status gb_heat_pumps_create(struct gb_heat_pumps **out,
                                    const struct gb_physics_config *config,
                                    const struct gb_fleet *fleet, struct gb_error *err)
{
    struct gb_heat_pumps *pumps = calloc(1, sizeof *pumps);
    size_t n = fleet->heat_pumps.n, n_kinds = n > 0 ? fleet->n_kinds : 0;

    if (!pumps)
        return gb_fail(err, GB_ENOMEM, "no memory for heat pumps");
    pumps->fleet = fleet;
    pumps->slot_h = (double)config->weather.slot_ns / (double)GB_NS_PER_HOUR;
    pumps->n_ahead = gb_flexible_n_ahead(config->weather.slot_ns);
    pumps->kinds = calloc(fleet->n_kinds, sizeof *pumps->kinds);
    pumps->ahead = calloc(2 * n_kinds * pumps->n_ahead + 1, sizeof *pumps->ahead);
    pumps->list = calloc(n + 1, sizeof *pumps->list);
    pumps->stored_wh = calloc(n + 1, sizeof *pumps->stored_wh);
    if (!pumps->kinds || !pumps->ahead || !pumps->list || !pumps->stored_wh) {
        gb_heat_pumps_free(pumps);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu heat pumps", n);
    }
    if (n > 0)
        set_kinds(pumps);
    set_pumps(pumps);
    *out = pumps;
    return GB_OK;
}

void gb_heat_pumps_free(struct gb_heat_pumps *pumps)
{
    if (!pumps)
        return;
    free(pumps->kinds);
    free(pumps->ahead);
    free(pumps->list);
    free(pumps->stored_wh);
    free(pumps);
}

void gb_heat_pumps_set_outdoors(struct gb_heat_pumps *pumps, const struct gb_outdoors *outdoors)
{
    pumps->outdoors = outdoors;
}

const double *gb_heat_pumps_stored_wh(const struct gb_heat_pumps *pumps)
{
    return pumps->stored_wh;
}

void gb_heat_pumps_look(struct gb_heat_pumps *pumps, int64_t interval, int64_t last_read)
{
    if (pumps->fleet->heat_pumps.n == 0)
        return;
    assert(pumps->outdoors && interval < gb_outdoors_end(pumps->outdoors));
    size_t left = (size_t)(gb_outdoors_end(pumps->outdoors) - interval);
    pumps->sees_end = left <= pumps->n_ahead;
    pumps->n_seen = pumps->sees_end ? left : pumps->n_ahead;
    for (size_t j = 0; j < pumps->n_seen; j++) {
        double outside_c =
            gb_outdoors_expected_c(pumps->outdoors, interval + (int64_t)j, last_read);
        for (size_t k = 0; k < pumps->fleet->n_kinds; k++) {
            const struct pumps_of_kind *of = &pumps->kinds[k];
            of->need_wh[j] = gb_heat_pump_need_w(of->config, outside_c) * pumps->slot_h;
            of->cop[j] = gb_heat_pump_cop(of->config, outside_c);
        }
    }
}

/* A pump in the slot at hand. */
struct owed {
    const struct gb_heat_pumps *pumps;
    const struct pumps_of_kind *of;
    const struct pump *pump;
    double kept_wh; /* in the store */
};

/* What must be in the store behind the slot at hand, where that costs so much. */
static double must_wh(const struct owed *owed, const struct gb_flexible_rule *rule, int64_t ticks)
{
    const struct pumps_of_kind *of = owed->of;
    bool may_wait = gb_flexible_may_wait(rule, ticks);
    double must = owed->pumps->sees_end ? of->capacity_wh : 0;

    if (rule->controller == GB_FLEXIBLE_AT_ONCE || of->capacity_wh == 0)
        return of->capacity_wh;
    for (size_t j = owed->pumps->n_seen - 1; j > 0; j--) {
        must += owed->pump->loss * of->need_wh[j];
        if (may_wait && gb_flexible_waits_for(rule, ticks, j, of->cop[j] / of->cop[0]))
            must -= owed->pump->draw_wh * of->cop[j];
        must = must > 0 ? fmin(must / of->keep, of->capacity_wh) : 0;
    }
    return must;
}

static double owed_wh(const void *of_whom, const struct gb_flexible_rule *rule, int64_t ticks,
                      double taken_wh)
{
    const struct owed *owed = of_whom;
    double need_wh = owed->pump->loss * owed->of->need_wh[0];
    double heat_wh = must_wh(owed, rule, ticks) + need_wh - owed->kept_wh;

    return heat_wh / owed->of->cop[0] - taken_wh;
}

struct gb_flexible_flow gb_heat_pumps_step(const struct gb_heat_pumps *pumps, size_t i,
                                           double own_wh, const struct gb_outlook *outlook,
                                           double *stored_wh)
{
    const struct pumps_of_kind *of = kind_of(pumps, i);
    const struct pump *pump = &pumps->list[i];
    const struct owed owed = {pumps, of, pump, *stored_wh * of->keep};
    double need_wh = pump->loss * of->need_wh[0];
    double heat_room_wh = of->capacity_wh + need_wh - owed.kept_wh;
    const struct gb_flexible_task task = {
        .rule = {(enum gb_flexible_controller)of->config->controller, of->config->price_limit.ticks,
                 outlook},
        .room_wh = fmin(pump->draw_wh, heat_room_wh / of->cop[0]),
        .own_wh = own_wh,
        .owed_wh = owed_wh,
        .of_whom = &owed,
    };
    double taken_wh = gb_flexible_take(&task);
    struct gb_heat_flow flow =
        gb_heat_store_step(of->capacity_wh, of->keep, taken_wh * of->cop[0], need_wh, stored_wh);

    return (struct gb_flexible_flow){
        .taken_wh = taken_wh, .unserved_wh = flow.unserved_wh, .heat_wh = flow.served_wh};
}

struct gb_flexible_flow gb_heat_pumps_advance(struct gb_heat_pumps *pumps, size_t i, double own_wh,
                                              const struct gb_outlook *outlook)
{
    return gb_heat_pumps_step(pumps, i, own_wh, outlook, &pumps->stored_wh[i]);
}
