/* Why something went wrong, in words: counts of the summary that part another count of it. */
#ifndef CLI_REASONS_H
#define CLI_REASONS_H

#include <stdbool.h>

#include "analysis/record.h"

struct gb_reason {
    const char *field, *words;
}; /* of the summary; field NULL ends a list */

extern const struct gb_reason gb_reasons_of_missed_slots[]; /* of n_missed_slots */
extern const struct gb_reason gb_reasons_of_late_orders[];  /* of n_late */
extern const struct gb_reason gb_reasons_of_refusals[];     /* of n_refused */
extern const struct gb_reason gb_reasons_of_unmatched[];    /* of n_unmatched */
extern const struct gb_reason gb_reasons_in_vain[];         /* of n_amendments_in_vain */
extern const struct gb_reason gb_reasons_of_passing[];      /* of n_passed */
extern const struct gb_reason gb_reasons_signed_again[];

/* Prints "still on the client's link at the gate (3), ..." of the counts that are not 0; no newline
 * behind the last.
 * total   what stands before them: a cause of all of it needs no number; 0: nothing does
 * column  where the cursor stands: further lines begin there */
void gb_reasons_print(const struct gb_summary_row *row, const struct gb_reason *causes,
                      int64_t total, int column);
/* Is one of the counts not 0? */
bool gb_reasons_are_any(const struct gb_summary_row *row, const struct gb_reason *causes);

#endif
