/* A copy of a sample, corrupted. */
#include "tests/corruption.h"

#include <stdio.h>

#include "tests/sample.h"

/* A pilot of three replications asked for four of six. */
static enum gb_status write_stages(const char *path)
{
    static const uint64_t trials[] = {0, 1, 2, 3, 6, 7, 8, 9};
    const struct gb_plan plan = {.n_trials = 8,
                                 .n_replications = 4,
                                 .stages = {.pilot = 3,
                                            .max = SAMPLE_N_REPLICATIONS,
                                            .is_fixed = true,
                                            .is_reached = true,
                                            .precision = "0.05 of saving, at 95 %"}};

    return sample_write_part(path, &plan, sizeof trials / sizeof trials[0], trials,
                             GB_OUTPUT_MARKET, NULL);
}

static enum gb_status write_whole(const char *path, enum corrupted_sample sample)
{
    switch (sample) {
    case CORRUPTED_PAPER: return sample_write(path, sample_paper, 1, GB_OUTPUT_METERS, NULL);
    case CORRUPTED_SWEEP:
        return sample_write(path, sample_sweep, CORRUPTED_TRIALS, GB_OUTPUT_MARKET, NULL);
    default: return write_stages(path);
    }
}

/* Writing a sample takes longer than all the rest: it is written once and copied. */
static bool copy_sample(const char *whole, const char *path, enum corrupted_sample sample)
{
    FILE *from = fopen(whole, "rb"), *to;
    char bytes[65536];
    size_t n;

    if (!from) {
        if (write_whole(whole, sample) != GB_OK)
            return false;
        from = fopen(whole, "rb");
    }
    to = fopen(path, "wb");
    while (from && to && (n = fread(bytes, 1, sizeof bytes, from)) > 0)
        fwrite(bytes, 1, n, to);
    bool ok = from && to && !ferror(from);
    if (from)
        fclose(from);
    return to && fclose(to) == 0 && ok;
}

bool corrupt_sample(const char *path, const char *whole, const struct corruption *way,
                    enum corrupted_sample sample)
{
    hid_t file;

    if (!copy_sample(whole, path, sample))
        return false;
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (file < 0)
        return false;
    way->apply(file, way);
    return H5Fclose(file) >= 0;
}
