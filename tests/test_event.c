/* The event queue: order, true cancel and reschedule, a fuzz against a plain list, and M/M/1. */
#include "sim/event.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/delay.h"
#include "base/random.h"
#include "sim/tally.h"
#include "tests/tap.h"

static gb_event_handle push(struct gb_queue *queue, int64_t time_ns, uint32_t priority, uint64_t a)
{
    return gb_queue_push(queue,
                         &(struct gb_event){.time_ns = time_ns, .priority = priority, .a = a});
}

/* Pops everything and compares the words `a` with `expected`. */
static void expect_order(struct gb_queue *queue, size_t n, const uint64_t *expected)
{
    struct gb_event event;

    for (size_t i = 0; i < n; i++) {
        EXPECT(gb_queue_pop(queue, &event));
        EXPECT_INT(event.a, expected[i]);
    }
    EXPECT(!gb_queue_pop(queue, &event));
}

static void events_leave_by_time_then_priority_then_order_of_filing(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);

    push(queue, 5, GB_PRIORITY_TIMER, 1);
    push(queue, 5, GB_PRIORITY_GATE, 2);
    push(queue, -7, GB_PRIORITY_TIMER, 3);
    push(queue, 5, GB_PRIORITY_TIMER, 4);
    push(queue, INT64_MAX, GB_PRIORITY_GATE, 5);
    push(queue, 5, GB_PRIORITY_MESSAGE, 6);
    push(queue, 5, GB_PRIORITY_GATE, 7);
    expect_order(queue, 7, (const uint64_t[]){3, 2, 7, 6, 1, 4, 5});
    EXPECT_INT(gb_queue_now_ns(queue), INT64_MAX);
    gb_queue_free(queue);
}

struct shown {
    size_t n;
    uint64_t a[16], rank[16];
    int64_t stop_ns; /* from the second on nothing later is wanted */
};

static int64_t show(void *context, const struct gb_event *event, uint64_t rank)
{
    struct shown *shown = context;

    shown->a[shown->n] = event->a;
    shown->rank[shown->n++] = rank;
    return shown->n < 2 ? INT64_MAX : shown->stop_ns;
}

static void a_look_shows_what_is_pending_before_a_time_and_how_equal_times_leave(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);
    struct shown all = {.stop_ns = 5}, few = {.stop_ns = INT64_MIN}, none = {.stop_ns = 0};

    for (uint64_t i = 0; i < 12; i++)
        push(queue, (int64_t)(i * 5 % 12), GB_PRIORITY_MESSAGE, i);
    gb_event_handle gone = push(queue, 1, GB_PRIORITY_GATE, 99);
    push(queue, 1, GB_PRIORITY_GATE, 100);
    gb_queue_cancel(queue, gone);
    gb_queue_look(queue, 5, show, &all);
    EXPECT_INT(all.n, 6); /* of the times 0 to 4, and the gate */
    uint64_t gate = 0, message = 0;
    for (size_t i = 0; i < all.n; i++) {
        EXPECT(all.a[i] == 100 || all.a[i] * 5 % 12 < 5);
        if (all.a[i] == 100)
            gate = all.rank[i];
        else if (all.a[i] * 5 % 12 == 1)
            message = all.rank[i];
    }
    EXPECT(gate < message);
    gb_queue_look(queue, INT64_MAX, show, &few);
    EXPECT_INT(few.n, 2);
    gb_queue_look(queue, 0, show, &none);
    EXPECT_INT(none.n, 0);
    gb_queue_free(queue);
}

static void an_empty_queue_has_nothing_to_show(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);
    struct gb_event event;

    EXPECT(!gb_queue_pop(queue, &event));
    EXPECT(!gb_queue_step(queue));
    EXPECT(!gb_queue_cancel(queue, 0));
    EXPECT(!gb_queue_cancel(queue, UINT64_C(1) << 32));
    EXPECT_INT(gb_queue_now_ns(queue), INT64_MIN);
    EXPECT(!gb_queue_failed(queue));
    gb_queue_free(queue);
    gb_queue_free(NULL);
}

static void a_stale_handle_touches_nobody(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);
    struct gb_event event;
    gb_event_handle first = push(queue, 1, 0, 1);

    EXPECT(first != 0);
    EXPECT(gb_queue_cancel(queue, first));
    EXPECT(!gb_queue_cancel(queue, first));
    gb_event_handle second = push(queue, 2, 0, 2); /* takes the same slot */
    EXPECT(second != first);
    EXPECT(!gb_queue_cancel(queue, first));
    EXPECT(!gb_queue_reschedule(queue, first, 9));
    EXPECT(gb_queue_pop(queue, &event) && event.a == 2 && event.time_ns == 2);
    EXPECT(!gb_queue_cancel(queue, second));
    EXPECT(!gb_queue_reschedule(queue, second, 9));
    gb_queue_free(queue);
}

static void a_rescheduled_event_keeps_its_handle_and_goes_behind_its_equals(void)
{
    struct gb_queue *queue = gb_queue_create(NULL);
    gb_event_handle early = push(queue, 1, 0, 1);
    push(queue, 5, 0, 2);
    gb_event_handle late = push(queue, 9, 0, 3);
    push(queue, 5, 0, 4);

    EXPECT(gb_queue_reschedule(queue, early, 5));
    EXPECT(gb_queue_reschedule(queue, late, 0));
    EXPECT(gb_queue_reschedule(queue, late, 2));
    expect_order(queue, 4, (const uint64_t[]){3, 2, 4, 1});
    gb_queue_free(queue);
}

/* ---- the fuzz: every operation mirrored in a list that is searched from end to end */

enum { LIST_SIZE = 600, N_STALE = 64 };

struct twin {
    int64_t time_ns;
    uint32_t priority;
    uint64_t sequence, a;
    gb_event_handle handle;
};

struct fuzz {
    struct gb_queue *queue;
    uint32_t run, n_drawn; /* the address of its next draw */
    struct twin list[LIST_SIZE];
    size_t n;
    uint64_t sequence, next_a;
    gb_event_handle stale[N_STALE];
    size_t n_stale;
    int64_t now_ns;
    bool is_same; /* one truth a run: thousands of assertions say no more */
};

static size_t pick(struct fuzz *f, size_t n)
{
    struct gb_key key = gb_key_make(11, 0, GB_PURPOSE_TEST);

    return gb_draw_at(key, f->run, 0, 0, f->n_drawn++).words[0] % n;
}

static void forget(struct fuzz *f, size_t i)
{
    f->stale[f->n_stale++ % N_STALE] = f->list[i].handle;
    f->list[i] = f->list[--f->n];
}

static void fuzz_push(struct fuzz *f)
{
    struct twin *t = &f->list[f->n++];

    *t = (struct twin){f->now_ns + (int64_t)pick(f, 8), (uint32_t)pick(f, 3), f->sequence++,
                       f->next_a++, 0};
    t->handle = push(f->queue, t->time_ns, t->priority, t->a);
    f->is_same = f->is_same && t->handle != 0;
}

static void fuzz_pop(struct fuzz *f)
{
    struct gb_event event = {0};
    size_t first = 0;

    for (size_t i = 1; i < f->n; i++) {
        const struct twin *x = &f->list[i], *y = &f->list[first];
        if (x->time_ns != y->time_ns     ? x->time_ns < y->time_ns
            : x->priority != y->priority ? x->priority < y->priority
                                         : x->sequence < y->sequence)
            first = i;
    }
    f->is_same = f->is_same && gb_queue_pop(f->queue, &event) && event.a == f->list[first].a &&
                 event.time_ns == f->list[first].time_ns &&
                 event.priority == f->list[first].priority;
    f->now_ns = f->list[first].time_ns;
    forget(f, first);
}

static void fuzz_cancel(struct fuzz *f)
{
    size_t i = pick(f, f->n);

    f->is_same = f->is_same && gb_queue_cancel(f->queue, f->list[i].handle);
    forget(f, i);
}

static void fuzz_reschedule(struct fuzz *f)
{
    struct twin *t = &f->list[pick(f, f->n)];

    t->time_ns = f->now_ns + (int64_t)pick(f, 8);
    t->sequence = f->sequence++;
    f->is_same = f->is_same && gb_queue_reschedule(f->queue, t->handle, t->time_ns);
}

static void fuzz_stale(struct fuzz *f)
{
    if (f->n_stale == 0)
        return;
    gb_event_handle handle = f->stale[pick(f, f->n_stale < N_STALE ? f->n_stale : N_STALE)];
    f->is_same = f->is_same && !gb_queue_cancel(f->queue, handle) &&
                 !gb_queue_reschedule(f->queue, handle, f->now_ns);
}

static void fuzz_step(struct fuzz *f, size_t target)
{
    switch (pick(f, 6)) {
    case 0: fuzz_stale(f); break;
    case 1:
        if (f->n > 0)
            fuzz_reschedule(f);
        break;
    case 2:
        if (f->n > 0)
            fuzz_cancel(f);
        break;
    case 3:
        if (f->n > 0)
            fuzz_pop(f);
        break;
    default:
        if (f->n < target)
            fuzz_push(f);
        else
            fuzz_pop(f);
        break;
    }
}

static void any_sequence_of_operations_agrees_with_a_plain_list(void)
{
    static const size_t targets[] = {1,  2,  3,   4,   7,   8,   31,  63,
                                     64, 65, 127, 128, 129, 255, 257, 511};
    static struct fuzz f;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        memset(&f, 0, sizeof f);
        f.queue = gb_queue_create(NULL);
        f.is_same = true;
        f.run = (uint32_t)i;
        for (size_t k = 0; k < targets[i]; k++) /* full to the brim */
            fuzz_push(&f);
        for (int k = 0; k < 5000; k++)
            fuzz_step(&f, targets[i]);
        while (f.n < targets[i])
            fuzz_push(&f);
        while (f.n > 0 && i % 2 == 0) /* then empty, by one way or by both */
            fuzz_cancel(&f);
        while (f.n > 0) {
            fuzz_pop(&f);
            if (f.n > 0)
                fuzz_cancel(&f);
        }
        struct gb_event left;
        if (!EXPECT(f.is_same && !gb_queue_pop(f.queue, &left)))
            tap_note("around %zu pending events", targets[i]);
        gb_queue_free(f.queue);
    }
}

static void cancelling_all_of_an_instant_leaves_the_others(void)
{
    enum { N = 1000 };
    static gb_event_handle handles[N];
    struct gb_queue *queue = gb_queue_create(NULL);

    for (uint64_t i = 0; i < N; i++)
        handles[i] = push(queue, i % 2 ? 10 : 20, 0, i);
    for (size_t i = 1; i < N; i += 2)
        EXPECT(gb_queue_cancel(queue, handles[i]));
    struct gb_event event = {0};
    for (uint64_t i = 0; i < N; i += 2) {
        EXPECT(gb_queue_pop(queue, &event));
        EXPECT_INT(event.a, i);
    }
    EXPECT(!gb_queue_pop(queue, &event));
    gb_queue_free(queue);
}

/* ---- actions */

struct relay {
    struct gb_queue *queue;
    gb_event_handle timer;
    int n_runs, n_timeouts;
};

static void time_out(const struct gb_event *event)
{
    ((struct relay *)event->subject)->n_timeouts++;
}

/* Restarts its timer and files itself again: what a consensus node does all day. */
static void run_on(const struct gb_event *event)
{
    struct relay *r = event->subject;
    struct gb_event next = *event;

    gb_queue_cancel(r->queue, r->timer);
    next.time_ns += 10;
    if (++r->n_runs < 1000)
        gb_queue_push(r->queue, &next);
    next.time_ns += 5;
    next.action = time_out;
    r->timer = gb_queue_push(r->queue, &next);
}

static void an_action_may_push_and_cancel_and_timers_leave_no_trace(void)
{
    struct relay r = {.queue = gb_queue_create(NULL)};

    gb_queue_push(r.queue, &(struct gb_event){.action = run_on, .subject = &r});
    int n_steps = 0;
    while (gb_queue_step(r.queue))
        n_steps++;
    EXPECT_INT(r.n_runs, 1000);
    EXPECT_INT(r.n_timeouts, 1);
    EXPECT_INT(n_steps, 1001); /* 999 timers never had a turn */
    gb_queue_free(r.queue);
}

/* ---- M/M/1 */

struct station {
    struct gb_queue *queue;
    struct gb_key key;
    struct gb_delay interarrival, service;
    int64_t *arrival_ns; /* [n_customers] */
    uint32_t n_customers, n_arrived, n_started, n_done;
    struct gb_tally wait_s, sojourn_ns;
    int64_t changed_ns;
    double area; /* number in system times ns */
};

static void depart(const struct gb_event *event);

static void file(struct station *s, int64_t time_ns, gb_event_action *action)
{
    gb_queue_push(s->queue, &(struct gb_event){.time_ns = time_ns, .action = action, .subject = s});
}

/* To be called before the number in system changes. */
static void count_system(struct station *s, int64_t now)
{
    s->area += (double)(s->n_arrived - s->n_done) * (double)(now - s->changed_ns);
    s->changed_ns = now;
}

/* The delay of customer i; owner 0 draws arrivals, owner 1 services. */
static int64_t drawn(const struct station *s, const struct gb_delay *delay, uint32_t owner,
                     uint32_t i)
{
    return gb_delay_at(delay, gb_draw_uniform(gb_draw_at(s->key, owner, 0, i, 0)));
}

static void start_service(struct station *s, int64_t now)
{
    uint32_t i = s->n_started++;

    gb_tally_add(&s->wait_s, 1e-9 * (double)(now - s->arrival_ns[i]));
    file(s, now + drawn(s, &s->service, 1, i), depart);
}

static void arrive(const struct gb_event *event)
{
    struct station *s = event->subject;

    count_system(s, event->time_ns);
    uint32_t i = s->n_arrived++;
    s->arrival_ns[i] = event->time_ns;
    if (s->n_started == i && s->n_done == i)
        start_service(s, event->time_ns);
    if (s->n_arrived < s->n_customers)
        file(s, event->time_ns + drawn(s, &s->interarrival, 0, i), arrive);
}

static void depart(const struct gb_event *event)
{
    struct station *s = event->subject;

    count_system(s, event->time_ns);
    gb_tally_add(&s->sojourn_ns, (double)(event->time_ns - s->arrival_ns[s->n_done++]));
    if (s->n_started < s->n_arrived)
        start_service(s, event->time_ns);
}

/* A million customers at rho = 0.9, started empty (a bias of some 1e-4 of the mean, neglected).
 * Mean wait in units of the mean service: rho / (1 - rho) = 9. The variance of the mean of n waits
 * is rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4 / n; the bound is 5 standard errors, so a
 * correct queue fails with probability 6e-7 (over seeds; the seed is fixed).
 * source  D. J. Daley, Journal of the Australian Mathematical Society 8 (1968) 683-699 */
static void the_mean_wait_of_mm1_is_the_textbooks(void)
{
    enum { N = 1000000 };
    const double rho = 0.9, service_s = 0.9;
    struct station s = {.queue = gb_queue_create(NULL),
                        .n_customers = N,
                        .key = gb_key_make(2026, 0, GB_PURPOSE_TEST),
                        .interarrival = {&gb_delay_exponential, {{1000000000}}},
                        .service = {&gb_delay_exponential, {{(int64_t)(1e9 * service_s)}}},
                        .arrival_ns = malloc(N * sizeof *s.arrival_ns)};

    gb_tally_init(&s.wait_s);
    gb_tally_init(&s.sojourn_ns);
    file(&s, 0, arrive);
    while (gb_queue_step(s.queue))
        ;
    double variance = rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / pow(1 - rho, 4);
    double error = sqrt(variance / N), wait = s.wait_s.mean / service_s;
    EXPECT_INT(s.n_done, N);
    EXPECT_NEAR(wait, rho / (1 - rho), 5 * error);
    tap_note("mean wait %.3f services, theory 9, standard error %.3f", wait, error);
    /* Little: from empty to empty, the area under the number in system sums all sojourns. */
    EXPECT_NEAR(s.area / (s.sojourn_ns.mean * N), 1, 1e-9);
    free(s.arrival_ns);
    gb_queue_free(s.queue);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(events_leave_by_time_then_priority_then_order_of_filing),
        TAP(a_look_shows_what_is_pending_before_a_time_and_how_equal_times_leave),
        TAP(an_empty_queue_has_nothing_to_show),
        TAP(a_stale_handle_touches_nobody),
        TAP(a_rescheduled_event_keeps_its_handle_and_goes_behind_its_equals),
        TAP(any_sequence_of_operations_agrees_with_a_plain_list),
        TAP(cancelling_all_of_an_instant_leaves_the_others),
        TAP(an_action_may_push_and_cancel_and_timers_leave_no_trace),
        TAP(the_mean_wait_of_mm1_is_the_textbooks),
        {0}};
    return tap_main("event", tests);
}
