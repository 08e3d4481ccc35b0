/* The registry of protocols. */
#include "chain/node/chain.h"

const struct gb_protocol *const gb_protocols[] = {&gb_protocol_pbft, &gb_protocol_ideal, NULL};
const char *const gb_protocol_names[] = {"pbft", "ideal", NULL};
