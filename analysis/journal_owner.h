/* Whose records a journal holds. */
#ifndef ANALYSIS_JOURNAL_OWNER_H
#define ANALYSIS_JOURNAL_OWNER_H

#include <stdint.h>

/* What the records of a journal are of. Only where all of it is the same is a journal taken up. */
struct gb_journal_owner {
    const char *work;    /* the effective scenario and sweep, as text */
    const char *part;    /* of the sweep: "" all of it, or in words: "shard 2 of 8" */
    const char *program; /* version and revision */
    const char *libm;    /* gb_libm_fingerprint */
    uint64_t n_trials;   /* that there are to do */
};

#endif
