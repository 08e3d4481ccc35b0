#include "models/assets/home.h"

#include <math.h>

#include "base/quantity.h"
#include "models/assets/listed.h"
#include "models/series/library.h"

static size_t ordinal_of(const struct gb_fleet *fleet, const struct gb_physics_config *config,
                         size_t meter)
{
    uint32_t kind = config->listed ? config->listed[meter].kind : fleet->kind[meter];
    size_t first = 0;

    for (uint32_t k = 0; k < kind; k++)
        first += (size_t)fleet->kinds[k].n_homes;
    return meter - first;
}

/* What a meter owns of one kind of asset; 0 where it is none of the n owners, ascending. */
static double owned(const uint32_t *owners, const double *sizes, size_t n, size_t meter)
{
    size_t place = gb_owners_before(owners, n, meter);

    return place < n && owners[place] == meter ? sizes[place] : 0;
}

/* Several measured columns stand as they are, a column a meter; all else has the size of the
 * home's load as its mean. */
static double mean_load_w(const struct gb_fleet *fleet, const struct gb_physics_config *config,
                          size_t meter, size_t ordinal)
{
    const struct gb_measured *measured =
        gb_library_find(config->library, gb_fleet_kind(fleet, meter)->household.series);

    if (measured && measured->n > 1 && ordinal < measured->n)
        return measured->scale * gb_course_overall_w(&measured->courses[ordinal]);
    return fleet->load_scale_w[meter];
}

/* To a thousandth of a Wh: what a scenario says in kWh is what is shown, whatever was made of it in
 * between. */
static double yearly_kwh_of(double mean_w)
{
    return rint(mean_w * GB_HOURS_A_YEAR * 1e3) / 1e6;
}

struct gb_home gb_home_of(const struct gb_fleet *fleet, const struct gb_physics_config *config,
                          size_t meter)
{
    const struct gb_systems *systems = &fleet->systems;
    const struct gb_turbines *turbines = &fleet->turbines;
    const struct gb_batteries *batteries = &fleet->batteries;
    size_t ordinal = ordinal_of(fleet, config, meter);

    return (struct gb_home){
        .kind = gb_fleet_kind(fleet, meter)->name,
        .name = config->listed ? config->listed[meter].name : NULL,
        .ordinal = ordinal,
        .pv_kw = owned(systems->meter, systems->kwp, systems->n, meter),
        .turbine_kw = owned(turbines->meter, turbines->kw, turbines->n, meter),
        .battery_kwh = owned(batteries->meter, batteries->kwh, batteries->n, meter),
        .ev_kw = owned(fleet->evs.meter, fleet->evs.kw, fleet->evs.n, meter),
        .heat_pump_kw =
            owned(fleet->heat_pumps.meter, fleet->heat_pumps.kw, fleet->heat_pumps.n, meter),
        .yearly_kwh = yearly_kwh_of(mean_load_w(fleet, config, meter, ordinal)),
    };
}
