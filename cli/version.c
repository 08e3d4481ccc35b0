/* `gridbourse --version`: what somebody needs to know to get the same bits again. */
#include "config.h"

#include "cli/version.h"

#include <stdio.h>

#include <Random123/philox.h>
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <sodium.h>
#include <yaml.h>

#include "analysis/fingerprint.h"
#include "cli/command.h"
#include "experiments/sweep/ranks.h"
#include "revision.h"

#if defined __clang__
#define COMPILER __VERSION__ /* "Clang 14.0.6" */
#elif defined __GNUC__
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "an unknown compiler"
#endif

const char *gb_version(void)
{
    return PACKAGE_VERSION;
}

const char *gb_version_revision(void)
{
    return GB_REVISION;
}

void gb_version_print(void)
{
    unsigned major = 0, minor = 0, release = 0;
    char mpi[128], libm[GB_LIBM_FINGERPRINT_SIZE];

    gb_libm_fingerprint(libm);
    H5get_libversion(&major, &minor, &release);
    printf("%s\n", PACKAGE_STRING);
    printf("revision   %s\n", gb_version_revision());
    printf("compiler   %s, %s\n", COMPILER, GB_COMPILER_FLAGS);
#ifdef _OPENMP
    printf("OpenMP     %d\n", _OPENMP);
#else
    printf("OpenMP     no\n");
#endif
    printf("MPI        %s\n", gb_ranks_library(mpi, sizeof mpi));
    printf("libm       %s (fingerprint of what it computes on this processor)\n", libm);
    printf("GSL        %s\n", gsl_version);
    printf("HDF5       %u.%u.%u\n", major, minor, release);
    printf("libsodium  %s\n", sodium_version_string());
    printf("libyaml    %s\n", yaml_get_version_string());
    printf("Random123  Philox4x32-%d (the headers carry no version)\n", philox4x32_rounds);
    printf("\nGPL-3.0-or-later: free software, without any warranty.\n");
}
