#include "tests/sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define KWH INT64_C(1000)
#define RETAIL INT64_C(590000)
#define FEED_IN INT64_C(310000)
#define N_USERS 8

struct user {
    const char *name;
    int is_seller;
    int64_t reserve, quantity, quote;
};
static const struct user users[N_USERS] = {
    /* paper, Table 1 */
    {"S1", 1, 340000, 220 * KWH, 410000}, {"S2", 1, 410000, 540 * KWH, 450000},
    {"S3", 1, 450000, 435 * KWH, 500000}, {"S4", 1, 400000, 300 * KWH, 450000},
    {"B1", 0, 580000, 400 * KWH, 530000}, {"B2", 0, 560000, 480 * KWH, 510000},
    {"B3", 0, 550000, 830 * KWH, 490000}, {"B4", 0, 530000, 500 * KWH, 460000},
};

struct deal {
    uint32_t round, seller, buyer;
    int64_t energy, price;
};
static const struct deal deals[] = {
    /* paper, Table 2, exactly */
    {1, 0, 4, 220 * KWH, 470000}, {1, 1, 4, 180 * KWH, 490000}, {1, 1, 5, 360 * KWH, 480000},
    {1, 3, 5, 120 * KWH, 480000}, {1, 3, 6, 180 * KWH, 470000}, {2, 2, 6, 435 * KWH, 492500},
};
#define N_DEALS (sizeof deals / sizeof deals[0])

const struct gb_provenance sample_provenance = {
    .version = "0.1.0",
    .revision = "0000000",
    .scenario = "format: 1\nseed: 1  # β\n",
    .sweep = NULL,
    .start_days = 19509, /* 2023-06-01 */
};

static int64_t traded(uint32_t user)
{
    int64_t sum = 0;

    for (size_t i = 0; i < N_DEALS; i++)
        if (deals[i].seller == user || deals[i].buyer == user)
            sum += deals[i].energy;
    return sum;
}

static int64_t turnover(uint32_t user)
{
    int64_t sum = 0;

    for (size_t i = 0; i < N_DEALS; i++)
        if (deals[i].seller == user || deals[i].buyer == user)
            sum += deals[i].energy * deals[i].price;
    return sum;
}

static struct gb_user_row user_row(uint32_t i)
{
    const struct user *user = &users[i];
    struct gb_user_row row = {.meter = i};
    int64_t rest = user->quantity - traded(i);

    strcpy(row.name, user->name);
    if (user->is_seller) {
        row.generation_wh = row.export_wh = user->quantity;
        row.sold_wh = traded(i);
        row.seller_revenue = turnover(i) + rest * FEED_IN;
        row.seller_revenue_grid_only = user->quantity * FEED_IN;
        row.cost = -row.seller_revenue;
        row.cost_grid_only = -row.seller_revenue_grid_only;
    } else {
        row.load_wh = row.import_wh = user->quantity;
        row.bought_wh = traded(i);
        row.buyer_cost = row.cost = turnover(i) + rest * RETAIL;
        row.buyer_cost_grid_only = row.cost_grid_only = user->quantity * RETAIL;
    }
    return row;
}

static struct gb_summary_row paper_summary(uint64_t trial)
{
    struct gb_summary_row sum = {.trial = trial,
                                 .seed = 1,
                                 .slot_ns = INT64_C(3600000000000),
                                 .retail = RETAIL,
                                 .feed_in = FEED_IN,
                                 .retail_lowest = RETAIL,
                                 .feed_in_highest = FEED_IN,
                                 .n_meters = N_USERS,
                                 .n_slots = 1,
                                 .n_orders = N_USERS,
                                 .n_accepted = N_USERS,
                                 .n_trades = N_DEALS,
                                 .n_settled = N_DEALS,
                                 .n_blocks = 2,
                                 .price_mean = 0.48,
                                 .latency_p50_ms = NAN};

    for (uint32_t i = 0; i < N_USERS; i++) {
        struct gb_user_row user = user_row(i);

        sum.traded_wh += user.sold_wh;
        sum.surplus_wh += user.export_wh;
        sum.deficit_wh += user.import_wh;
        sum.generation_wh += user.generation_wh;
        sum.load_wh += user.load_wh;
        sum.cost += user.cost;
        sum.cost_grid_only += user.cost_grid_only;
        sum.buyers_cost += user.buyer_cost;
        sum.buyers_cost_grid_only += user.buyer_cost_grid_only;
        sum.sellers_revenue += user.seller_revenue;
        sum.sellers_revenue_grid_only += user.seller_revenue_grid_only;
    }
    sum.import_wh = sum.baseline_import_wh = sum.deficit_wh - sum.surplus_wh;
    sum.saving = sum.saving_ceiling = sum.cost_grid_only - sum.cost;
    sum.saving_pct = 100.0 * (double)sum.saving / (double)sum.cost_grid_only;
    sum.buyers_saving_pct =
        100.0 * (1.0 - (double)sum.buyers_cost / (double)sum.buyers_cost_grid_only);
    sum.sellers_gain_pct =
        100.0 * ((double)sum.sellers_revenue / (double)sum.sellers_revenue_grid_only - 1.0);
    sum.gain_per_user_day = (double)sum.saving * 1e-9 / N_USERS * 24.0;
    return sum;
}

static void add_orders_and_trades(struct gb_record *record)
{
    for (uint32_t i = 0; i < N_USERS; i++) {
        struct gb_order_row order = {.number = i,
                                     .meter = i,
                                     .side = (uint8_t)users[i].is_seller,
                                     .source = 1,
                                     .quantity_wh = users[i].quantity,
                                     .price = users[i].quote,
                                     .reserve = users[i].reserve,
                                     .beta_millionths = -1,
                                     .sent_ns = INT64_C(1000000000) * i,
                                     .stable_ns =
                                         i == 7 ? GB_NO_TIME : INT64_C(1000000000) * i + 400,
                                     .height = 1,
                                     .message = i,
                                     .matched_wh = traded(i)};
        gb_record_append(record, GB_TABLE_ORDERS, &order, NULL);
    }
    for (uint32_t i = 0; i < N_DEALS; i++) {
        struct gb_trade_row trade = {.number = i,
                                     .round = deals[i].round,
                                     .seller = deals[i].seller,
                                     .buyer = deals[i].buyer,
                                     .sell_order = deals[i].seller,
                                     .buy_order = deals[i].buyer,
                                     .source = 1,
                                     .status = 1,
                                     .energy_wh = deals[i].energy,
                                     .executed_wh = deals[i].energy,
                                     .price_buy = deals[i].price,
                                     .price_sell = deals[i].price,
                                     .settled_height = 2};
        gb_record_append(record, GB_TABLE_TRADES, &trade, NULL);
    }
}

/* Its users by side, as if those were kinds of households. */
static void add_kinds(struct gb_record *record)
{
    for (int is_seller = 0; is_seller < 2; is_seller++) {
        struct gb_kind_row kind = {.self_consumption = NAN};

        strcpy(kind.kind, is_seller ? "seller" : "buyer");
        for (uint32_t i = 0; i < N_USERS; i++) {
            struct gb_user_row user = user_row(i);

            if (users[i].is_seller != is_seller)
                continue;
            kind.n_homes++;
            kind.load_wh += user.load_wh;
            kind.generation_wh += user.generation_wh;
            kind.cost += user.cost;
            kind.cost_grid_only += user.cost_grid_only;
        }
        kind.saving = kind.cost_grid_only - kind.cost;
        gb_record_append(record, GB_TABLE_KINDS, &kind, NULL);
    }
}

struct gb_record *sample_paper(uint64_t trial, enum gb_output_level level)
{
    struct gb_record *record = NULL;
    struct gb_summary_row sum = paper_summary(trial);
    struct gb_slot_row slot = {.n_orders = 8,
                               .n_accepted = 8,
                               .n_trades = N_DEALS,
                               .generation_wh = sum.generation_wh,
                               .solar_wh = sum.generation_wh,
                               .load_wh = sum.load_wh,
                               .import_wh = sum.import_wh,
                               .supply_wh = sum.surplus_wh,
                               .demand_wh = sum.deficit_wh,
                               .traded_wh = sum.traded_wh,
                               .price_mean = 0.48,
                               .cost = sum.cost,
                               .cost_grid_only = sum.cost_grid_only};

    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    gb_record_append(record, GB_TABLE_SLOTS, &slot, NULL);
    for (uint32_t i = 0; i < N_USERS; i++) {
        struct gb_user_row user = user_row(i);

        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    add_orders_and_trades(record);
    for (uint32_t i = 0; i < N_USERS; i++) {
        int64_t sign = users[i].is_seller ? -1 : 1;
        struct gb_meter_row meter = {.meter = i,
                                     .is_read = 1,
                                     .traded_wh = sign * traded(i),
                                     .metered_wh = sign * users[i].quantity,
                                     .baseline_wh = sign * users[i].quantity,
                                     .load_wh = users[i].is_seller ? 0 : users[i].quantity,
                                     .solar_wh = users[i].is_seller ? users[i].quantity : 0,
                                     .retail = RETAIL,
                                     .feed_in = FEED_IN,
                                     .cost = user_row(i).cost};

        gb_record_append(record, GB_TABLE_METERS, &meter, NULL);
    }
    for (uint64_t height = 1; height <= 2; height++) {
        struct gb_block_row block = {.height = height,
                                     .sealed_ns = (int64_t)height * 500000000,
                                     .commit_first_ns = GB_NO_TIME,
                                     .n_transactions = 8,
                                     .n_bytes = 4096};
        memset(block.hash, (int)height, sizeof block.hash);
        gb_record_append(record, GB_TABLE_BLOCKS, &block, NULL);
    }
    if (level ==
        GB_OUTPUT_METERS) /* what reads users of coarser samples finds them without kinds */
        add_kinds(record);
    return record;
}

/* A number in [-1, 1) that looks drawn and is always the same. */
static double jitter(uint64_t trial, unsigned what)
{
    uint64_t bits =
        (trial + 1) * UINT64_C(0x9e3779b97f4a7c15) + what * UINT64_C(0xbf58476d1ce4e5b9);

    bits = (bits ^ (bits >> 31)) * UINT64_C(0x94d049bb133111eb);
    return (double)(bits >> 11) * 0x1p-52 - 1.0;
}

static void add_sweep_slots(struct gb_record *record, uint64_t trial, double size)
{
    for (int64_t k = 0; k < 96; k++) {
        double hour = (double)k / 4.0, sun = fmax(0.0, sin((hour - 6.0) / 12.0 * 3.14159265358979));
        double solar = size * 400.0 * sun * (1.0 + 0.1 * jitter(trial * 96 + (uint64_t)k, 7));
        double load = size * (90.0 + 60.0 * sin((hour - 14.0) / 24.0 * 6.28318530717959) +
                              20.0 * jitter(trial * 96 + (uint64_t)k, 8));
        struct gb_slot_row slot = {.interval = k,
                                   .time_ns = k * INT64_C(900000000000),
                                   .solar_wh = (int64_t)solar,
                                   .load_wh = (int64_t)load,
                                   .wind_wh = (int64_t)(size * 12.0),
                                   .price_mean = NAN};

        slot.generation_wh = slot.solar_wh + slot.wind_wh;
        slot.export_wh = slot.generation_wh > slot.load_wh ? slot.generation_wh - slot.load_wh : 0;
        slot.import_wh = slot.load_wh > slot.generation_wh ? slot.load_wh - slot.generation_wh : 0;
        slot.traded_wh = (slot.load_wh - slot.import_wh) * 6 / 10;
        gb_record_append(record, GB_TABLE_SLOTS, &slot, NULL);
    }
}

static void add_sweep_users(struct gb_record *record, uint64_t trial, int size)
{
    for (uint32_t i = 0; i < (uint32_t)size; i++) {
        int64_t base = (int64_t)(4e9 * (1.5 + jitter(trial * 64 + i, 5)));
        struct gb_user_row user = {.meter = i};

        if (i % 2) {
            user.buyer_cost_grid_only = user.cost_grid_only = base;
            user.buyer_cost = user.cost = base * 9 / 10;
        } else {
            user.seller_revenue_grid_only = base / 2;
            user.seller_revenue = base * 7 / 10;
            user.cost_grid_only = -user.seller_revenue_grid_only;
            user.cost = -user.seller_revenue;
        }
        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
}

struct gb_record *sample_sweep(uint64_t trial, enum gb_output_level level)
{
    static const char *const keys[] = {"market.beta", "meters.count", "market.books"};
    static const int sizes[SAMPLE_N_SIZES] = {10, 40};
    uint64_t cell = trial / SAMPLE_N_REPLICATIONS;
    double beta = 0.25 * (double)(cell / SAMPLE_N_SIZES);
    int size = sizes[cell % SAMPLE_N_SIZES];
    char beta_text[32], size_text[32];
    const char *const values[] = {beta_text, size_text, "pooled"};
    struct gb_record *record = NULL;
    struct gb_summary_row sum = {.trial = trial,
                                 .seed = 1,
                                 .replication = (uint32_t)(trial % SAMPLE_N_REPLICATIONS),
                                 .slot_ns = INT64_C(900000000000),
                                 .retail = RETAIL,
                                 .feed_in = FEED_IN,
                                 .retail_lowest = RETAIL,
                                 .feed_in_highest = FEED_IN,
                                 .n_meters = size,
                                 .n_slots = 96};

    snprintf(beta_text, sizeof beta_text, "%g", beta);
    snprintf(size_text, sizeof size_text, "%d", size);
    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    sum.gain_per_user_day = 0.4 + log10(size) * 0.1 + 0.3 * beta * (1.0 - 0.6 * beta) +
                            0.12 * jitter(trial, 1) * sqrt(10.0 / size);
    sum.buyers_cost_grid_only = (int64_t)(size * 3e9 * (1.0 + 0.1 * jitter(trial, 2)));
    sum.sellers_revenue_grid_only = (int64_t)(size * 1e9 * (1.0 + 0.1 * jitter(trial, 3)));
    sum.saving = (int64_t)(size * 1e9 * sum.gain_per_user_day);
    sum.buyers_cost = sum.buyers_cost_grid_only - sum.saving * 2 / 5;
    sum.sellers_revenue = sum.sellers_revenue_grid_only + (sum.saving - sum.saving * 2 / 5);
    sum.cost = sum.buyers_cost - sum.sellers_revenue;
    sum.cost_grid_only = sum.buyers_cost_grid_only - sum.sellers_revenue_grid_only;
    sum.saving_pct = 100.0 * (double)sum.saving / (double)sum.cost_grid_only;
    sum.buyers_saving_pct =
        100.0 * (1.0 - (double)sum.buyers_cost / (double)sum.buyers_cost_grid_only);
    sum.sellers_gain_pct =
        100.0 * ((double)sum.sellers_revenue / (double)sum.sellers_revenue_grid_only - 1.0);
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    if (level >= GB_OUTPUT_MARKET) {
        add_sweep_slots(record, trial, size);
        add_sweep_users(record, trial, size);
    }
    gb_record_set_varied(record, 3, keys, values, NULL);
    return record;
}

enum gb_status sample_begin(struct gb_results_writer **writer, const char *path,
                            struct gb_error *err)
{
    enum gb_status status = gb_results_create(writer, path, NULL, err);

    if (status != GB_OK)
        return status;
    status = gb_results_begin(*writer, &sample_provenance, err);
    if (status != GB_OK)
        gb_results_abandon(*writer);
    return status;
}

enum gb_status sample_finish(struct gb_results_writer *writer, enum gb_status status,
                             struct gb_error *err)
{
    if (status == GB_OK)
        status = gb_results_seal(writer, err);
    if (status == GB_OK)
        return gb_results_publish(writer, err);
    gb_results_abandon(writer);
    return status;
}

enum gb_status sample_write(const char *path,
                            struct gb_record *(*make)(uint64_t, enum gb_output_level), size_t n,
                            enum gb_output_level level, struct gb_error *err)
{
    struct gb_results_writer *writer;
    enum gb_status status = sample_begin(&writer, path, err);

    if (status != GB_OK)
        return status;
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct gb_record *record = make(i, level);

        status = record ? gb_results_add(writer, record, err) : GB_ENOMEM;
        gb_record_free(record);
    }
    return sample_finish(writer, status, err);
}

enum gb_status sample_write_part(const char *path, const struct gb_plan *plan, size_t n,
                                 const uint64_t *trials, enum gb_output_level level,
                                 struct gb_error *err)
{
    struct gb_provenance provenance = sample_provenance;
    struct gb_results_writer *writer = NULL;
    enum gb_status status = gb_results_create(&writer, path, NULL, err);

    provenance.sweep = "format: 1\nscenario: scenario.yaml\nreplications: 6\nvary:\n"
                       "  market.beta: [0, 0.25, 0.5, 0.75, 1]\n  meters.count: [10, 40]\n"
                       "  market.books: [pooled]\n";
    provenance.plan = plan;
    if (status == GB_OK)
        status = gb_results_begin(writer, &provenance, err);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct gb_record *record = sample_sweep(trials[i], level);

        status = record ? gb_results_add(writer, record, err) : GB_ENOMEM;
        gb_record_free(record);
    }
    return sample_finish(writer, status, err);
}
