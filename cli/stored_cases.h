/* Cases of a stored sweep chosen by what they set: `chain.protocol=ideal` where only the cases of
 * the sweep differ in the protocol, so that no column of the result has its name. */
#ifndef CLI_STORED_CASES_H
#define CLI_STORED_CASES_H

#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"

#define GB_CASE_KEY "case" /* the column that names them */

/* The case in whose scenario a key has a value.
 * name    out: its name, which belongs to `results`; NULL where the key is a column itself, is none
 *         of a scenario, or the sweep has no cases: it is then for others to take or to refuse
 * returns GB_EINPUT where no case has that value, or several */
enum gb_status gb_stored_case(const char **name, const struct gb_results *results, const char *key,
                              const char *value, struct gb_error *err);

/* As gb_selection_add, of conditions that may name what a case sets. */
enum gb_status gb_stored_select(struct gb_selection *selection, const struct gb_results *results,
                                const char *text, struct gb_error *err);

#endif
