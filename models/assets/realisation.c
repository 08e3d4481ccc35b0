/* A trial's access: answers of the realisation that it shares, or of a provider of its own. What is
 * shared: shared_physics.c. */
#include "models/assets/realisation.h"

#include <stdlib.h>
#include <string.h>

#include "models/assets/realisations_priv.h"

struct gb_realisation {
    struct gb_kept *kept;             /* NULL: it is alone */
    struct gb_shared_physics *shared; /* its physics */
    struct gb_shared_answer *latest;  /* of that; NULL: none yet */
    const struct gb_physics_provider *provider;
    struct gb_physics_config config; /* the caller's, with the tables of all */
    size_t window;
    struct gb_draws draws;
    struct gb_fleet *fleet; /* its own, where it is alone */
    void *own;              /* physics; NULL: not needed yet */
    double *believed_w;     /* by its own physics; NULL: not needed yet */
    size_t n_believed;
};

/* A provider of the trial's own, for what it cannot share. */
static enum gb_status provide_own(struct gb_realisation *realisation, struct gb_error *err)
{
    if (realisation->own)
        return GB_OK;
    return realisation->provider->create(&realisation->own, &realisation->config,
                                         gb_realisation_fleet(realisation), realisation->window,
                                         realisation->draws, err);
}

enum gb_status gb_realisation_open(struct gb_realisation **out, struct gb_realisations *all,
                                   const struct gb_physics_config *config, size_t window,
                                   struct gb_draws draws, struct gb_error *err)
{
    struct gb_realisation *realisation = calloc(1, sizeof *realisation);
    enum gb_status status = GB_OK;

    if (!realisation)
        return gb_fail(err, GB_ENOMEM, "no memory for the physics");
    realisation->provider = all ? all->provider : &gb_physics_replayed;
    realisation->window = window;
    realisation->draws = draws;
    memcpy(&realisation->config, config, sizeof *config);
    if (all)
        realisation->config.tables = all->tables;
    realisation->kept = all ? gb_kept_join(all, &realisation->config, window, draws) : NULL;
    realisation->shared = realisation->kept ? gb_kept_physics(realisation->kept) : NULL;
    if (realisation->shared)
        status = gb_shared_physics_make(realisation->shared, err);
    else
        status = gb_fleet_create(&realisation->fleet, &realisation->config, draws, err);
    if (status == GB_OK && !realisation->shared)
        status = provide_own(realisation, err);
    if (status != GB_OK) {
        gb_realisation_close(realisation);
        return status;
    }
    *out = realisation;
    return GB_OK;
}

void gb_realisation_close(struct gb_realisation *realisation)
{
    if (!realisation)
        return;
    if (realisation->own)
        realisation->provider->free(realisation->own);
    free(realisation->believed_w);
    gb_fleet_free(realisation->fleet);
    if (realisation->kept)
        gb_kept_leave(realisation->kept);
    free(realisation);
}

const struct gb_fleet *gb_realisation_fleet(const struct gb_realisation *realisation)
{
    return realisation->shared ? gb_shared_physics_fleet(realisation->shared) : realisation->fleet;
}

/* Room for a belief about a block of the fleet. */
static enum gb_status reserve(struct gb_realisation *realisation, const struct gb_fleet_block *of,
                              struct gb_error *err)
{
    size_t n = of->systems.n + of->turbines.n + of->meters.n;

    if (n <= realisation->n_believed)
        return GB_OK;
    free(realisation->believed_w);
    realisation->believed_w = malloc(n * sizeof *realisation->believed_w);
    realisation->n_believed = realisation->believed_w ? n : 0;
    return realisation->believed_w
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory for the forecasts of %zu meters", of->meters.n);
}

/* What its own physics believes. */
static enum gb_status believe(struct gb_realisation *realisation,
                              const struct gb_physics_question *question, struct gb_slot_power *out,
                              struct gb_error *err)
{
    struct gb_fleet_block of =
        gb_fleet_block_of(gb_realisation_fleet(realisation), question->first, question->n);
    enum gb_status status = reserve(realisation, &of, err);

    if (status != GB_OK)
        return status;
    double *solar_w = realisation->believed_w;
    double *wind_w = solar_w + of.systems.n;
    double *load_w = wind_w + of.turbines.n;
    *out = (struct gb_slot_power){question->interval, solar_w, wind_w, load_w};
    return realisation->provider->forecast(realisation->own, question->interval,
                                           question->last_read, question->first, question->n,
                                           solar_w, wind_w, load_w, err);
}

static enum gb_status ask_own(struct gb_realisation *realisation,
                              const struct gb_physics_question *question, struct gb_slot_power *out,
                              struct gb_error *err)
{
    enum gb_status status = provide_own(realisation, err);

    if (status != GB_OK)
        return status;
    if (question->last_read < question->interval)
        return believe(realisation, question, out, err);
    return realisation->provider->slot(realisation->own, question->interval, out, err);
}

static void take(struct gb_realisation *realisation, struct gb_shared_answer *answer,
                 struct gb_slot_power *out)
{
    if (!answer)
        return;
    realisation->latest = answer;
    *out = gb_shared_answer_power(answer);
}

/* What the provider of all cannot answer any more a trial computes, for others, too. */
static enum gb_status ask(struct gb_realisation *realisation,
                          const struct gb_physics_question *question, struct gb_slot_power *out,
                          struct gb_error *err)
{
    struct gb_shared_physics *shared = realisation->shared;
    struct gb_shared_answer *answer =
        shared ? gb_shared_physics_ask(shared, realisation->latest, question) : NULL;

    if (!answer) {
        struct gb_slot_power own;
        enum gb_status status = ask_own(realisation, question, &own, err);

        if (status != GB_OK)
            return status;
        *out = own;
        answer =
            shared ? gb_shared_physics_keep(shared, realisation->latest, question, &own) : NULL;
    }
    take(realisation, answer, out);
    return GB_OK;
}

enum gb_status gb_realisation_slot(struct gb_realisation *realisation, int64_t interval,
                                   struct gb_slot_power *out, struct gb_error *err)
{
    const struct gb_physics_question question = {
        .interval = interval, .last_read = interval, .n = gb_realisation_fleet(realisation)->n};

    return ask(realisation, &question, out, err);
}

enum gb_status gb_realisation_forecast(struct gb_realisation *realisation, int64_t interval,
                                       int64_t last_read, size_t first, size_t n,
                                       struct gb_slot_power *out, struct gb_error *err)
{
    const struct gb_physics_question question = {
        .interval = interval, .last_read = last_read, .first = first, .n = n};

    return ask(realisation, &question, out, err);
}
