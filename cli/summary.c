/* The comparison with the grid in a few lines, from one summary row. */
#include "cli/output.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analysis/compare.h"
#include "base/duration.h"
#include "base/param.h"
#include "base/quantity.h"
#include "cli/message.h"
#include "cli/reasons.h"

static double kwh(int64_t wh)
{
    return (double)wh / (double)GB_WH_PER_KWH;
}

/* " (-12.3639 %)", a change; nothing where there is nothing to compare with. */
static void print_change(double percent)
{
    if (isfinite(percent))
        printf(" (%+.4f %%)", percent);
    putchar('\n');
}

/* "late  12 orders: sent after the gate (5), ..."; nothing where there were none. */
static void print_causes(const char *what, int64_t n, const char *noun,
                         const struct gb_summary_row *row, const struct gb_reason *causes)
{
    if (n == 0)
        return;
    int column = printf("    %-8s %" PRId64 " %s%s: ", what, n, noun, gb_message_plural(n));
    gb_reasons_print(row, causes, n, column);
    printf("\n");
}

static void print_market(const struct gb_summary_row *row)
{
    printf("  market     %" PRId64 " order%s accepted", row->n_accepted,
           gb_message_plural(row->n_accepted));
    if (row->n_refused > 0)
        printf(", %" PRId64 " refused", row->n_refused);
    if (row->n_late > 0)
        printf(", %" PRId64 " late", row->n_late);
    printf("; %" PRId64 " trade%s", row->n_trades, gb_message_plural(row->n_trades));
    if (row->n_voided > 0)
        printf(" (%" PRId64 " of them void)", row->n_voided);
    printf(", %.3f kWh", kwh(row->traded_wh));
    if (row->traded_wh > 0)
        printf(" at %.4f on average", row->price_mean);
    printf("\n");
    print_causes("refused", row->n_refused, "order", row, gb_reasons_of_refusals);
    print_causes("late", row->n_late, "order", row, gb_reasons_of_late_orders);
    if (row->n_wake_ups > 0)
        printf("    amended  %" PRId64 " time%s in %" PRId64 " wake-up%s\n", row->n_amendments,
               gb_message_plural(row->n_amendments), row->n_wake_ups,
               gb_message_plural(row->n_wake_ups));
    print_causes("in vain", row->n_amendments_in_vain, "amendment", row, gb_reasons_in_vain);
    print_causes("passed", row->n_passed, "wake-up", row, gb_reasons_of_passing);
    print_causes("missed", row->n_missed_slots, "slot", row, gb_reasons_of_missed_slots);
}

static void print_chain(const struct gb_summary_row *row)
{
    if (row->n_blocks == 0)
        return;
    printf("  chain      %" PRId64 " block%s, %" PRId64 " transaction%s, %" PRId64 " message%s",
           row->n_blocks, gb_message_plural(row->n_blocks), row->n_transactions,
           gb_message_plural(row->n_transactions), row->n_messages,
           gb_message_plural(row->n_messages));
    if (isfinite(row->latency_p50_ms))
        printf("\n             an order is stable after %.0f ms (median), %.0f ms (95 %%)",
               row->latency_p50_ms, row->latency_p95_ms);
    printf("\n");
    if (row->n_pool_refusals > 0 || row->n_resent > 0)
        printf("             full pools refused %" PRId64 " time%s, %" PRId64
               " transaction%s sent again unanswered\n",
               row->n_pool_refusals, gb_message_plural(row->n_pool_refusals), row->n_resent,
               row->n_resent == 1 ? " was" : "s were");
    if (gb_reasons_are_any(row, gb_reasons_signed_again)) {
        int column = printf("             too early, expired or replayed, so signed again: ");
        gb_reasons_print(row, gb_reasons_signed_again, 0, column);
        printf("\n");
    }
}

/* What is missed of trades and schedules explains a market that saves little. */
static void print_deviations(const struct gb_summary_row *row)
{
    struct gb_causes causes = gb_causes_of_summary(row);

    if (row->imbalance_short_wh != 0 || row->imbalance_long_wh != 0)
        printf("  imbalance  %.3f kWh sold and not delivered, %.3f kWh bought and not taken: "
               "%.4f of\n             the %.4f that the trades are worth\n",
               kwh(row->imbalance_short_wh), kwh(row->imbalance_long_wh),
               -causes.currency[GB_CAUSE_SHORT] - causes.currency[GB_CAUSE_LONG],
               causes.currency[GB_CAUSE_TRADES]);
    if (row->schedule_short_wh != 0 || row->schedule_long_wh != 0)
        printf("  schedules  missed by %.3f kWh short and %.3f kWh long, which costs %.4f\n",
               kwh(row->schedule_short_wh), kwh(row->schedule_long_wh),
               -causes.currency[GB_CAUSE_SCHEDULE]);
}

/* Energy that somebody wanted, and that neither arm moved as he wanted it. */
static void print_unserved(const struct gb_summary_row *row)
{
    if (row->ev_unserved_wh != 0 || row->baseline_ev_unserved_wh != 0)
        printf(
            "  cars       left with %.3f kWh less than they needed; %.3f kWh without the market\n",
            kwh(row->ev_unserved_wh), kwh(row->baseline_ev_unserved_wh));
    if (row->heat_unserved_wh != 0 || row->baseline_heat_unserved_wh != 0)
        printf(
            "  heat       %.3f kWh that homes needed and heat pumps did not give; %.3f kWh without "
            "the market\n",
            kwh(row->heat_unserved_wh), kwh(row->baseline_heat_unserved_wh));
    if (row->curtailed_wh != 0 || row->baseline_curtailed_wh != 0)
        printf(
            "  curtailed  %.3f kWh that connections did not carry; %.3f kWh without the market\n",
            kwh(row->curtailed_wh), kwh(row->baseline_curtailed_wh));
    if (row->n_overload_slots != 0 || row->baseline_n_overload_slots != 0)
        printf("  overload   %.3f kWh beyond the community's limits in %" PRId64
               " slots; %.3f kWh in %" PRId64 " without the market\n",
               kwh(row->overload_import_wh + row->overload_export_wh), row->n_overload_slots,
               kwh(row->baseline_overload_import_wh + row->baseline_overload_export_wh),
               row->baseline_n_overload_slots);
    if (row->cut_wh != 0)
        printf("  cut        %.3f kWh of orders beyond the market's limits, before they were "
               "matched\n",
               kwh(row->cut_wh));
}

void gb_output_print_summary(const struct gb_summary_row *row, const char *currency)
{
    char slot[32];

    printf("%" PRId64 " meter%s, %" PRId64 " slot%s of %s, seed %" PRIu64 "\n", row->n_meters,
           gb_message_plural(row->n_meters), row->n_slots, gb_message_plural(row->n_slots),
           gb_duration_format(row->slot_ns, slot, sizeof slot), row->seed);
    print_market(row);
    print_chain(row);
    printf("  compared with trading with the grid alone, in %s:\n", currency);
    printf("  buyers     pay %.4f instead of %.4f", gb_currency(row->buyers_cost),
           gb_currency(row->buyers_cost_grid_only));
    print_change(0 - row->buyers_saving_pct);
    printf("  sellers    earn %.4f instead of %.4f", gb_currency(row->sellers_revenue),
           gb_currency(row->sellers_revenue_grid_only));
    print_change(row->sellers_gain_pct);
    if (row->zero_cost != 0 || row->zero_cost_grid_only != 0)
        printf("  neither    pays %.4f instead of %.4f in slots without surplus or deficit\n",
               gb_currency(row->zero_cost), gb_currency(row->zero_cost_grid_only));
    printf("  community  %s %.4f %s a bill of %.4f", row->saving < 0 ? "pays" : "saves",
           fabs(gb_currency(row->saving)), row->saving < 0 ? "beyond" : "of",
           gb_currency(row->cost_grid_only));
    if (row->saving >= 0 && row->saving_ceiling > 0)
        printf(", %.1f %% of what trading could save",
               100.0 * (double)row->saving / (double)row->saving_ceiling);
    printf("\n");
    print_deviations(row);
    print_unserved(row);
}
