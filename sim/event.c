/* The heap holds keys alone (24 bytes an event); the events themselves stay in their slots from
 * push to pop. `position` says where in the heap a slot's key stands, which makes cancel and
 * reschedule real; while a slot is free it links to the next free one. A slot's generation changes
 * whenever its event leaves, so a handle of an event that is gone fits nothing. */
#include "sim/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum { PRIORITY_SHIFT = 56 };
#define NO_SLOT UINT32_MAX

struct entry {
    int64_t time_ns;
    uint64_t rank; /* priority, then sequence */
    uint32_t slot;
};

struct gb_queue {
    struct entry *heap;                    /* [n_pending], binary, smallest first */
    uint32_t *position;                    /* [capacity], by slot */
    uint32_t *generation;                  /* [capacity], by slot; never 0 */
    struct gb_event *events;               /* [capacity], by slot */
    uint32_t n_pending, n_slots, capacity; /* n_slots: slots used so far */
    uint32_t free_slot;                    /* head of the list; NO_SLOT */
    bool has_failed;
    uint64_t sequence;
    int64_t now_ns;
};

struct gb_queue *gb_queue_create(struct gb_error *err)
{
    struct gb_queue *queue = calloc(1, sizeof *queue);

    if (!queue) {
        gb_fail(err, GB_ENOMEM, "no memory for an event queue");
        return NULL;
    }
    queue->free_slot = NO_SLOT;
    queue->now_ns = INT64_MIN;
    return queue;
}

void gb_queue_free(struct gb_queue *queue)
{
    if (!queue)
        return;
    free(queue->heap);
    free(queue->position);
    free(queue->generation);
    free(queue->events);
    free(queue);
}

/* ---- the heap */

/* Without a branch: which of two keys is smaller cannot be predicted. */
static inline bool is_before(const struct entry *x, const struct entry *y)
{
    return (x->time_ns < y->time_ns) | ((x->time_ns == y->time_ns) & (x->rank < y->rank));
}

static inline void place(struct gb_queue *queue, uint32_t at, struct entry entry)
{
    queue->heap[at] = entry;
    queue->position[entry.slot] = at;
}

/* Puts `entry` into the hole at `at` or as far above it as it belongs. */
static inline void rise(struct gb_queue *queue, uint32_t at, struct entry entry)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!is_before(&entry, &queue->heap[parent]))
            break;
        place(queue, at, queue->heap[parent]);
        at = parent;
    }
    place(queue, at, entry);
}

/* Leads the hole at `at` down to a leaf along the smaller children. What fills it there rises
 * again, nearly always by less than a level, which halves the comparisons of sinking from the top.
 * source  I. Wegener, Bottom-up heapsort, Theoretical Computer Science 118 (1993) 81-98 */
static inline uint32_t sink_hole(struct gb_queue *queue, uint32_t at)
{
    const uint32_t n = queue->n_pending;
    uint32_t child = 2 * at + 1;

    for (; child + 1 < n; child = 2 * at + 1) {
        child += is_before(&queue->heap[child + 1], &queue->heap[child]);
        place(queue, at, queue->heap[child]);
        at = child;
    }
    if (child < n) {
        place(queue, at, queue->heap[child]);
        at = child;
    }
    return at;
}

/* Takes the key at `at` out of the heap; the last one fills its place. */
static void remove_at(struct gb_queue *queue, uint32_t at)
{
    struct entry last = queue->heap[--queue->n_pending];

    if (at < queue->n_pending)
        rise(queue, sink_hole(queue, at), last);
}

/* ---- slots */

static bool grow(struct gb_queue *queue)
{
    size_t capacity = gb_array_next_capacity(queue->capacity, queue->n_slots + (size_t)1);

    if (capacity > UINT32_MAX / 2)
        return false;
    struct entry *heap = gb_array_resize(queue->heap, capacity, sizeof *heap);
    if (heap)
        queue->heap = heap;
    uint32_t *position = gb_array_resize(queue->position, capacity, sizeof *position);
    if (position)
        queue->position = position;
    uint32_t *generation = gb_array_resize(queue->generation, capacity, sizeof *generation);
    if (generation)
        queue->generation = generation;
    struct gb_event *events = gb_array_resize(queue->events, capacity, sizeof *events);
    if (events)
        queue->events = events;
    if (!heap || !position || !generation || !events)
        return false;
    queue->capacity = (uint32_t)capacity;
    return true;
}

static uint32_t take_slot(struct gb_queue *queue)
{
    uint32_t slot = queue->free_slot;

    if (slot != NO_SLOT) {
        queue->free_slot = queue->position[slot];
        return slot;
    }
    if (queue->n_slots == queue->capacity && !grow(queue))
        return NO_SLOT;
    slot = queue->n_slots++;
    queue->generation[slot] = 1;
    return slot;
}

static void release_slot(struct gb_queue *queue, uint32_t slot)
{
    queue->generation[slot]++;
    queue->generation[slot] += queue->generation[slot] == 0;
    queue->position[slot] = queue->free_slot;
    queue->free_slot = slot;
}

/* The slot of a handle whose event is pending, or NO_SLOT. */
static uint32_t find_slot(const struct gb_queue *queue, gb_event_handle handle)
{
    uint32_t slot = (uint32_t)handle;

    if (slot >= queue->n_slots || queue->generation[slot] != handle >> 32)
        return NO_SLOT;
    return slot;
}

static uint64_t next_rank(struct gb_queue *queue, uint32_t priority)
{
    assert(priority < 1u << (64 - PRIORITY_SHIFT));
    assert(queue->sequence < UINT64_C(1) << PRIORITY_SHIFT);
    return (uint64_t)priority << PRIORITY_SHIFT | queue->sequence++;
}

/* ---- the interface */

gb_event_handle gb_queue_push(struct gb_queue *queue, const struct gb_event *event)
{
    assert(event->time_ns >= queue->now_ns);
    uint32_t slot = take_slot(queue);

    if (slot == NO_SLOT) {
        queue->has_failed = true;
        return 0;
    }
    queue->events[slot] = *event;
    rise(queue, queue->n_pending++,
         (struct entry){event->time_ns, next_rank(queue, event->priority), slot});
    return (gb_event_handle)queue->generation[slot] << 32 | slot;
}

bool gb_queue_failed(const struct gb_queue *queue)
{
    return queue->has_failed;
}

bool gb_queue_pop(struct gb_queue *queue, struct gb_event *out)
{
    if (queue->n_pending == 0)
        return false;
    uint32_t slot = queue->heap[0].slot;
    *out = queue->events[slot];
    queue->now_ns = out->time_ns;
    remove_at(queue, 0);
    release_slot(queue, slot);
    return true;
}

bool gb_queue_cancel(struct gb_queue *queue, gb_event_handle handle)
{
    uint32_t slot = find_slot(queue, handle);

    if (slot == NO_SLOT)
        return false;
    remove_at(queue, queue->position[slot]);
    release_slot(queue, slot);
    return true;
}

bool gb_queue_reschedule(struct gb_queue *queue, gb_event_handle handle, int64_t time_ns)
{
    uint32_t slot = find_slot(queue, handle);

    if (slot == NO_SLOT)
        return false;
    assert(time_ns >= queue->now_ns);
    struct gb_event *event = &queue->events[slot];
    bool is_earlier = time_ns < event->time_ns;
    uint32_t at = queue->position[slot];

    event->time_ns = time_ns;
    if (!is_earlier)
        at = sink_hole(queue, at);
    rise(queue, at, (struct entry){time_ns, next_rank(queue, event->priority), slot});
    return true;
}

/* Nothing below an event in the heap is earlier than it. */
static int64_t look_below(const struct gb_queue *queue, uint32_t at, int64_t until_ns,
                          gb_event_look *look, void *context)
{
    for (; at < queue->n_pending && queue->heap[at].time_ns < until_ns; at = 2 * at + 2) {
        const struct entry *entry = &queue->heap[at];

        until_ns = look(context, &queue->events[entry->slot], entry->rank);
        until_ns = look_below(queue, 2 * at + 1, until_ns, look, context);
    }
    return until_ns;
}

void gb_queue_look(const struct gb_queue *queue, int64_t until_ns, gb_event_look *look,
                   void *context)
{
    look_below(queue, 0, until_ns, look, context);
}

int64_t gb_queue_now_ns(const struct gb_queue *queue)
{
    return queue->now_ns;
}

bool gb_queue_step(struct gb_queue *queue)
{
    struct gb_event event;

    if (!gb_queue_pop(queue, &event))
        return false;
    event.action(&event);
    return true;
}
