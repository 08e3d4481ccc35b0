/* What connections of homes carry, under every model of load: no home is above its limit, what is
 * beyond comes later, and those who read meters know of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parts.h"
#include "models/weather/weather.h"
#include "tests/homes.h"
#include "tests/tap.h"

enum { HOMES = 100 };
static const double limit_w = 4 * 416; /* of all homes: they have one size */

/* Homes of one size in slots of so many minutes, which the limit lets use four times their mean. */
static struct gb_physics_config held_config(const struct gb_load_model *model, int minutes)
{
    struct gb_physics_config config = homes_config(HOMES, minutes);

    config.household.model = &model->member;
    config.household.limit_kw = 1.5;
    config.household.sigma = 0;
    return config;
}

struct village {
    const struct gb_load_model *model;
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    int64_t next;
};

static void open_village(struct village *v, const struct gb_physics_config *config, size_t window)
{
    struct gb_draws draws = {.seed = 7};
    struct gb_error err = {0};

    *v = (struct village){.model = (const struct gb_load_model *)config->household.model,
                          .config = *config,
                          .next = gb_anchor_slot(config->weather.slot_ns)};
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, draws, &err), GB_OK);
    EXPECT_INT(v->model->create(&v->state, &v->config, v->fleet, window, draws, &err), GB_OK);
}

static void close_village(struct village *v)
{
    v->model->free(v->state);
    gb_fleet_free(v->fleet);
}

/* Goes past slot `interval`. */
static void advance(struct village *v, int64_t interval, double *power_w)
{
    struct gb_error err = {0};

    for (; v->next <= interval; v->next++)
        EXPECT_INT(v->model->advance(v->state, power_w, &err), GB_OK);
}

/* A fortnight of `minutes` with and without a limit. */
static void hold(const struct gb_load_model *model, int minutes)
{
    struct gb_physics_config held_by = held_config(model, minutes), free_by = held_by;
    struct village held, unheld;
    double with[HOMES], without[HOMES], owed[HOMES] = {0}, most = 0, moved = 0;

    free_by.household.limit_kw = 1e6;
    open_village(&held, &held_by, 1);
    open_village(&unheld, &free_by, 1);
    for (int64_t t = 0; t < 14 * 1440 / minutes; t++) {
        advance(&held, t, with);
        advance(&unheld, t, without);
        for (size_t i = 0; i < HOMES; i++) {
            most = fmax(most, with[i]);
            owed[i] += without[i] - with[i];
            moved += owed[i] > 1e-6;
            /* what is owed is paid as soon as the connection carries it, and nothing else */
            EXPECT(owed[i] > -1e-6 && (owed[i] < 1e-6 || with[i] == limit_w));
        }
    }
    tap_note("%s, %d min: at most %.0f W, %.0f slots owe", model->member.name, minutes, most,
             moved);
    EXPECT(most == limit_w && moved > 100);
    close_village(&held);
    close_village(&unheld);
}

static void no_home_is_above_its_connection_and_its_energy_comes_later(void)
{
    static const int minutes[] = {5, 30, 60};

    for (size_t k = 0; k < sizeof minutes / sizeof minutes[0]; k++) {
        hold(&gb_load_profile, minutes[k]);
        hold(&gb_load_habits, minutes[k]);
    }
}

/* A village of two parts (base/parts.h) under the default limit, where one home is large. */
static void a_large_home_has_a_connection_for_four_times_its_mean(void)
{
    enum { MANY = GB_PART + 10 };
    struct gb_physics_config config = held_config(&gb_load_profile, 15);
    struct village v;
    static double power[MANY];
    double most[MANY] = {0};

    config.fleet.n_meters = MANY;
    config.household.mean_kw = 4;
    config.household.sigma = 0.6;
    config.household.limit_kw = 17.25;
    open_village(&v, &config, 1);
    for (int64_t t = 0; t < 96; t++) {
        advance(&v, t, power);
        for (size_t i = 0; i < MANY; i++)
            most[i] = fmax(most[i], power[i]);
    }
    size_t n_at_limit = 0, n_above = 0;
    for (size_t i = 0; i < MANY; i++) {
        double carried = fmax(17250, 4 * v.fleet->load_scale_w[i]);
        n_at_limit += most[i] == carried;
        n_above += most[i] > carried;
    }
    EXPECT_INT(n_above, 0);
    EXPECT(n_at_limit > 100 && n_at_limit < MANY);
    close_village(&v);
}

static void what_is_owed_does_not_depend_on_how_far_back_readers_look(const struct gb_load_model *m)
{
    enum { SLOTS = 300 };
    static const size_t windows[] = {1, 2, 49};
    static double first[SLOTS][HOMES];
    struct gb_physics_config config = held_config(m, 15);
    double power[HOMES];

    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        struct gb_error err = {0};
        struct village v;
        int n_alike = 0;
        open_village(&v, &config, windows[w]);
        /* slots before 0 are computed, or their latents alone */
        for (; v.next < 0; v.next++)
            EXPECT_INT(m->advance(v.state, w == 0 ? NULL : power, &err), GB_OK);
        for (int64_t t = 0; t < SLOTS; t++) {
            advance(&v, t, power);
            if (w == 0)
                memcpy(first[t], power, sizeof power);
            n_alike += memcmp(first[t], power, sizeof power) == 0;
        }
        EXPECT_INT(n_alike, SLOTS);
        close_village(&v);
    }
}

static void how_far_back_readers_look_does_not_matter(void)
{
    what_is_owed_does_not_depend_on_how_far_back_readers_look(&gb_load_profile);
    what_is_owed_does_not_depend_on_how_far_back_readers_look(&gb_load_habits);
}

/* What was owed when a meter was read is expected in the slots that follow, as far as what is
 * expected there leaves room: by the same homes without a limit, and what they owe with one. */
static void look_ahead(const struct gb_load_model *model, int64_t ahead)
{
    struct gb_physics_config held_by = held_config(model, 30), free_by = held_by;
    struct village held, unheld;
    double with[HOMES], without[HOMES], owed[HOMES] = {0}, believed[HOMES], plain[HOMES];
    int n_owing = 0, n_wrong = 0;

    free_by.household.limit_kw = 1e6;
    open_village(&held, &held_by, 8);
    open_village(&unheld, &free_by, 8);
    for (int64_t seen = 0; seen < 500; seen++) {
        struct village later;
        advance(&held, seen, with);
        advance(&unheld, seen, without);
        for (size_t i = 0; i < HOMES; i++)
            owed[i] += without[i] - with[i];
        if (seen % 100 != 37)
            continue;
        /* those who go on to compute what is believed: the homes at hand owe by `seen` */
        open_village(&later, &held_by, 8);
        advance(&later, seen + ahead, with);
        model->believe(later.state, seen + ahead, seen, 0, HOMES, believed);
        close_village(&later);
        open_village(&later, &free_by, 8);
        advance(&later, seen + ahead, without);
        model->believe(later.state, seen + ahead, seen, 0, HOMES, plain);
        close_village(&later);
        for (size_t i = 0; i < HOMES; i++) {
            double room = fmax(limit_w - plain[i], 0);
            double left = fmax(owed[i] - (double)(ahead - 1) * room, 0);
            double expected = fmin(plain[i] + left, limit_w);
            n_owing += owed[i] > 1e-6;
            n_wrong += !(fabs(believed[i] - expected) < 1e-6);
        }
    }
    EXPECT(n_owing >= 5);
    EXPECT_INT(n_wrong, 0);
    close_village(&held);
    close_village(&unheld);
}

static void what_homes_owe_is_expected_of_them(void)
{
    for (int64_t ahead = 1; ahead <= 3; ahead++) {
        look_ahead(&gb_load_profile, ahead);
        look_ahead(&gb_load_habits, ahead);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(no_home_is_above_its_connection_and_its_energy_comes_later),
        TAP(a_large_home_has_a_connection_for_four_times_its_mean),
        TAP(how_far_back_readers_look_does_not_matter),
        TAP(what_homes_owe_is_expected_of_them),
        {0}};
    return tap_main("load_limit", tests);
}
