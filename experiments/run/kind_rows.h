/* Rows of /kinds: what /users has, added up over the homes of each kind. Meters stand kind by kind,
 * so that a row is whole when the first home of another kind comes. */
#ifndef EXPERIMENTS_RUN_KIND_ROWS_H
#define EXPERIMENTS_RUN_KIND_ROWS_H

#include "analysis/row_sink.h"
#include "analysis/rows.h"
#include "base/status.h"

/* Starts as {0}: no homes yet. */
struct gb_run_kind_rows {
    struct gb_kind_row row; /* of the kind whose homes come; n_homes 0: of none */
};

/* Takes the next home; one without a kind is passed over. Appends the row of the kind before, if
 * that was another. The failures of the sink */
enum gb_status gb_run_kind_rows_add(struct gb_run_kind_rows *rows, const struct gb_user_row *user,
                                    const struct gb_row_sink *sink, struct gb_error *err);
/* Behind the last home. */
enum gb_status gb_run_kind_rows_end(struct gb_run_kind_rows *rows, const struct gb_row_sink *sink,
                                    struct gb_error *err);

#endif
