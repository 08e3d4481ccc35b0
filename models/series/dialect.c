#include "models/series/dialect.h"

#include <string.h>

enum { SAMPLE = 200, WHOLE_BYTES = 1 << 16, MOST_CELLS = 64 };

static const char separators[] = {';', '\t', ',', '|', GB_BLANKS};

/* Where the sample begins: small texts are looked at from their first line on. */
static struct gb_lines sample_of(struct gb_span text)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span part;

    if (text.n > WHOLE_BYTES) {
        lines.next += text.n / 4;
        gb_lines_take(&lines, &part); /* the rest of a line */
    }
    return lines;
}

/* How many of the sample's lines have the number of cells that most have. The candidate of a
 * majority vote is counted in a second pass. */
static size_t agreement(struct gb_lines lines, char separator, size_t *n_cells)
{
    struct gb_lines again = lines;
    struct gb_span line;
    size_t candidate = 0, votes = 0, n = 0;

    for (size_t i = 0; i < SAMPLE && gb_lines_take(&lines, &line); i++) {
        size_t cells = gb_cells_cut(line, separator, NULL, 0);
        if (cells < 2)
            continue;
        if (votes == 0)
            candidate = cells;
        votes = cells == candidate ? votes + 1 : votes - 1;
    }
    for (size_t i = 0; i < SAMPLE && gb_lines_take(&again, &line); i++)
        n += candidate > 0 && gb_cells_cut(line, separator, NULL, 0) == candidate;
    *n_cells = candidate;
    return n;
}

/* -1 a decimal comma, +1 a point, 0 neither: "1.234,5" and "0,5"; "1,234.5" and "0.5". */
static int vote_of(struct gb_span cell)
{
    const char *comma = memchr(cell.at, ',', cell.n), *point = memchr(cell.at, '.', cell.n);

    for (size_t i = 0; i < cell.n; i++)
        if (!strchr("0123456789.,+-", cell.at[i]) || cell.at[i] == '\0')
            return 0;
    if (comma && point)
        return comma < point ? 1 : -1;
    if (point && memchr(point + 1, '.', (size_t)(cell.at + cell.n - point) - 1))
        return 0; /* a date */
    return comma ? -1 : point ? 1 : 0;
}

static char decimal_of(struct gb_lines lines, char separator)
{
    struct gb_span line, cells[MOST_CELLS];
    int commas = 0, points = 0;

    for (size_t i = 0; i < SAMPLE && gb_lines_take(&lines, &line); i++) {
        size_t n = gb_cells_cut(line, separator, cells, MOST_CELLS);
        for (size_t k = 0; k < n && k < MOST_CELLS; k++) {
            int vote = vote_of(cells[k]);
            commas += vote < 0;
            points += vote > 0;
        }
    }
    return commas > points ? ',' : '.';
}

bool gb_dialect_find(struct gb_span text, struct gb_dialect *out)
{
    struct gb_lines sample = sample_of(text);
    size_t best = 0;

    for (size_t i = 0; i < sizeof separators; i++) {
        size_t n_cells, n = agreement(sample, separators[i], &n_cells);

        /* words of any table have blanks between them */
        if (n <= best + (separators[i] == GB_BLANKS ? best / 2 : 0))
            continue;
        best = n;
        *out = (struct gb_dialect){separators[i], '.', n_cells};
    }
    if (best == 0)
        return false;
    out->decimal = decimal_of(sample, out->separator);
    return true;
}
