/* Benchmark of the consensus: CPU time of one decision, every message an event with its own delay
 * (exponential, mean 100 ms), nothing signed and no payload: the protocol and its network alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/report.h"
#include "chain/consensus/consensus.h"
#include "tests/flows.h"

enum { MESSAGES_PER_ROW = 8000000 };

static void measure(const struct gb_flow *flow, uint32_t n_nodes, double target_us)
{
    uint64_t messages = gb_flow_messages(flow, n_nodes);
    struct gb_consensus_config config = {
        .committee = {.flow = flow, .n_nodes = n_nodes, .leader_period = 1},
        .link = {&gb_delay_exponential, {{100000000}}},
        .draws = {.seed = 1},
        .n_decisions = MESSAGES_PER_ROW / messages};
    struct gb_consensus_report report;
    struct gb_error err = {0};
    double start_s = gb_bench_cpu_s();

    if (gb_consensus_measure(&config, &report, &err) != GB_OK) {
        fprintf(stderr, "bench_pbft: %s\n", err.text);
        exit(1);
    }
    double us = 1e6 * (gb_bench_cpu_s() - start_s) / (double)config.n_decisions;
    char name[96], holds[160];
    snprintf(name, sizeof name, "PBFT decision, %s, n = %" PRIu32, flow->member.name, n_nodes);
    snprintf(holds, sizeof holds,
             "%" PRIu64 " messages, each an event with a delay drawn at its "
             "address: %.0f ns a message",
             messages, 1e3 * us / (double)messages);
    gb_bench_report(&(struct gb_bench_row){name, us, "us", target_us, holds});
}

int main(void)
{
    static const struct {
        uint32_t n_nodes;
        double target_us;
    } sizes[] = {{4, 5}, {16, 0}, {64, 2500}, {100, 6000}};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (const struct gb_flow *flow = first_flow(); flow; flow = next_flow(flow))
            measure(flow, sizes[i].n_nodes, sizes[i].target_us);
    return 0;
}
