#include "cli/reasons.h"

#include <inttypes.h>
#include <stdio.h>

#include "analysis/schema.h"

#define WIDTH 98 /* columns of a line, with a comma */

const struct gb_reason gb_reasons_of_missed_slots[] = {
    {"n_missed_close_link", "operator's close still on its link at the start"},
    {"n_missed_close_pool", "operator's close still at a pool at the start"},
    {"n_missed_close_consensus", "close in a block not yet stable at the start"},
    {"n_missed_close_refused", "close refused, and signed again too late"},
    {"n_missed_open_link", "operator's open still on its link at the deadline"},
    {"n_missed_open_pool", "operator's open still at a pool at the deadline"},
    {"n_missed_open_refused", "open refused, and signed again too late"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_of_late_orders[] = {
    {"n_late_sent", "sent after the gate"},
    {"n_late_link", "still on the client's link at the gate"},
    {"n_late_pool", "still at a pool at the gate"},
    {"n_late_consensus", "in a block not yet stable at the gate"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_of_refusals[] = {
    {"n_refused_unregistered", "unregistered"},
    {"n_refused_suspended", "suspended"},
    {"n_refused_bad_signature", "bad signature"},
    {"n_refused_replay", "replay"},
    {"n_refused_expired", "expired"},
    {"n_refused_out_of_band", "price or reserve outside the band"},
    {"n_refused_outside_reserve", "quote outside its own reserve"},
    {"n_refused_beyond_capacity", "beyond capacity"},
    {"n_refused_underfunded", "underfunded, beyond agents.balance"},
    {"n_refused_below_minimum", "below the minimum quantity"},
    {"n_refused_malformed", "malformed"},
    {"n_refused_not_allowed", "not allowed for this sender"},
    {"n_refused_unknown_target", "unknown target"},
    {"n_refused_already_done", "already done"},
    {"n_refused_too_early", "too early"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_of_unmatched[] = {
    {"n_unmatched_reserve", "no reserve of the other side suited"},
    {"n_unmatched_taken", "who suited had traded all with others"},
    {"n_unmatched_never_met", "quotes never met, though reserves suited"},
    {"n_unmatched_cut", "cut whole, beyond the market's limits"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_in_vain[] = {
    {"n_in_vain_link", "on the client's link at the gate"},
    {"n_in_vain_pool", "at a pool at the gate"},
    {"n_in_vain_consensus", "in a block not yet stable at the gate"},
    {"n_in_vain_fill_race", "filled before"},
    {"n_in_vain_superseded", "superseded by a later one"},
    {"n_in_vain_refused", "refused"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_of_passing[] = {
    {"n_passed_unanswered", "an action was unanswered"},
    {"n_passed_no_anchor", "no trade heard of"},
    {"n_passed_no_step", "nothing to say"},
    {"n_passed_fee", "not worth the fee"},
    {"n_passed_own_gate", "behind the agent's own gate"},
    {NULL, NULL}};

const struct gb_reason gb_reasons_signed_again[] = {
    {"n_orders_again", "orders"},       {"n_readings_again", "readings"},
    {"n_approvals_again", "approvals"}, {"n_authority_again", "of operator and supervisor"},
    {"n_bundles_again", "bundles"},     {NULL, NULL}};

static int64_t count_of(const struct gb_summary_row *row, const struct gb_reason *cause)
{
    return (int64_t)gb_field_value(gb_field_find(GB_TABLE_SUMMARY, cause->field), row);
}

void gb_reasons_print(const struct gb_summary_row *row, const struct gb_reason *causes,
                      int64_t total, int column)
{
    int indent = column;
    bool is_first = true;

    for (; causes->field; causes++) {
        char text[96];
        int64_t count = count_of(row, causes);

        if (count == 0)
            continue;
        int length = count == total
                         ? snprintf(text, sizeof text, "%s", causes->words)
                         : snprintf(text, sizeof text, "%s (%" PRId64 ")", causes->words, count);
        bool is_full = !is_first && column + 2 + length > WIDTH;
        if (is_full)
            printf(",\n%*s", indent, "");
        column = is_full ? indent + length : column + 2 + length;
        printf("%s%s", is_first || is_full ? "" : ", ", text);
        is_first = false;
    }
}

bool gb_reasons_are_any(const struct gb_summary_row *row, const struct gb_reason *causes)
{
    for (; causes->field; causes++)
        if (count_of(row, causes) != 0)
            return true;
    return false;
}
