#include "chain/contracts/block_clock_priv.h"

/* Earliness of this much is borne: clocks of nodes differ. Lateness is not. */
#define TOLERANCE_NS GB_NS_PER_SECOND

/* Number of the last interval that has started `lead_ns` after the time. */
static int64_t last_started(const struct gb_contract_rules *rules, int64_t time_ns, int64_t lead_ns)
{
    int64_t since = time_ns - rules->first_start_ns + lead_ns;
    int64_t number = since / rules->slot_ns;

    return since % rules->slot_ns < 0 ? number - 1 : number;
}

static int64_t clamp_time(int64_t time_ns)
{
    return time_ns > GB_TIME_LIMIT_NS    ? GB_TIME_LIMIT_NS
           : time_ns < -GB_TIME_LIMIT_NS ? -GB_TIME_LIMIT_NS
                                         : time_ns;
}

void gb_block_clock_set(struct gb_block_clock *clock, const struct gb_contract_rules *rules,
                        const struct gb_header *header)
{
    int64_t now = clamp_time(header->time_ns);

    clock->height = header->number;
    clock->time_ns = now;
    clock->last_opened = last_started(rules, now, rules->open_ns);
    clock->last_gated = last_started(rules, now, rules->gate_ns);
    clock->last_started = last_started(rules, now, 0);
    clock->last_missed = last_started(rules, now, -rules->deadline_ns - 1) - 1;
    clock->last_at_gate = last_started(rules, now, rules->gate_ns + TOLERANCE_NS);
    clock->last_at_second_gate =
        last_started(rules, now, gb_genesis_second_gate_ns(rules) + TOLERANCE_NS);
    clock->last_at_start = last_started(rules, now, TOLERANCE_NS);
    clock->last_at_end = clock->last_at_start - 1;
    clock->last_due = last_started(rules, now, TOLERANCE_NS - rules->deadline_ns) - 1;
}
