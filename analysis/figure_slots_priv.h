/* The slots of one trial that a figure over time shows. */
#ifndef ANALYSIS_FIGURE_SLOTS_PRIV_H
#define ANALYSIS_FIGURE_SLOTS_PRIV_H

#include "analysis/figures_priv.h"

/* What slots of some homes have beside their rows. */
struct gb_home_slot {
    int64_t sold_wh; /* fed in for trades, which is not in export_wh */
    int64_t baseline_stored_wh;
};

struct gb_slots {
    struct gb_time_window window;
    int64_t slot_ns;
    double kw_per_wh; /* mean power over a slot, of its energy */
    size_t n;
    const struct gb_slot_row *rows; /* those within the window */
    void *all;                      /* owned */
    struct gb_home_slot *of_homes;  /* n, owned; NULL: rows are those of the whole market */
};

/* GB_EREFUSED where the result has no slots, or too few in the window for a course. */
enum gb_status gb_slots_load(struct gb_slots *out, const struct gb_figure_request *request,
                             struct gb_error *err);
/* The same of the homes alone that gb_results_homes() names, where those are not all: of each row
 * load, car, heat pump, generation, charging, discharging and what is stored are theirs; traded_wh
 * is what they bought in trades that settled and took, import_wh and export_wh what else passed
 * their meters; all else stays the market's. GB_EREFUSED where the result has no rows of meters. */
enum gb_status gb_slots_load_of_homes(struct gb_slots *out, const struct gb_figure_request *request,
                                      struct gb_error *err);
void gb_slots_clear(struct gb_slots *slots);
/* "# Source: /slots of the result, trial 0." */
void gb_slots_write_head(const struct gb_slots *slots, const struct gb_figure_request *request,
                         FILE *data);
/* "slots of 15 min on 1 June 2023, trial 0" */
void gb_slots_describe(const struct gb_slots *slots, const struct gb_figure_request *request,
                       FILE *caption);

#endif
