/* What is kept for trials to share, and which realisations go where memory is short. What one of
 * them answers: shared_physics.c. */
#include "models/assets/realisations.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "models/assets/kinds.h"
#include "models/assets/listed.h"
#include "models/assets/realisations_priv.h"
#include "models/assets/tables.h"

/* A realisation that is kept. */
struct gb_kept {
    struct gb_realisations *all;
    /* its key */
    struct gb_physics_config config;
    struct gb_kind *kinds;          /* those of config, its own; NULL: none */
    struct gb_listed_meter *listed; /* likewise */
    struct gb_draws draws;
    /* under the lock of all */
    size_t n_users;
    uint64_t left_at; /* number of the closing after which nobody used it */
    size_t n_bytes;
    struct gb_shared_physics *physics;
};

static void free_kept(struct gb_kept *kept)
{
    if (!kept)
        return;
    gb_shared_physics_free(kept->physics);
    free(kept->kinds);
    free(kept->listed);
    free(kept);
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
        free_kept(all->kept[i]);
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
static struct gb_kept **find_idle(struct gb_realisations *all)
{
    struct gb_kept **oldest = NULL;

    for (size_t i = 0; i < all->n; i++)
        if (all->kept[i]->n_users == 0 && (!oldest || all->kept[i]->left_at < (*oldest)->left_at))
            oldest = &all->kept[i];
    return oldest;
}

/* Forgets an idle one. */
static void forget(struct gb_realisations *all, struct gb_kept **idle)
{
    all->n_bytes -= (*idle)->n_bytes;
    all->n_idle--;
    free_kept(*idle);
    *idle = all->kept[--all->n];
}

/* Takes n_bytes for a realisation in use; false where the limit does not allow it. */
static bool charge(struct gb_kept *kept, size_t n_bytes)
{
    struct gb_realisations *all = kept->all;
    struct gb_kept **idle;

    while (all->n_bytes + n_bytes > all->max_bytes && (idle = find_idle(all)))
        forget(all, idle);
    if (all->n_bytes + n_bytes > all->max_bytes)
        return false;
    all->n_bytes += n_bytes;
    kept->n_bytes += n_bytes;
    return true;
}

static bool grant(void *of, size_t n_bytes)
{
    struct gb_kept *kept = of;

    pthread_mutex_lock(&kept->all->lock);
    bool is_allowed = charge(kept, n_bytes);
    pthread_mutex_unlock(&kept->all->lock);
    return is_allowed;
}

static void give_back(void *of, size_t n_bytes)
{
    struct gb_kept *kept = of;

    pthread_mutex_lock(&kept->all->lock);
    kept->all->n_bytes -= n_bytes;
    kept->n_bytes -= n_bytes;
    pthread_mutex_unlock(&kept->all->lock);
}

/* ---- realisations */

/* Physics draws weather and households, and nothing else. */
static bool draw_the_same_physics(struct gb_draws a, struct gb_draws b)
{
    return a.seed == b.seed &&
           gb_draws_replication(a, GB_DRAWS_WEATHER) == gb_draws_replication(b, GB_DRAWS_WEATHER) &&
           gb_draws_replication(a, GB_DRAWS_HOUSEHOLDS) ==
               gb_draws_replication(b, GB_DRAWS_HOUSEHOLDS);
}

static struct gb_kept *find_kept(const struct gb_realisations *all,
                                 const struct gb_physics_config *config, struct gb_draws draws)
{
    for (size_t i = 0; i < all->n; i++) {
        struct gb_kept *kept = all->kept[i];

        if (draw_the_same_physics(kept->draws, draws) &&
            gb_physics_are_equal(&kept->config, config))
            return kept;
    }
    return NULL;
}

/* A config of its own: what the wanted one borrows may be gone before it. returns false without
 * memory */
static bool copy_config(struct gb_kept *kept, const struct gb_physics_config *wanted)
{
    size_t kinds_size = wanted->n_kinds * sizeof *kept->kinds;
    size_t listed_size = (size_t)wanted->fleet.n_meters * sizeof *kept->listed;

    memcpy(&kept->config, wanted, sizeof kept->config);
    kept->kinds = kinds_size > 0 ? malloc(kinds_size) : NULL;
    kept->listed = wanted->listed ? malloc(listed_size) : NULL;
    if ((kinds_size > 0 && !kept->kinds) || (wanted->listed && !kept->listed))
        return false;
    if (kept->kinds)
        memcpy(kept->kinds, wanted->kinds, kinds_size);
    if (kept->listed)
        memcpy(kept->listed, wanted->listed, listed_size);
    kept->config.kinds = kept->kinds;
    kept->config.listed = kept->listed;
    return true;
}

/* What one holds before any answer is kept. */
static size_t bytes_of(const struct gb_realisations *all, const struct gb_physics_config *config,
                       size_t window)
{
    size_t a_meter = all->provider->bytes_a_meter(config, window) +
                     (config->listed ? sizeof(struct gb_listed_meter) : 0);

    return sizeof(struct gb_kept) + gb_shared_physics_size() +
           config->n_kinds * sizeof(struct gb_kind) + a_meter * (size_t)config->fleet.n_meters;
}

/* A realisation of which nothing is made yet; NULL without memory, or where the limit forbids. */
static struct gb_kept *keep_another(struct gb_realisations *all,
                                    const struct gb_physics_config *config, size_t window,
                                    struct gb_draws draws)
{
    size_t n_bytes = bytes_of(all, config, window);
    struct gb_kept *kept = calloc(1, sizeof *kept);

    if (!kept)
        return NULL;
    const struct gb_memory_grants grants = {kept, grant, give_back};
    kept->all = all;
    kept->draws = draws;
    if (!copy_config(kept, config) ||
        !gb_shared_physics_create(&kept->physics, &grants, all->provider, &kept->config, window,
                                  draws) ||
        !charge(kept, n_bytes)) {
        free_kept(kept);
        return NULL;
    }
    struct gb_kept **grown =
        gb_array_grow(all->kept, &all->capacity, all->n + 1, sizeof(struct gb_kept *));
    if (!grown) {
        all->n_bytes -= n_bytes;
        free_kept(kept);
        return NULL;
    }
    all->kept = grown;
    all->kept[all->n++] = kept;
    return kept;
}

struct gb_kept *gb_kept_join(struct gb_realisations *all, const struct gb_physics_config *config,
                             size_t window, struct gb_draws draws)
{
    if (all->max_bytes == 0)
        return NULL;
    pthread_mutex_lock(&all->lock);
    struct gb_kept *kept = find_kept(all, config, draws);
    if (kept && kept->n_users == 0)
        all->n_idle--;
    if (!kept)
        kept = keep_another(all, config, window, draws);
    if (kept)
        kept->n_users++;
    pthread_mutex_unlock(&all->lock);
    return kept;
}

void gb_kept_leave(struct gb_kept *kept)
{
    struct gb_realisations *all = kept->all;

    pthread_mutex_lock(&all->lock);
    kept->n_users--;
    kept->left_at = ++all->n_left;
    if (kept->n_users == 0 && ++all->n_idle > GB_REALISATIONS_IDLE)
        forget(all, find_idle(all));
    pthread_mutex_unlock(&all->lock);
}

struct gb_shared_physics *gb_kept_physics(const struct gb_kept *kept)
{
    return kept->physics;
}
