#include "analysis/kind_sums.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/quantity.h"

/* Where a sum and what it is of stand in their rows. */
struct sum {
    size_t of_kind, of_user;
};
#define SUM(member)                                                                \
    {                                                                              \
        offsetof(struct gb_kind_row, member), offsetof(struct gb_user_row, member) \
    }
/* clang-format off */
static const struct sum integers[] = {
    SUM(generation_wh), SUM(curtailed_wh), SUM(load_wh), SUM(ev_wh), SUM(ev_unserved_wh),
    SUM(heat_pump_wh), SUM(heat_wh), SUM(heat_unserved_wh),
    SUM(import_wh), SUM(export_wh), SUM(charge_wh), SUM(discharge_wh), SUM(storage_wear_cost),
    SUM(bought_wh), SUM(sold_wh), SUM(bought_cost), SUM(sold_revenue), SUM(imbalance_short_wh),
    SUM(imbalance_long_wh), SUM(tariff_cost), SUM(imbalance_short_cost), SUM(imbalance_long_cost),
    SUM(schedule_cost), SUM(fee_cost), SUM(network_fee_cost), SUM(levy_cost), SUM(market_fee_cost),
    SUM(cost), SUM(cost_grid_only),
};
static const struct sum numbers[] = {
    SUM(pv_kw), SUM(turbine_kw), SUM(battery_kwh), SUM(ev_kw), SUM(heat_pump_kw),
    SUM(yearly_kwh),
};
/* clang-format on */
#undef SUM

static void add_integer(struct gb_kind_row *row, const void *other, size_t to, size_t from)
{
    int64_t total, more;

    memcpy(&total, (const char *)row + to, sizeof total);
    memcpy(&more, (const char *)other + from, sizeof more);
    total += more;
    memcpy((char *)row + to, &total, sizeof total);
}

static void add_number(struct gb_kind_row *row, const void *other, size_t to, size_t from)
{
    double total, more;

    memcpy(&total, (const char *)row + to, sizeof total);
    memcpy(&more, (const char *)other + from, sizeof more);
    total += more;
    memcpy((char *)row + to, &total, sizeof total);
}

void gb_kind_row_add(struct gb_kind_row *row, const struct gb_user_row *user)
{
    row->n_homes++;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
        add_integer(row, user, integers[i].of_kind, integers[i].of_user);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_number(row, user, numbers[i].of_kind, numbers[i].of_user);
}

void gb_kind_row_join(struct gb_kind_row *row, const struct gb_kind_row *other)
{
    row->n_homes += other->n_homes;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
        add_integer(row, other, integers[i].of_kind, integers[i].of_kind);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_number(row, other, numbers[i].of_kind, numbers[i].of_kind);
}

static double ratio(int64_t part, int64_t whole)
{
    return whole != 0 ? (double)part / (double)whole : NAN;
}

void gb_kind_row_end(struct gb_kind_row *row)
{
    int64_t own_wh = row->generation_wh - row->export_wh; /* < 0: what the grid had filled in */

    row->saving = row->cost_grid_only - row->cost;
    row->self_consumption = ratio(own_wh > 0 ? own_wh : 0, row->generation_wh);
    row->self_sufficiency = 1 - ratio(row->import_wh, row->load_wh);
    row->full_cycles = row->battery_kwh > 0 ? (double)(row->charge_wh + row->discharge_wh) /
                                                  (2 * GB_WH_PER_KWH * row->battery_kwh)
                                            : NAN;
}
