/* Why an order was late and why a slot was missed: one cause each, columns late_cause and
 * missed_cause of the result file. A message on its way to the ledger is first on its sender's
 * link, then at a pool, then in a block that consensus has yet to make stable; where it was when
 * its time ran out is what made it late. */
#ifndef EXPERIMENTS_RUN_CAUSES_H
#define EXPERIMENTS_RUN_CAUSES_H

#include "analysis/record.h"
#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"

/* Why an order is late, if it is: from where it was when its gate fell. */
enum gb_late_cause gb_run_late_cause(int64_t gate_ns, int64_t sent_ns,
                                     const struct gb_passage *passage);

struct gb_run_causes { /* written by causes.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    struct gb_run_interval_causes *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_causes_init(struct gb_run_causes *causes, const struct gb_run_environment *env,
                        const struct gb_run_gateway *gateway,
                        const struct gb_run_intervals *intervals);
void gb_run_causes_clear(struct gb_run_causes *causes);
void gb_run_causes_open(struct gb_run_causes *causes, size_t place);

/* The operator sends a close or an open, or signs a refused one again. */
void gb_run_causes_sent(struct gb_run_causes *causes, size_t place,
                        const struct gb_message *message);
void gb_run_causes_resubmitted(struct gb_run_causes *causes, int64_t interval,
                               const struct gb_message *message);
/* The operator opens the interval with no match: where its close was left. */
void gb_run_causes_no_match(struct gb_run_causes *causes, size_t place);
/* The settlement deadline, and the open has come to nothing yet: notes where it is. */
void gb_run_causes_deadline(struct gb_run_causes *causes, size_t place);
/* The ledger has it as missed, by this event: if no close is to blame, the open is. */
void gb_run_causes_missed(struct gb_run_causes *causes, size_t place,
                          const struct gb_contract_event *event);
/* No pool took the message while its purpose stood.
 * arrived_ns  when it first knocked at one */
void gb_run_causes_given_up(struct gb_run_causes *causes, const struct gb_message *message,
                            int64_t arrived_ns);

/* enum gb_missed_cause: if the interval is missed, then by this. */
uint8_t gb_run_causes_of(const struct gb_run_causes *causes, size_t place);

#endif
