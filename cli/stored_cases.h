/* Cases of a stored sweep chosen by what they set: `chain.protocol=ideal` where only the cases of
 * the sweep differ in the protocol, so that no column of the result has its name. */
#ifndef CLI_STORED_CASES_H
#define CLI_STORED_CASES_H

#include "analysis/home_choice.h"
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
/* As gb_selection_add, of all conditions, which may name what a case sets; those on a kind or a
 * strategy (analysis/home_choice.h), where the sweep varied no key of that name, go to `homes`.
 * homes  NULL: refuses them, for what it is about is cells */
enum gb_status gb_stored_select(struct gb_selection *selection, struct gb_home_choice *homes,
                                struct gb_results *results, const struct gb_conditions *conditions,
                                struct gb_error *err);

#endif
