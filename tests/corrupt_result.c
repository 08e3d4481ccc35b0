/* Corrupts sample results by name, for tests of the program as its users see it. */
#include <stdio.h>
#include <string.h>

#include "tests/corruption.h"

static int list(void)
{
    for (int s = 0; s < N_CORRUPTED_SAMPLES; s++)
        for (const struct corruption *m = corruptions[s]; m->name; m++)
            puts(m->name);
    return 0;
}

/* usage: corrupt_result | corrupt_result FOLDER NAME: writes FOLDER/NAME.h5, and the whole sample
 * beside it */
int main(int argc, char **argv)
{
    char path[4096], whole[4096];

    if (argc < 3)
        return list();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    snprintf(path, sizeof path, "%s/%s.h5", argv[1], argv[2]);
    for (int s = 0; s < N_CORRUPTED_SAMPLES; s++)
        for (const struct corruption *m = corruptions[s]; m->name; m++)
            if (strcmp(m->name, argv[2]) == 0) {
                snprintf(whole, sizeof whole, "%s/whole%d.sample", argv[1], s);
                return corrupt_sample(path, whole, m, s) ? 0 : 1;
            }
    return 2;
}
