#include "analysis/domain.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one field */

static struct gb_field_domain domain_of(const struct gb_field *field, struct gb_extent extent)
{
    struct gb_field_domain domain = field->domain;

    if (field->kind == GB_FIELD_FLAG)
        domain.high = (int64_t)gb_field_n_words(field) - 1;
    if (domain.of == GB_REFERS_TO_METER)
        domain.high = extent.n_meters - 1;
    if (domain.of == GB_REFERS_TO_SLOT)
        domain.high = extent.n_slots - 1;
    return domain;
}

/* An integer of any width; what is unsigned and beyond 63 bits comes out negative. */
static int64_t integer_in(const struct gb_field *field, const void *row)
{
    const char *at = (const char *)row + field->offset;
    uint32_t index;
    int64_t integer;

    if (field->kind == GB_FIELD_FLAG)
        return *(const uint8_t *)at;
    if (field->kind == GB_FIELD_INDEX) {
        memcpy(&index, at, sizeof index);
        return index;
    }
    memcpy(&integer, at, sizeof integer);
    return integer;
}

/* ---- many values of one field */

/* Values between low and high, or equal to `missing`. Counted, and by one comparison each: so no
 * value is waited for. */
struct range {
    uint64_t low, width;
    int64_t missing; /* one of the others, where none is */
};

static struct range range_of(const struct gb_field *field, struct gb_extent extent)
{
    struct gb_field_domain domain = domain_of(field, extent);
    int64_t missing = field->missing ? *field->missing : domain.low;

    if (domain.high < domain.low) /* it can only be missing */
        domain.low = domain.high = missing;
    return (struct range){(uint64_t)domain.low, (uint64_t)domain.high - (uint64_t)domain.low,
                          missing};
}

static bool is_in(const struct range *range, int64_t value)
{
    return (uint64_t)value - range->low <= range->width || value == range->missing;
}

static bool integers_hold(const struct range *range, const char *values, size_t n)
{
    uint64_t low = range->low, width = range->width;
    size_t n_in = 0;

    for (size_t i = 0; i < n; i++) { /* as most columns are in files, without one that is missing */
        uint64_t value;

        memcpy(&value, values + i * sizeof value, sizeof value);
        n_in += value - low <= width;
    }
    if (n_in == n)
        return true;
    n_in = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t value;

        memcpy(&value, values + i * sizeof value, sizeof value);
        n_in += is_in(range, value);
    }
    return n_in == n;
}

static bool indices_hold(const struct range *range, const char *values, size_t n)
{
    size_t n_in = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t value;

        memcpy(&value, values + i * sizeof value, sizeof value);
        n_in += is_in(range, value);
    }
    return n_in == n;
}

static bool flags_hold(const struct range *range, const uint8_t *values, size_t n)
{
    size_t n_in = 0;

    for (size_t i = 0; i < n; i++)
        n_in += is_in(range, values[i]);
    return n_in == n;
}

static bool numbers_hold(const char *values, size_t n)
{
    size_t n_infinite = 0;

    for (size_t i = 0; i < n; i++) {
        double value;

        memcpy(&value, values + i * sizeof value, sizeof value);
        n_infinite += isinf(value) != 0;
    }
    return n_infinite == 0;
}

bool gb_field_values_hold(const struct gb_field *field, const void *values, size_t n,
                          struct gb_extent extent)
{
    struct range range;

    if (field->kind == GB_FIELD_NAME || field->kind == GB_FIELD_HASH)
        return true;
    if (field->kind == GB_FIELD_NUMBER)
        return numbers_hold(values, n);
    if (!field->missing && domain_of(field, extent).high < field->domain.low)
        return n == 0; /* a trial without meters or slots */
    range = range_of(field, extent);
    switch (field->kind) {
    case GB_FIELD_INDEX: return indices_hold(&range, values, n);
    case GB_FIELD_FLAG: return flags_hold(&range, values, n);
    default: return integers_hold(&range, values, n);
    }
}

char *gb_field_describe(const struct gb_field *field, const void *row, struct gb_extent extent,
                        char *buffer, size_t size)
{
    struct gb_field_domain domain = domain_of(field, extent);
    int64_t value = field->kind == GB_FIELD_NUMBER ? 0 : integer_in(field, row);

    if (field->kind == GB_FIELD_NUMBER)
        snprintf(buffer, size, "infinite; expected a finite number, or NaN for none");
    else if (field->kind == GB_FIELD_FLAG)
        snprintf(buffer, size, "%" PRId64 "; expected 0 to %" PRId64 " (%.300s)", value,
                 domain.high, field->words);
    else if (domain.of != GB_REFERS_TO_NOTHING && domain.high < 0)
        snprintf(buffer, size, "%" PRId64 "; its trial has no %s", value,
                 domain.of == GB_REFERS_TO_METER ? "meter" : "slot");
    else if (domain.of != GB_REFERS_TO_NOTHING)
        snprintf(buffer, size, "%" PRId64 "; expected a %s of its trial, 0 to %" PRId64, value,
                 domain.of == GB_REFERS_TO_METER ? "meter" : "slot", domain.high);
    else
        snprintf(buffer, size, "%" PRId64 "; expected %" PRId64 " to %" PRId64, value, domain.low,
                 domain.high);
    return buffer;
}

/* ---- one row */

static const char *summary_contradiction(const struct gb_summary_row *row)
{
    double max = (double)GB_MAX_SUM;
    int64_t dearest = llabs(row->retail) + llabs(row->feed_in);

    if ((double)row->n_slots * (double)row->slot_ns > max)
        return "n_slots times slot_ns is longer than 64 bits of nanoseconds";
    if ((double)row->traded_wh * (double)dearest > max)
        return "traded_wh at the tariff is more money than 64 bits count";
    if ((double)row->n_slots * (double)row->n_meters > max)
        return "n_slots times n_meters exceeds 64 bits";
    if (row->n_missed_slots > row->n_slots)
        return "n_missed_slots exceeds n_slots";
    if (row->n_users_losing > row->n_meters)
        return "n_users_losing exceeds n_meters";
    return NULL;
}

static const char *order_contradiction(const struct gb_order_row *row)
{
    if (row->matched_wh > row->quantity_wh)
        return "matched_wh exceeds quantity_wh";
    if (row->cut_wh > row->quantity_wh)
        return "cut_wh exceeds quantity_wh";
    return NULL;
}

static const char *trade_contradiction(const struct gb_trade_row *row)
{
    if (row->sell_order == row->buy_order)
        return "its sell_order is its buy_order";
    if (row->executed_wh > row->energy_wh)
        return "executed_wh exceeds energy_wh";
    return NULL;
}

const char *gb_row_contradiction(enum gb_table table, const void *row)
{
    switch (table) {
    case GB_TABLE_SUMMARY: return summary_contradiction(row);
    case GB_TABLE_ORDERS: return order_contradiction(row);
    case GB_TABLE_TRADES: return trade_contradiction(row);
    default: return NULL;
    }
}

int64_t gb_table_n_rows(enum gb_table table, const struct gb_summary_row *summary)
{
    switch (table) {
    case GB_TABLE_SLOTS: return summary->n_slots;
    case GB_TABLE_USERS: return summary->n_meters;
    case GB_TABLE_ORDERS: return summary->n_orders + summary->n_amendments;
    case GB_TABLE_TRADES: return summary->n_trades;
    case GB_TABLE_BLOCKS: return summary->n_blocks;
    case GB_TABLE_METERS: return summary->n_slots * summary->n_meters;
    case GB_TABLE_KINDS: return GB_ANY_NUMBER;
    default: return 1;
    }
}
