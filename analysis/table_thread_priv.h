/* A thread that writes the full pages of a result's tables while their next rows come: packing
 * takes a third of what a run of many meters takes. Pages are written in the order in which they
 * are handed over, so that the bytes of the file are those of a writer without such a thread. */
#ifndef ANALYSIS_TABLE_THREAD_PRIV_H
#define ANALYSIS_TABLE_THREAD_PRIV_H

#include "analysis/results.h"
#include "analysis/table_writer_priv.h"

struct gb_table_thread; /* closed */

/* Starts the thread.
 * out      the file of the tables that will be handed over; borrowed for life
 * guard    told of the thread's work on the file; borrowed for life
 * returns  NULL without memory, or where the system gives no thread: write without one then */
struct gb_table_thread *gb_table_thread_create(const struct gb_hdf5_out *out,
                                               const struct gb_results_guard *guard);
/* Waits until all is written, and ends the thread. NULL is allowed. */
void gb_table_thread_free(struct gb_table_thread *thread);
/* Hands the waiting rows of a table over, and gives it an empty page; waits while too many pages
 * do. returns false once writing has failed: nothing is taken any more */
bool gb_table_thread_hand_over(struct gb_table_thread *thread, struct gb_table_writer *table);
/* Waits until all is written: from then until the next page is handed over the file is the
 * caller's. NULL is allowed. */
void gb_table_thread_settle(struct gb_table_thread *thread);

#endif
