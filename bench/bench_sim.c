/* Benchmarks of sim/: what a draw and an event cost, in CPU time, each beside its target. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/delay.h"
#include "sim/event.h"
#include "sim/random.h"

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void report(const char *what, double ns, double target_ns)
{
    if (target_ns > 0)
        printf("%-44s %8.1f ns   (target %.0f ns)\n", what, ns, target_ns);
    else
        printf("%-44s %8.1f ns\n", what, ns);
}

/* xorshift64*: cheap increments, so that the queue is what is measured.
 * source  S. Vigna, ACM TOMS 42 (2016) 30 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    *state = x;
    return x * UINT64_C(2685821657736338717);
}

enum { N_INCREMENTS = 1 << 16 };

/* The hold model: pop the next event, push it again an exponential time later. */
static double measure_hold(size_t n_pending, size_t n_holds, const int64_t *increments,
                           bool with_reschedule)
{
    struct gb_queue *queue = gb_queue_create(NULL);
    gb_event_handle *handles = malloc(n_pending * sizeof *handles);
    struct gb_event event = {.priority = GB_PRIORITY_MESSAGE};
    uint64_t random = 88172645463325252u;
    size_t k = 0;

    if (!queue || !handles)
        abort();
    for (size_t i = 0; i < n_pending; i++) {
        event.time_ns = increments[k++ % N_INCREMENTS];
        event.a = i;
        handles[i] = gb_queue_push(queue, &event);
    }
    for (size_t i = 0; i < n_pending; i++) {    /* into the steady state */
        gb_queue_pop(queue, &event);
        event.time_ns += increments[k++ % N_INCREMENTS];
        handles[event.a] = gb_queue_push(queue, &event);
    }
    double start = cpu_s();
    for (size_t i = 0; i < n_holds; i++) {
        gb_queue_pop(queue, &event);
        int64_t now = event.time_ns;
        event.time_ns = now + increments[k++ % N_INCREMENTS];
        handles[event.a] = gb_queue_push(queue, &event);
        if (with_reschedule)
            gb_queue_reschedule(queue, handles[next_random(&random) % n_pending],
                                now + increments[k++ % N_INCREMENTS]);
    }
    double elapsed = cpu_s() - start;
    gb_queue_free(queue);
    free(handles);
    return 1e9 * elapsed / (double)n_holds;
}

/* ---- M/M/1 in event style: one event an arrival, one a departure */

struct station {
    struct gb_queue *queue;
    const int64_t *interarrival, *service;
    size_t n_customers, n_arrived, n_in_system;
    uint64_t k;
};

static void depart(const struct gb_event *event);

static void start_service(struct station *s, int64_t now)
{
    gb_queue_push(s->queue, &(struct gb_event){
        .time_ns = now + s->service[s->k++ % N_INCREMENTS], .action = depart, .subject = s});
}

static void arrive(const struct gb_event *event)
{
    struct station *s = event->subject;

    if (s->n_in_system++ == 0)
        start_service(s, event->time_ns);
    if (++s->n_arrived < s->n_customers)
        gb_queue_push(s->queue, &(struct gb_event){
            .time_ns = event->time_ns + s->interarrival[s->n_arrived % N_INCREMENTS],
            .action = arrive, .subject = s});
}

static void depart(const struct gb_event *event)
{
    struct station *s = event->subject;

    if (--s->n_in_system > 0)
        start_service(s, event->time_ns);
}

static double measure_mm1(size_t n_customers, const int64_t *interarrival, const int64_t *service)
{
    struct station s = {.queue = gb_queue_create(NULL), .interarrival = interarrival,
                        .service = service, .n_customers = n_customers};

    if (!s.queue)
        abort();
    double start = cpu_s();
    gb_queue_push(s.queue, &(struct gb_event){.time_ns = 0, .action = arrive, .subject = &s});
    while (gb_queue_step(s.queue))
        ;
    double elapsed = cpu_s() - start;
    gb_queue_free(s.queue);
    return (double)n_customers / elapsed;
}

int main(void)
{
    static int64_t increments[N_INCREMENTS], service[N_INCREMENTS];
    struct gb_delay one = {.kind = GB_DELAY_EXPONENTIAL, .a_ns = 1e9};
    struct gb_delay busy = {.kind = GB_DELAY_EXPONENTIAL, .a_ns = 0.9e9};
    struct gb_key key = gb_key_make(1, 0, GB_PURPOSE_TEST);

    double start = cpu_s();
    for (uint32_t i = 0; i < N_INCREMENTS; i++)
        increments[i] = gb_delay_at(&one, gb_draw_uniform(gb_draw_at(key, 0, 0, i, 0)));
    double exponential_ns = 1e9 * (cpu_s() - start) / N_INCREMENTS;
    for (uint32_t i = 0; i < N_INCREMENTS; i++)
        service[i] = gb_delay_at(&busy, gb_draw_uniform(gb_draw_at(key, 1, 0, i, 0)));

    enum { N_DRAWS = 10000000 };
    uint64_t sum = 0;
    start = cpu_s();
    for (uint32_t i = 0; i < N_DRAWS; i++)
        sum += gb_draw_at(key, i, 2, 3, 4).words[0];
    report("128 random bits at an address", 1e9 * (cpu_s() - start) / N_DRAWS, 0);
    double normals = 0;
    start = cpu_s();
    for (uint32_t i = 0; i < N_DRAWS / 4; i++)
        normals += gb_normal_from(gb_draw_uniform(gb_draw_at(key, i, 2, 3, 5)));
    report("normal at an address, inverse CDF", 4e9 * (cpu_s() - start) / N_DRAWS, 0);
    report("exponential delay at an address", exponential_ns, 0);

    report("event: hold, 1e2 pending", measure_hold(100, 10000000, increments, false), 70);
    report("event: hold, 1e4 pending", measure_hold(10000, 5000000, increments, false), 140);
    report("event: hold, 1e6 pending", measure_hold(1000000, 2000000, increments, false), 0);
    report("event: hold and reschedule, 1e4 pending",
           measure_hold(10000, 3000000, increments, true), 0);
    printf("%-44s %8.1f million customers/s   (target 15)\n", "event: M/M/1, rho 0.9",
           measure_mm1(5000000, increments, service) / 1e6);
    return sum == 0 || isnan(normals);          /* keeps both alive under the optimiser */
}
