/* The connection of a whole community: what of generation is beyond it, and what is overload. */
#include <stdlib.h>

#include "models/assets/meter_priv.h"

void gb_meters_set_community(struct gb_meters *meters)
{
    const struct gb_community_config *community = &meters->config->community;

    meters->import_limit_wh = gb_connection_wh(community->import_kw, meters->slot_h);
    meters->export_limit_wh = gb_connection_wh(community->export_kw, meters->slot_h);
}

static int64_t net_of(const struct gb_slot_energy *out, size_t n)
{
    int64_t net = 0;

    for (size_t j = 0; j < n; j++)
        net += out->net_wh[j];
    return net;
}

/* What a meter feeds in of its own generation: no more than that can be cut there. */
static int64_t generation_fed_in(const struct gb_slot_energy *out, size_t j)
{
    int64_t export = -out->net_wh[j], generation = out->solar_wh[j] + out->wind_wh[j];

    if (export <= 0)
        return 0;
    return export < generation ? export : generation;
}

/* Those who feed generation in; returns how much they do together. */
static int64_t list_shares(struct gb_meters *meters, const struct gb_slot_energy *out, size_t *n)
{
    int64_t sum = 0;

    *n = 0;
    for (size_t j = 0; j < meters->fleet->n; j++) {
        int64_t weight = generation_fed_in(out, j);

        if (weight == 0)
            continue;
        meters->shares[(*n)++] =
            (struct gb_share){.weight = weight, .key = meters->fleet->draw_owner[j], .place = j};
        sum += weight;
    }
    return sum;
}

/* Cuts generation until no more than the limit is fed in. returns what was cut */
static int64_t curtail(struct gb_meters *meters, int64_t beyond_wh, struct gb_slot_energy *out)
{
    size_t n;
    int64_t sum = list_shares(meters, out, &n), cut = beyond_wh < sum ? beyond_wh : sum;

    gb_share_out(meters->shares, n, cut);
    for (size_t i = 0; i < n; i++)
        gb_curtail_meter(out, meters->shares[i].place, meters->shares[i].share);
    return cut;
}

void gb_meters_keep_community(struct gb_meters *meters, struct gb_slot_energy *out)
{
    out->community = (struct gb_community_flow){0, 0, 0};
    if (gb_meters_are_apart(meters))
        return;
    int64_t net = net_of(out, meters->fleet->n), beyond = -net - meters->export_limit_wh;
    if (beyond > 0) {
        out->community.curtailed_wh = curtail(meters, beyond, out);
        out->community.overload_export_wh = beyond - out->community.curtailed_wh;
    }
    if (net > meters->import_limit_wh)
        out->community.overload_import_wh = net - meters->import_limit_wh;
}
