/* What part of a run the figures over time show: `--day`, `--from` and `--to` as times of the run.
 */
#ifndef CLI_FIGURE_WINDOW_H
#define CLI_FIGURE_WINDOW_H

#include "analysis/figures.h"

struct gb_window_request {
    const char *day, *from, *to; /* as typed, or NULL: `2`, `2023-06-02`; `06:00`, `2023-06-02
                                  * 06:00`, `2023-06-02` */
};

/* Sets from_ns and to_ns of the figures, whose results and trial are set. GB_EINPUT says what was
 * expected, or what the run has instead. */
enum gb_status gb_window_resolve(const struct gb_window_request *request,
                                 struct gb_figure_request *figure, struct gb_error *err);

#endif
