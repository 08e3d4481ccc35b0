/* What the rows of one trial say of each other: each slot and each meter is there once; blocks
 * and kinds ascend; what kinds have adds up to what the community has; an accepted order's number
 * is its own in its slot; and a trade's orders are there, on the sides and of the meters it names.
 */
#include "analysis/results_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A trial's rows that are being looked at. */
struct trial {
    struct gb_results *results;
    const struct gb_summary_row *summary;
    size_t first; /* of its rows in the table */
};

/* ---- tables that count */

/* Marks cell number `cell` of a trial. returns whether it was not marked before */
static bool mark(uint8_t *seen, size_t cell)
{
    bool is_new = !(seen[cell / 8] >> cell % 8 & 1);

    seen[cell / 8] |= (uint8_t)(1 << cell % 8);
    return is_new;
}

/* Finds the first row whose cell an earlier one has; there are as many cells as rows.
 * cell   of row i, below n
 * twice  n where there is none: as each cell is there once, none is missing */
static enum gb_status find_twice(const struct trial *trial,
                                 size_t (*cell)(const struct trial *trial, const void *rows,
                                                size_t i),
                                 const void *rows, size_t n, size_t *twice, struct gb_error *err)
{
    uint8_t *seen = calloc(n / 8 + 1, 1);
    size_t i = 0;

    if (!seen)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", n, trial->results->path);
    while (i < n && mark(seen, cell(trial, rows, i)))
        i++;
    *twice = i;
    free(seen);
    return GB_OK;
}

static size_t cell_of_slot(const struct trial *trial, const void *rows, size_t i)
{
    (void)trial;
    return (size_t)((const struct gb_slot_row *)rows)[i].interval;
}

static size_t cell_of_meter(const struct trial *trial, const void *rows, size_t i)
{
    const struct gb_meter_row *row = (const struct gb_meter_row *)rows + i;

    return (size_t)(row->interval * trial->summary->n_meters) + row->meter;
}

static enum gb_status check_slots(const struct trial *trial, const struct gb_slot_row *rows,
                                  size_t n, struct gb_error *err)
{
    size_t twice = 0;
    enum gb_status status = find_twice(trial, cell_of_slot, rows, n, &twice, err);

    if (status == GB_OK && twice < n)
        status = gb_hdf5_damaged(&trial->results->in, err,
                                 "/slots/interval in row %zu is %" PRId64
                                 ", which its trial has already",
                                 trial->first + twice, rows[twice].interval);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        int64_t begin_ns = rows[i].interval * trial->summary->slot_ns;

        if (rows[i].time_ns != begin_ns)
            status = gb_hdf5_damaged(&trial->results->in, err,
                                     "/slots/time in row %zu is %" PRId64 " ns; expected %" PRId64
                                     ", where its slot begins",
                                     trial->first + i, rows[i].time_ns, begin_ns);
    }
    return status;
}

static enum gb_status check_meters(const struct trial *trial, const struct gb_meter_row *rows,
                                   size_t n, struct gb_error *err)
{
    size_t twice = 0;
    enum gb_status status = find_twice(trial, cell_of_meter, rows, n, &twice, err);

    if (status == GB_OK && twice < n)
        status = gb_hdf5_damaged(&trial->results->in, err,
                                 "/meters in row %zu is meter %" PRIu32 " in slot %" PRId64
                                 ", which its trial has already",
                                 trial->first + twice, rows[twice].meter, rows[twice].interval);
    return status;
}

static enum gb_status check_users(const struct trial *trial, const struct gb_user_row *rows,
                                  size_t n, struct gb_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].meter != i)
            return gb_hdf5_damaged(&trial->results->in, err,
                                   "/users/meter in row %zu is %" PRIu32
                                   "; expected %zu, for a trial's meters are counted from 0",
                                   trial->first + i, rows[i].meter, i);
    return GB_OK;
}

static enum gb_status check_blocks(const struct trial *trial, const struct gb_block_row *rows,
                                   size_t n, struct gb_error *err)
{
    for (size_t i = 1; i < n; i++)
        if (rows[i].height <= rows[i - 1].height)
            return gb_hdf5_damaged(&trial->results->in, err,
                                   "/blocks/height in row %zu is %" PRIu64
                                   "; expected more than %" PRIu64 ", the one before",
                                   trial->first + i, rows[i].height, rows[i - 1].height);
    return GB_OK;
}

/* What the rows of kinds add up to, of which /summary has the same. */
static enum gb_status check_sums_of_kinds(const struct trial *trial, const struct gb_kind_row *rows,
                                          size_t n, struct gb_error *err)
{
    struct gb_kind_row sum = {.n_homes = 0};

    for (size_t i = 0; i < n; i++) {
        sum.n_homes += rows[i].n_homes;
        sum.load_wh += rows[i].load_wh;
        sum.cost += rows[i].cost;
        sum.cost_grid_only += rows[i].cost_grid_only;
    }
    const struct {
        const char *names[2]; /* in /kinds, in /summary */
        int64_t values[2];
    } sums[] = {{{"n_homes", "n_meters"}, {sum.n_homes, trial->summary->n_meters}},
                {{"load_wh", "load_wh"}, {sum.load_wh, trial->summary->load_wh}},
                {{"cost", "cost"}, {sum.cost, trial->summary->cost}},
                {{"cost_grid_only", "cost_grid_only"},
                 {sum.cost_grid_only, trial->summary->cost_grid_only}}};
    for (size_t s = 0; s < sizeof sums / sizeof sums[0]; s++)
        if (sums[s].values[0] != sums[s].values[1])
            return gb_hdf5_damaged(&trial->results->in, err,
                                   "/kinds/%s of trial %" PRIu64 " adds up to %" PRId64
                                   ", and /summary/%s is %" PRId64,
                                   sums[s].names[0], trial->summary->trial, sums[s].values[0],
                                   sums[s].names[1], sums[s].values[1]);
    return GB_OK;
}

static enum gb_status check_kinds(const struct trial *trial, const struct gb_kind_row *rows,
                                  size_t n, struct gb_error *err)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(rows[i].kind, rows[i - 1].kind) <= 0)
            return gb_hdf5_damaged(&trial->results->in, err,
                                   "/kinds/kind in row %zu is '%s'; expected a name behind '%s', "
                                   "the one before",
                                   trial->first + i, rows[i].kind, rows[i - 1].kind);
    return check_sums_of_kinds(trial, rows, n, err);
}

/* ---- orders and trades */

/* The accepted orders of a trial, by slot and number. */
struct orders {
    const struct gb_order_row **items;
    size_t n;
};

static int compare_orders(const void *a, const void *b)
{
    const struct gb_order_row *x = *(const struct gb_order_row *const *)a,
                              *y = *(const struct gb_order_row *const *)b;

    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static enum gb_status sort_orders(struct orders *out, const struct trial *trial,
                                  const struct gb_order_row *rows, size_t n, struct gb_error *err)
{
    *out = (struct orders){malloc((n + 1) * sizeof *out->items), 0};
    if (!out->items)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu orders of '%s'", n, trial->results->path);
    for (size_t i = 0; i < n; i++)
        if (rows[i].number != GB_NO_NUMBER)
            out->items[out->n++] = &rows[i];
    qsort(out->items, out->n, sizeof *out->items, compare_orders);
    return GB_OK;
}

static enum gb_status check_orders(const struct trial *trial, const struct gb_order_row *rows,
                                   size_t n, struct gb_error *err)
{
    struct orders orders;
    enum gb_status status = sort_orders(&orders, trial, rows, n, err);

    for (size_t i = 1; status == GB_OK && i < orders.n; i++)
        if (compare_orders(&orders.items[i - 1], &orders.items[i]) == 0)
            status = gb_hdf5_damaged(&trial->results->in, err,
                                     "/orders/number: two orders of slot %" PRId64
                                     " of trial %" PRIu64 " have the number %" PRIu32,
                                     orders.items[i]->interval, trial->summary->trial,
                                     orders.items[i]->number);
    free(orders.items);
    return status;
}

/* Whether the order that a trade names is one of that slot, side and meter. */
static bool is_there(const struct orders *orders, int64_t interval, uint32_t number, uint8_t side,
                     uint32_t meter)
{
    struct gb_order_row wanted = {.interval = interval, .number = number};
    const struct gb_order_row *key = &wanted;
    const struct gb_order_row **found =
        orders->n == 0
            ? NULL
            : bsearch(&key, orders->items, orders->n, sizeof *orders->items, compare_orders);

    return found && (*found)->side == side && (*found)->meter == meter;
}

static enum gb_status find_orders(const struct trial *trial, const struct orders *orders,
                                  const struct gb_trade_row *rows, size_t n, struct gb_error *err)
{
    enum { BUY, SELL }; /* enum gb_side, as the file spells it */

    for (size_t i = 0; i < n; i++) {
        const struct gb_trade_row *row = &rows[i];
        bool has_sell = is_there(orders, row->interval, row->sell_order, SELL, row->seller);

        if (!has_sell || !is_there(orders, row->interval, row->buy_order, BUY, row->buyer))
            return gb_hdf5_damaged(&trial->results->in, err,
                                   "/trades/%s in row %zu is %" PRIu32 "; meter %" PRIu32
                                   " has no such %s order in slot %" PRId64,
                                   has_sell ? "buy_order" : "sell_order", trial->first + i,
                                   has_sell ? row->buy_order : row->sell_order,
                                   has_sell ? row->buyer : row->seller, has_sell ? "buy" : "sell",
                                   row->interval);
    }
    return GB_OK;
}

static enum gb_status check_trades(const struct trial *trial, const struct gb_trade_row *rows,
                                   size_t n, struct gb_error *err)
{
    void *order_rows = NULL;
    size_t n_orders = 0;
    struct orders orders = {0};
    enum gb_status status =
        n == 0 ? GB_OK
               : gb_results_rows(trial->results, GB_TABLE_ORDERS, trial->summary->trial,
                                 &order_rows, &n_orders, err);

    if (n > 0 && status == GB_OK)
        status = sort_orders(&orders, trial, order_rows, n_orders, err);
    if (n > 0 && status == GB_OK)
        status = find_orders(trial, &orders, rows, n, err);
    free(orders.items);
    free(order_rows);
    return status;
}

enum gb_status gb_results_check_trial(struct gb_results *results, enum gb_table table, size_t place,
                                      size_t first, const void *rows, size_t n,
                                      struct gb_error *err)
{
    struct trial trial = {results, &results->summary[place], first};

    switch (table) {
    case GB_TABLE_SLOTS: return check_slots(&trial, rows, n, err);
    case GB_TABLE_USERS: return check_users(&trial, rows, n, err);
    case GB_TABLE_ORDERS: return check_orders(&trial, rows, n, err);
    case GB_TABLE_TRADES: return check_trades(&trial, rows, n, err);
    case GB_TABLE_BLOCKS: return check_blocks(&trial, rows, n, err);
    case GB_TABLE_METERS: return check_meters(&trial, rows, n, err);
    case GB_TABLE_KINDS: return check_kinds(&trial, rows, n, err);
    default: return GB_OK;
    }
}
