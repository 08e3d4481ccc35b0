/* What the program does not model yet and would be taken for a finding. */
#ifndef CLI_CAUTION_H
#define CLI_CAUTION_H

#include "experiments/scenario.h"

/* Says on stderr where the chain's delays are such that real validators would change the view
 * before they agree: here they do not, and commit all the same. */
void gb_caution_view_changes(const struct gb_scenario *scenario);

#endif
