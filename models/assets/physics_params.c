/* The physics rows of a scenario, table by table. Defaults are a district of Nanjing with the
 * fitted statistics of weather and households described with each model. */
#include "models/assets/cell.h"
#include "models/assets/load.h"
#include "models/assets/physics_config.h"
#include "models/assets/turbine.h"

static const char *const forecast_names[] = {
    "perfect", "conditional_mean", "persistence", "yesterday", "week", "week_mean", "file", NULL};
static const char *const cloud_model_names[] = {"regional", "drifting", NULL};
static const char *const temperature_model_names[] = {"constant", "process", NULL};
static const char *const clear_sky_names[] = {"ineichen", "haurwitz", NULL};
static const char *const transposition_names[] = {"hay_davies", "isotropic", "reindl", NULL};
static const char *const profile_names[] = {"logarithmic", "power_law", NULL};
static const char *const density_names[] = {"ideal_gas", "barometric", NULL};
static const char *const density_temperature_names[] = {"mean", "slot", NULL};
static const char *const smoothing_names[] = {"none", "turbulence", "region", NULL};
static const char *const mean_profile_names[] = {"h0", "london", NULL};
static const char *const flexible_names[] = {"at_once", "before_departure", "price_limit", NULL};
static const char *const slot_word[] = {"slot", NULL}; /* GB_STEP_SLOT */
static const char *const none_word[] = {"none", NULL};
static const char *const sized_word[] = {"sized", NULL};
static const char *const azimuth_words[] = {"equator", NULL}; /* GB_AZIMUTH_EQUATOR */

/* PART: the config within struct gb_physics_config whose rows follow. */
#define GB_KEY(key, member, ...) \
    GB_PARAM_ROW(struct gb_physics_config, key, PART.member, __VA_ARGS__)
#define GB_KEY_OF(type, ...) GB_KEY(__VA_ARGS__)

const struct gb_param gb_physics_params[] = {
#define PART weather
#include "models/weather/weather.def"
#undef PART
#define PART fleet
#include "models/assets/fleet.def"
#undef PART
#define PART weather.site
#include "models/weather/site.def"
#undef PART
#define PART pv
#include "models/assets/pv.def"
#undef PART
#define PART weather.clouds
#include "models/weather/clouds.def"
#undef PART
#define PART weather.wind
#include "models/weather/wind.def"
#undef PART
#define PART turbine
#include "models/assets/turbine.def"
#undef PART
#define PART household
#include "models/assets/household.def"
#undef PART
#define PART battery
#include "models/assets/battery.def"
#undef PART
#define PART ev
#include "models/assets/ev.def"
#undef PART
#define PART heat_pump
#include "models/assets/heat_pump.def"
#undef PART
#define PART connection
#include "models/assets/connection.def"
#undef PART
#define PART community
#include "models/assets/community.def"
#undef PART
#define PART weather.forecast
#include "models/weather/forecast.def"
#undef PART
    {0},
};

#undef GB_KEY
#define GB_KEY(key, member, ...) GB_PARAM_ROW(struct gb_kind, key, PART.member, __VA_ARGS__)

const struct gb_param gb_kind_params[] = {
#define PART pv
#include "models/assets/pv.def"
#undef PART
#define PART turbine
#include "models/assets/turbine.def"
#undef PART
#define PART household
#include "models/assets/household.def"
#undef PART
#define PART battery
#include "models/assets/battery.def"
#undef PART
#define PART ev
#include "models/assets/ev.def"
#undef PART
#define PART heat_pump
#include "models/assets/heat_pump.def"
#undef PART
#define PART connection
#include "models/assets/connection.def"
#undef PART
    {0},
};
