#include "analysis/schema.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The words of the flags are those of the enums they come from (market, contracts), written out
 * here because analysis knows files, not models; a test holds them against the enums. */
#define SOURCES "any solar wind storage grid"
#define RECEIPTS                                                                  \
    "ok unregistered suspended bad_signature replay expired out_of_band "         \
    "outside_reserve beyond_capacity underfunded below_minimum gate_closed late " \
    "malformed not_allowed unknown_target already_done wrong_root too_early "     \
    "wrong_registers"

#define MISSED_CAUSES                                                               \
    "none close_link close_pool close_consensus close_refused open_link open_pool " \
    "open_refused"

/* Values that say "none". */
static const int64_t no_time = GB_NO_TIME, no_number = GB_NO_NUMBER, no_beta = -1, no_height = 0;

/* Bounds far beyond any neighbourhood, within which sums and products fit 64 bits: those of orders
 * are a TWh and a million currency per kWh (models/market/order.h). */
#define MOST_WH INT64_C(1000000000000)
#define MOST_TICKS INT64_C(1000000000000)
#define MOST_METERS UINT32_MAX
#define DAY_NS INT64_C(86400000000000)

/* What the fields of a kind may hold where their row does not say otherwise. */
/* clang-format off */
#define FROM_TO(low, high) {low, high, GB_REFERS_TO_NOTHING}
/* clang-format on */
#define INTEGER_DOMAIN FROM_TO(0, GB_MOST_SUM) /* they count something */
#define ENERGY_DOMAIN FROM_TO(0, GB_MOST_SUM)
#define MONEY_DOMAIN FROM_TO(-GB_MOST_SUM, GB_MOST_SUM)
#define PRICE_DOMAIN FROM_TO(-MOST_TICKS, MOST_TICKS)
#define MILLIONTHS_DOMAIN FROM_TO(0, 1000000)
#define TIME_DOMAIN FROM_TO(-GB_MOST_SUM, GB_MOST_SUM)
#define UNSIGNED_DOMAIN FROM_TO(0, INT64_MAX)
#define INDEX_DOMAIN FROM_TO(0, UINT32_MAX)
#define NUMBER_DOMAIN FROM_TO(0, 0)
#define NAME_DOMAIN FROM_TO(0, 0)
#define HASH_DOMAIN FROM_TO(0, 0)

/* Rows of the tables: member, then (where it is not the member's) name in the file, unit, text. */
/* clang-format off */
#define BOUNDED(kind, member, name, unit, text, ...) \
    {name, offsetof(struct S, member), GB_FIELD_##kind, unit, text, NULL, __VA_ARGS__, NULL, NULL}
#define ROW_OR(none, kind, member, name, unit, text) \
    {name, offsetof(struct S, member), GB_FIELD_##kind, unit, text, NULL, kind##_DOMAIN, NULL, none}
/* clang-format on */
#define ROW(kind, member, name, unit, text) ROW_OR(NULL, kind, member, name, unit, text)
#define INTEGER(member, text) ROW(INTEGER, member, #member, "1", text)
#define MEASURE(member, unit, text) ROW(INTEGER, member, #member, unit, text)
#define ENERGY(member, text) ROW(ENERGY, member, #member, "Wh", text)
#define NET_ENERGY(member, text) /* of either sign */ \
    BOUNDED(ENERGY, member, #member, "Wh", text, FROM_TO(-GB_MOST_SUM, GB_MOST_SUM))
#define QUANTITY(member, text) /* of one order or trade */ \
    BOUNDED(ENERGY, member, #member, "Wh", text, FROM_TO(0, MOST_WH))
#define MONEY(member, text) ROW(MONEY, member, #member, "currency", text)
#define PRICE(member, text) ROW(PRICE, member, #member, "currency/kWh", text)
#define TIME(member, text) ROW_OR(&no_time, TIME, member##_ns, #member, "ns", text)
#define UNSIGNED(member, text) ROW(UNSIGNED, member, #member, "1", text)
#define INDEX(member, text) ROW(INDEX, member, #member, "1", text)
#define METER(member, text) \
    BOUNDED(INDEX, member, #member, "1", text, {0, UINT32_MAX, GB_REFERS_TO_METER})
#define SLOT(member, text) \
    BOUNDED(INTEGER, member, #member, "1", text, {0, INT64_MAX, GB_REFERS_TO_SLOT})
#define NUMBER(member, unit, text) ROW(NUMBER, member, #member, unit, text)
/* clang-format off */
#define FLAG(member, text, words) \
    {#member, offsetof(struct S, member), GB_FIELD_FLAG, "1", text, words, FROM_TO(0, UINT8_MAX), \
     NULL, NULL}
#define RATIO(member, unit, denominator, text) \
    {#member, offsetof(struct S, member), GB_FIELD_NUMBER, unit, text, NULL, NUMBER_DOMAIN, \
     denominator, NULL}
#define END {NULL, 0, GB_FIELD_INTEGER, NULL, NULL, NULL, FROM_TO(0, 0), NULL, NULL}
/* clang-format on */

#define S gb_summary_row
static const struct gb_field summary_fields[] = {
    UNSIGNED(trial, "number of the trial"),
    UNSIGNED(seed, "seed of the random streams"),
    INDEX(replication, "replication: trials of equal number share their draws"),
    BOUNDED(INTEGER, slot_ns, "slot_ns", "ns", "length of a slot", FROM_TO(1, DAY_NS)),
    PRICE(retail, "price at which the grid sells"),
    PRICE(feed_in, "price at which the grid buys"),
    BOUNDED(INTEGER, n_meters, "n_meters", "1", "meters", FROM_TO(0, MOST_METERS)),
    INTEGER(n_slots, "slots"),
    INTEGER(n_missed_slots, "slots without a match in time"),
    INTEGER(n_missed_close_link, "missed: the operator's close was on its link"),
    INTEGER(n_missed_close_pool, "missed: the operator's close was at a pool"),
    INTEGER(n_missed_close_consensus, "missed: the operator's close was in a block not yet stable"),
    INTEGER(n_missed_close_refused, "missed: the operator's close was refused and signed again"),
    INTEGER(n_missed_open_link, "missed: the operator's open was on its link"),
    INTEGER(n_missed_open_pool, "missed: the operator's open was at a pool"),
    INTEGER(n_missed_open_refused, "missed: the operator's open was refused and signed again"),
    INTEGER(n_orders, "orders sent"),
    INTEGER(n_accepted, "orders accepted by the contract"),
    INTEGER(n_refused, "orders refused by the contract"),
    INTEGER(n_late, "orders that came after the gate, or never"),
    INTEGER(n_late_sent, "late: sent after the gate"),
    INTEGER(n_late_link, "late: on its client's link when the gate fell"),
    INTEGER(n_late_pool, "late: refused by full pools or waiting in one when the gate fell"),
    INTEGER(n_late_consensus, "late: in a block not yet stable when the gate fell"),
    INTEGER(n_refused_unregistered, "orders refused for good: unregistered"),
    INTEGER(n_refused_suspended, "orders refused for good: suspended"),
    INTEGER(n_refused_bad_signature, "orders refused for good: bad signature"),
    INTEGER(n_refused_replay, "orders refused for good: replay"),
    INTEGER(n_refused_expired, "orders refused for good: expired"),
    INTEGER(n_refused_out_of_band, "orders refused for good: out of band"),
    INTEGER(n_refused_outside_reserve, "orders refused for good: outside reserve"),
    INTEGER(n_refused_beyond_capacity, "orders refused for good: beyond capacity"),
    INTEGER(n_refused_underfunded, "orders refused for good: underfunded"),
    INTEGER(n_refused_below_minimum, "orders refused for good: below minimum"),
    INTEGER(n_refused_malformed, "orders refused for good: malformed"),
    INTEGER(n_refused_not_allowed, "orders refused for good: not allowed"),
    INTEGER(n_refused_unknown_target, "orders refused for good: unknown target"),
    INTEGER(n_refused_already_done, "orders refused for good: already done"),
    INTEGER(n_refused_too_early, "orders refused for good: too early"),
    INTEGER(n_orders_again, "orders refused for when they came and signed again"),
    INTEGER(n_readings_again, "readings refused for when they came and signed again"),
    INTEGER(n_approvals_again, "approvals refused for when they came and signed again"),
    INTEGER(n_authority_again, "messages of operator and supervisor signed again"),
    INTEGER(n_bundles_again, "bundles refused as replays and sent again"),
    INTEGER(n_trades, "trades matched"),
    INTEGER(n_settled, "trades settled"),
    INTEGER(n_voided, "trades voided"),
    INTEGER(n_unread, "slots of meters without a reading by the deadline"),
    ENERGY(traded_wh, "energy traded locally"),
    ENERGY(surplus_wh, "sum of the metered surpluses"),
    ENERGY(deficit_wh, "sum of the metered deficits"),
    ENERGY(matchable_wh, "sum over slots of the smaller of metered surpluses and deficits"),
    RATIO(local_matching_ratio, "1", "matchable_wh",
          "energy that trades moved, as metered, over what could be matched"),
    RATIO(contracted_ratio, "1", "matchable_wh",
          "energy traded over what could be matched; above 1 where forecasts promise more"),
    RATIO(price_mean, "currency/kWh", "traded_wh", "mean price of the trades, weighted by energy"),
    NUMBER(price_sd, "currency/kWh", "standard deviation of the price, weighted by energy"),
    NUMBER(price_p10, "currency/kWh", "10 % quantile of the price, weighted by energy"),
    NUMBER(price_p90, "currency/kWh", "90 % quantile of the price, weighted by energy"),
    ENERGY(generation_wh, "generation"),
    ENERGY(load_wh, "load"),
    ENERGY(import_wh, "energy drawn from the grid by the community"),
    ENERGY(export_wh, "energy fed into the grid by the community"),
    ENERGY(baseline_import_wh, "energy drawn from the grid, grid-only"),
    ENERGY(baseline_export_wh, "energy fed into the grid, grid-only"),
    ENERGY(peak_import_wh, "largest import in a slot"),
    ENERGY(peak_export_wh, "largest export in a slot"),
    RATIO(self_sufficiency, "1", "load_wh", "locally used generation over load: what flows"),
    RATIO(self_consumption, "1", "generation_wh",
          "locally used generation over generation: what flows"),
    RATIO(traded_self_sufficiency, "1", "load_wh",
          "own use and energy that trades moved, as metered, over load"),
    ENERGY(imbalance_short_wh, "energy sold and not delivered"),
    ENERGY(imbalance_long_wh, "energy bought and not taken"),
    ENERGY(schedule_short_wh, "energy taken beyond the schedules with the grid"),
    ENERGY(schedule_long_wh, "energy left of the schedules with the grid"),
    NET_ENERGY(terminal_storage_wh, "stored energy at the end, market run minus grid-only"),
    MONEY(cost, "bill of the community"),
    MONEY(cost_grid_only, "bill of the community, grid-only"),
    MONEY(buyers_cost, "cost of the deficit cells"),
    MONEY(buyers_cost_grid_only, "cost of the deficit cells, grid-only"),
    MONEY(sellers_revenue, "revenue of the surplus cells"),
    MONEY(sellers_revenue_grid_only, "revenue of the surplus cells, grid-only"),
    MONEY(zero_cost, "cost of the cells of neither role"),
    MONEY(zero_cost_grid_only, "cost of the cells of neither role, grid-only"),
    MONEY(tariff_cost, "tariff on each meter's own metered net"),
    MONEY(imbalance_short_cost, "cost beyond the tariff of energy sold and not delivered"),
    MONEY(imbalance_long_cost, "cost beyond the tariff of energy bought and not taken"),
    MONEY(schedule_cost, "cost of the deviations from schedules beyond the tariff"),
    MONEY(gap_cost, "bills of what lies between readings"),
    MONEY(saving, "grid-only bill minus bill of the community"),
    MONEY(saving_ceiling, "largest possible saving with these meters"),
    MONEY(operator_balance, "what the operator holds at the end"),
    RATIO(saving_pct, "%", "cost_grid_only", "saving over the absolute grid-only bill"),
    RATIO(buyers_saving_pct, "%", "buyers_cost_grid_only", "cut of the cost of the deficit cells"),
    RATIO(sellers_gain_pct, "%", "sellers_revenue_grid_only",
          "rise of the revenue of the surplus cells"),
    NUMBER(gain_per_user_day, "currency", "saving per meter and day"),
    NUMBER(surplus_limit, "currency", "the most that the accepted orders could gain on reserves"),
    ENERGY(clearable_wh, "sum over slots of the smaller of supply and demand"),
    ENERGY(chosen_wh, "energy ordered of a named source"),
    RATIO(efficiency_reserves, "1", "surplus_limit",
          "allocative efficiency of accepted orders, values are the reserves"),
    RATIO(efficiency_grid, "1", "clearable_wh",
          "allocative efficiency of accepted orders, values are the grid prices"),
    NUMBER(gini, "1", "Gini coefficient of the savings of the users; none where one is negative"),
    NUMBER(jain, "1", "fairness index of Jain of the savings of the users; likewise"),
    NUMBER(gini_bills, "1", "Gini coefficient of the bills of the users, by their absolute sum"),
    NUMBER(gini_bills_grid_only, "1", "the same of the bills, grid-only"),
    INTEGER(n_users_losing,
            "users who pay more than grid-only, stored energy at the end valued at either price"),
    RATIO(first_choice_share, "1", "chosen_wh",
          "share of the energy ordered of a named source that it served"),
    INTEGER(n_blocks, "blocks"),
    INTEGER(n_transactions, "transactions in blocks"),
    INTEGER(n_messages, "consensus messages"),
    INTEGER(n_bytes, "bytes of the blocks"),
    INTEGER(n_pool_refusals, "times a full pool refused a transaction"),
    INTEGER(n_resent, "times a transaction was sent again for want of an answer"),
    NUMBER(latency_p50_ms, "ms", "order sent to stable at its entry node, median"),
    NUMBER(latency_p95_ms, "ms", "order sent to stable at its entry node, 95 % quantile"),
    NUMBER(latency_p99_ms, "ms", "order sent to stable at its entry node, 99 % quantile"),
    NUMBER(block_interval_ms, "ms", "mean time between blocks"),
    RATIO(block_fill, "1", "n_blocks", "mean share of a block in use"),
    END};
#undef S

#define S gb_slot_row
static const struct gb_field slots_fields[] = {
    SLOT(interval, "number of the slot"),
    TIME(time, "start of the slot"),
    FLAG(status, "what became of the slot", "delivered missed"),
    FLAG(missed_cause, "why it was missed: which message of the operator was late, and where",
         MISSED_CAUSES),
    INTEGER(n_orders, "orders sent"),
    INTEGER(n_accepted, "orders accepted"),
    INTEGER(n_late, "orders that came after the gate, or never"),
    INTEGER(n_late_sent, "late: sent after the gate"),
    INTEGER(n_late_link, "late: on its client's link when the gate fell"),
    INTEGER(n_late_pool, "late: refused by full pools or waiting in one when the gate fell"),
    INTEGER(n_late_consensus, "late: in a block not yet stable when the gate fell"),
    INTEGER(n_trades, "trades matched"),
    ENERGY(generation_wh, "generation"),
    ENERGY(solar_wh, "solar generation"),
    ENERGY(wind_wh, "wind generation"),
    ENERGY(load_wh, "load"),
    ENERGY(charge_wh, "energy into storage"),
    ENERGY(discharge_wh, "energy out of storage"),
    ENERGY(stored_wh, "stored energy at the end of the slot"),
    ENERGY(import_wh, "energy drawn from the grid by the community"),
    ENERGY(export_wh, "energy fed into the grid by the community"),
    ENERGY(supply_wh, "energy offered in accepted orders"),
    ENERGY(demand_wh, "energy asked for in accepted orders"),
    ENERGY(traded_wh, "energy traded locally"),
    NUMBER(price_mean, "currency/kWh", "mean price of the trades, weighted by energy"),
    MONEY(cost, "bill of the community"),
    MONEY(cost_grid_only, "bill of the community, grid-only"),
    END};
#undef S

#define S gb_user_row
static const struct gb_field users_fields[] = {
    METER(meter, "number of the meter"),
    ROW(NAME, name, "name", "1", "name of the user; empty where only the number is known"),
    ENERGY(generation_wh, "generation"),
    ENERGY(load_wh, "load"),
    ENERGY(import_wh, "energy drawn through the meter"),
    ENERGY(export_wh, "energy fed in through the meter"),
    ENERGY(bought_wh, "energy bought in trades"),
    ENERGY(sold_wh, "energy sold in trades"),
    MONEY(bought_cost, "cost of the energy bought in trades"),
    MONEY(sold_revenue, "revenue of the energy sold in trades"),
    ENERGY(imbalance_short_wh, "energy sold and not delivered"),
    ENERGY(imbalance_long_wh, "energy bought and not taken"),
    ENERGY(schedule_short_wh, "energy taken beyond the schedules with the grid"),
    ENERGY(schedule_long_wh, "energy left of the schedules with the grid"),
    MONEY(tariff_cost, "tariff on the user's own metered net"),
    MONEY(imbalance_short_cost, "cost beyond the tariff of energy sold and not delivered"),
    MONEY(imbalance_long_cost, "cost beyond the tariff of energy bought and not taken"),
    MONEY(schedule_cost, "cost of the deviations from schedules beyond the tariff"),
    MONEY(cost, "bill of the user"),
    MONEY(cost_grid_only, "bill of the user, grid-only"),
    MONEY(buyer_cost, "cost of the deficit cells"),
    MONEY(buyer_cost_grid_only, "cost of the deficit cells, grid-only"),
    MONEY(seller_revenue, "revenue of the surplus cells"),
    MONEY(seller_revenue_grid_only, "revenue of the surplus cells, grid-only"),
    END};
#undef S

#define S gb_order_row
static const struct gb_field orders_fields[] = {
    SLOT(interval, "number of the slot"),
    ROW_OR(&no_number, INDEX, number, "number", "1",
           "number among the accepted orders of the slot; missing for the others"),
    METER(meter, "number of the meter"),
    FLAG(side, "side of the order", "buy sell"),
    FLAG(type, "type of the order", "limit market"),
    FLAG(source, "source asked for or offered", SOURCES),
    FLAG(status, "receipt of the order; given_up: no pool took it before the gate",
         RECEIPTS " given_up"),
    FLAG(late_cause, "where it was when the gate fell, if it was late",
         "none sent link pool consensus"),
    INDEX(n_again, "times it was refused for when it came and signed again; 255: or more"),
    QUANTITY(quantity_wh, "quantity"),
    QUANTITY(minimum_wh, "smallest acceptable fill"),
    PRICE(price, "quote"),
    PRICE(reserve, "lowest acceptable ask, highest acceptable bid"),
    ROW_OR(&no_beta, MILLIONTHS, beta_millionths, "beta", "1",
           "re-quote factor of the order; missing where it is that of the market"),
    TIME(sent, "when the order was sent"),
    TIME(stable, "when the order was stable at its entry node"),
    UNSIGNED(height, "height of its block"),
    INDEX(transaction, "transaction in the block"),
    INDEX(message, "message in the transaction"),
    QUANTITY(matched_wh, "energy matched"),
    END};
#undef S

#define S gb_trade_row
static const struct gb_field trades_fields[] = {
    SLOT(interval, "number of the slot"),
    INDEX(number, "number in the match of the slot"),
    BOUNDED(INDEX, round, "round", "1", "round of the auction, from 1", FROM_TO(1, UINT32_MAX)),
    METER(seller, "meter of the seller"),
    METER(buyer, "meter of the buyer"),
    INDEX(sell_order, "number of the sell order in the slot"),
    INDEX(buy_order, "number of the buy order in the slot"),
    FLAG(source, "source of the energy", SOURCES),
    FLAG(status, "what became of the trade", "pending settled void"),
    QUANTITY(energy_wh, "energy contracted"),
    QUANTITY(executed_wh, "energy settled; 0 where the trade is not"),
    PRICE(price_buy, "price the buyer pays"),
    PRICE(price_sell, "price the seller gets"),
    ROW_OR(&no_height, UNSIGNED, settled_height, "settled_height", "1",
           "height of the block that settled it; missing for none"),
    END};
#undef S

#define S gb_block_row
static const struct gb_field blocks_fields[] = {
    UNSIGNED(height, "height"),
    TIME(sealed, "when the leader sealed it"),
    TIME(commit_first, "when the first node committed it"),
    TIME(commit_quorum, "when a quorum had committed it"),
    TIME(commit_last, "when the last node committed it"),
    TIME(stable_quorum, "when it was stable at a quorum"),
    INDEX(sealer, "node that sealed it"),
    INDEX(n_transactions, "transactions"),
    INDEX(n_messages, "signed statements in its transactions"),
    MEASURE(n_bytes, "bytes", "size"),
    ROW(HASH, hash, "hash", "1", "hash of the block"),
    END};
#undef S

#define S gb_meter_row
static const struct gb_field meters_fields[] = {
    SLOT(interval, "number of the slot"),
    METER(meter, "number of the meter"),
    FLAG(is_read, "whether its reading was on the ledger before the slot was final", "no yes"),
    NET_ENERGY(metered_wh, "metered net: drawn from the grid, or fed in (negative)"),
    NET_ENERGY(baseline_wh, "metered net, grid-only"),
    ENERGY(load_wh, "load"),
    ENERGY(solar_wh, "solar generation"),
    ENERGY(wind_wh, "wind generation"),
    ENERGY(charge_wh, "energy into storage"),
    ENERGY(discharge_wh, "energy out of storage"),
    ENERGY(stored_wh, "stored energy at the end of the slot"),
    ENERGY(baseline_stored_wh, "stored energy at the end of the slot, grid-only"),
    NET_ENERGY(traded_wh, "bought less sold in trades that settled"),
    MONEY(cost, "trades and grid bills of the slot"),
    NET_ENERGY(gap_wh, "net of the slot if no reading told it in time, billed with a gap"),
    MONEY(gap_cost, "what the grid charged for that, part of cost"),
    END};
#undef S

#define HAS_ROOM(fields) \
    _Static_assert(sizeof(fields) / sizeof(fields)[0] <= GB_MAX_FIELDS, "see GB_MAX_FIELDS")
HAS_ROOM(summary_fields);
HAS_ROOM(slots_fields);
HAS_ROOM(users_fields);
HAS_ROOM(orders_fields);
HAS_ROOM(trades_fields);
HAS_ROOM(blocks_fields);
HAS_ROOM(meters_fields);

const struct gb_schema gb_schemas[GB_N_TABLES] = {
    {"summary", GB_OUTPUT_SUMMARY, "one row a trial", sizeof(struct gb_summary_row),
     summary_fields},
    {"slots", GB_OUTPUT_MARKET, "one row a trial and slot", sizeof(struct gb_slot_row),
     slots_fields},
    {"users", GB_OUTPUT_MARKET, "one row a trial and meter", sizeof(struct gb_user_row),
     users_fields},
    {"orders", GB_OUTPUT_MARKET, "one row an order sent", sizeof(struct gb_order_row),
     orders_fields},
    {"trades", GB_OUTPUT_MARKET, "one row a trade matched", sizeof(struct gb_trade_row),
     trades_fields},
    {"blocks", GB_OUTPUT_MARKET, "one row a block", sizeof(struct gb_block_row), blocks_fields},
    {"meters", GB_OUTPUT_METERS, "one row a trial, slot and meter", sizeof(struct gb_meter_row),
     meters_fields},
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
    case GB_FIELD_MONEY: return 1e-9;
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
        return field->missing && index == *field->missing ? NAN : index;
    case GB_FIELD_NUMBER: memcpy(&number, at, sizeof number); return number;
    default:
        memcpy(&integer, at, sizeof integer);
        if (field->missing && integer == *field->missing)
            return NAN;
        return (double)integer * gb_field_scale(field->kind);
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
