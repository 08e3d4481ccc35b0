#include "cli/caution.h"

#include "chain/chain.h"
#include "cli/message.h"
#include "sim/delay.h"

#define VIEW_TIMEOUT_NS 3e9             /* rules, section 7: the first view change is at 3 s */
#define DELAYS_TO_COMMIT 3              /* proposal, prepare, commit */

void gb_caution_view_changes(const struct gb_scenario *scenario)
{
    double commit_ns = DELAYS_TO_COMMIT * gb_delay_mean_ns(&scenario->link);

    if (scenario->protocol != GB_PROTOCOL_PBFT || scenario->n_nodes < 3 ||
        commit_ns <= VIEW_TIMEOUT_NS)
        return;
    gb_message_note("note: a decision takes %.3g s at the mean of chain.delay, more than the 3 s "
                    "after which\nvalidators would change the view; view changes do not exist yet, "
                    "so this chain commits\nwhere a real one would not", commit_ns * 1e-9);
}
