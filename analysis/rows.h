/* The rows of a record's tables as plain structs, and what stands in them. How they look in a file
 * is analysis/schema.h. */
#ifndef ANALYSIS_ROWS_H
#define ANALYSIS_ROWS_H

#include <stdint.h>

#define GB_NAME_SIZE 48         /* bytes of a meter's name, the closing NUL among them */
#define GB_NO_TIME INT64_MIN    /* a time that never came */
#define GB_NO_NUMBER UINT32_MAX /* an order that was not accepted has no number in its slot */

enum gb_table {                   /* groups of the result file, in this order */
                GB_TABLE_SUMMARY, /* one row a trial, always */
                GB_TABLE_SLOTS,   /* from output.level market */
                GB_TABLE_USERS,   /* from market */
                GB_TABLE_ORDERS,  /* from market */
                GB_TABLE_TRADES,  /* from market */
                GB_TABLE_BLOCKS,  /* from market */
                GB_TABLE_METERS,  /* from meters */
                GB_TABLE_KINDS,   /* always where there are kinds of households, else never */
                GB_N_TABLES
};
enum gb_output_level { GB_OUTPUT_SUMMARY, GB_OUTPUT_MARKET, GB_OUTPUT_METERS, GB_N_OUTPUT_LEVELS };

/* Where an order was when the gate fell, if it came too late. */
enum gb_late_cause { GB_LATE_NOT, GB_LATE_SENT, GB_LATE_LINK, GB_LATE_POOL, GB_LATE_CONSENSUS };
/* What a message about an order does. */
enum gb_order_action { GB_ACTION_ADD, GB_ACTION_AMEND, GB_ACTION_CANCEL };
/* Which message of the operator a missed slot missed, and where it was, or that it had been refused
 * and signed again in vain. An open in a block sealed by the deadline is in time. */
enum gb_missed_cause {
    GB_MISSED_NOT,
    GB_MISSED_CLOSE_LINK,
    GB_MISSED_CLOSE_POOL,
    GB_MISSED_CLOSE_CONSENSUS,
    GB_MISSED_CLOSE_REFUSED,
    GB_MISSED_OPEN_LINK,
    GB_MISSED_OPEN_POOL,
    GB_MISSED_OPEN_REFUSED
};

/* The structs of the rows: gb_summary_row, gb_slot_row, gb_user_row, gb_order_row, gb_trade_row,
 * gb_block_row, gb_meter_row (a meter in a slot) and gb_kind_row, members and comments in
 * analysis/rows.def. */
/* clang-format off */
#define GB_MEMBER_INTEGER(member) int64_t member;
#define GB_MEMBER_ENERGY(member) int64_t member;
#define GB_MEMBER_MONEY(member) int64_t member;
#define GB_MEMBER_PRICE(member) int64_t member;
#define GB_MEMBER_MILLIONTHS(member) int64_t member;
#define GB_MEMBER_TIME(member) int64_t member;
#define GB_MEMBER_UNSIGNED(member) uint64_t member;
#define GB_MEMBER_INDEX(member) uint32_t member;
#define GB_MEMBER_NUMBER(member) double member;
#define GB_MEMBER_NAME(member) char member[GB_NAME_SIZE];
#define GB_MEMBER_HASH(member) uint8_t member[32];
#define TABLE(fields) struct S {
#define BOUNDED(kind, member, name, unit, text, ...) GB_MEMBER_##kind(member)
#define ROW_OR(none, kind, member, name, unit, text) GB_MEMBER_##kind(member)
#define FLAG(member, text, words) uint8_t member;
#define RATIO_UP_TO(share, member, unit, denominator, text) double member;
#define END };
/* clang-format on */
#include "analysis/rows.def"
#undef TABLE
#undef BOUNDED
#undef ROW_OR
#undef FLAG
#undef RATIO_UP_TO
#undef END

#endif
