/* The pending-event set: one indexed binary heap with true cancel and reschedule.
 *
 * Events leave in the order (time, priority, sequence); the sequence number is given at push, so
 * equal times and priorities leave first in, first out, on every machine. A cancelled event really
 * leaves the heap: consensus timers are nearly always cancelled, tombstones would be most of it. */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* At equal times: the order of the phases of a slot (rules, section 1). Smaller first;
 * the gaps leave space for an order within a phase (GB_PRIORITY_SLOT + 1, ...). */
enum gb_priority {
    GB_PRIORITY_GATE = 0,
    GB_PRIORITY_SLOT = 16,
    GB_PRIORITY_TRANSACTION = 32,
    GB_PRIORITY_MESSAGE = 48,
    GB_PRIORITY_CPU = 64,
    GB_PRIORITY_TIMER = 80
};

struct gb_event;
/* What an event does. `event` is the event's own copy, valid during the call; the action may push,
 * cancel and reschedule other events freely. */
typedef void gb_event_action(const struct gb_event *event);

struct gb_event {
    int64_t time_ns;
    gb_event_action *action;
    void *subject;     /* borrowed: the object the action works on */
    uint64_t a, b;     /* two words for the action, free to use */
    uint32_t priority; /* enum gb_priority */
};

struct gb_queue;                  /* closed */
typedef uint64_t gb_event_handle; /* slot and generation; 0 is never a handle */

struct gb_queue *gb_queue_create(struct gb_error *err); /* NULL when out of memory */
void gb_queue_free(struct gb_queue *queue);

/* Files a copy of an event. It must not lie in the past of the event last popped, and its priority
 * is below 256 (both asserted).
 * returns the handle for cancel and reschedule; 0 when memory ran out, which the queue remembers:
 *         gb_queue_failed() then says so and the run ends with GB_ENOMEM */
gb_event_handle gb_queue_push(struct gb_queue *queue, const struct gb_event *event);
bool gb_queue_failed(const struct gb_queue *queue);

bool gb_queue_pop(struct gb_queue *queue, struct gb_event *out); /* false: empty */
/* Both return false when the event has already left (popped or cancelled): a stale handle is safe.
 * A rescheduled event keeps its handle and goes behind those that already wait at its new time and
 * priority, as if cancelled and pushed. The new time must not lie in the past (asserted). */
bool gb_queue_cancel(struct gb_queue *queue, gb_event_handle handle);
bool gb_queue_reschedule(struct gb_queue *queue, gb_event_handle handle, int64_t time_ns);

/* Shown a pending event. Of events of one time that with the smaller rank leaves first.
 * returns  the time from which on nothing more need be shown */
typedef int64_t gb_event_look(void *context, const struct gb_event *event, uint64_t rank);
/* Shows what is pending before a time, in no order that means anything. */
void gb_queue_look(const struct gb_queue *queue, int64_t until_ns, gb_event_look *look,
                   void *context);

/* Time of the event last popped; INT64_MIN before the first. */
int64_t gb_queue_now_ns(const struct gb_queue *queue);

/* Pops the next event and runs its action. returns false when the queue is empty */
bool gb_queue_step(struct gb_queue *queue);

#endif
