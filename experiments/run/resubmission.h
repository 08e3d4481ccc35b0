/* What is signed again. A message that a block refuses as too early, expired or a replay says
 * nothing wrong: it came at the wrong time. Its sender, who learns of it at its entry node, signs
 * the same words under a new nonce at once, as long as their purpose stands. Meters' messages go
 * the way they went first, alone or by their concentrator; a bundle that was refused as such is
 * sent again with the messages in it as they are.
 *
 * Nobody keeps what it sent for this: it is read from the block that refused it. */
#ifndef EXPERIMENTS_RUN_RESUBMISSION_H
#define EXPERIMENTS_RUN_RESUBMISSION_H

#include "experiments/run/causes.h"
#include "experiments/run/kpis.h"
#include "experiments/run/livelock.h"
#include "experiments/run/market_operator.h"
#include "experiments/run/outbox.h"
#include "experiments/run/sent_orders.h"

/* What it reads, calls and writes to; all borrowed for life. */
struct gb_run_resubmission_links {
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_operator *operator_;
    struct gb_run_causes *causes;
    struct gb_run_kpis *kpis;
    struct gb_run_livelock *livelock;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_outbox *outbox;
};

struct gb_run_resubmission { /* written by resubmission.c alone */
    struct gb_run_resubmission_links to;
    struct refused_message *refused; /* scratch: what meters sign again, of one block at one node */
    size_t n, capacity;
    bool is_sending; /* nothing is collected then: the chain reports nothing while it is sent to */
};

/* It stays where it is as long as the run lasts. */
void gb_run_resubmission_init(struct gb_run_resubmission *resubmission,
                              const struct gb_run_resubmission_links *links);
void gb_run_resubmission_clear(struct gb_run_resubmission *resubmission);
/* A message was refused for a reason that passes, in a block that its sender's entry node has
 * stable now: signs it again, a meter's with the call below. returns false if its purpose is
 * past: nothing is done */
bool gb_run_resubmit(struct gb_run_resubmission *resubmission,
                     const struct gb_contract_event *event);
/* Sends what meters sign again, before their block goes. */
void gb_run_resubmission_send(struct gb_run_resubmission *resubmission);

#endif
