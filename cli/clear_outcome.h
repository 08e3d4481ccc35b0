/* What `clear` says on stderr of the outcome of a book: which cancels and amendments came too late,
 * and, asked for with --summary, how good the outcome is. */
#ifndef CLI_CLEAR_OUTCOME_H
#define CLI_CLEAR_OUTCOME_H

#include "models/market/book_csv.h"
#include "models/market/replay.h"

/* Names those that came too late with their lines and why, the first few, and counts them all.
 * name     of the file, for the messages
 * actions  of the rows of the book, one each, as they were played */
void gb_clear_report_late(const char *name, const struct gb_book_csv *book,
                          const struct gb_book_action *actions, const struct gb_replay *replay);

/* How much was cut, beyond the limits of export or import, where anything was. */
void gb_clear_report_cut(const struct gb_replay *replay);

/* Trades, prices, Smith's alpha, efficiency. GB_ENOMEM */
enum gb_status gb_clear_summarise(const struct gb_book_csv *book,
                                  const struct gb_book_action *actions,
                                  const struct gb_replay *replay, struct gb_error *err);

#endif
