/* A sweep over all meters by parts, which threads take as they come to them: so that a processor
 * that others use, too, is not waited for, and that what one step of a sweep leaves is in the cache
 * still for the next. */
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

#endif
