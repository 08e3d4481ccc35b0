/* Records, and the encoding and journal that keep them. */
#include "analysis/record.h"

#include <math.h>
#include <string.h>

#include "analysis/schema.h"
#include "base/quantity.h"
#include "tests/sample.h"
#include "tests/tap.h"

static void rows_come_back_in_the_order_in_which_they_went(void)
{
    struct gb_record *record = NULL;

    EXPECT_INT(gb_record_create(&record, 7, GB_OUTPUT_MARKET, NULL), GB_OK);
    for (uint32_t i = 0; i < 100; i++) {
        struct gb_trade_row row = {.number = i, .energy_wh = 10 * i};
        EXPECT_INT(gb_record_append(record, GB_TABLE_TRADES, &row, NULL), GB_OK);
    }
    const struct gb_trade_row *rows = gb_record_rows(record, GB_TABLE_TRADES);
    EXPECT_INT((int64_t)gb_record_n_rows(record, GB_TABLE_TRADES), 100);
    for (uint32_t i = 0; i < 100; i++)
        EXPECT(rows[i].number == i && rows[i].energy_wh == 10 * i);
    EXPECT_INT((int64_t)gb_record_n_rows(record, GB_TABLE_ORDERS), 0);
    gb_record_free(record);
}

static void a_summary_record_takes_and_drops_the_rows_of_other_tables(void)
{
    struct gb_record *record = sample_paper(3, GB_OUTPUT_SUMMARY);

    EXPECT_INT((int64_t)gb_record_n_rows(record, GB_TABLE_SUMMARY), 1);
    for (int table = GB_TABLE_SUMMARY + 1; table < GB_N_TABLES; table++)
        EXPECT_INT((int64_t)gb_record_n_rows(record, table), 0);
    gb_record_free(record);
}

static void varied_keys_are_copied(void)
{
    char key[] = "market.beta", value[] = "0.1";
    const char *const keys[] = {key}, *const values[] = {value};
    struct gb_record *record = NULL;

    gb_record_create(&record, 0, GB_OUTPUT_SUMMARY, NULL);
    EXPECT_INT(gb_record_set_varied(record, 1, keys, values, NULL), GB_OK);
    key[0] = value[0] = 'x';
    EXPECT_INT((int64_t)gb_record_n_varied(record), 1);
    EXPECT_TEXT(gb_record_varied_key(record, 0), "market.beta");
    EXPECT_TEXT(gb_record_varied_value(record, 0), "0.1");
    gb_record_free(record);
}

/* Every byte of a row that is not padding belongs to exactly one field of the schema. */
static void the_schema_names_every_byte_of_every_row_once(void)
{
    for (int table = 0; table < GB_N_TABLES; table++) {
        const struct gb_schema *schema = &gb_schemas[table];
        uint8_t used[sizeof(struct gb_summary_row)] = {0}; /* the largest */
        size_t n_used = 0, n_twice = 0, widest = 8;

        for (const struct gb_field *field = schema->fields; field->name; field++) {
            EXPECT(field->offset + gb_field_size(field->kind) <= schema->row_size);
            EXPECT(field->unit[0] && field->long_name[0]);
            EXPECT(gb_field_find(table, field->name) == field);
            for (size_t i = 0; i < gb_field_size(field->kind); i++) {
                n_twice += used[field->offset + i];
                used[field->offset + i] = 1;
            }
        }
        for (size_t i = 0; i < schema->row_size; i++)
            n_used += used[i];
        EXPECT_INT((int64_t)n_twice, 0);
        /* a forgotten 8-byte field would leave a hole of 8; padding only ever fills up to 8 */
        size_t hole = 0;
        for (size_t i = 0; i < schema->row_size; i++) {
            hole = used[i] ? 0 : hole + 1;
            EXPECT(hole < widest);
        }
        EXPECT(n_used > 0);
    }
}

static void a_field_reads_as_a_number_in_its_unit(void)
{
    struct gb_trade_row trade = {.round = 2, .price_buy = 492500};
    struct gb_user_row user = {.meter = 16777217, .cost = INT64_C(1142687500000)};

    EXPECT_NEAR(gb_field_value(gb_field_find(GB_TABLE_TRADES, "price_buy"), &trade), 0.4925, 1e-15);
    EXPECT_NEAR(gb_field_value(gb_field_find(GB_TABLE_TRADES, "round"), &trade), 2.0, 0.0);
    EXPECT_NEAR(gb_field_value(gb_field_find(GB_TABLE_USERS, "cost"), &user), 1142.6875, 1e-9);
    EXPECT_NEAR(gb_field_value(gb_field_find(GB_TABLE_USERS, "meter"), &user), 16777217.0, 0.0);
    user.cost = 150000; /* a tie of the four digits that are shown */
    EXPECT(gb_field_value(gb_field_find(GB_TABLE_USERS, "cost"), &user) == gb_currency(150000));
    EXPECT(gb_field_find(GB_TABLE_USERS, "nothing") == NULL);
}

/* Whoever reads a column as numbers sees what h5netcdf, pandas and R see: no value, never a
 * sentinel. */
static void what_is_missing_is_no_number(void)
{
    const struct gb_order_row none = {
        .number = GB_NO_NUMBER, .beta_millionths = -1, .sent_ns = 0, .stable_ns = GB_NO_TIME};
    const struct gb_order_row some = {.number = 0, .beta_millionths = 0, .stable_ns = 5};
    const struct gb_trade_row pending = {.number = 0}, settled = {.settled_height = 3};
    static const char *const names[] = {"number", "beta", "stable"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct gb_field *field = gb_field_find(GB_TABLE_ORDERS, names[i]);
        EXPECT(field && field->missing && isnan(gb_field_value(field, &none)) &&
               !isnan(gb_field_value(field, &some)));
    }
    const struct gb_field *height = gb_field_find(GB_TABLE_TRADES, "settled_height");
    EXPECT(isnan(gb_field_value(height, &pending)) && gb_field_value(height, &settled) == 3);
    EXPECT(gb_field_value(gb_field_find(GB_TABLE_ORDERS, "sent"), &none) == 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(rows_come_back_in_the_order_in_which_they_went),
        TAP(a_summary_record_takes_and_drops_the_rows_of_other_tables),
        TAP(varied_keys_are_copied),
        TAP(the_schema_names_every_byte_of_every_row_once),
        TAP(a_field_reads_as_a_number_in_its_unit),
        TAP(what_is_missing_is_no_number),
        {0}};
    return tap_main("record", tests);
}
