/* Intervals in flight: from the first message about one until a later one is final. Few live at a
 * time (a slot's open lead, itself, its deadline), so a scan from the newest finds any at once. */
#include "chain/contracts/contracts_priv.h"

#include <stdlib.h>

struct gb_interval *gb_intervals_find(const struct gb_contracts *contracts, int64_t number)
{
    for (size_t i = contracts->n_intervals; i-- > 0;)
        if (contracts->intervals[i]->number == number)
            return contracts->intervals[i];
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
    interval->order_capacity = interval->withdrawal_capacity = 0;
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

static bool is_acknowledged(const struct gb_contracts *contracts, uint64_t height)
{
    return height != 0 && height <= contracts->acknowledged;
}

void gb_intervals_release(struct gb_contracts *contracts)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < contracts->n_intervals; i++) {
        struct gb_interval *interval = contracts->intervals[i];
        if (is_acknowledged(contracts, interval->matched_at))
            drop_orders(interval);
        if (is_acknowledged(contracts, interval->done_at))
            drop_cells_and_trades(interval);
    }
    for (size_t i = 0; i < contracts->n_forgotten; i++) {
        if (is_acknowledged(contracts, contracts->forgotten[i]->forgotten_at))
            interval_free(contracts->forgotten[i]);
        else
            contracts->forgotten[n_kept++] = contracts->forgotten[i];
    }
    contracts->n_forgotten = n_kept;
}

static struct gb_interval *interval_create(struct gb_contracts *contracts, int64_t number)
{
    struct gb_interval *interval = calloc(1, sizeof *interval);

    if (interval)
        interval->cells = malloc((contracts->n_users + 1) * sizeof *interval->cells);
    if (!interval || !interval->cells) {
        interval_free(interval);
        gb_contracts_fail(contracts, GB_ENOMEM, "no memory for an interval");
        return NULL;
    }
    interval->number = number;
    interval->phase = GB_INTERVAL_OPEN;
    for (size_t i = 0; i <= contracts->n_users; i++)
        interval->cells[i] = (struct gb_meter_interval){.latest_order = GB_NO_ORDER};
    return interval;
}

struct gb_interval *gb_intervals_need(struct gb_contracts *contracts, int64_t number)
{
    struct gb_interval *interval = gb_intervals_find(contracts, number);

    if (interval)
        return interval;
    contracts->intervals =
        gb_contracts_grown(contracts, contracts->intervals, &contracts->interval_capacity,
                           contracts->n_intervals + 1, sizeof *contracts->intervals);
    if (contracts->n_intervals == contracts->interval_capacity)
        return NULL;
    interval = interval_create(contracts, number);
    if (interval)
        contracts->intervals[contracts->n_intervals++] = interval;
    return interval;
}

/* Gone for the contracts, readable for who lags behind. */
static void forget(struct gb_contracts *contracts, struct gb_interval *interval)
{
    interval->forgotten_at = contracts->height;
    contracts->forgotten =
        gb_contracts_grown(contracts, contracts->forgotten, &contracts->forgotten_capacity,
                           contracts->n_forgotten + 1, sizeof *contracts->forgotten);
    if (contracts->n_forgotten < contracts->forgotten_capacity)
        contracts->forgotten[contracts->n_forgotten++] = interval;
    else
        interval_free(interval); /* the failure is kept */
}

void gb_intervals_forget(struct gb_contracts *contracts)
{
    size_t n_kept = 0;

    while (gb_intervals_is_over(contracts, contracts->final_before))
        contracts->final_before++;
    for (size_t i = 0; i < contracts->n_intervals; i++) {
        struct gb_interval *interval = contracts->intervals[i];
        if (interval->number < contracts->final_before - 1) {
            forget(contracts, interval);
        } else {
            contracts->intervals[n_kept++] = interval;
        }
    }
    contracts->n_intervals = n_kept;
}

void gb_contracts_acknowledge(struct gb_contracts *contracts, uint64_t height)
{
    contracts->acknowledged = height;
    gb_intervals_release(contracts); /* hours may pass until the next block */
}

void gb_intervals_free(struct gb_contracts *contracts)
{
    for (size_t i = 0; i < contracts->n_intervals; i++)
        interval_free(contracts->intervals[i]);
    for (size_t i = 0; i < contracts->n_forgotten; i++)
        interval_free(contracts->forgotten[i]);
    free(contracts->intervals);
    free(contracts->forgotten);
}

bool gb_interval_reserve_orders(struct gb_contracts *contracts, struct gb_interval *v, size_t n)
{
    if (n <= v->order_capacity)
        return true;
    /* as many as in the interval before, and a few more */
    size_t usual = contracts->usual_orders + contracts->usual_orders / 16;
    size_t capacity = gb_contracts_next_capacity(v->order_capacity, n > usual ? n : usual);
    v->orders = gb_contracts_resized(contracts, v->orders, capacity, sizeof *v->orders);
    v->positions = gb_contracts_resized(contracts, v->positions, capacity, sizeof *v->positions);
    v->nonces = gb_contracts_resized(contracts, v->nonces, capacity, sizeof *v->nonces);
    v->previous = gb_contracts_resized(contracts, v->previous, capacity, sizeof *v->previous);
    v->withdrawn = gb_contracts_resized(contracts, v->withdrawn, capacity, sizeof *v->withdrawn);
    if (contracts->failure.status != GB_OK)
        return false;
    v->order_capacity = capacity;
    return true;
}

bool gb_interval_reserve_match(struct gb_contracts *contracts, struct gb_interval *v, size_t n)
{
    size_t capacity = n ? n : 1;

    v->unmatched =
        gb_contracts_resized(contracts, v->unmatched, v->n_orders + 1, sizeof *v->unmatched);
    v->trades = gb_contracts_resized(contracts, v->trades, capacity, sizeof *v->trades);
    v->trade_states =
        gb_contracts_resized(contracts, v->trade_states, capacity, sizeof *v->trade_states);
    v->signers = gb_contracts_resized(contracts, v->signers, capacity, sizeof *v->signers);
    v->trade_lists =
        gb_contracts_resized(contracts, v->trade_lists, capacity, 2 * sizeof *v->trade_lists);
    if (contracts->rules.settlement == GB_SETTLE_DELIVERED)
        v->delivered =
            gb_contracts_resized(contracts, v->delivered, capacity, sizeof *v->delivered);
    if (contracts->event_log.is_hashed)
        v->digests = gb_contracts_resized(contracts, v->digests, capacity, sizeof *v->digests);
    return contracts->failure.status == GB_OK;
}

void gb_interval_count_bill(struct gb_contracts *contracts, struct gb_interval *interval)
{
    if (++interval->n_billed == contracts->n_users)
        interval->done_at = contracts->height;
}

void gb_interval_set_phase(struct gb_contracts *contracts, struct gb_interval *interval,
                           enum gb_interval_phase phase)
{
    interval->phase = phase;
    if (phase >= GB_INTERVAL_MATCHED && interval->matched_at == 0)
        interval->matched_at = contracts->height;
    if (phase == GB_INTERVAL_FINAL && interval->done_at == 0)
        interval->done_at = contracts->height;
    gb_event_log_record(contracts, GB_CHANGE_PHASE, phase, &interval->number, 1);
}

/* Number of the last interval that has started `lead_ns` after this block's time. */
static int64_t last_started(const struct gb_contracts *contracts, int64_t lead_ns)
{
    int64_t since = contracts->time_ns - contracts->rules.first_start_ns + lead_ns;
    int64_t number = since / contracts->rules.slot_ns;

    return since % contracts->rules.slot_ns < 0 ? number - 1 : number;
}

void gb_intervals_tick(struct gb_contracts *contracts)
{
    contracts->last_opened = last_started(contracts, contracts->rules.open_ns);
    contracts->last_started = last_started(contracts, 0);
    contracts->last_missed = last_started(contracts, -contracts->rules.deadline_ns - 1) - 1;
    contracts->last_at_gate =
        last_started(contracts, contracts->rules.gate_ns + GB_CLOCK_TOLERANCE_NS);
    contracts->last_at_start = last_started(contracts, GB_CLOCK_TOLERANCE_NS);
    contracts->last_at_end = contracts->last_at_start - 1;
    contracts->last_due =
        last_started(contracts, GB_CLOCK_TOLERANCE_NS - contracts->rules.deadline_ns) - 1;
}

bool gb_intervals_is_over(const struct gb_contracts *contracts, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(contracts, number);

    return interval ? interval->phase == GB_INTERVAL_FINAL : number < contracts->final_before;
}

/* For those outside: forgotten ones too, as long as they may be read. */
static const struct gb_interval *find_readable(const struct gb_contracts *contracts, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(contracts, number);

    for (size_t i = contracts->n_forgotten; !interval && i-- > 0;)
        if (contracts->forgotten[i]->number == number)
            interval = contracts->forgotten[i];
    return interval;
}

struct gb_interval_view gb_contracts_interval(const struct gb_contracts *contracts, int64_t number)
{
    const struct gb_interval *interval = find_readable(contracts, number);

    if (!interval)
        return (struct gb_interval_view){.phase = GB_INTERVAL_UNKNOWN};
    return (struct gb_interval_view){.phase = interval->phase,
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
                                     .match_root = interval->match_root};
}

const struct gb_trade *gb_contracts_trades(const struct gb_contracts *contracts, int64_t number,
                                           size_t *n)
{
    const struct gb_interval *interval = find_readable(contracts, number);

    *n = interval && interval->trades ? interval->n_trades : 0;
    return interval ? interval->trades : NULL;
}

size_t gb_contracts_meter_trades(const struct gb_contracts *contracts, int64_t number,
                                 uint32_t meter, const uint32_t **trades)
{
    const struct gb_interval *interval = find_readable(contracts, number);

    if (!interval || !interval->trades || meter >= contracts->n_users)
        return 0;
    *trades = interval->trade_lists + interval->cells[meter].first_trade;
    return gb_interval_n_trades_of(interval, meter);
}

size_t gb_contracts_trades_to_settle(const struct gb_contracts *contracts, int64_t number,
                                     uint32_t *out, size_t capacity)
{
    const struct gb_interval *interval = gb_intervals_find(contracts, number);
    size_t n = 0;

    if (!interval || !interval->trades || interval->phase != GB_INTERVAL_DELIVERING)
        return 0;
    for (size_t i = 0; i < interval->n_trades && n < capacity; i++) {
        const struct gb_trade *trade = &interval->trades[i];
        if (interval->trade_states[i] == GB_TRADE_PENDING &&
            !(interval->signers[i] & GB_SIGNED_BY_OPERATOR) &&
            interval->cells[trade->seller].has_reading && interval->cells[trade->buyer].has_reading)
            out[n++] = (uint32_t)i;
    }
    return n;
}
