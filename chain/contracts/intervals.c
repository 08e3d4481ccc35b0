/* Few intervals live at a time (a slot's open lead, itself, its deadline), so a scan from the
 * newest finds any at once. */
#include "chain/contracts/intervals_priv.h"

#include <stdlib.h>

void gb_intervals_init(struct gb_intervals *intervals, size_t n_meters)
{
    *intervals = (struct gb_intervals){.n_meters = n_meters, .acknowledged = UINT64_MAX};
}

bool gb_intervals_is_over(const struct gb_intervals *intervals, int64_t number)
{
    return gb_intervals_is_final(intervals, gb_intervals_find(intervals, number), number);
}

/* ---- memory */

static void release_meters_and_trades(struct gb_interval *interval)
{
    free(interval->meters);
    interval->meters = NULL;
    gb_trades_release(&interval->trades);
}

static void interval_free(struct gb_interval *interval)
{
    if (!interval)
        return;
    gb_order_book_release(&interval->book);
    gb_executions_release(&interval->executions);
    gb_requotes_release(&interval->requotes);
    release_meters_and_trades(interval);
    free(interval);
}

static struct gb_interval *interval_create(size_t n_meters, int64_t number)
{
    struct gb_interval *interval = malloc(sizeof *interval);

    if (!interval)
        return NULL;
    *interval = (struct gb_interval){
        .number = number, .phase = GB_INTERVAL_OPEN, .meters = gb_interval_meters_create(n_meters)};
    if (interval->meters)
        return interval;
    interval_free(interval);
    return NULL;
}

struct gb_interval *gb_intervals_need(struct gb_intervals *intervals, struct gb_failure *failure,
                                      int64_t number)
{
    struct gb_interval *interval = gb_intervals_find(intervals, number);

    if (interval)
        return interval;
    intervals->live = gb_failure_grown(failure, intervals->live, &intervals->capacity,
                                       intervals->n + 1, sizeof(struct gb_interval *));
    if (intervals->n == intervals->capacity)
        return NULL;
    interval = interval_create(intervals->n_meters, number);
    if (!interval) {
        gb_failure_keep(failure, GB_ENOMEM, "no memory for an interval");
        return NULL;
    }
    interval->book = intervals->spare;
    intervals->spare = (struct gb_order_book){0};
    intervals->live[intervals->n++] = interval;
    return interval;
}

static bool is_acknowledged(const struct gb_intervals *intervals, uint64_t height)
{
    return height != 0 && height <= intervals->acknowledged;
}

void gb_intervals_release(struct gb_intervals *intervals)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < intervals->n; i++) {
        struct gb_interval *interval = intervals->live[i];
        if (gb_order_book_holds(&interval->book) &&
            is_acknowledged(intervals, interval->matched_at)) {
            gb_order_book_leave(&interval->book, &intervals->spare);
            gb_executions_release(&interval->executions);
            gb_requotes_release(&interval->requotes);
        }
        if (interval->meters && is_acknowledged(intervals, interval->done_at))
            release_meters_and_trades(interval);
    }
    for (size_t i = 0; i < intervals->n_forgotten; i++) {
        if (is_acknowledged(intervals, intervals->forgotten[i]->forgotten_at))
            interval_free(intervals->forgotten[i]);
        else
            intervals->forgotten[n_kept++] = intervals->forgotten[i];
    }
    intervals->n_forgotten = n_kept;
}

void gb_intervals_acknowledge(struct gb_intervals *intervals, uint64_t height)
{
    intervals->acknowledged = height;
    gb_intervals_release(intervals); /* hours may pass until the next block */
}

void gb_intervals_clear(struct gb_intervals *intervals)
{
    for (size_t i = 0; i < intervals->n; i++)
        interval_free(intervals->live[i]);
    for (size_t i = 0; i < intervals->n_forgotten; i++)
        interval_free(intervals->forgotten[i]);
    gb_order_book_release(&intervals->spare);
    free(intervals->live);
    free(intervals->forgotten);
}

/* ---- the life of one */

void gb_intervals_set_close(struct gb_intervals *intervals, struct gb_interval *interval,
                            uint64_t close_height, struct gb_position position)
{
    interval->is_closed = true;
    interval->close_height = close_height;
    interval->close_position = position;
    intervals->usual_orders = interval->book.n_orders;
}

void gb_intervals_set_phase(struct gb_interval *interval, struct gb_event_log *log,
                            enum gb_interval_phase phase)
{
    interval->phase = phase;
    if (phase >= GB_INTERVAL_MATCHED && interval->matched_at == 0)
        interval->matched_at = log->position.height;
    if (phase == GB_INTERVAL_FINAL && interval->done_at == 0)
        interval->done_at = log->position.height;
    gb_event_log_record(log, GB_CHANGE_PHASE, phase, &interval->number, 1);
}

void gb_intervals_count_bill(const struct gb_intervals *intervals, struct gb_interval *interval,
                             uint64_t height)
{
    if (++interval->n_billed == intervals->n_meters)
        interval->done_at = height;
}

/* Gone for the contracts, readable for readers that lag behind. */
static void forget(struct gb_intervals *intervals, struct gb_event_log *log,
                   struct gb_interval *interval)
{
    interval->forgotten_at = log->position.height;
    intervals->forgotten =
        gb_failure_grown(&log->failure, intervals->forgotten, &intervals->forgotten_capacity,
                         intervals->n_forgotten + 1, sizeof(struct gb_interval *));
    if (intervals->n_forgotten < intervals->forgotten_capacity)
        intervals->forgotten[intervals->n_forgotten++] = interval;
    else
        interval_free(interval); /* the failure is kept */
}

void gb_intervals_forget(struct gb_intervals *intervals, struct gb_event_log *log)
{
    size_t n_kept = 0;

    while (gb_intervals_is_over(intervals, intervals->final_before))
        intervals->final_before++;
    for (size_t i = 0; i < intervals->n; i++) {
        struct gb_interval *interval = intervals->live[i];
        if (interval->number < intervals->final_before - 1)
            forget(intervals, log, interval);
        else
            intervals->live[n_kept++] = interval;
    }
    intervals->n = n_kept;
}
