/* Realisations that are kept, as realisation.c and shared_physics.c see them. Any thread may call
 * at any time what is declared here. */
#ifndef MODELS_ASSETS_REALISATIONS_PRIV_H
#define MODELS_ASSETS_REALISATIONS_PRIV_H

#include <pthread.h>

#include "models/assets/physics.h"
#include "models/assets/shared_physics_priv.h"

/* realisations.c writes it; what stands before the lock never changes. */
struct gb_realisations {
    const struct gb_physics_provider *provider;
    struct gb_tables *tables;
    size_t max_bytes;
    pthread_mutex_t lock;
    size_t n, capacity;
    struct gb_kept **kept;
    size_t n_idle;  /* kept ones that nobody uses */
    size_t n_bytes; /* of all */
    uint64_t n_left;
};

struct gb_kept; /* one of them; closed */

/* The realisation of this configuration, kept from now on; it stays until it is left as often as it
 * was joined. NULL: without memory, or where the limit forbids
 * config  borrowed for the call */
struct gb_kept *gb_kept_join(struct gb_realisations *all, const struct gb_physics_config *config,
                             size_t window, struct gb_draws draws);
void gb_kept_leave(struct gb_kept *kept);
struct gb_shared_physics *gb_kept_physics(const struct gb_kept *kept);

#endif
