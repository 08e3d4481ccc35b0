#include "analysis/schema.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"

/* The words of the flags are those of the enums and families they come from (market, contracts,
 * agents), written out here because analysis knows files, not models; a test holds them against the
 * enums. */
#define SOURCES "any solar wind storage grid"
#define RECEIPTS                                                                  \
    "ok unregistered suspended bad_signature replay expired out_of_band "         \
    "outside_reserve beyond_capacity underfunded below_minimum gate_closed late " \
    "malformed not_allowed unknown_target already_done wrong_root too_early "     \
    "wrong_registers superseded"
#define STRATEGIES "none paper_beta truthful fixed_shade zi_c zi_c_shouts zi_u zip aa gdx mre vre"
#define MISSED_CAUSES                                                               \
    "none close_link close_pool close_consensus close_refused open_link open_pool " \
    "open_refused"

/* Values that say "none". */
static const int64_t no_time = GB_NO_TIME, no_number = GB_NO_NUMBER, no_beta = -1, no_height = 0;

/* Bounds far beyond any neighbourhood, within which sums and products fit 64 bits: those of orders
 * are a TWh and a million currency per kWh (models/market/order.h). */
#define MAX_WH INT64_C(1000000000000)
#define MAX_TICKS INT64_C(1000000000000)
#define MAX_METERS UINT32_MAX
#define DAY_NS INT64_C(86400000000000)

/* What the fields of a kind may hold where their row does not say otherwise. */
/* clang-format off */
#define FROM_TO(low, high) {low, high, GB_REFERS_TO_NOTHING}
/* clang-format on */
#define INTEGER_DOMAIN FROM_TO(0, GB_MAX_SUM) /* they count something */
#define ENERGY_DOMAIN FROM_TO(0, GB_MAX_SUM)
#define MONEY_DOMAIN FROM_TO(-GB_MAX_SUM, GB_MAX_SUM)
#define PRICE_DOMAIN FROM_TO(-MAX_TICKS, MAX_TICKS)
#define MILLIONTHS_DOMAIN FROM_TO(0, 1000000)
#define TIME_DOMAIN FROM_TO(-GB_MAX_SUM, GB_MAX_SUM)
#define UNSIGNED_DOMAIN FROM_TO(0, INT64_MAX)
#define INDEX_DOMAIN FROM_TO(0, UINT32_MAX)
#define NUMBER_DOMAIN FROM_TO(0, 0)
#define NAME_DOMAIN FROM_TO(0, 0)
#define HASH_DOMAIN FROM_TO(0, 0)

/* What the lines of analysis/rows.def come to: member, name in the file, unit, text. */
/* clang-format off */
#define BOUNDED(kind, member, name, unit, text, ...) \
    {name, offsetof(struct S, member), GB_FIELD_##kind, unit, text, NULL, __VA_ARGS__, NULL, NULL, \
     GB_NO_SHARE},
#define ROW_OR(none, kind, member, name, unit, text) \
    {name, offsetof(struct S, member), GB_FIELD_##kind, unit, text, NULL, kind##_DOMAIN, NULL, none, \
     GB_NO_SHARE},
#define FLAG(member, text, words) \
    {#member, offsetof(struct S, member), GB_FIELD_FLAG, "1", text, words, FROM_TO(0, UINT8_MAX), \
     NULL, NULL, GB_NO_SHARE},
#define RATIO_UP_TO(share, member, unit, denominator, text) \
    {#member, offsetof(struct S, member), GB_FIELD_NUMBER, unit, text, NULL, NUMBER_DOMAIN, \
     denominator, NULL, share},
#define TABLE(fields) static const struct gb_field fields[] = {
#define END {NULL, 0, GB_FIELD_INTEGER, NULL, NULL, NULL, FROM_TO(0, 0), NULL, NULL, GB_NO_SHARE}};
/* clang-format on */
#include "analysis/rows.def"

#define FITS(fields) \
    _Static_assert(sizeof(fields) / sizeof(fields)[0] <= GB_MAX_FIELDS, "see GB_MAX_FIELDS")
FITS(summary_fields);
FITS(slots_fields);
FITS(users_fields);
FITS(orders_fields);
FITS(trades_fields);
FITS(blocks_fields);
FITS(meters_fields);
FITS(kinds_fields);

const struct gb_schema gb_schemas[GB_N_TABLES] = {
    {"summary", GB_OUTPUT_SUMMARY, "one row a trial", sizeof(struct gb_summary_row),
     summary_fields},
    {"slots", GB_OUTPUT_MARKET, "one row a trial and slot", sizeof(struct gb_slot_row),
     slots_fields},
    {"users", GB_OUTPUT_MARKET, "one row a trial and meter", sizeof(struct gb_user_row),
     users_fields},
    {"orders", GB_OUTPUT_MARKET, "one row an order, amendment or cancel sent",
     sizeof(struct gb_order_row), orders_fields},
    {"trades", GB_OUTPUT_MARKET, "one row a trade matched", sizeof(struct gb_trade_row),
     trades_fields},
    {"blocks", GB_OUTPUT_MARKET, "one row a block", sizeof(struct gb_block_row), blocks_fields},
    {"meters", GB_OUTPUT_METERS, "one row a trial, slot and meter", sizeof(struct gb_meter_row),
     meters_fields},
    {"kinds", GB_OUTPUT_SUMMARY, "one row a trial and kind of households that it has homes of",
     sizeof(struct gb_kind_row), kinds_fields},
};

size_t gb_field_size(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_INDEX: return sizeof(uint32_t);
    case GB_FIELD_FLAG: return sizeof(uint8_t);
    case GB_FIELD_NUMBER: return sizeof(double);
    case GB_FIELD_HASH: return GB_HASH_BYTES;
    case GB_FIELD_NAME: return GB_NAME_SIZE;
    default: return sizeof(int64_t);
    }
}

double gb_field_scale(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_MONEY: return GB_CURRENCY_PER_UNIT;
    case GB_FIELD_PRICE:
    case GB_FIELD_MILLIONTHS: return 1e-6;
    default: return 1.0;
    }
}

const struct gb_field *gb_field_find(enum gb_table table, const char *name)
{
    for (const struct gb_field *field = gb_schemas[table].fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

double gb_field_value(const struct gb_field *field, const void *row)
{
    const char *at = (const char *)row + field->offset;
    int64_t integer;
    uint32_t index;
    double number;

    switch (field->kind) {
    case GB_FIELD_HASH:
    case GB_FIELD_NAME: return NAN;
    case GB_FIELD_FLAG: return *(const uint8_t *)at;
    case GB_FIELD_INDEX:
        memcpy(&index, at, sizeof index);
        return field->missing && index == *field->missing ? NAN : (double)index;
    case GB_FIELD_NUMBER: memcpy(&number, at, sizeof number); return number;
    default:
        memcpy(&integer, at, sizeof integer);
        if (field->missing && integer == *field->missing)
            return NAN;
        return (double)integer * gb_field_scale(field->kind);
    }
}

/* How many rows ahead of itself a walk asks for memory: rows are wide, so each value is in a line
 * and mostly in a page of its own. */
#define AHEAD 16

static const char *row_ahead(const char *rows, size_t row_size, const size_t *places, size_t n,
                             size_t i)
{
    return rows + row_size * places[i + AHEAD < n ? i + AHEAD : n - 1];
}

void gb_field_values(const struct gb_field *field, const void *rows, size_t row_size,
                     const size_t *places, size_t n, double *values)
{
    const char *column = (const char *)rows + field->offset;
    bool is_integer = gb_field_size(field->kind) == sizeof(int64_t) &&
                      field->kind != GB_FIELD_NUMBER && !field->missing;
    double scale = gb_field_scale(field->kind);

    for (size_t i = 0; i < n; i++) {
        const char *at = column + row_size * places[i];
        int64_t integer;

        __builtin_prefetch(row_ahead(column, row_size, places, n, i));
        if (is_integer) {
            memcpy(&integer, at, sizeof integer);
            values[i] = (double)integer * scale;
        } else if (field->kind == GB_FIELD_NUMBER)
            memcpy(&values[i], at, sizeof values[i]);
        else
            values[i] = gb_field_value(field, at - field->offset);
    }
}

size_t gb_field_n_words(const struct gb_field *field)
{
    size_t n = 1;

    for (const char *at = field->words; *at; at++)
        n += *at == ' ';
    return n;
}

char *gb_field_word(const struct gb_field *field, uint8_t value, char *buffer, size_t size)
{
    const char *word = field->words;

    for (; word && value > 0; value--) {
        word = strchr(word, ' ');
        word = word ? word + 1 : NULL;
    }
    if (word)
        snprintf(buffer, size, "%.*s", (int)strcspn(word, " "), word);
    else
        snprintf(buffer, size, "?");
    return buffer;
}
