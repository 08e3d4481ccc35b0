/* What one realisation has been asked, and answers to all who share it. */
#include "models/assets/shared_physics_priv.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

/* A question and its answer, which is never changed and stays as long as its realisation does. */
struct gb_shared_answer {
    struct gb_physics_question to;
    size_t n_solar, n_wind, n_load;    /* a belief has a row, power one of each step */
    double *solar_w, *wind_w, *load_w; /* one behind the other, behind the answer */
    size_t n_bytes;                    /* all of it */
    struct gb_shared_answer *next;     /* about the same interval */
    /* what the first trial to ask that asked next; NULL: not yet. Trials mostly ask the same one
     * after the other, and find the way without a lock. */
    _Atomic(struct gb_shared_answer *) then;
};

/* Memory for many answers. */
struct chunk {
    _Alignas(max_align_t) struct chunk *next; /* made before it, and full */
    size_t n_bytes, n_taken;                  /* both with what stands here */
};

struct gb_shared_physics {
    struct gb_memory_grants grants;
    const struct gb_physics_provider *provider;
    const struct gb_physics_config *config;
    size_t window;
    struct gb_draws draws;
    pthread_mutex_t lock;   /* of all that follows */
    struct gb_fleet *fleet; /* NULL: nobody has made it yet */
    void *physics;
    int64_t next;                        /* behind the latest slot asked of it */
    struct gb_shared_answer **intervals; /* lists, from slot 0 on */
    size_t n_intervals, capacity;
    struct chunk *chunks; /* of the answers; that of the latest first */
};

bool gb_shared_physics_create(struct gb_shared_physics **out, const struct gb_memory_grants *grants,
                              const struct gb_physics_provider *provider,
                              const struct gb_physics_config *config, size_t window,
                              struct gb_draws draws)
{
    struct gb_shared_physics *shared = calloc(1, sizeof *shared);

    if (!shared)
        return false;
    shared->grants = *grants;
    shared->provider = provider;
    shared->config = config;
    shared->window = window;
    shared->draws = draws;
    shared->next = INT64_MIN;
    pthread_mutex_init(&shared->lock, NULL);
    *out = shared;
    return true;
}

void gb_shared_physics_free(struct gb_shared_physics *shared)
{
    if (!shared)
        return;
    while (shared->chunks) {
        struct chunk *chunk = shared->chunks;

        shared->chunks = chunk->next;
        free(chunk);
    }
    free(shared->intervals);
    if (shared->physics)
        shared->provider->free(shared->physics);
    gb_fleet_free(shared->fleet);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

size_t gb_shared_physics_size(void)
{
    return sizeof(struct gb_shared_physics);
}

enum gb_status gb_shared_physics_make(struct gb_shared_physics *shared, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    pthread_mutex_lock(&shared->lock);
    if (!shared->fleet)
        status = gb_fleet_create(&shared->fleet, shared->config, shared->draws, err);
    if (status == GB_OK && !shared->physics)
        status = shared->provider->create(&shared->physics, shared->config, shared->fleet,
                                          shared->window, shared->draws, err);
    pthread_mutex_unlock(&shared->lock);
    return status;
}

const struct gb_fleet *gb_shared_physics_fleet(const struct gb_shared_physics *shared)
{
    return shared->fleet;
}

/* ---- memory of answers */

static size_t whole(size_t n_bytes)
{
    return (n_bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

/* Many answers as large as this one; for large ones large pages, of which at most a fourth is left
 * over. */
static size_t chunk_bytes(size_t n_bytes)
{
    size_t most = 4 * n_bytes > GB_LARGE_PAGE ? 4 * n_bytes : GB_LARGE_PAGE;
    size_t wanted = 64 * n_bytes < most ? 64 * n_bytes : most;
    size_t pages = (wanted + GB_LARGE_PAGE - 1) / GB_LARGE_PAGE;

    return wanted < GB_LARGE_PAGE / 4 ? wanted : pages * GB_LARGE_PAGE;
}

/* A chunk with nothing in it, at the head of all; NULL without memory, or where the limit forbids.
 */
static struct chunk *make_chunk(struct gb_shared_physics *shared, size_t n_bytes)
{
    bool is_allowed = shared->grants.grant(shared->grants.context, n_bytes);
    struct chunk *chunk = is_allowed ? gb_memory_paged(n_bytes) : NULL;

    if (is_allowed && !chunk)
        shared->grants.give_back(shared->grants.context, n_bytes);
    if (!chunk)
        return NULL;
    *chunk = (struct chunk){.next = shared->chunks, .n_bytes = n_bytes, .n_taken = sizeof *chunk};
    shared->chunks = chunk;
    return chunk;
}

/* ---- answers: all of it under the lock of the realisation, but for the way from one to the next
 */

static bool is_to(const struct gb_shared_answer *answer, const struct gb_physics_question *question)
{
    return answer->to.interval == question->interval &&
           answer->to.last_read == question->last_read && answer->to.first == question->first &&
           answer->to.n == question->n;
}

static struct gb_shared_answer *find_answer(const struct gb_shared_physics *shared,
                                            const struct gb_physics_question *question)
{
    struct gb_shared_answer *answer = NULL;

    if (question->interval >= 0 && (size_t)question->interval < shared->n_intervals)
        answer = shared->intervals[question->interval];
    while (answer && !is_to(answer, question))
        answer = answer->next;
    return answer;
}

/* Room behind what is taken of the chunks; NULL without memory, or where the limit forbids. */
static void *take_room(struct gb_shared_physics *shared, size_t n_bytes)
{
    struct chunk *chunk = shared->chunks;

    if (!chunk || chunk->n_bytes - chunk->n_taken < n_bytes) {
        chunk = make_chunk(shared, chunk_bytes(n_bytes));
        if (!chunk) /* what is left of the limit */
            chunk = make_chunk(shared, sizeof *chunk + n_bytes);
    }
    if (!chunk)
        return NULL;
    void *room = (char *)chunk + chunk->n_taken;
    chunk->n_taken += n_bytes;
    return room;
}

/* An answer with nothing in its arrays; NULL without memory, or where the limit forbids. */
static struct gb_shared_answer *make_answer(struct gb_shared_physics *shared,
                                            const struct gb_physics_question *question)
{
    struct gb_fleet_block of = gb_fleet_block_of(shared->fleet, question->first, question->n);
    size_t rows = question->last_read < question->interval
                      ? 1
                      : gb_weather_n_steps_a_slot(&shared->config->weather);
    size_t n_values = rows * (of.systems.n + of.turbines.n + of.meters.n);
    size_t n_bytes = whole(sizeof(struct gb_shared_answer) + n_values * sizeof(double));
    struct gb_shared_answer *answer = take_room(shared, n_bytes);

    if (!answer)
        return NULL;
    answer->to = *question;
    answer->n_solar = rows * of.systems.n;
    answer->n_wind = rows * of.turbines.n;
    answer->n_load = rows * of.meters.n;
    answer->solar_w = (double *)(answer + 1);
    answer->wind_w = answer->solar_w + answer->n_solar;
    answer->load_w = answer->wind_w + answer->n_wind;
    answer->n_bytes = n_bytes;
    answer->next = NULL;
    atomic_init(&answer->then, NULL);
    return answer;
}

/* Gives back the room of the answer made last. */
static void drop_answer(struct gb_shared_physics *shared, const struct gb_shared_answer *answer)
{
    shared->chunks->n_taken -= answer->n_bytes;
}

/* Puts it into the list of its interval; false without memory. */
static bool add_answer(struct gb_shared_physics *shared, struct gb_shared_answer *answer)
{
    size_t needed = (size_t)answer->to.interval + 1;
    struct gb_shared_answer **intervals =
        gb_array_grow(shared->intervals, &shared->capacity, needed, sizeof *intervals);

    if (!intervals)
        return false;
    shared->intervals = intervals;
    for (; shared->n_intervals < needed; shared->n_intervals++)
        intervals[shared->n_intervals] = NULL;
    answer->next = intervals[answer->to.interval];
    intervals[answer->to.interval] = answer;
    return true;
}

static void copy_power(const struct gb_slot_power *power, struct gb_shared_answer *answer)
{
    memcpy(answer->solar_w, power->solar_w, answer->n_solar * sizeof *answer->solar_w);
    memcpy(answer->wind_w, power->wind_w, answer->n_wind * sizeof *answer->wind_w);
    memcpy(answer->load_w, power->load_w, answer->n_load * sizeof *answer->load_w);
}

/* Does what the question rests on stay readable at the provider of all once it has gone so far? */
static bool can_ask(const struct gb_shared_physics *shared,
                    const struct gb_physics_question *question)
{
    int64_t interval = question->interval;
    int64_t next = interval >= shared->next ? interval + 1 : shared->next;
    int64_t first = next - (int64_t)shared->window;

    return interval >= first && question->last_read >= first - 1;
}

/* Asks the provider of all. One that fails within a slot is in no state to be asked again. */
static enum gb_status ask(struct gb_shared_physics *shared, struct gb_shared_answer *answer)
{
    const struct gb_physics_provider *provider = shared->provider;
    const struct gb_physics_question *to = &answer->to;
    struct gb_slot_power power;
    enum gb_status status;

    if (to->last_read < to->interval) {
        status = provider->forecast(shared->physics, to->interval, to->last_read, to->first, to->n,
                                    answer->solar_w, answer->wind_w, answer->load_w, NULL);
    } else {
        status = provider->slot(shared->physics, to->interval, &power, NULL);
        if (status == GB_OK)
            copy_power(&power, answer);
    }
    if (status != GB_OK)
        shared->next = INT64_MAX;
    else if (to->interval >= shared->next)
        shared->next = to->interval + 1;
    return status;
}

static struct gb_shared_answer *find_or_ask(struct gb_shared_physics *shared,
                                            const struct gb_physics_question *question)
{
    struct gb_shared_answer *answer = find_answer(shared, question);

    if (answer || question->interval < 0 || !can_ask(shared, question))
        return answer;
    answer = make_answer(shared, question);
    if (answer && (ask(shared, answer) != GB_OK || !add_answer(shared, answer))) {
        drop_answer(shared, answer);
        answer = NULL;
    }
    return answer;
}

/* A copy of what a provider of the trial's own has answered, or what another was quicker to keep.
 */
static struct gb_shared_answer *find_or_copy(struct gb_shared_physics *shared,
                                             const struct gb_physics_question *question,
                                             const struct gb_slot_power *power)
{
    struct gb_shared_answer *answer = find_answer(shared, question);

    if (answer || question->interval < 0)
        return answer;
    answer = make_answer(shared, question);
    if (!answer)
        return NULL;
    copy_power(power, answer);
    if (!add_answer(shared, answer)) {
        drop_answer(shared, answer);
        answer = NULL;
    }
    return answer;
}

/* Who asks what was asked before comes to the same answer next. */
static void lead_on(struct gb_shared_answer *before, struct gb_shared_answer *answer)
{
    if (before && answer && !atomic_load_explicit(&before->then, memory_order_relaxed))
        atomic_store_explicit(&before->then, answer, memory_order_release);
}

struct gb_shared_answer *gb_shared_physics_ask(struct gb_shared_physics *shared,
                                               struct gb_shared_answer *before,
                                               const struct gb_physics_question *question)
{
    struct gb_shared_answer *answer =
        before ? atomic_load_explicit(&before->then, memory_order_acquire) : NULL;

    if (answer && is_to(answer, question))
        return answer;
    pthread_mutex_lock(&shared->lock);
    answer = find_or_ask(shared, question);
    lead_on(before, answer);
    pthread_mutex_unlock(&shared->lock);
    return answer;
}

struct gb_shared_answer *gb_shared_physics_keep(struct gb_shared_physics *shared,
                                                struct gb_shared_answer *before,
                                                const struct gb_physics_question *question,
                                                const struct gb_slot_power *power)
{
    pthread_mutex_lock(&shared->lock);
    struct gb_shared_answer *answer = find_or_copy(shared, question, power);
    lead_on(before, answer);
    pthread_mutex_unlock(&shared->lock);
    return answer;
}

struct gb_slot_power gb_shared_answer_power(const struct gb_shared_answer *answer)
{
    return (struct gb_slot_power){answer->to.interval, answer->solar_w, answer->wind_w,
                                  answer->load_w};
}
