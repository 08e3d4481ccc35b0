/* Benchmarks of sim/: what a draw and an event cost. Whatever an event needs to come about, its
 * keyed draw and its logarithm, is drawn inside of what is timed, as in a run. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/delay.h"
#include "base/random.h"
#include "bench/report.h"
#include "sim/event.h"

static const struct gb_delay one_second = {&gb_delay_exponential, {{1000000000}}};
static const struct gb_delay busy_server = {&gb_delay_exponential, {{900000000}}};

/* Draw number i of an owner, as the run addresses it. */
static int64_t draw(const struct gb_delay *delay, struct gb_key key, uint32_t owner, uint64_t i)
{
    return gb_delay_at(delay, gb_draw_uniform(gb_draw_at(key, owner, 0, (uint32_t)i, 0)));
}

static struct gb_queue *create_queue(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);

    if (!queue)
        abort();
    return queue;
}

/* ---- draws */

enum { N_DRAWS = 10000000 };

static uint64_t report_draws(struct gb_key key)
{
    uint64_t sum = 0;
    double start = gb_bench_cpu_s();

    for (uint32_t i = 0; i < N_DRAWS; i++)
        sum += gb_draw_at(key, i, 2, 3, 4).words[0];
    gb_bench_report(&(struct gb_bench_row){"draw: 128 random bits at an address",
                                           1e9 * (gb_bench_cpu_s() - start) / N_DRAWS, "ns", 0,
                                           "Philox4x32-10 of one address"});
    start = gb_bench_cpu_s();
    double normals = 0;
    for (uint32_t i = 0; i < N_DRAWS / 4; i++)
        normals += gb_normal_from(gb_draw_uniform(gb_draw_at(key, i, 2, 3, 5)));
    gb_bench_report(&(struct gb_bench_row){
        "draw: normal at an address", 4e9 * (gb_bench_cpu_s() - start) / N_DRAWS, "ns", 0,
        "the 128 bits, a uniform number, and the inverse of the normal distribution"});
    start = gb_bench_cpu_s();
    for (uint32_t i = 0; i < N_DRAWS / 4; i++)
        sum += (uint64_t)draw(&one_second, key, 0, i);
    gb_bench_report(&(struct gb_bench_row){
        "draw: exponential delay at an address", 4e9 * (gb_bench_cpu_s() - start) / N_DRAWS, "ns",
        0, "the 128 bits, a uniform number, its logarithm, rounded to ns"});
    return sum + (normals > 0);
}

/* ---- the hold model: pop the next event, push it again an exponential time later */

static double measure_hold(size_t n_pending, size_t n_holds, struct gb_key key,
                           bool with_reschedule)
{
    struct gb_queue *queue = create_queue();
    gb_event_handle *handles = malloc(n_pending * sizeof *handles);
    struct gb_event event = {.priority = GB_PRIORITY_MESSAGE};
    uint64_t i = 0;

    if (!handles)
        abort();
    for (event.a = 0; event.a < n_pending; event.a++) {
        event.time_ns = draw(&one_second, key, 0, i++);
        handles[event.a] = gb_queue_push(queue, &event);
    }
    for (size_t warm = 0; warm < n_pending; warm++) { /* into the steady state */
        gb_queue_pop(queue, &event);
        event.time_ns += draw(&one_second, key, 0, i++);
        handles[event.a] = gb_queue_push(queue, &event);
    }
    double start = gb_bench_cpu_s();
    for (size_t hold = 0; hold < n_holds; hold++) {
        gb_queue_pop(queue, &event);
        int64_t now = event.time_ns;
        event.time_ns = now + draw(&one_second, key, 0, i++);
        handles[event.a] = gb_queue_push(queue, &event);
        if (with_reschedule) {
            struct gb_draw other = gb_draw_at(key, 1, 0, (uint32_t)hold, 0);
            gb_queue_reschedule(queue, handles[other.words[0] % n_pending],
                                now + draw(&one_second, key, 2, hold));
        }
    }
    double elapsed = gb_bench_cpu_s() - start;
    gb_queue_free(queue);
    free(handles);
    return 1e9 * elapsed / (double)n_holds;
}

static void report_hold(const char *name, size_t n_pending, size_t n_holds, struct gb_key key,
                        bool with_reschedule)
{
    gb_bench_report(&(struct gb_bench_row){
        name, measure_hold(n_pending, n_holds, key, with_reschedule), "ns", 0,
        with_reschedule ? "a hold, and another pending event, drawn, moved to a time that is drawn"
                        : "a pop, an exponential delay drawn at its address, a push"});
}

/* ---- M/M/1 in event style: one event an arrival, one a departure */

struct station {
    struct gb_queue *queue;
    struct gb_key key;
    uint64_t n_customers, n_arrived, n_served, n_in_system;
};

static void depart(const struct gb_event *event);

static void start_service(struct station *s, int64_t now)
{
    gb_queue_push(s->queue,
                  &(struct gb_event){.time_ns = now + draw(&busy_server, s->key, 1, s->n_served++),
                                     .action = depart,
                                     .subject = s});
}

static void arrive(const struct gb_event *event)
{
    struct station *s = event->subject;

    if (s->n_in_system++ == 0)
        start_service(s, event->time_ns);
    if (++s->n_arrived < s->n_customers)
        gb_queue_push(s->queue,
                      &(struct gb_event){.time_ns = event->time_ns +
                                                    draw(&one_second, s->key, 0, s->n_arrived),
                                         .action = arrive,
                                         .subject = s});
}

static void depart(const struct gb_event *event)
{
    struct station *s = event->subject;

    if (--s->n_in_system > 0)
        start_service(s, event->time_ns);
}

static void report_mm1(struct gb_key key, uint64_t n_customers)
{
    struct station s = {.queue = create_queue(), .key = key, .n_customers = n_customers};
    double start = gb_bench_cpu_s();

    gb_queue_push(s.queue, &(struct gb_event){.time_ns = 0, .action = arrive, .subject = &s});
    while (gb_queue_step(s.queue))
        ;
    double elapsed = gb_bench_cpu_s() - start;
    gb_queue_free(s.queue);
    gb_bench_report(&(struct gb_bench_row){
        "event: M/M/1, rho 0.9", (double)n_customers / elapsed / 1e6, "million customers/s", 0,
        "of each customer two events and two exponential delays drawn at their addresses"});
}

int main(void)
{
    struct gb_key key = gb_key_make(1, 0, GB_PURPOSE_TEST);
    uint64_t sum = report_draws(key);

    report_hold("event: hold, 1e2 pending", 100, 5000000, key, false);
    report_hold("event: hold, 1e4 pending", 10000, 3000000, key, false);
    report_hold("event: hold, 1e6 pending", 1000000, 1500000, key, false);
    report_hold("event: hold and reschedule, 1e4 pending", 10000, 2000000, key, true);
    report_mm1(key, 3000000);
    return sum == 0; /* keeps the draws alive under the optimiser */
}
