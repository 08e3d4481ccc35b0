/* The varied keys of the trials of a result on their way to the file: a column of /summary each,
 * written last, when it is known whether all its values are numbers. */
#ifndef ANALYSIS_VARIED_WRITER_PRIV_H
#define ANALYSIS_VARIED_WRITER_PRIV_H

#include "analysis/plan.h"
#include "analysis/table_writer_priv.h"

struct gb_varied_writer {              /* written by varied_writer.c alone; begins as {0} */
    size_t n_trials, n_keys, n_values; /* n_values = n_trials * n_keys */
    char **keys, **values;             /* values: n_keys a trial */
};

/* Takes the values of the next trial. GB_EINPUT where it varies other keys than those before. */
enum gb_status gb_varied_writer_add(struct gb_varied_writer *varied, const struct gb_record *record,
                                    struct gb_error *err);
/* All columns, into the table of the summary, whose rows are written. */
void gb_varied_writer_write(const struct gb_varied_writer *varied,
                            const struct gb_averages *averages, struct gb_hdf5_out *out,
                            struct gb_table_writer *summary);
void gb_varied_writer_clear(struct gb_varied_writer *varied);

#endif
