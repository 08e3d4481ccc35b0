#include "chain/contracts/block_clock_priv.h"

/* Earliness of this much is borne: clocks of nodes differ. Lateness is not. */
#define TOLERANCE_NS GB_NS_PER_SECOND

/* So many whole slots, downwards, and what is beyond them. */
static struct gb_slots slots_of(const struct gb_contract_rules *rules, int64_t ns)
{
    int64_t n = ns / rules->slot_ns, beyond = ns % rules->slot_ns;

    return beyond < 0 ? (struct gb_slots){n - 1, beyond + rules->slot_ns}
                      : (struct gb_slots){n, beyond};
}

void gb_block_clock_init(struct gb_block_clock *clock, const struct gb_contract_rules *rules)
{
    int64_t second_ns = gb_genesis_second_gate_ns(rules);

    clock->slot_ns = rules->slot_ns;
    clock->open = slots_of(rules, rules->open_ns);
    clock->gate = slots_of(rules, rules->gate_ns);
    clock->missed = slots_of(rules, -rules->deadline_ns - 1);
    clock->at_gate = slots_of(rules, rules->gate_ns + TOLERANCE_NS);
    clock->at_second_gate = slots_of(rules, second_ns + TOLERANCE_NS);
    clock->at_start = slots_of(rules, TOLERANCE_NS);
    clock->due = slots_of(rules, TOLERANCE_NS - rules->deadline_ns);
}

/* Number of the last interval that has started so long after the time. */
static int64_t last_started(const struct gb_block_clock *clock, struct gb_slots now,
                            struct gb_slots lead)
{
    return now.n + lead.n + (now.beyond_ns + lead.beyond_ns >= clock->slot_ns);
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
    int64_t now_ns = clamp_time(header->time_ns);
    struct gb_slots now = slots_of(rules, now_ns - rules->first_start_ns);

    clock->height = header->number;
    clock->time_ns = now_ns;
    clock->last_opened = last_started(clock, now, clock->open);
    clock->last_gated = last_started(clock, now, clock->gate);
    clock->last_started = now.n;
    clock->last_missed = last_started(clock, now, clock->missed) - 1;
    clock->last_at_gate = last_started(clock, now, clock->at_gate);
    clock->last_at_second_gate = last_started(clock, now, clock->at_second_gate);
    clock->last_at_start = last_started(clock, now, clock->at_start);
    clock->last_at_end = clock->last_at_start - 1;
    clock->last_due = last_started(clock, now, clock->due) - 1;
}
