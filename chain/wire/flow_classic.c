/* PBFT as it was published.
 * source  M. Castro, B. Liskov, Practical Byzantine Fault Tolerance, OSDI 1999 */
#include "chain/wire/flow.h"

const struct gb_flow gb_flow_classic = {
    .member = {.name = "classic",
               .summary = "PrePrepare, Prepare, Commit, as Castro and Liskov have it"},
    .formula = "2n(n-1)",
};
