/* The slot that a figure shows, and how its book came to be. */
#ifndef ANALYSIS_FIGURE_SLOT_PRIV_H
#define ANALYSIS_FIGURE_SLOT_PRIV_H

#include "analysis/book_history.h"
#include "analysis/figures_priv.h"

/* The slot that was asked for, or the one with most traded energy (the first of equals; the first
 * with an order where nothing was traded), of which nothing is played yet; to be cleared after a
 * failure too. GB_EREFUSED where it has no accepted order. */
enum gb_status gb_figure_slot_load(struct gb_book_history *out, int64_t *interval,
                                   const struct gb_figure_request *request, struct gb_error *err);

/* From the opening of its market to its gate, ns since the start of the run. */
struct gb_slot_window {
    int64_t opening_ns, gate_ns;
};
struct gb_slot_window gb_figure_slot_window(const struct gb_figure_request *request,
                                            int64_t interval);
static inline double gb_slot_seconds(const struct gb_slot_window *window, int64_t at_ns)
{
    return 1e-9 * (double)(at_ns - window->opening_ns);
}
/* The axis of seconds after the opening, as x_low and so on; has no name of its own. */
void gb_slot_axis_write(const struct gb_slot_window *window, FILE *settings);
/* "Slot 100 (1 June 2023, 08:20) of trial 3". */
void gb_figure_slot_describe(const struct gb_figure_request *request, int64_t interval,
                             FILE *caption);

#endif
