/* Lines cut into cells, and what a cell holds: an exact number, nothing, or a word. Nothing is
 * copied and nothing allocated for a cell. */
#ifndef MODELS_SERIES_CELLS_H
#define MODELS_SERIES_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_span { /* a piece of the text, without NUL */
    const char *at;
    size_t n;
};

struct gb_lines { /* a text, line by line; start as {text, text + n, 0} */
    const char *next, *end;
    uint32_t number; /* of the line taken last, from 1 */
};

/* Takes the next line, without its end. returns false at the end of the text */
bool gb_lines_take(struct gb_lines *lines, struct gb_span *line);

#define GB_BLANKS ' ' /* as separator: runs of blanks */

/* Cuts a line; blanks around a cell, quotes and Excel's ="..." are taken off.
 * returns how many cells it has; only the first `most` are kept */
size_t gb_cells_cut(struct gb_span line, char separator, struct gb_span *cells, size_t most);
/* Where quotes of a line are wrong, or NULL: a quote that opens a cell and never closes, or what
 * stands between one that closes it and the next separator.
 * why  what is wrong there, as a sentence */
const char *gb_cells_bad_quote(struct gb_span line, char separator, const char **why);
/* GB_EINPUT where quotes of the lines are wrong (gb_cells_bad_quote). Remarks,
 * which begin with #, are passed over; between blanks quotes mean nothing. */
enum gb_status gb_cells_check_quotes(struct gb_lines lines, char separator, const char *file,
                                     struct gb_error *err);
/* What a cell cut from that line says: of one in quotes, a quote written twice is one.
 * out  the first `size` bytes of it, without NUL; cell.n of them hold any
 * returns how many bytes it has there */
size_t gb_cell_text(struct gb_span line, struct gb_span cell, char *out, size_t size);

enum gb_cell { GB_CELL_NUMBER, GB_CELL_MISSING, GB_CELL_WORD, GB_CELL_BEYOND };

#define GB_NANO INT64_C(1000000000)
#define GB_SERIES_MISSING INT64_MIN

/* Reads a cell as a number in 1e-9, the tenth decimal rounded, halves away from zero. Missing are
 * nothing, NA, NaN, N/A, null, none, -, ? and -9999, -99999. Beyond is what exceeds 1e9.
 * decimal  '.', or ',' : then dots before it mark thousands; the other way round likewise */
enum gb_cell gb_cell_number(struct gb_span cell, char decimal, int64_t *nano);

/* What stands where nothing was measured; the last three are numbers of the form's own, as EPW's
 * 9999, of weather such as -999, and those that whoever uses the file says. */
enum gb_sentinel {
    GB_SENTINEL_EMPTY,
    GB_SENTINEL_NA,
    GB_SENTINEL_NAN,
    GB_SENTINEL_N_A,
    GB_SENTINEL_NULL,
    GB_SENTINEL_NONE,
    GB_SENTINEL_DASH,
    GB_SENTINEL_QUESTION,
    GB_SENTINEL_9999,
    GB_SENTINEL_99999,
    GB_SENTINEL_OF_FORM,
    GB_SENTINEL_NINES,
    GB_SENTINEL_SAID,
    GB_N_SENTINELS
};
/* Which one a cell is that is missing. */
enum gb_sentinel gb_cell_sentinel(struct gb_span cell);
/* As people write it: "NA"; "empty". */
const char *gb_sentinel_name(enum gb_sentinel sentinel);

/* The same of digits alone, up to nine on either side of the decimal sign, which most cells are.
 * returns false of any other cell */
bool gb_cell_plain_number(struct gb_span cell, char decimal, int64_t *nano);

/* Is it this text? Letters count alike, big or small. */
bool gb_span_is(struct gb_span span, const char *text);
/* The same of any of some texts, which NULL ends. */
bool gb_span_is_one_of(struct gb_span span, const char *const *texts);

#endif
