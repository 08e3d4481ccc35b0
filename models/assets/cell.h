/* How much warmer than the air the cells of a module are under light: degrees for each W/m2 on its
 * plane, in a wind (m/s). All models are linear in the light, so one number a slot serves every
 * system. */
#ifndef MODELS_ASSETS_CELL_H
#define MODELS_ASSETS_CELL_H

/* Heat loss u0 + u1 v, W/(m2 K).
 * source  D. Faiman, Progress in Photovoltaics 16 (2008) 307 */
double gb_heating_faiman(double wind_ms, double u0, double u1);

/* Heat loss u_c + u_v v of what the cells absorb and do not turn into power.
 * efficiency, absorbed   of the module; share of the light
 * source  A. Mermoud, B. Wittmer, PVSYST user's manual (2014) */
double gb_heating_pvsyst(double wind_ms, double u_c, double u_v, double efficiency,
                         double absorbed);

/* From the temperature at 800 W/m2, 20 degrees and 1 m/s (NOCT), whatever the wind.
 * source  R. G. Ross, 14th IEEE Photovoltaic Specialists Conference (1980) */
double gb_heating_ross(double noct_c);

/* From NOCT, corrected for efficiency and for the wind at a module on one storey, 0.51 of that at
 * 10 m; transmittance x absorptance is 0.9.
 * source  P. Gilman et al., SAM Photovoltaic Model Technical Reference Update,
 *         NREL/TP-6A20-67399 (2018) */
double gb_heating_noct_sam(double wind_ms, double noct_c, double efficiency);

/* exp(a + b v) to the back of the module, and a step of `step_c` at 1000 W/m2 from there to the
 * cells. source  D. L. King, W. E. Boyson, J. A. Kratochvil, Photovoltaic Array Performance Model,
 *         SAND2004-3535 (2004) */
double gb_heating_sapm(double wind_ms, double a, double b, double step_c);

enum gb_cell_model { GB_CELL_FAIMAN, GB_CELL_PVSYST, GB_CELL_ROSS, GB_CELL_NOCT_SAM, GB_CELL_SAPM };
extern const char *const gb_cell_model_names[]; /* ends with NULL */

/* By a model with the parameters its source gives for a module on an open rack. */
double gb_cell_heating(enum gb_cell_model model, double wind_ms);

#endif
