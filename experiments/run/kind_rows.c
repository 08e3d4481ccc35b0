#include "experiments/run/kind_rows.h"

#include <string.h>

#include "analysis/kind_sums.h"

enum gb_status gb_run_kind_rows_end(struct gb_run_kind_rows *rows, const struct gb_row_sink *sink,
                                    struct gb_error *err)
{
    if (rows->row.n_homes == 0)
        return GB_OK;
    gb_kind_row_end(&rows->row);
    return gb_row_sink_append(sink, GB_TABLE_KINDS, &rows->row, err);
}

enum gb_status gb_run_kind_rows_add(struct gb_run_kind_rows *rows, const struct gb_user_row *user,
                                    const struct gb_row_sink *sink, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    if (user->kind[0] == '\0')
        return GB_OK;
    if (rows->row.n_homes == 0 || strcmp(rows->row.kind, user->kind) != 0) {
        status = gb_run_kind_rows_end(rows, sink, err);
        memset(&rows->row, 0, sizeof rows->row);
        memcpy(rows->row.kind, user->kind, sizeof rows->row.kind);
    }
    gb_kind_row_add(&rows->row, user);
    return status;
}
