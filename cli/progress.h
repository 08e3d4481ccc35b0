/* How far long work has come, on stderr: one rewritten line with rate and time left on a terminal,
 * a plain line every few seconds elsewhere, nothing with --quiet. The wall clock is read here and
 * reaches no result. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct gb_progress {
    const char *unit; /* "slots", "trials" */
    bool is_quiet, is_terminal, has_line;
    double start_s, shown_s;
};

void gb_progress_start(struct gb_progress *progress, const char *unit, bool is_quiet);
void gb_progress_show(struct gb_progress *progress, int64_t done, int64_t total);
/* Takes the line away, so that what follows begins on an empty one. */
void gb_progress_end(struct gb_progress *progress);

#endif
