/* Meters that a file lists, each under a name of its own: what it says of one goes before what the
 * meter's kind says (models/assets/kinds.h). They stand kind by kind, those of one kind in the
 * order of the file.
 *
 * A meter's draws are addressed by its name, so that a row more, or rows in another order, shift
 * nobody else's. `farm 2` is the name of the second home of a kind `farm` and has its draws. */
#ifndef MODELS_ASSETS_LISTED_H
#define MODELS_ASSETS_LISTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "base/status.h"

#define GB_LISTED_NAME_SIZE 32 /* of a name and the 0 behind it */

/* Numbers that the file does not give are NAN, prices GB_PARAM_PRICE_WORD, betas -1: then they are
 * as the kind says. A size of 0: the meter has none. */
struct gb_listed_meter {
    char name[GB_LISTED_NAME_SIZE];
    uint32_t kind;       /* its place among the kinds */
    uint32_t settings;   /* likewise, or behind them where its row says otherwise than its kind */
    uint32_t draw_owner; /* models/assets/draw_owner.h */
    uint32_t line;       /* of the file */
    double pv_kw, tilt_deg, azimuth_deg, shading;
    double turbine_kw;
    double battery_kwh, battery_kw;
    double ev_kw, ev_kwh;
    double heat_pump_kw, heat_loss_w_k; /* heat_pump_kw: below 0 it is sized */
    double yearly_kwh;
    double connection_kw;
    double east_m, north_m; /* from the middle of the village; both or none */
    struct gb_price reserve_sell, reserve_buy;
    int64_t beta_millionths;
};

struct gb_listed { /* owned by whoever made it; no meters: there is no list */
    size_t n;
    struct gb_listed_meter *meters;
};

/* What a number of the list comes to, where the kind says the other. */
static inline double gb_listed_or(double listed, double of_kind)
{
    return listed == listed ? listed : of_kind;
}

/* Does a meter own an asset of which the list says the size? */
static inline bool gb_listed_owns(double listed, bool of_kind)
{
    return listed == listed ? listed != 0 : of_kind;
}

/* Gives every meter the owner of its draws, by names that differ. Where two names fall on the same
 * number, as one pair in 270 million does, the one that sorts later takes its next. GB_ENOMEM */
enum gb_status gb_listed_assign_owners(struct gb_listed *listed, struct gb_error *err);
/* Puts them into the order of their kinds, and those of one kind as they are. GB_ENOMEM */
enum gb_status gb_listed_sort(struct gb_listed *listed, size_t n_kinds, struct gb_error *err);

#endif
