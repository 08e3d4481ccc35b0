/* Benchmark of the consensus: CPU time of one decision, every message an event with its own delay
 * (exponential, mean 100 ms), nothing signed and no payload: the protocol and its network alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "chain/consensus.h"

enum { MESSAGES_PER_ROW = 8000000 };

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(enum gb_flow flow, uint32_t n_nodes, double target_us)
{
    uint64_t messages = gb_consensus_messages(flow, n_nodes);
    struct gb_consensus_config config = {
        .flow = flow, .n_nodes = n_nodes, .leader_period = 1,
        .link = {GB_DELAY_EXPONENTIAL, 100e6, 0}, .seed = 1,
        .n_decisions = MESSAGES_PER_ROW / messages};
    struct gb_consensus_report report;
    struct gb_error err = {0};
    double start_s = cpu_s();

    if (gb_consensus_measure(&config, &report, &err) != GB_OK) {
        fprintf(stderr, "bench_pbft: %s\n", err.text);
        exit(1);
    }
    double us = 1e6 * (cpu_s() - start_s) / (double)config.n_decisions;
    printf("decision, %-8s n = %-4" PRIu32 " %6" PRIu64 " messages  %9.1f us %6.0f ns a message",
           gb_flow_names[flow], n_nodes, messages, us, 1e3 * us / (double)messages);
    if (target_us > 0)
        printf("   (target %.0f us)", target_us);
    printf("\n");
}

int main(void)
{
    static const struct { uint32_t n_nodes; double target_us; } sizes[] = {
        {4, 5}, {16, 0}, {64, 2500}, {100, 6000}};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (enum gb_flow flow = GB_FLOW_CLASSIC; flow <= GB_FLOW_FISCO3; flow++)
            measure(flow, sizes[i].n_nodes, sizes[i].target_us);
    return 0;
}
