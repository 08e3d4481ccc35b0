/* Cell temperatures, DC and AC against pvlib and NREL's PVWatts. */
#include "models/assets/pv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/cell.h"
#include "models/assets/fleet.h"
#include "tests/reference.h"
#include "tests/tap.h"

static struct gb_physics_config defaults(void)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    return config;
}

/* An hour of PVWatts: its DC holds reflection and low-light losses the row leaves out, so ours lies
 * above it by up to a tenth. Its AC comes from its DC. */
static void check_hour(const struct reference *t)
{
    double expected = reference_number(t, "expected"), rating = 4000 / 1.2 / 0.96;

    if (reference_is(t, "output", "dc_w")) {
        double kept = 1 - defaults().pv_losses_percent / 100;
        double ours = gb_pv_dc(reference_input(t, "poa"), reference_input(t, "tcell"), 4000 * kept,
                               -0.0047);
        EXPECT(expected / ours >= 0.90 && expected / ours <= 1.00);
    } else {
        struct gb_inverter inverter = gb_inverter_make(rating, 0.96);
        EXPECT_NEAR(gb_pv_ac(&inverter, reference_input(t, "dc_w")), expected,
                    reference_tolerance(t));
    }
}

static double heating_of(const struct reference *t)
{
    double wind = reference_input(t, "wind");

    if (reference_is(t, "model", "celltemp_faiman"))
        return gb_heating_faiman(wind, reference_input(t, "u0"), reference_input(t, "u1"));
    if (reference_is(t, "model", "celltemp_pvsyst"))
        return gb_heating_pvsyst(wind, reference_input(t, "u_c"), reference_input(t, "u_v"),
                                 reference_input(t, "eff"), reference_input(t, "alpha"));
    if (reference_is(t, "model", "celltemp_noct_ross"))
        return gb_heating_ross(reference_input(t, "noct"));
    if (reference_is(t, "model", "celltemp_noct_sam"))
        return gb_heating_noct_sam(wind, reference_input(t, "noct"), reference_input(t, "eff"));
    return gb_heating_sapm(wind, reference_input(t, "a"), reference_input(t, "b"),
                           reference_input(t, "dT"));
}

static double row_value(const struct reference *t)
{
    if (reference_is(t, "model", "pvwatts_dc"))
        return gb_pv_dc(reference_input(t, "poa"), reference_input(t, "tcell"),
                        reference_input(t, "pdc0"), reference_input(t, "gamma"));
    if (reference_is(t, "model", "pvwatts_losses"))
        return defaults().pv_losses_percent;
    if (reference_is(t, "output", "tcell"))
        return reference_input(t, "tair") + reference_input(t, "poa") * heating_of(t);
    double efficiency = reference_input(t, "eta_nom");
    struct gb_inverter inverter = gb_inverter_make(reference_input(t, "pdc0"),
                                                   isnan(efficiency) ? 0.96 : efficiency);
    return gb_pv_ac(&inverter, reference_input(t, "pdc"));
}

static void every_reference_row_is_met_at_its_tolerance(void)
{
    struct reference table;
    int rows = 0;

    if (!reference_open(&table, "pv"))
        return;
    for (; reference_next(&table); rows++) {
        if (reference_is(&table, "model", "pvwatts_hour"))
            check_hour(&table);
        else if (!EXPECT_NEAR(row_value(&table), reference_number(&table, "expected"),
                              fmax(reference_tolerance(&table), 1e-12)))
            tap_note("in row %s, %s", reference_text(&table, "model"),
                     reference_text(&table, "case"));
    }
    EXPECT_INT(rows, 26);
}

static void an_inverter_never_gives_more_than_its_rating_nor_less_than_nothing(void)
{
    struct gb_inverter inverter = gb_inverter_make(1, 0.96);
    double last = 0;

    for (double dc = 0; dc < 3; dc += 0.01) {
        double ac = gb_pv_ac(&inverter, dc);
        EXPECT(ac >= last && ac <= 0.96 && ac <= dc);
        last = ac;
    }
    EXPECT_NEAR(last, 0.96, 0);
}

/* Under full light in a moderate wind all models agree on 20 to 40 degrees above the air. */
static void every_model_of_cells_warms_them_alike(void)
{
    int n = 0;

    for (; gb_cell_model_names[n]; n++) {
        double breeze = gb_cell_heating((enum gb_cell_model)n, 2);
        EXPECT(1000 * breeze > 20 && 1000 * breeze < 40);
        EXPECT(gb_cell_heating((enum gb_cell_model)n, 8) <= breeze);
    }
    EXPECT_INT(n, GB_CELL_SAPM + 1);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_reference_row_is_met_at_its_tolerance),
        TAP(every_model_of_cells_warms_them_alike),
        TAP(an_inverter_never_gives_more_than_its_rating_nor_less_than_nothing),
        {0}
    };
    return tap_main("pv", tests);
}
