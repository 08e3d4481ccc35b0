/* Intervals in flight: from the first message about one until a later one is final. Few live at a
 * time (a slot's open lead, itself, its deadline), so a scan from the newest finds any at once. */
#include "chain/contracts/world_priv.h"

#include <stdlib.h>

struct gb_interval *gb_intervals_find(const struct gb_world *world, int64_t number)
{
    for (size_t i = world->n_intervals; i-- > 0;)
        if (world->intervals[i]->number == number)
            return world->intervals[i];
    return NULL;
}

static void drop_orders(struct gb_interval *interval)
{
    free(interval->orders);
    free(interval->positions);
    free(interval->nonces);
    free(interval->previous);
    free(interval->withdrawn);
    free(interval->unmatched);
    free(interval->withdrawals);
    interval->orders = NULL;
    interval->positions = NULL;
    interval->nonces = NULL;
    interval->previous = NULL;
    interval->withdrawn = NULL;
    interval->unmatched = NULL;
    interval->withdrawals = NULL;
    interval->order_room = interval->withdrawal_room = 0;
}

static void drop_cells_and_trades(struct gb_interval *interval)
{
    free(interval->cells);
    free(interval->trades);
    free(interval->delivered);
    free(interval->trade_states);
    free(interval->signers);
    free(interval->digests);
    free(interval->trade_lists);
    interval->cells = NULL;
    interval->trades = NULL;
    interval->delivered = NULL;
    interval->trade_states = NULL;
    interval->signers = NULL;
    interval->digests = NULL;
    interval->trade_lists = NULL;
}

static void interval_free(struct gb_interval *interval)
{
    if (!interval)
        return;
    drop_orders(interval);
    drop_cells_and_trades(interval);
    free(interval);
}

static bool is_heard(const struct gb_world *world, uint64_t height)
{
    return height != 0 && height <= world->heard;
}

void gb_intervals_release(struct gb_world *world)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < world->n_intervals; i++) {
        struct gb_interval *interval = world->intervals[i];
        if (is_heard(world, interval->matched_at))
            drop_orders(interval);
        if (is_heard(world, interval->done_at))
            drop_cells_and_trades(interval);
    }
    for (size_t i = 0; i < world->n_forgotten; i++) {
        if (is_heard(world, world->forgotten[i]->forgotten_at))
            interval_free(world->forgotten[i]);
        else
            world->forgotten[n_kept++] = world->forgotten[i];
    }
    world->n_forgotten = n_kept;
}

static struct gb_interval *interval_create(struct gb_world *world, int64_t number)
{
    struct gb_interval *interval = calloc(1, sizeof *interval);

    if (interval)
        interval->cells = malloc((world->n_users + 1) * sizeof *interval->cells);
    if (!interval || !interval->cells) {
        interval_free(interval);
        gb_world_fail(world, GB_ENOMEM, "no memory for an interval");
        return NULL;
    }
    interval->number = number;
    interval->phase = GB_INTERVAL_OPEN;
    for (size_t i = 0; i <= world->n_users; i++)
        interval->cells[i] = (struct gb_cell){.latest_order = GB_NO_ORDER};
    return interval;
}

struct gb_interval *gb_intervals_need(struct gb_world *world, int64_t number)
{
    struct gb_interval *interval = gb_intervals_find(world, number);

    if (interval)
        return interval;
    world->intervals = gb_world_grown(world, world->intervals, &world->interval_room,
                                      world->n_intervals + 1, sizeof *world->intervals);
    if (world->n_intervals == world->interval_room)
        return NULL;
    interval = interval_create(world, number);
    if (interval)
        world->intervals[world->n_intervals++] = interval;
    return interval;
}

/* Gone for the contracts, readable for who lags behind. */
static void forget(struct gb_world *world, struct gb_interval *interval)
{
    interval->forgotten_at = world->height;
    world->forgotten = gb_world_grown(world, world->forgotten, &world->forgotten_room,
                                      world->n_forgotten + 1, sizeof *world->forgotten);
    if (world->n_forgotten < world->forgotten_room)
        world->forgotten[world->n_forgotten++] = interval;
    else
        interval_free(interval);        /* the failure is kept */
}

void gb_intervals_forget(struct gb_world *world)
{
    size_t n_kept = 0;

    while (gb_intervals_is_over(world, world->final_before))
        world->final_before++;
    for (size_t i = 0; i < world->n_intervals; i++) {
        struct gb_interval *interval = world->intervals[i];
        if (interval->number < world->final_before - 1) {
            forget(world, interval);
        } else {
            world->intervals[n_kept++] = interval;
        }
    }
    world->n_intervals = n_kept;
}

void gb_world_hear(struct gb_world *world, uint64_t height)
{
    world->heard = height;
    gb_intervals_release(world);        /* hours may pass until the next block */
}

void gb_intervals_free(struct gb_world *world)
{
    for (size_t i = 0; i < world->n_intervals; i++)
        interval_free(world->intervals[i]);
    for (size_t i = 0; i < world->n_forgotten; i++)
        interval_free(world->forgotten[i]);
    free(world->intervals);
    free(world->forgotten);
}

bool gb_interval_reserve_orders(struct gb_world *world, struct gb_interval *v, size_t n)
{
    if (n <= v->order_room)
        return true;
    /* as many as in the interval before, and a few more */
    size_t usual = world->usual_orders + world->usual_orders / 16;
    size_t room = gb_world_more_room(v->order_room, n > usual ? n : usual);
    v->orders = gb_world_resized(world, v->orders, room, sizeof *v->orders);
    v->positions = gb_world_resized(world, v->positions, room, sizeof *v->positions);
    v->nonces = gb_world_resized(world, v->nonces, room, sizeof *v->nonces);
    v->previous = gb_world_resized(world, v->previous, room, sizeof *v->previous);
    v->withdrawn = gb_world_resized(world, v->withdrawn, room, sizeof *v->withdrawn);
    if (world->failure.status != GB_OK)
        return false;
    v->order_room = room;
    return true;
}

bool gb_interval_reserve_match(struct gb_world *world, struct gb_interval *v, size_t n)
{
    size_t room = n ? n : 1;

    v->unmatched = gb_world_resized(world, v->unmatched, v->n_orders + 1, sizeof *v->unmatched);
    v->trades = gb_world_resized(world, v->trades, room, sizeof *v->trades);
    v->trade_states = gb_world_resized(world, v->trade_states, room, sizeof *v->trade_states);
    v->signers = gb_world_resized(world, v->signers, room, sizeof *v->signers);
    v->trade_lists = gb_world_resized(world, v->trade_lists, room, 2 * sizeof *v->trade_lists);
    if (world->rules.settlement == GB_SETTLE_DELIVERED)
        v->delivered = gb_world_resized(world, v->delivered, room, sizeof *v->delivered);
    if (world->trail.is_hashed)
        v->digests = gb_world_resized(world, v->digests, room, sizeof *v->digests);
    return world->failure.status == GB_OK;
}

void gb_interval_count_bill(struct gb_world *world, struct gb_interval *interval)
{
    if (++interval->n_billed == world->n_users)
        interval->done_at = world->height;
}

void gb_interval_set_phase(struct gb_world *world, struct gb_interval *interval,
                           enum gb_interval_phase phase)
{
    interval->phase = phase;
    if (phase >= GB_INTERVAL_MATCHED && interval->matched_at == 0)
        interval->matched_at = world->height;
    if (phase == GB_INTERVAL_FINAL && interval->done_at == 0)
        interval->done_at = world->height;
    gb_trail_note(world, GB_CHANGE_PHASE, phase, &interval->number, 1);
}

/* Number of the last interval that has started `lead_ns` after this block's time. */
static int64_t last_started(const struct gb_world *world, int64_t lead_ns)
{
    int64_t since = world->time_ns - world->rules.first_start_ns + lead_ns;
    int64_t number = since / world->rules.slot_ns;

    return since % world->rules.slot_ns < 0 ? number - 1 : number;
}

void gb_intervals_tick(struct gb_world *world)
{
    world->last_opened = last_started(world, world->rules.open_ns);
    world->last_started = last_started(world, 0);
    world->last_missed = last_started(world, -world->rules.deadline_ns - 1) - 1;
    world->last_at_gate = last_started(world, world->rules.gate_ns + GB_CLOCK_TOLERANCE_NS);
    world->last_at_start = last_started(world, GB_CLOCK_TOLERANCE_NS);
    world->last_at_end = world->last_at_start - 1;
    world->last_due =
        last_started(world, GB_CLOCK_TOLERANCE_NS - world->rules.deadline_ns) - 1;
}

bool gb_intervals_is_over(const struct gb_world *world, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);

    return interval ? interval->phase == GB_INTERVAL_FINAL : number < world->final_before;
}

/* For those outside: forgotten ones too, as long as they may be read. */
static const struct gb_interval *find_readable(const struct gb_world *world, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);

    for (size_t i = world->n_forgotten; !interval && i-- > 0;)
        if (world->forgotten[i]->number == number)
            interval = world->forgotten[i];
    return interval;
}

struct gb_interval_view gb_world_interval(const struct gb_world *world, int64_t number)
{
    const struct gb_interval *interval = find_readable(world, number);

    if (!interval)
        return (struct gb_interval_view){.phase = GB_INTERVAL_UNKNOWN};
    return (struct gb_interval_view){
        .phase = interval->phase,
        .close_height = interval->close_height,
        .close_position = interval->close_position,
        .n_orders = interval->orders ? interval->n_orders : 0,
        .orders = interval->orders,
        .positions = interval->positions,
        .withdrawn = interval->withdrawn,
        .unmatched = interval->unmatched,
        .n_trades = interval->trades ? interval->n_trades : 0,
        .trades = interval->trades,
        .trade_states = interval->trade_states,
        .digests = interval->digests,
        .match_root = interval->match_root
    };
}

const struct gb_trade *gb_world_trades(const struct gb_world *world, int64_t number, size_t *n)
{
    const struct gb_interval *interval = find_readable(world, number);

    *n = interval && interval->trades ? interval->n_trades : 0;
    return interval ? interval->trades : NULL;
}

size_t gb_world_meter_trades(const struct gb_world *world, int64_t number, uint32_t meter,
                             const uint32_t **trades)
{
    const struct gb_interval *interval = find_readable(world, number);

    if (!interval || !interval->trades || meter >= world->n_users)
        return 0;
    *trades = interval->trade_lists + interval->cells[meter].first_trade;
    return gb_interval_n_trades_of(interval, meter);
}

size_t gb_world_trades_to_settle(const struct gb_world *world, int64_t number, uint32_t *out,
                                 size_t room)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);
    size_t n = 0;

    if (!interval || !interval->trades || interval->phase != GB_INTERVAL_DELIVERING)
        return 0;
    for (size_t i = 0; i < interval->n_trades && n < room; i++) {
        const struct gb_trade *trade = &interval->trades[i];
        if (interval->trade_states[i] == GB_TRADE_PENDING &&
            !(interval->signers[i] & GB_SIGNED_BY_OPERATOR) &&
            interval->cells[trade->seller].has_reading && interval->cells[trade->buyer].has_reading)
            out[n++] = (uint32_t)i;
    }
    return n;
}
