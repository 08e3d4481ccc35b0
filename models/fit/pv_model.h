/* Powers that the model makes of one photovoltaic system, on the steps of a file that a fit reads:
 * what its search would find there is known. */
#ifndef MODELS_FIT_PV_MODEL_H
#define MODELS_FIT_PV_MODEL_H

#include "models/assets/physics_config.h"
#include "models/fit/fit.h"

/* The village of that one system, under the clouds, wind and temperature of a scenario, none of
 * them measured. Its clock is slow by less than a step, where else steps of the file would begin
 * within its slots. */
struct gb_physics_config gb_pv_model_of(const struct gb_physics_config *physics,
                                        const struct gb_fit_channel *file, double kwp,
                                        double tilt_deg, double azimuth_deg);

/* Powers of a realisation of such a village in the steps of the file, NAN where the file has none.
 * number   of the realisation: others have other draws
 * power_w  file->n values */
enum gb_status gb_pv_model_year(const struct gb_physics_config *model, uint32_t number,
                                const struct gb_fit_channel *file, double *power_w,
                                struct gb_error *err);

#endif
