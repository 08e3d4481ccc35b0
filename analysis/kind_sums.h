/* Sums over homes: what rows of /users come to together, as a row of /kinds has it. */
#ifndef ANALYSIS_KIND_SUMS_H
#define ANALYSIS_KIND_SUMS_H

#include "analysis/rows.h"

/* A sum begins as a row that is 0, but for the name of its kind. Adds a home. */
void gb_kind_row_add(struct gb_kind_row *row, const struct gb_user_row *user);
/* Adds the homes of another row. */
void gb_kind_row_join(struct gb_kind_row *row, const struct gb_kind_row *other);
/* Sets what is no sum but follows from sums: the saving, shares and cycles. Before that they hold
 * nothing. */
void gb_kind_row_end(struct gb_kind_row *row);

#endif
