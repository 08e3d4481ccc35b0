#include "models/assets/realisation.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "models/assets/kinds.h"
#include "models/assets/listed.h"
#include "models/assets/tables.h"

/* ---- what is kept */

/* A question to the provider, and its answer: systems, turbines and meters one after the other. */
struct answer {
    int64_t interval, last_read; /* last_read == interval: the power itself */
    size_t first, n;             /* meters */
    double *solar_w, *wind_w, *load_w;
    size_t n_bytes;      /* all of it */
    struct answer *next; /* about the same interval */
};

/* A realisation for all who share it. Answers are never changed, and stay as long as it does. */
struct shared {
    /* of struct gb_realisations, under its lock */
    size_t n_users;
    uint64_t left_at; /* number of the closing after which nobody used it */
    size_t n_bytes;
    /* its key */
    struct gb_physics_config config;
    struct gb_kind *kinds;          /* those of config, its own; NULL: none */
    struct gb_listed_meter *listed; /* likewise */
    struct gb_draws draws;
    /* under its own lock */
    pthread_mutex_t lock;
    struct gb_fleet *fleet; /* NULL: nobody has made it yet */
    void *physics;
    size_t window;
    int64_t next;              /* behind the latest slot asked of it */
    struct answer **intervals; /* lists, from slot 0 on */
    size_t n_intervals, capacity;
};

struct gb_realisations {
    const struct gb_physics_provider *provider;
    struct gb_tables *tables;
    size_t max_bytes;
    pthread_mutex_t lock;
    size_t n, capacity;
    struct shared **kept;
    size_t n_bytes; /* of all */
    uint64_t n_left;
};

struct gb_realisation {
    struct gb_realisations *all; /* NULL: it is alone */
    struct shared *shared;       /* NULL: it is alone */
    const struct gb_physics_provider *provider;
    struct gb_physics_config config; /* the caller's, with the tables of all */
    size_t window;
    struct gb_draws draws;
    struct gb_fleet *fleet; /* its own, where it is alone */
    void *own;              /* physics; NULL: not needed yet */
};

static void free_shared(const struct gb_physics_provider *provider, struct shared *shared)
{
    for (size_t k = 0; k < shared->n_intervals; k++)
        while (shared->intervals[k]) {
            struct answer *answer = shared->intervals[k];

            shared->intervals[k] = answer->next;
            free(answer);
        }
    free(shared->intervals);
    if (shared->physics)
        provider->free(shared->physics);
    gb_fleet_free(shared->fleet);
    pthread_mutex_destroy(&shared->lock);
    free(shared->kinds);
    free(shared->listed);
    free(shared);
}

enum gb_status gb_realisations_create(struct gb_realisations **out,
                                      const struct gb_physics_provider *provider, size_t max_bytes,
                                      struct gb_error *err)
{
    struct gb_realisations *all = calloc(1, sizeof *all);

    if (!all)
        return gb_fail(err, GB_ENOMEM, "no memory for what trials share");
    enum gb_status status = gb_tables_create(&all->tables, err);
    if (status != GB_OK) {
        free(all);
        return status;
    }
    all->provider = provider;
    all->max_bytes = max_bytes;
    pthread_mutex_init(&all->lock, NULL);
    *out = all;
    return GB_OK;
}

void gb_realisations_free(struct gb_realisations *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->n; i++)
        free_shared(all->provider, all->kept[i]);
    free(all->kept);
    gb_tables_free(all->tables);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

size_t gb_realisations_n_bytes(struct gb_realisations *all)
{
    pthread_mutex_lock(&all->lock);
    size_t n_bytes = all->n_bytes;
    pthread_mutex_unlock(&all->lock);
    return n_bytes;
}

/* ---- memory: all of it under the lock of gb_realisations */

/* The one that was left longest ago, or NULL. */
static struct shared **find_idle(struct gb_realisations *all)
{
    struct shared **oldest = NULL;

    for (size_t i = 0; i < all->n; i++)
        if (all->kept[i]->n_users == 0 && (!oldest || all->kept[i]->left_at < (*oldest)->left_at))
            oldest = &all->kept[i];
    return oldest;
}

/* Takes n_bytes for a realisation in use; false where the limit does not allow it. */
static bool charge(struct gb_realisations *all, struct shared *shared, size_t n_bytes)
{
    struct shared **idle;

    while (all->n_bytes + n_bytes > all->max_bytes && (idle = find_idle(all))) {
        all->n_bytes -= (*idle)->n_bytes;
        free_shared(all->provider, *idle);
        *idle = all->kept[--all->n];
    }
    if (all->n_bytes + n_bytes > all->max_bytes)
        return false;
    all->n_bytes += n_bytes;
    shared->n_bytes += n_bytes;
    return true;
}

/* Gives back what was charged for nothing. */
static void discharge_locked(struct gb_realisations *all, struct shared *shared, size_t n_bytes)
{
    pthread_mutex_lock(&all->lock);
    all->n_bytes -= n_bytes;
    shared->n_bytes -= n_bytes;
    pthread_mutex_unlock(&all->lock);
}

static bool charge_locked(struct gb_realisations *all, struct shared *shared, size_t n_bytes)
{
    pthread_mutex_lock(&all->lock);
    bool is_allowed = charge(all, shared, n_bytes);
    pthread_mutex_unlock(&all->lock);
    return is_allowed;
}

/* ---- opening */

/* Physics draws weather and households, and nothing else. */
static bool draw_the_same_physics(struct gb_draws a, struct gb_draws b)
{
    return a.seed == b.seed &&
           gb_draws_replication(a, GB_DRAWS_WEATHER) == gb_draws_replication(b, GB_DRAWS_WEATHER) &&
           gb_draws_replication(a, GB_DRAWS_HOUSEHOLDS) ==
               gb_draws_replication(b, GB_DRAWS_HOUSEHOLDS);
}

static struct shared *find_kept(const struct gb_realisations *all,
                                const struct gb_realisation *wanted)
{
    for (size_t i = 0; i < all->n; i++) {
        struct shared *shared = all->kept[i];

        if (draw_the_same_physics(shared->draws, wanted->draws) &&
            gb_physics_are_equal(&shared->config, &wanted->config))
            return shared;
    }
    return NULL;
}

/* A config of its own: what the wanted one borrows may be gone before it. returns false without
 * memory */
static bool copy_config(struct shared *shared, const struct gb_physics_config *wanted)
{
    size_t kinds_size = wanted->n_kinds * sizeof *shared->kinds;
    size_t listed_size = (size_t)wanted->fleet.n_meters * sizeof *shared->listed;

    memcpy(&shared->config, wanted, sizeof shared->config);
    shared->kinds = kinds_size > 0 ? malloc(kinds_size) : NULL;
    shared->listed = wanted->listed ? malloc(listed_size) : NULL;
    if ((kinds_size > 0 && !shared->kinds) || (wanted->listed && !shared->listed))
        return false;
    if (shared->kinds)
        memcpy(shared->kinds, wanted->kinds, kinds_size);
    if (shared->listed)
        memcpy(shared->listed, wanted->listed, listed_size);
    shared->config.kinds = shared->kinds;
    shared->config.listed = shared->listed;
    return true;
}

/* What one holds before any answer is kept. */
static size_t bytes_of(const struct gb_realisations *all, const struct gb_realisation *wanted)
{
    const struct gb_physics_config *config = &wanted->config;
    size_t a_meter = all->provider->bytes_a_meter(config, wanted->window) +
                     (config->listed ? sizeof(struct gb_listed_meter) : 0);

    return sizeof(struct shared) + config->n_kinds * sizeof(struct gb_kind) +
           a_meter * (size_t)config->fleet.n_meters;
}

static void drop_unused(struct shared *shared)
{
    if (!shared)
        return;
    free(shared->kinds);
    free(shared->listed);
    free(shared);
}

/* A realisation of which nothing is made yet; NULL without memory, or where the limit forbids. */
static struct shared *keep_another(struct gb_realisations *all, const struct gb_realisation *wanted)
{
    size_t n_bytes = bytes_of(all, wanted);
    struct shared *shared = calloc(1, sizeof *shared);

    if (!shared || !copy_config(shared, &wanted->config) || !charge(all, shared, n_bytes)) {
        drop_unused(shared);
        return NULL;
    }
    struct shared **kept = gb_array_grow(all->kept, &all->capacity, all->n + 1, sizeof *kept);
    if (!kept) {
        all->n_bytes -= n_bytes;
        drop_unused(shared);
        return NULL;
    }
    all->kept = kept;
    all->kept[all->n++] = shared;
    shared->draws = wanted->draws;
    shared->window = wanted->window;
    shared->next = INT64_MIN;
    pthread_mutex_init(&shared->lock, NULL);
    return shared;
}

static struct shared *share(struct gb_realisations *all, const struct gb_realisation *wanted)
{
    pthread_mutex_lock(&all->lock);
    struct shared *shared = find_kept(all, wanted);
    if (!shared)
        shared = keep_another(all, wanted);
    if (shared)
        shared->n_users++;
    pthread_mutex_unlock(&all->lock);
    return shared;
}

/* Makes fleet and physics, for the first who comes. */
static enum gb_status make(const struct gb_physics_provider *provider, struct shared *shared,
                           struct gb_error *err)
{
    enum gb_status status = GB_OK;

    pthread_mutex_lock(&shared->lock);
    if (!shared->fleet)
        status = gb_fleet_create(&shared->fleet, &shared->config, shared->draws, err);
    if (status == GB_OK && !shared->physics)
        status = provider->create(&shared->physics, &shared->config, shared->fleet, shared->window,
                                  shared->draws, err);
    pthread_mutex_unlock(&shared->lock);
    return status;
}

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
    *realisation = (struct gb_realisation){.all = all,
                                           .provider = all ? all->provider : &gb_physics_replayed,
                                           .window = window,
                                           .draws = draws};
    memcpy(&realisation->config, config, sizeof *config);
    if (all)
        realisation->config.tables = all->tables;
    realisation->shared = all && all->max_bytes > 0 ? share(all, realisation) : NULL;
    if (realisation->shared)
        status = make(realisation->provider, realisation->shared, err);
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
    gb_fleet_free(realisation->fleet);
    if (realisation->shared) {
        pthread_mutex_lock(&realisation->all->lock);
        realisation->shared->n_users--;
        realisation->shared->left_at = ++realisation->all->n_left;
        pthread_mutex_unlock(&realisation->all->lock);
    }
    free(realisation);
}

const struct gb_fleet *gb_realisation_fleet(const struct gb_realisation *realisation)
{
    return realisation->shared ? realisation->shared->fleet : realisation->fleet;
}

/* ---- answers: all of it under the lock of the realisation */

static const struct answer *find_answer(const struct shared *shared, const struct answer *wanted)
{
    const struct answer *answer = NULL;

    if (wanted->interval >= 0 && (size_t)wanted->interval < shared->n_intervals)
        answer = shared->intervals[wanted->interval];
    while (answer && (answer->last_read != wanted->last_read || answer->first != wanted->first ||
                      answer->n != wanted->n))
        answer = answer->next;
    return answer;
}

/* Rows of an answer: a belief is one of the slot, power one of each step. */
static size_t n_rows(const struct shared *shared, const struct answer *answer)
{
    return answer->last_read < answer->interval
               ? 1
               : gb_weather_n_steps_a_slot(&shared->config.weather);
}

/* An answer of its sizes with nothing in it; NULL without memory, or where the limit forbids. */
static struct answer *make_answer(struct gb_realisations *all, struct shared *shared,
                                  const struct answer *wanted)
{
    const struct gb_fleet *fleet = shared->fleet;
    size_t end = wanted->first + wanted->n;
    size_t systems = gb_owners_before(fleet->systems.meter, fleet->systems.n, end) -
                     gb_owners_before(fleet->systems.meter, fleet->systems.n, wanted->first);
    size_t turbines = gb_owners_before(fleet->turbines.meter, fleet->turbines.n, end) -
                      gb_owners_before(fleet->turbines.meter, fleet->turbines.n, wanted->first);
    size_t rows = n_rows(shared, wanted);
    size_t n_bytes =
        sizeof(struct answer) + rows * (systems + turbines + wanted->n) * sizeof *wanted->load_w;
    bool is_allowed = charge_locked(all, shared, n_bytes);
    struct answer *answer = is_allowed ? malloc(n_bytes) : NULL;

    if (is_allowed && !answer)
        discharge_locked(all, shared, n_bytes);
    if (!answer)
        return NULL;
    *answer = *wanted;
    answer->n_bytes = n_bytes;
    answer->solar_w = (double *)(answer + 1);
    answer->wind_w = answer->solar_w + rows * systems;
    answer->load_w = answer->wind_w + rows * turbines;
    return answer;
}

/* Puts it into the list of its interval; false without memory. */
static bool keep_answer(struct shared *shared, struct answer *answer)
{
    size_t needed = (size_t)answer->interval + 1;
    struct answer **intervals =
        gb_array_grow(shared->intervals, &shared->capacity, needed, sizeof *intervals);

    if (!intervals)
        return false;
    shared->intervals = intervals;
    for (; shared->n_intervals < needed; shared->n_intervals++)
        intervals[shared->n_intervals] = NULL;
    answer->next = intervals[answer->interval];
    intervals[answer->interval] = answer;
    return true;
}

/* Does what the question rests on stay readable at the provider of all once it has gone so far? */
static bool can_ask(const struct shared *shared, int64_t interval, int64_t last_read)
{
    int64_t next = interval >= shared->next ? interval + 1 : shared->next;
    int64_t first = next - (int64_t)shared->window;

    return interval >= first && last_read >= first - 1;
}

static void copy_power(const struct shared *shared, const struct gb_slot_power *power,
                       struct answer *answer)
{
    const struct gb_fleet *fleet = shared->fleet;
    size_t rows = n_rows(shared, answer);

    memcpy(answer->solar_w, power->solar_w, rows * fleet->systems.n * sizeof *answer->solar_w);
    memcpy(answer->wind_w, power->wind_w, rows * fleet->turbines.n * sizeof *answer->wind_w);
    memcpy(answer->load_w, power->load_w, rows * fleet->n * sizeof *answer->load_w);
}

/* Asks a provider for what the answer is about. */
static enum gb_status ask(const struct gb_physics_provider *provider, void *physics,
                          const struct shared *shared, struct answer *answer, struct gb_error *err)
{
    struct gb_slot_power power;

    if (answer->last_read < answer->interval)
        return provider->forecast(physics, answer->interval, answer->last_read, answer->first,
                                  answer->n, answer->solar_w, answer->wind_w, answer->load_w, err);
    enum gb_status status = provider->slot(physics, answer->interval, &power, err);
    if (status == GB_OK)
        copy_power(shared, &power, answer);
    return status;
}

/* Asks the provider of all. One that fails within a slot is in no state to be asked again. */
static enum gb_status ask_shared(const struct gb_physics_provider *provider, struct shared *shared,
                                 struct answer *answer)
{
    enum gb_status status = ask(provider, shared->physics, shared, answer, NULL);

    if (status != GB_OK)
        shared->next = INT64_MAX;
    else if (answer->interval >= shared->next)
        shared->next = answer->interval + 1;
    return status;
}

/* The answer, made now if nobody has asked before; NULL where it cannot be kept or was refused: the
 * trial asks a provider of its own then, which says why. */
static const struct answer *find_or_make(struct gb_realisation *realisation,
                                         const struct answer *wanted)
{
    struct shared *shared = realisation->shared;
    const struct gb_physics_provider *provider = realisation->provider;
    const struct answer *found = find_answer(shared, wanted);
    bool is_behind = !can_ask(shared, wanted->interval, wanted->last_read);

    if (found || wanted->interval < 0 || (is_behind && provide_own(realisation, NULL) != GB_OK))
        return found;
    struct answer *made = make_answer(realisation->all, shared, wanted);
    if (!made)
        return NULL;
    enum gb_status status = is_behind ? ask(provider, realisation->own, shared, made, NULL)
                                      : ask_shared(provider, shared, made);
    if (status == GB_OK && keep_answer(shared, made))
        return made;
    discharge_locked(realisation->all, shared, made->n_bytes);
    free(made);
    return NULL;
}

static const struct answer *answer_of(struct gb_realisation *realisation,
                                      const struct answer *wanted)
{
    if (!realisation->shared)
        return NULL;
    pthread_mutex_lock(&realisation->shared->lock);
    const struct answer *answer = find_or_make(realisation, wanted);
    pthread_mutex_unlock(&realisation->shared->lock);
    return answer;
}

enum gb_status gb_realisation_slot(struct gb_realisation *realisation, int64_t interval,
                                   struct gb_slot_power *out, struct gb_error *err)
{
    const struct answer wanted = {
        .interval = interval, .last_read = interval, .n = gb_realisation_fleet(realisation)->n};
    const struct answer *answer = answer_of(realisation, &wanted);
    enum gb_status status = answer ? GB_OK : provide_own(realisation, err);

    if (answer)
        *out = (struct gb_slot_power){interval, answer->solar_w, answer->wind_w, answer->load_w};
    else if (status == GB_OK)
        status = realisation->provider->slot(realisation->own, interval, out, err);
    return status;
}

enum gb_status gb_realisation_forecast(struct gb_realisation *realisation, int64_t interval,
                                       int64_t last_read, size_t first, size_t n, double *solar_w,
                                       double *wind_w, double *load_w, struct gb_error *err)
{
    const struct answer wanted = {
        .interval = interval, .last_read = last_read, .first = first, .n = n};
    const struct answer *answer = answer_of(realisation, &wanted);
    enum gb_status status = answer ? GB_OK : provide_own(realisation, err);

    if (answer) {
        memcpy(solar_w, answer->solar_w,
               (size_t)(answer->wind_w - answer->solar_w) * sizeof *solar_w);
        memcpy(wind_w, answer->wind_w, (size_t)(answer->load_w - answer->wind_w) * sizeof *wind_w);
        memcpy(load_w, answer->load_w, n * sizeof *load_w);
    } else if (status == GB_OK) {
        status = realisation->provider->forecast(realisation->own, interval, last_read, first, n,
                                                 solar_w, wind_w, load_w, err);
    }
    return status;
}
