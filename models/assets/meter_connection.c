/* Connections of homes: what they leave to a battery, and what of generation is beyond them. */
#include "models/assets/listed.h"
#include "models/assets/meter_priv.h"

/* Of a meter: what a list says, or its kind. */
static double limit_kw_of(const struct gb_meters *meters, size_t meter)
{
    const struct gb_listed_meter *listed = meters->config->listed;
    double of_kind = gb_fleet_kind(meters->fleet, meter)->connection.limit_kw;

    return listed ? gb_listed_or(listed[meter].connection_kw, of_kind) : of_kind;
}

void gb_meters_set_limits(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;

    for (size_t i = 0; i < fleet->n && !meters->has_limits; i++)
        meters->has_limits =
            gb_connection_wh(limit_kw_of(meters, i), meters->slot_h) != GB_NO_LIMIT_WH;
    for (size_t i = 0; meters->has_limits && i < fleet->n; i++)
        meters->limits_wh[i] = gb_connection_wh(limit_kw_of(meters, i), meters->slot_h);
}

double gb_meters_within_connection(const struct gb_meters *meters, size_t meter,
                                   const struct gb_controller_seen *seen, double wish_w)
{
    int64_t limit = limit_at(meters, meter);
    double n = seen->slot_h < meters->slot_h ? (double)meters->n_steps : 1;

    if (limit == GB_NO_LIMIT_WH)
        return wish_w;
    double room_wh = (double)(limit - 1) / n;
    double most_w = fmax((room_wh - seen->net_wh) / seen->slot_h, 0);
    double least_w = fmin((-room_wh - seen->net_wh) / seen->slot_h, 0);
    return fmin(fmax(wish_w, least_w), most_w);
}

/* Takes of a generator's energy as much as is beyond the connection still. */
static void curtail_generator(int64_t *energy_wh, int64_t *beyond_wh)
{
    int64_t cut = *energy_wh < *beyond_wh ? *energy_wh : *beyond_wh;

    *energy_wh -= cut;
    *beyond_wh -= cut;
}

void gb_curtail_meter(struct gb_slot_energy *out, size_t j, int64_t wh)
{
    int64_t left = wh;

    curtail_generator(&out->solar_wh[j], &left);
    curtail_generator(&out->wind_wh[j], &left);
    out->curtailed_wh[j] += wh - left;
    out->net_wh[j] += wh - left;
}

/* What is curtailed of a meter whose energies are element j of `out`. */
static void curtail_at(const struct gb_meters *meters, size_t meter, size_t j,
                       struct gb_slot_energy *out)
{
    int64_t beyond = -out->net_wh[j] - limit_at(meters, meter);

    if (beyond > 0)
        gb_curtail_meter(out, j, beyond);
}

void gb_meters_curtail(const struct gb_meters *meters, struct gb_range part,
                       struct gb_slot_energy *out)
{
    for (size_t j = 0; meters->has_limits && j < part.n; j++)
        curtail_at(meters, part.first + j, j, out);
}
