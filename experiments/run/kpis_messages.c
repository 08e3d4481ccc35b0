/* Key figures of messages: what became of orders and of their amendments. */
#include "experiments/run/kpis.h"
#include "experiments/run/kpis_priv.h"

void gb_run_kpis_sent(struct gb_run_kpis *kpis, size_t place, size_t n_orders)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);

    sums->counts.n_orders += (int64_t)n_orders;
    kpis->rows[place].n_orders += (int64_t)n_orders;
}

void gb_run_kpis_unfunded(struct gb_run_kpis *kpis, size_t place)
{
    gb_run_sums_at(kpis, place)->counts.n_unfunded++;
}

void gb_run_kpis_priced_out(struct gb_run_kpis *kpis, size_t place)
{
    gb_run_sums_at(kpis, place)->counts.n_priced_out++;
}

void gb_run_kpis_beyond_reserve(struct gb_run_kpis *kpis, size_t n)
{
    kpis->n_beyond_reserve += n;
}

void gb_run_kpis_late(struct gb_run_kpis *kpis, size_t place, enum gb_late_cause cause)
{
    struct gb_summary_row *sum = &gb_run_sums_at(kpis, place)->counts;
    struct gb_slot_row *row = &kpis->rows[place];
    int64_t *const of_run[] = {&sum->n_late_sent, &sum->n_late_link, &sum->n_late_pool,
                               &sum->n_late_consensus};
    int64_t *const of_slot[] = {&row->n_late_sent, &row->n_late_link, &row->n_late_pool,
                                &row->n_late_consensus};

    sum->n_late++;
    row->n_late++;
    (*of_run[cause - 1])++;
    (*of_slot[cause - 1])++;
}

/* Where refusals for that reason are counted; NULL: no order is refused so. */
static int64_t *refusals(struct gb_summary_row *sum, enum gb_receipt reason)
{
    switch (reason) {
    case GB_RECEIPT_UNREGISTERED: return &sum->n_refused_unregistered;
    case GB_RECEIPT_SUSPENDED: return &sum->n_refused_suspended;
    case GB_RECEIPT_BAD_SIGNATURE: return &sum->n_refused_bad_signature;
    case GB_RECEIPT_REPLAY: return &sum->n_refused_replay;
    case GB_RECEIPT_EXPIRED: return &sum->n_refused_expired;
    case GB_RECEIPT_OUT_OF_BAND: return &sum->n_refused_out_of_band;
    case GB_RECEIPT_OUTSIDE_RESERVE: return &sum->n_refused_outside_reserve;
    case GB_RECEIPT_BEYOND_CAPACITY: return &sum->n_refused_beyond_capacity;
    case GB_RECEIPT_UNDERFUNDED: return &sum->n_refused_underfunded;
    case GB_RECEIPT_BELOW_MINIMUM: return &sum->n_refused_below_minimum;
    case GB_RECEIPT_MALFORMED: return &sum->n_refused_malformed;
    case GB_RECEIPT_NOT_ALLOWED: return &sum->n_refused_not_allowed;
    case GB_RECEIPT_UNKNOWN_TARGET: return &sum->n_refused_unknown_target;
    case GB_RECEIPT_ALREADY_DONE: return &sum->n_refused_already_done;
    case GB_RECEIPT_TOO_EARLY: return &sum->n_refused_too_early;
    default: return NULL;
    }
}

void gb_run_kpis_receipt(struct gb_run_kpis *kpis, size_t place, bool was_accepted,
                         enum gb_receipt receipt, enum gb_late_cause late_cause)
{
    struct gb_summary_row *sum = &gb_run_sums_at(kpis, place)->counts;
    struct gb_slot_row *row = &kpis->rows[place];

    sum->n_accepted -= was_accepted;
    row->n_accepted -= was_accepted;
    if (receipt == GB_RECEIPT_OK) {
        sum->n_accepted++;
        row->n_accepted++;
    } else if (late_cause != GB_LATE_NOT) {
        gb_run_kpis_late(kpis, place, late_cause);
    } else {
        int64_t *by_reason = refusals(sum, receipt);

        sum->n_refused++;
        if (by_reason)
            (*by_reason)++;
    }
}

/* ---- amendments */

void gb_run_kpis_amendment_sent(struct gb_run_kpis *kpis, size_t place, bool is_cancel)
{
    gb_run_sums_at(kpis, place)->counts.n_amendments++;
    gb_run_sums_at(kpis, place)->counts.n_cancels += is_cancel;
    kpis->rows[place].n_amendments++;
}

void gb_run_kpis_amendment_late(struct gb_run_kpis *kpis, size_t place, enum gb_late_cause cause)
{
    struct gb_summary_row *sum = &gb_run_sums_at(kpis, place)->counts;

    sum->n_amendments_in_vain++;
    switch (cause) {
    case GB_LATE_POOL: sum->n_in_vain_pool++; break;
    case GB_LATE_CONSENSUS: sum->n_in_vain_consensus++; break;
    default: sum->n_in_vain_link++; break; /* none is sent after the gate */
    }
}

void gb_run_kpis_amended(struct gb_run_kpis *kpis, size_t place, bool was_accepted,
                         enum gb_receipt receipt, enum gb_late_cause late_cause)
{
    struct gb_summary_row *sum = &gb_run_sums_at(kpis, place)->counts;

    sum->n_amendments_accepted -= was_accepted;
    if (receipt == GB_RECEIPT_OK) {
        sum->n_amendments_accepted++;
        return;
    }
    if (late_cause != GB_LATE_NOT) {
        gb_run_kpis_amendment_late(kpis, place, late_cause);
        return;
    }
    sum->n_amendments_in_vain++;
    switch (receipt) {
    case GB_RECEIPT_ALREADY_DONE: sum->n_in_vain_fill_race++; break;
    case GB_RECEIPT_SUPERSEDED: sum->n_in_vain_superseded++; break;
    default: sum->n_in_vain_refused++; break;
    }
}

void gb_run_kpis_wake_up(struct gb_run_kpis *kpis, size_t place, enum gb_run_passed passed)
{
    struct gb_summary_row *sum = &gb_run_sums_at(kpis, place)->counts;

    sum->n_wake_ups++;
    sum->n_passed += passed != GB_RUN_NOT_PASSED;
    switch (passed) {
    case GB_RUN_NOT_PASSED: break;
    case GB_RUN_PASSED_UNANSWERED: sum->n_passed_unanswered++; break;
    case GB_RUN_PASSED_NO_ANCHOR: sum->n_passed_no_anchor++; break;
    case GB_RUN_PASSED_NO_STEP: sum->n_passed_no_step++; break;
    case GB_RUN_PASSED_FEE: sum->n_passed_fee++; break;
    case GB_RUN_PASSED_OWN_GATE: sum->n_passed_own_gate++; break;
    }
}

void gb_run_kpis_latency(struct gb_run_kpis *kpis, size_t place, int64_t latency_ns, size_t n)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);

    if (!gb_histogram_add(sums->latencies, latency_ns, (int64_t)n))
        gb_fail(kpis->env->error, GB_ENOMEM, "no memory for the latencies of orders");
}

void gb_run_kpis_resubmitted(struct gb_run_kpis *kpis, const struct gb_contract_event *event)
{
    struct gb_summary_row *sum = &gb_run_sums_of(kpis, event->interval)->counts;

    if (event->is_of_bundle)
        sum->n_bundles_again++;
    else if (event->message == GB_MESSAGE_ORDER)
        sum->n_orders_again++;
    else if (event->message == GB_MESSAGE_READING)
        sum->n_readings_again++;
    else if (event->message == GB_MESSAGE_APPROVE)
        sum->n_approvals_again++;
    else
        sum->n_authority_again++;
}
