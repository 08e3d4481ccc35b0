/* The physics of one realisation for all who share it, with what it has answered. Any thread may
 * ask at any time. */
#ifndef MODELS_ASSETS_SHARED_PHYSICS_PRIV_H
#define MODELS_ASSETS_SHARED_PHYSICS_PRIV_H

#include "models/assets/physics.h"

struct gb_shared_physics; /* closed */
struct gb_shared_answer;  /* stays as it is as long as its physics; closed */

struct gb_physics_question {
    int64_t interval, last_read; /* last_read == interval: the power itself, of all meters */
    size_t first, n;             /* meters */
};

/* Who says how much memory answers may take. */
struct gb_memory_grants {
    void *context;
    bool (*grant)(void *context, size_t n_bytes); /* false: no more */
    void (*give_back)(void *context, size_t n_bytes);
};

/* Nothing is made yet. returns false without memory
 * config  and the context of grants: borrowed for the whole life */
bool gb_shared_physics_create(struct gb_shared_physics **out, const struct gb_memory_grants *grants,
                              const struct gb_physics_provider *provider,
                              const struct gb_physics_config *config, size_t window,
                              struct gb_draws draws);
void gb_shared_physics_free(struct gb_shared_physics *shared);
size_t gb_shared_physics_size(void); /* before anything is made */
/* Makes fleet and physics, for the first who comes; before anything else is asked of it. */
enum gb_status gb_shared_physics_make(struct gb_shared_physics *shared, struct gb_error *err);
const struct gb_fleet *gb_shared_physics_fleet(const struct gb_shared_physics *shared);

/* The answer, made now if nobody has asked before; NULL where the provider of all has gone past it
 * or refuses it, or it cannot be kept.
 * before  the answer that the trial was given last, from which the way to the next is short; or
 *         NULL */
struct gb_shared_answer *gb_shared_physics_ask(struct gb_shared_physics *shared,
                                               struct gb_shared_answer *before,
                                               const struct gb_physics_question *question);
/* Keeps a copy of what a provider of the trial's own has answered; NULL where it cannot be kept. */
struct gb_shared_answer *gb_shared_physics_keep(struct gb_shared_physics *shared,
                                                struct gb_shared_answer *before,
                                                const struct gb_physics_question *question,
                                                const struct gb_slot_power *power);
/* Borrowed from the answer. */
struct gb_slot_power gb_shared_answer_power(const struct gb_shared_answer *answer);

#endif
