/* The calendar of a run: every phase of every interval, once, at its time, in the order of the
 * rules where times are equal. */
#include "experiments/run/schedule.h"

#include <stdio.h>
#include <string.h>

#include "tests/part_of_run.h"
#include "tests/tap.h"

#define MINUTE (60 * GB_NS_PER_SECOND)

struct diary {
    struct part_of_run part;
    struct gb_run_schedule schedule;
    char text[4096]; /* "opening 0 at -60, ..." in minutes */
    const char *fails_at;
};

static void note(void *context, const char *phase, int64_t interval)
{
    struct diary *diary = context;
    size_t used = strlen(diary->text);

    snprintf(diary->text + used, sizeof diary->text - used, "%s%s %d at %d", used ? ", " : "",
             phase, (int)interval, (int)(gb_run_now_ns(&diary->part.env) / MINUTE));
    if (diary->fails_at && strstr(diary->text, diary->fails_at))
        gb_fail(diary->part.env.error, GB_EINTERRUPTED, "enough");
}

static void on_clock_start(void *context)
{
    note(context, "clock", 0);
}

static void on_opening(void *context, int64_t interval)
{
    note(context, "opening", interval);
}

static void on_gate(void *context, int64_t interval)
{
    note(context, "gate", interval);
}

static void on_second_gate(void *context, int64_t interval)
{
    note(context, "second gate", interval);
}

static void on_start(void *context, int64_t interval)
{
    note(context, "start", interval);
}

static void on_end(void *context, int64_t interval)
{
    note(context, "end", interval);
}

static void on_deadline(void *context, int64_t interval)
{
    note(context, "deadline", interval);
}

static const char *keep_diary(struct diary *diary, const char *const *settings,
                              const char *fails_at)
{
    const struct gb_run_phases phases = {diary,          on_clock_start, on_opening, on_gate,
                                         on_second_gate, on_start,       on_end,     on_deadline};

    *diary = (struct diary){.fails_at = fails_at};
    part_of_run_open(&diary->part, settings);
    gb_run_schedule_start(&diary->schedule, &diary->part.env, &phases);
    while (gb_queue_step(diary->part.env.queue))
        ;
    part_of_run_close(&diary->part);
    return diary->text;
}

/* Slots of an hour that open an hour ahead, close 20 minutes ahead and are due an hour after their
 * end: at each hour stand a start, the end of the slot before, the deadline of the one before that,
 * and the next opening. */
static const char *const hourly[] = {
    "slots=3", "slot=1 h", "market.open=1 h", "market.gate=20 min", "settlement.deadline=1 h",
    NULL};

static void phases_come_at_their_times_and_at_one_time_in_the_order_of_the_rules(void)
{
    struct diary diary;

    EXPECT_TEXT(keep_diary(&diary, hourly, NULL),
                "clock 0 at -65, opening 0 at -60, gate 0 at -20, "
                "start 0 at 0, opening 1 at 0, gate 1 at 40, "
                "start 1 at 60, end 0 at 60, opening 2 at 60, gate 2 at 100, "
                "start 2 at 120, end 1 at 120, deadline 0 at 120, "
                "end 2 at 180, deadline 1 at 180, deadline 2 at 240");
}

static void several_slots_are_open_at_once_where_the_market_opens_early(void)
{
    static const char *const early[] = {
        "slots=2", "slot=1 h", "market.open=3 h", "market.gate=1 h", "settlement.deadline=30 min",
        NULL};
    struct diary diary;

    EXPECT_TEXT(keep_diary(&diary, early, NULL),
                "clock 0 at -185, opening 0 at -180, opening 1 at -120, gate 0 at -60, "
                "gate 1 at 0, start 0 at 0, start 1 at 60, end 0 at 60, deadline 0 at 90, "
                "end 1 at 120, deadline 1 at 150");
}

/* Half of the gate's lead before the slot, where nothing else is said. */
static void where_users_quote_anew_there_is_a_second_gate(void)
{
    static const char *const by_user[] = {"slots=2",
                                          "slot=1 h",
                                          "market.open=1 h",
                                          "market.gate=20 min",
                                          "settlement.deadline=1 h",
                                          "market.requote.by=user",
                                          NULL};
    struct diary diary;

    EXPECT_TEXT(keep_diary(&diary, by_user, NULL),
                "clock 0 at -65, opening 0 at -60, gate 0 at -20, second gate 0 at -10, "
                "start 0 at 0, opening 1 at 0, gate 1 at 40, second gate 1 at 50, "
                "start 1 at 60, end 0 at 60, end 1 at 120, deadline 0 at 120, deadline 1 at 180");
}

static void after_a_failure_no_phase_begins(void)
{
    struct diary diary;

    EXPECT_TEXT(keep_diary(&diary, hourly, "start 0"),
                "clock 0 at -65, opening 0 at -60, gate 0 at -20, start 0 at 0");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(phases_come_at_their_times_and_at_one_time_in_the_order_of_the_rules),
        TAP(several_slots_are_open_at_once_where_the_market_opens_early),
        TAP(where_users_quote_anew_there_is_a_second_gate),
        TAP(after_a_failure_no_phase_begins),
        {0}};

    return tap_main("schedule", tests);
}
