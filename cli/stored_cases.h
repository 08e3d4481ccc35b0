/* Cases of a stored sweep chosen by what they set: `chain.protocol=ideal` where only the cases of
 * the sweep differ in the protocol, so that no column of the result has its name. */
#ifndef CLI_STORED_CASES_H
#define CLI_STORED_CASES_H

#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"
#include "cli/command.h"

#define GB_CASE_KEY "case" /* the column that names them */

#define GB_MAX_CONDITIONS 32 /* times that --where is given */

struct gb_conditions { /* as typed, each "KEY=VALUE[,KEY=VALUE...]" */
    size_t n;
    const char *texts[GB_MAX_CONDITIONS];
};

/* Adds what stands behind an option of a command. returns GB_EXIT_DONE, or GB_EXIT_WRONG_USE and a
 * message */
int gb_conditions_add(struct gb_conditions *conditions, const struct gb_command *command,
                      const char *text);
/* As gb_selection_add, of all conditions, which may name what a case sets. */
enum gb_status gb_stored_select(struct gb_selection *selection, const struct gb_results *results,
                                const struct gb_conditions *conditions, struct gb_error *err);

#endif
