/* Where the rows of one trial go, one by one as they become final: into a record, which a journal
 * keeps, or into the tables of a result. Whoever makes rows knows neither. */
#ifndef ANALYSIS_ROW_SINK_H
#define ANALYSIS_ROW_SINK_H

#include <stdbool.h>

#include "analysis/rows.h"
#include "analysis/schema.h"
#include "base/status.h"

struct gb_record;

struct gb_row_sink {
    enum gb_output_level level; /* rows of tables above it are dropped */
    enum gb_status (*append)(void *context, enum gb_table table, const void *row,
                             struct gb_error *err);
    void *context;
};

/* Are there rows of the table, or are they dropped? */
static inline bool gb_row_sink_takes(const struct gb_row_sink *sink, enum gb_table table)
{
    return sink->level >= gb_schemas[table].level;
}

/* Takes one row: the struct of that table. */
static inline enum gb_status gb_row_sink_append(const struct gb_row_sink *sink, enum gb_table table,
                                                const void *row, struct gb_error *err)
{
    return gb_row_sink_takes(sink, table) ? sink->append(sink->context, table, row, err) : GB_OK;
}

/* Into a record, which is borrowed for the sink's life. */
struct gb_row_sink gb_record_sink(struct gb_record *record);

#endif
