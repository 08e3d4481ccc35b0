/* Intervals in flight: from the first message about one until a later one is final. Few live at a
 * time (a slot's open lead, itself, its deadline), so a scan from the newest finds any at once; the
 * memory of a forgotten one serves the next. */
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
    free(interval->unmatched);
    interval->orders = NULL;
    interval->positions = NULL;
    interval->unmatched = NULL;
    interval->order_room = 0;
}

void gb_intervals_drop_orders(struct gb_world *world)
{
    for (size_t i = 0; i < world->n_intervals; i++)
        if (world->intervals[i]->phase == GB_INTERVAL_DELIVERING)
            drop_orders(world->intervals[i]);
}

static void interval_free(struct gb_interval *interval)
{
    if (!interval)
        return;
    free(interval->cells);
    drop_orders(interval);
    free(interval->order_wh);
    free(interval->nonces);
    free(interval->previous);
    free(interval->withdrawn);
    free(interval->withdrawals);
    free(interval->trades);
    free(interval->trade_states);
    free(interval->signers);
    free(interval->trade_lists);
    free(interval->digests);
    free(interval);
}

static struct gb_interval *interval_create(struct gb_world *world)
{
    struct gb_interval *interval = calloc(1, sizeof *interval);

    if (interval)
        interval->cells = malloc((world->n_users + 1) * sizeof *interval->cells);
    if (!interval || !interval->cells) {
        interval_free(interval);
        gb_world_fail(world, GB_ENOMEM, "no memory for an interval");
        return NULL;
    }
    return interval;
}

static void interval_reset(struct gb_interval *interval, int64_t number, size_t n_users)
{
    interval->number = number;
    interval->phase = GB_INTERVAL_OPEN;
    interval->close_height = 0;
    interval->close_position = (struct gb_position){0};
    interval->n_orders = interval->n_withdrawals = interval->n_trades = 0;
    interval->match_root = (struct gb_hash){0};
    for (size_t i = 0; i < n_users; i++)
        interval->cells[i] = (struct gb_cell){.latest_order = GB_NO_ORDER};
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
    interval = world->n_spare > 0 ? world->spare[--world->n_spare] : interval_create(world);
    if (!interval)
        return NULL;
    interval_reset(interval, number, world->n_users);
    world->intervals[world->n_intervals++] = interval;
    return interval;
}

/* Appends to a list of intervals; without memory the interval goes, and a failure is kept. */
static struct gb_interval **append(struct gb_world *world, struct gb_interval **list, size_t *n,
                                   size_t *room, struct gb_interval *interval)
{
    list = gb_world_grown(world, list, room, *n + 1, sizeof *list);
    if (*n < *room)
        list[(*n)++] = interval;
    else
        interval_free(interval);
    return list;
}

void gb_intervals_forget_before(struct gb_world *world, int64_t number)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < world->n_intervals; i++) {
        struct gb_interval *interval = world->intervals[i];
        if (interval->phase == GB_INTERVAL_FINAL && interval->number < number) {
            interval->forgotten_at = world->height;
            world->forgotten = append(world, world->forgotten, &world->n_forgotten,
                                      &world->forgotten_room, interval);
        } else {
            world->intervals[n_kept++] = interval;
        }
    }
    world->n_intervals = n_kept;
}

void gb_intervals_recycle(struct gb_world *world)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < world->n_forgotten; i++) {
        struct gb_interval *interval = world->forgotten[i];
        if (interval->forgotten_at <= world->heard)
            world->spare = append(world, world->spare, &world->n_spare, &world->spare_room,
                                  interval);
        else
            world->forgotten[n_kept++] = interval;
    }
    world->n_forgotten = n_kept;
}

void gb_world_hear(struct gb_world *world, uint64_t height)
{
    world->heard = height;
}

void gb_intervals_free(struct gb_world *world)
{
    for (size_t i = 0; i < world->n_intervals; i++)
        interval_free(world->intervals[i]);
    for (size_t i = 0; i < world->n_spare; i++)
        interval_free(world->spare[i]);
    for (size_t i = 0; i < world->n_forgotten; i++)
        interval_free(world->forgotten[i]);
    free(world->intervals);
    free(world->forgotten);
    free(world->spare);
}

bool gb_interval_reserve_orders(struct gb_world *world, struct gb_interval *v, size_t n)
{
    if (n <= v->order_room)
        return true;
    size_t room = gb_world_more_room(v->order_room, n > world->usual_orders ? n : world->usual_orders);
    v->orders = gb_world_resized(world, v->orders, room, sizeof *v->orders);
    v->positions = gb_world_resized(world, v->positions, room, sizeof *v->positions);
    v->unmatched = gb_world_resized(world, v->unmatched, room, sizeof *v->unmatched);
    v->order_wh = gb_world_resized(world, v->order_wh, room, sizeof *v->order_wh);
    v->nonces = gb_world_resized(world, v->nonces, room, sizeof *v->nonces);
    v->previous = gb_world_resized(world, v->previous, room, sizeof *v->previous);
    v->withdrawn = gb_world_resized(world, v->withdrawn, room, sizeof *v->withdrawn);
    if (world->failure.status != GB_OK)
        return false;
    v->order_room = room;
    return true;
}

bool gb_interval_reserve_trades(struct gb_world *world, struct gb_interval *v, size_t n)
{
    if (n <= v->trade_room)
        return true;
    size_t room = n + n / 8;            /* a match comes whole, and the next is much like it */
    v->trades = gb_world_resized(world, v->trades, room, sizeof *v->trades);
    v->trade_states = gb_world_resized(world, v->trade_states, room, sizeof *v->trade_states);
    v->signers = gb_world_resized(world, v->signers, room, sizeof *v->signers);
    v->trade_lists = gb_world_resized(world, v->trade_lists, room, 2 * sizeof *v->trade_lists);
    if (world->trail.is_hashed)
        v->digests = gb_world_resized(world, v->digests, room, sizeof *v->digests);
    if (world->failure.status != GB_OK)
        return false;
    v->trade_room = room;
    return true;
}

void gb_interval_set_phase(struct gb_world *world, struct gb_interval *interval,
                           enum gb_interval_phase phase)
{
    interval->phase = phase;
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
    world->last_due = last_started(world, -world->rules.deadline_ns) - 1;
}

bool gb_intervals_is_over(const struct gb_world *world, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);

    return interval ? interval->phase == GB_INTERVAL_FINAL : number <= world->last_final;
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
        .n_trades = interval->n_trades,
        .trades = interval->trades,
        .trade_states = interval->trade_states,
        .digests = interval->digests,
        .match_root = interval->match_root
    };
}

size_t gb_world_meter_trades(const struct gb_world *world, int64_t number, uint32_t meter,
                             const uint32_t **trades)
{
    const struct gb_interval *interval = find_readable(world, number);

    if (!interval || meter >= world->n_users || interval->n_trades == 0)
        return 0;
    *trades = interval->trade_lists + interval->cells[meter].first_trade;
    return interval->cells[meter].n_trades;
}

size_t gb_world_trades_to_settle(const struct gb_world *world, int64_t number, uint32_t *out,
                                 size_t room)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);
    size_t n = 0;

    if (!interval || interval->phase != GB_INTERVAL_DELIVERING)
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
