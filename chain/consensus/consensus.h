/* Measuring the consensus alone, in a network of validators without faults: independent decisions
 * for latency and messages, a busy chain for throughput.
 *
 * Each independent decision is proposed when the one before is committed and stable at every node,
 * and its times count from the multicast of the proposal. Transactions are taken to be everywhere
 * already; nodes compute in no time and links have no bandwidth limit, so what is measured is the
 * protocol and its delays, which theory and other simulators can be compared with. */
#ifndef CHAIN_CONSENSUS_CONSENSUS_H
#define CHAIN_CONSENSUS_CONSENSUS_H

#include <stdint.h>

#include "base/delay.h"
#include "base/draws.h"
#include "base/status.h"
#include "chain/consensus/pbft.h"

struct gb_consensus_config {
    struct gb_committee committee; /* all of weight 1: weights is NULL */
    struct gb_delay link;          /* delay of a message between two nodes */
    struct gb_draws draws;
    uint64_t n_decisions; /* at least 1 */
};

struct gb_estimate {
    double mean, standard_error;
}; /* the error is NaN below two decisions */

/* Times in ms from the proposal's multicast. With n nodes the quorum is the (n - f)-th node to get
 * there, f = floor((n - 1) / 3). */
struct gb_consensus_report {
    uint64_t n_decisions;
    struct gb_estimate messages; /* sent for one decision */
    struct gb_estimate commit_leader;
    struct gb_estimate commit_replica_mean; /* over all nodes but the leader; n = 1: NaN */
    struct gb_estimate commit_first, commit_quorum, commit_last;
    struct gb_estimate stable_quorum; /* `classic` and `fisco2`: the same as commit_quorum */
};

/* Runs config->n_decisions decisions. GB_ECONFIG: no such network; GB_EBROKEN: gb_pbft_status. */
enum gb_status gb_consensus_measure(const struct gb_consensus_config *config,
                                    struct gb_consensus_report *out, struct gb_error *err);

/* Runs as many heights of a chain that is never idle, each leader proposing as soon as it has
 * committed the parent, and measures the interval between blocks in ms. The error takes intervals
 * for independent, which successive ones nearly are. */
enum gb_status gb_consensus_measure_busy(const struct gb_consensus_config *config,
                                         struct gb_estimate *interval, struct gb_error *err);

#endif
