#include "cli/caution.h"

#include <math.h>

#include "chain/chain.h"
#include "cli/message.h"
#include "sim/delay.h"

#define VIEW_TIMEOUT_NS 3e9             /* rules, section 7: the first view change is at 3 s */
#define DELAYS_TO_COMMIT 3              /* proposal, prepare, commit */
#define MOST_HOURS_OFF 3                /* no civil time is further from its sun's */

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

void gb_caution_local_time(const struct gb_scenario *scenario)
{
    const struct gb_physics_config *site = &scenario->physics;
    double by_sun_h = site->longitude_deg / 15;
    double ahead_h = remainder(site->utc_offset_h - by_sun_h, 24);      /* across the date line */

    if (scenario->delivery != GB_DELIVERY_MODELLED || fabs(ahead_h) <= MOST_HOURS_OFF)
        return;
    gb_message_note("note: site.utc_offset %g contradicts site.longitude %g, where the sun keeps "
                    "UTC%+.1f h:\nlocal noon comes %.1f h %s the sun's, and so do loads and prices; "
                    "set both for the same place", site->utc_offset_h, site->longitude_deg,
                    by_sun_h, fabs(ahead_h), ahead_h > 0 ? "before" : "after");
}
