#include "models/assets/cell.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

const char *const gb_cell_model_names[] = {"faiman", "pvsyst", "ross", "noct_sam", "sapm", NULL};

double gb_heating_faiman(double wind_ms, double u0, double u1)
{
    return 1 / (u0 + u1 * wind_ms);
}

double gb_heating_pvsyst(double wind_ms, double u_c, double u_v, double efficiency, double absorbed)
{
    return absorbed * (1 - efficiency) / (u_c + u_v * wind_ms);
}

double gb_heating_ross(double noct_c)
{
    return (noct_c - 20) / 800;
}

double gb_heating_noct_sam(double wind_ms, double noct_c, double efficiency)
{
    double cooling = 9.5 / (5.7 + 3.8 * (0.51 * wind_ms));

    return gb_heating_ross(noct_c) * (1 - efficiency / 0.9) * cooling;
}

double gb_heating_sapm(double wind_ms, double a, double b, double step_c)
{
    return exp(a + b * wind_ms) + step_c / 1000;
}

double gb_cell_heating(enum gb_cell_model model, double wind_ms)
{
    switch (model) {
    case GB_CELL_FAIMAN: return gb_heating_faiman(wind_ms, 25, 6.84);
    case GB_CELL_PVSYST: return gb_heating_pvsyst(wind_ms, 29, 0, 0.1, 0.9);
    case GB_CELL_ROSS: return gb_heating_ross(45);
    case GB_CELL_NOCT_SAM: return gb_heating_noct_sam(wind_ms, 45, 0.2);
    case GB_CELL_SAPM: return gb_heating_sapm(wind_ms, -3.47, -0.0594, 3);
    }
    assert(!"a model of cells without a case");
    return 0;
}
