/* A copy of a sample, corrupted. */
#include "tests/corruption.h"

#include <stdio.h>

#include "tests/sample.h"

/* Writing a sample takes longer than all the rest: it is written once and copied. */
static bool copy_sample(const char *whole, const char *path, bool is_sweep)
{
    FILE *from = fopen(whole, "rb"), *to;
    char bytes[65536];
    size_t n;

    if (!from) {
        if (sample_write(whole, is_sweep ? sample_sweep : sample_paper,
                         is_sweep ? CORRUPTED_TRIALS : 1,
                         is_sweep ? GB_OUTPUT_MARKET : GB_OUTPUT_METERS, NULL) != GB_OK)
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
                    bool is_sweep)
{
    hid_t file;

    if (!copy_sample(whole, path, is_sweep))
        return false;
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (file < 0)
        return false;
    way->apply(file, way);
    return H5Fclose(file) >= 0;
}
