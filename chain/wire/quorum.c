#include "chain/wire/quorum.h"

#include <assert.h>
#include <stddef.h>

const char *const gb_flow_names[] = {"classic", "fisco2", "fisco3", NULL};

/* source  quorum n - f by weight: rules, section 7; never 2f + 1, which is unsafe for n other than
 *         3f + 1 */
uint64_t gb_weight_quorum(uint64_t total)
{
    return total - (total - 1) / 3;
}
