/* Writes the sample results into a folder, for the tests that look at them from outside. */
#include <stdio.h>

#include "tests/sample.h"

/* The paper's case, and beside it what has no value: an order that was refused and has no beta of
 * its own, before one that has, and a trade that was not settled. */
static struct gb_record *sample_missing(uint64_t trial, enum gb_output_level level)
{
    struct gb_record *record = sample_paper(trial, level);
    const struct gb_order_row orders[] = {
        {.number = GB_NO_NUMBER, .status = 6, .beta_millionths = -1, .stable_ns = GB_NO_TIME},
        {.number = 8, .beta_millionths = 250000, .stable_ns = 1}};
    const struct gb_trade_row trade = {.number = 6, .energy_wh = 1};

    for (size_t i = 0; record && i < 2; i++)
        gb_record_append(record, GB_TABLE_ORDERS, &orders[i], NULL);
    if (record)
        gb_record_append(record, GB_TABLE_TRADES, &trade, NULL);
    return record;
}

/* A sweep that was interrupted: the last replication has not begun in any cell, two are missing of
 * the fifth, of which one failed, and the last cell has no trial at all. */
static enum gb_status write_unfinished(const char *path, struct gb_error *err)
{
    const struct gb_failed_trial failed = {4 * SAMPLE_N_REPLICATIONS + 2, "no memory"};
    const struct gb_plan plan = {SAMPLE_N_TRIALS, SAMPLE_N_REPLICATIONS, .n_failed = 1,
                                 .failed = &failed};
    uint64_t trials[SAMPLE_N_TRIALS];
    size_t n = 0;

    for (uint64_t trial = 0; trial < SAMPLE_N_TRIALS - SAMPLE_N_REPLICATIONS; trial++)
        if (trial % SAMPLE_N_REPLICATIONS + 1 < SAMPLE_N_REPLICATIONS && trial != failed.trial)
            trials[n++] = trial;
    return sample_write_part(path, &plan, n, trials, GB_OUTPUT_MARKET, err);
}

int main(int argc, char **argv)
{
    char path[4096];
    struct gb_error err = {0};

    if (argc != 2)
        return 2;
    snprintf(path, sizeof path, "%s/paper.h5", argv[1]);
    if (sample_write(path, sample_paper, 1, GB_OUTPUT_METERS, &err) == GB_OK) {
        snprintf(path, sizeof path, "%s/sweep.h5", argv[1]);
        sample_write(path, sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_MARKET, &err);
        snprintf(path, sizeof path, "%s/missing.h5", argv[1]);
        sample_write(path, sample_missing, 1, GB_OUTPUT_MARKET, &err);
        snprintf(path, sizeof path, "%s/unfinished.h5", argv[1]);
        write_unfinished(path, &err);
    }
    if (err.text[0])
        fprintf(stderr, "%s\n", err.text);
    return err.text[0] != '\0';
}
