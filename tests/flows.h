/* A loop over all message flows:
 *     for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow)) */
#ifndef TESTS_FLOWS_H
#define TESTS_FLOWS_H

#include "chain/wire/flow.h"

static inline const struct gb_flow *first_flow(void)
{
    return (const struct gb_flow *)gb_family_member(&gb_flow_family, NULL, 0);
}

static inline const struct gb_flow *next_flow(const struct gb_flow *flow)
{
    size_t i = 0;

    while (gb_family_member(&gb_flow_family, NULL, i) != &flow->member)
        i++;
    return (const struct gb_flow *)gb_family_member(&gb_flow_family, NULL, i + 1);
}

#endif
