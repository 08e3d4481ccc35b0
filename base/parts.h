/* Sweeps over all meters by parts, and other work in tasks, which threads take as they come to
 * them: what one step of a sweep leaves is in the cache still for the next, and a thread that
 * sleeps, or whose processor others use, is not waited for. */
#ifndef BASE_PARTS_H
#define BASE_PARTS_H

#include <stddef.h>

/* Meters of a part. Where each has work of some ten ns a sweep, a part is as long as a thread takes
 * to wake, and a village that is worth threads has sixteen parts at least. */
enum { GB_PART = 1024 };

/* Calls work(context, first, n) for [0, n) in parts of GB_PART, by threads where they are worth it,
 * in order on one. What it does must not depend on other parts, and it leaves alone what is theirs.
 * n  0: nothing is called */
void gb_parts_run(size_t n, void (*work)(void *context, size_t first, size_t n), void *context);

/* Calls task(context, k) for k in [0, n), by threads in any order: who calls has asked whether they
 * are worth it. Nothing a task does may depend on another. */
void gb_tasks_run(size_t n, void (*task)(void *context, size_t k), void *context);

/* Calls work(context), which has many sweeps over n meters, with a team that waits for them from
 * the first to the last: a sweep without one has a team of its own, all of which it waits for,
 * awake or not. Where threads are not worth it there is no team. */
void gb_team_run(size_t n, void (*work)(void *context), void *context);

#endif
