#include "chain/wire/quorum.h"

#include <assert.h>
#include <stddef.h>

enum gb_status gb_committee_check(const struct gb_committee *committee, struct gb_error *err)
{
    if (committee->n_nodes < 1 || committee->n_nodes > GB_VALIDATORS_MAX)
        return gb_fail(err, GB_ECONFIG, "a chain has 1 to %d validators, not %u", GB_VALIDATORS_MAX,
                       committee->n_nodes);
    if (committee->leader_period < 1)
        return gb_fail(err, GB_ECONFIG, "a leader serves at least 1 height");
    for (uint32_t i = 0; committee->weights && i < committee->n_nodes; i++)
        if (committee->weights[i] == 0)
            return gb_fail(err, GB_ECONFIG, "validator %u has no weight", i);
    return GB_OK;
}

/* source  rules, section 7: validator (height / period + view) mod n */
uint32_t gb_committee_leader(const struct gb_committee *committee, uint64_t height, uint32_t view)
{
    return (uint32_t)((height / committee->leader_period + view) % committee->n_nodes);
}

/* source  quorum n - f by weight: rules, section 7; never 2f + 1, which is unsafe for n other than
 *         3f + 1 */
uint64_t gb_weight_quorum(uint64_t total)
{
    return total - (total - 1) / 3;
}
