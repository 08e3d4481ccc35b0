/* Writes the sample results into a folder, for the tests that look at them from outside. */
#include <stdio.h>

#include "tests/sample.h"

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
    }
    if (err.text[0])
        fprintf(stderr, "%s\n", err.text);
    return err.text[0] != '\0';
}
