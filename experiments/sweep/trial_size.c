#include "experiments/sweep/trial_size.h"

#include "chain/node/chain.h"
#include "chain/wire/keys.h"

/* Fitted by eye to days of 10, 100 and 1000 meters with 1, 4, 16 and 64 validators, and with
 * signatures. */
#define MESSAGES_PER_UNIT 10.0   /* of a block each validator sends to every other */
#define BUSY_METERS 100.0        /* more of them make fuller blocks, not more of them */
#define SIGNATURES_OF_METER 80.0 /* units for those of its messages in a slot, made and checked */

double gb_trial_size(const struct gb_scenario *scenario)
{
    double meters = (double)scenario->physics.fleet.n_meters;
    double nodes = gb_scenario_committee(scenario).n_nodes;
    double blocks = meters < BUSY_METERS ? meters : BUSY_METERS;
    double slot = meters + blocks * nodes * nodes / MESSAGES_PER_UNIT;

    if (scenario->crypto == GB_CRYPTO_REAL && scenario->protocol != &gb_protocol_ideal)
        slot += SIGNATURES_OF_METER * meters;
    return slot * (double)gb_scenario_n_slots(scenario);
}
