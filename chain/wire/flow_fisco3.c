/* PBFT of FISCO BCOS 3: blocks are agreed on before they are executed.
 * source  documentation of FISCO BCOS 3, PBFT */
#include "chain/wire/flow.h"

const struct gb_flow gb_flow_fisco3 = {
    .member = {.name = "fisco3",
               .summary = "FISCO BCOS 3: executed after Commit, stable by a quorum of Checkpoints"},
    .formula = "(n-1)(3n+1)",
    .leader_prepares = true,
    .has_checkpoint = true,
};
