/* What cars, heat pumps and connections do with the grid alone. /meters tells of that no more than
 * what passed the meter, which is their sum; the rest is what both runs have in common. */
#include <string.h>

#include "tests/kpi_oracle.h"

static int has_any(struct oracle *oracle, const char *column)
{
    const double *sizes = kpi_column(oracle->users, column)->numbers;

    for (size_t i = 0; i < oracle->n; i++)
        if (sizes[i] > 0)
            return 1;
    return 0;
}

/* What has no other rule is held by the sum of all; where batteries hide that, by nothing. */
static void claim_rest(struct oracle *oracle, const char *name, int has, int64_t *rest, int is_last)
{
    int64_t got = kpi_integers(oracle->summary, name)[0];
    int is_held = is_last && !has_any(oracle, "battery_kwh");

    claim(oracle, oracle->summary, name, 0, !has ? 0 : is_held ? *rest : got);
    *rest -= got;
}

/* Energy of cars that left is charged or missing in either run, and heat is the same in both. */
static void claim_needs(struct oracle *oracle, const struct energy *sum)
{
    struct kpi_table *table = oracle->summary;

    claim(oracle, table, "baseline_ev_unserved_wh", 0,
          sum->ev + sum->ev_unserved - kpi_integers(table, "baseline_ev_wh")[0]);
    claim(oracle, table, "baseline_heat_wh", 0, sum->heat);
    claim(oracle, table, "baseline_heat_unserved_wh", 0, sum->heat_unserved);
}

void claim_baseline(struct oracle *oracle, const struct energy *sum)
{
    int64_t passed = 0;
    char limit[64] = "none";

    for (size_t at = 0; at < oracle->meters->n; at++)
        passed += oracle->baseline[at];
    kpi_scenario(oracle->file.scenario, "connection", limit, sizeof limit);
    int has_cars = has_any(oracle, "ev_kw"), has_pumps = has_any(oracle, "heat_pump_kw");
    int has_limits = !oracle->is_declared && strcmp(limit, "none") != 0;
    /* generation is what connections let pass */
    int64_t rest =
        passed - (sum->load - sum->ev - sum->heat_pump) + sum->generation + sum->curtailed;
    claim_rest(oracle, "baseline_ev_wh", has_cars, &rest, !has_pumps && !has_limits);
    claim_rest(oracle, "baseline_heat_pump_wh", has_pumps, &rest, !has_limits);
    claim_rest(oracle, "baseline_curtailed_wh", has_limits, &rest, 1);
    claim_needs(oracle, sum);
}
