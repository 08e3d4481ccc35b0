#include "tests/made_trials.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/sample.h"
#include "tests/tap.h"

/* A process has one: tests run beside each other. */
static const char *path(void)
{
    static char text[64];

    snprintf(text, sizeof text, "made_trials-%ld.h5", (long)getpid());
    return text;
}

static int64_t units(double currency)
{
    return llround(currency * 1e9);
}

static double per_kwh(const struct made_trial *trial, size_t side)
{
    return trial->sides[side].gain / trial->sides[side].kwh;
}

static enum gb_status add_trial(struct gb_results_writer *writer, uint64_t number,
                                const struct made_trial *trial)
{
    static const char *const keys[N_KEYS] = {"chain.protocol", "chain.nodes"};
    struct gb_summary_row row = {.trial = number,
                                 .seed = 1,
                                 .replication = trial->replication,
                                 .slot_ns = INT64_C(900000000000),
                                 .n_meters = 3,
                                 .n_slots = 1,
                                 .saving = units(trial->saving),
                                 .cost = units(trial->cost_grid_only - trial->saving),
                                 .cost_grid_only = units(trial->cost_grid_only),
                                 .saving_pct = 100.0 * trial->saving / trial->cost_grid_only,
                                 .baseline_surplus_wh = llround(1000 * trial->sides[0].kwh),
                                 .baseline_deficit_wh = llround(1000 * trial->sides[1].kwh),
                                 .sellers_gain_per_kwh = per_kwh(trial, 0),
                                 .buyers_gain_per_kwh = per_kwh(trial, 1)};
    struct gb_record *record;
    enum gb_status status = gb_record_create(&record, number, GB_OUTPUT_MARKET, NULL);

    if (status != GB_OK)
        return status;
    gb_record_append(record, GB_TABLE_SUMMARY, &row, NULL);
    for (uint32_t i = 0; i < 3; i++) {
        struct gb_user_row user = {.meter = i, .cost = units(trial->bills[i])};
        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    gb_record_set_varied(record, N_KEYS, keys, trial->values, NULL);
    status = gb_results_add(writer, record, NULL);
    gb_record_free(record);
    return status;
}

struct gb_results *made_results(const struct made_trial *trials, size_t n, uint32_t kept)
{
    struct gb_provenance provenance = sample_provenance;
    struct gb_results_writer *writer = NULL;
    struct gb_results *results = NULL;

    provenance.kept = kept;
    EXPECT_INT(gb_results_create(&writer, path(), NULL, NULL), GB_OK);
    EXPECT_INT(gb_results_begin(writer, &provenance, NULL), GB_OK);
    for (size_t i = 0; i < n; i++)
        EXPECT_INT(add_trial(writer, i, &trials[i]), GB_OK);
    EXPECT_INT(sample_finish(writer, GB_OK, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path(), NULL), GB_OK);
    return results;
}

void made_results_close(struct gb_results *results)
{
    gb_results_close(results);
    unlink(path());
}

enum gb_status comparison_begin_keeping(struct comparison *c, uint32_t kept,
                                        const struct made_trial *trials, size_t n,
                                        const char *against, struct gb_versus_options options)
{
    enum gb_status status;

    *c = (struct comparison){.results = made_results(trials, n, kept)};
    EXPECT_INT(gb_cells_find(&c->cells, c->results, NULL, NULL), GB_OK);
    status = gb_selection_add(&c->against, c->results, against, &c->err);
    if (status == GB_OK)
        status =
            gb_versus_create(&c->versus, c->results, &c->cells, &c->against, &options, &c->err);
    return status;
}

enum gb_status comparison_begin(struct comparison *c, const struct made_trial *trials, size_t n,
                                const char *against, struct gb_versus_options options)
{
    return comparison_begin_keeping(c, 0, trials, n, against, options);
}

void comparison_end(struct comparison *c)
{
    gb_versus_free(c->versus);
    gb_selection_clear(&c->against);
    gb_cells_clear(&c->cells);
    made_results_close(c->results);
}

enum gb_status comparison_family(const struct comparison *c, const char *name,
                                 struct gb_versus_row *rows, size_t *size)
{
    struct gb_estimand estimand;

    EXPECT(gb_estimand_find(&estimand, name));
    return gb_versus_family(c->versus, &estimand, rows, size, NULL);
}

const struct made_trial made_consensus[N_MADE_CONSENSUS] = {
    {{"ideal", "-"}, 0, 5.0, 10.0, {1, 2, 3}},   {{"ideal", "-"}, 1, 7.0, 20.0, {2, 2, 2}},
    {{"ideal", "-"}, 2, 9.0, 30.0, {4, 5, 6}},   {{"pbft", "4"}, 0, 5.0, 10.0, {1, 2, 3}},
    {{"pbft", "4"}, 1, 7.0, 20.0, {2, 2, 2}},    {{"pbft", "4"}, 2, 9.0, 30.0, {4, 5, 6}},
    {{"pbft", "16"}, 0, 4.0, 10.0, {1, 2.5, 3}}, {{"pbft", "16"}, 1, 5.0, 20.0, {3, 3, 3}},
    {{"pbft", "16"}, 2, 6.0, 30.0, {4, 5, 7.5}}};
