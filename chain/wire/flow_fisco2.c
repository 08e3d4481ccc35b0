/* PBFT of FISCO BCOS 2: a block is executed before Prepare, which the leader sends as well.
 * source  documentation of FISCO BCOS 2, PBFT */
#include "chain/wire/flow.h"

const struct gb_flow gb_flow_fisco2 = {
    .member = {.name = "fisco2",
               .summary = "FISCO BCOS 2: executed before Prepare, which the leader sends as well"},
    .formula = "(n-1)(2n+1)",
    .leader_prepares = true,
};
