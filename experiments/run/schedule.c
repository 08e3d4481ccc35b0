#include "experiments/run/schedule.h"

static void push(struct gb_run_schedule *schedule, int64_t time_ns, unsigned priority,
                 gb_event_action *action, int64_t interval)
{
    gb_run_push(schedule->env, &(struct gb_event){.time_ns = time_ns,
                                                  .action = action,
                                                  .subject = schedule,
                                                  .a = (uint64_t)interval,
                                                  .priority = priority});
}

static void do_phase(const struct gb_event *event, void (*phase)(void *context, int64_t interval))
{
    const struct gb_run_schedule *schedule = event->subject;

    if (!gb_run_has_failed(schedule->env))
        phase(schedule->phases.context, (int64_t)event->a);
}

static void on_gate(const struct gb_event *event)
{
    do_phase(event, ((const struct gb_run_schedule *)event->subject)->phases.gate);
}

static void on_second_gate(const struct gb_event *event)
{
    do_phase(event, ((const struct gb_run_schedule *)event->subject)->phases.second_gate);
}

static void on_start(const struct gb_event *event)
{
    do_phase(event, ((const struct gb_run_schedule *)event->subject)->phases.start);
}

static void on_end(const struct gb_event *event)
{
    do_phase(event, ((const struct gb_run_schedule *)event->subject)->phases.end);
}

static void on_deadline(const struct gb_event *event)
{
    do_phase(event, ((const struct gb_run_schedule *)event->subject)->phases.deadline);
}

static void on_opening(const struct gb_event *event)
{
    struct gb_run_schedule *schedule = event->subject;
    const struct gb_run_environment *env = schedule->env;
    int64_t k = (int64_t)event->a;

    if (gb_run_has_failed(env))
        return;
    push(schedule, gb_run_gate_ns(env, k), GB_PRIORITY_GATE, on_gate, k);
    if (env->asks_users)
        push(schedule, gb_run_amendments_end_ns(env, k), GB_PRIORITY_GATE, on_second_gate, k);
    push(schedule, gb_run_start_ns(env, k), GB_RUN_START, on_start, k);
    push(schedule, gb_run_start_ns(env, k + 1), GB_RUN_END, on_end, k);
    push(schedule, gb_run_due_ns(env, k), GB_RUN_DEADLINE, on_deadline, k);
    if (k + 1 < env->n_slots)
        push(schedule, gb_run_opening_ns(env, k + 1), GB_RUN_OPENING, on_opening, k + 1);
    do_phase(event, schedule->phases.opening);
}

static void on_clock_start(const struct gb_event *event)
{
    const struct gb_run_schedule *schedule = event->subject;

    schedule->phases.clock_start(schedule->phases.context);
}

void gb_run_schedule_start(struct gb_run_schedule *schedule, const struct gb_run_environment *env,
                           const struct gb_run_phases *phases)
{
    *schedule = (struct gb_run_schedule){.env = env, .phases = *phases};
    push(schedule, gb_run_clock_start_ns(env), GB_PRIORITY_SLOT, on_clock_start, 0);
    push(schedule, gb_run_opening_ns(env, 0), GB_RUN_OPENING, on_opening, 0);
}
