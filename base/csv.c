#include "base/csv.h"

#include <string.h>

/* ---- reading */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A tab that separates cells is none. */
static bool is_padding(const struct gb_csv *csv, char c)
{
    return is_blank(c) && c != csv->separator;
}

static bool ends_line(const struct gb_csv *csv, const char *at)
{
    return at == csv->end || *at == '\n' || *at == '\r';
}

/* Steps over one line end: LF, CRLF or CR. */
static char *after_line_end(struct gb_csv *csv, char *at)
{
    if (at == csv->end)
        return at;
    csv->next_line++;
    return at[0] == '\r' && at[1] == '\n' ? at + 2 : at + 1;
}

void gb_csv_start(struct gb_csv *csv, char *text, size_t n)
{
    *csv = (struct gb_csv){
        .next = text, .end = text + n, .next_line = 1, .separator = ',', .takes_comments = true};
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        csv->next += 3;
}

static void note_fault(struct gb_csv *csv, const char *fault, uint32_t column)
{
    if (!csv->fault) {
        csv->fault = fault;
        csv->fault_column = column;
    }
}

/* Cuts a cell in quotes that opens at `at`; a quote inside is written twice, a line end may stand
 * inside. returns what follows the closing quote and blanks */
static char *cut_quoted(struct gb_csv *csv, char *at, uint32_t column, char **text)
{
    char *to = ++at;

    *text = to;
    for (;; at++) {
        if (at == csv->end) {
            note_fault(csv, "a quote opens here and never closes", column);
            break;
        }
        if (*at == '"' && *++at != '"')
            break;
        csv->next_line += *at == '\n';
        *to++ = *at;
    }
    while (is_padding(csv, *at))
        at++;
    for (; *at != csv->separator && !ends_line(csv, at); at++)
        note_fault(csv,
                   csv->separator == ',' ? "expected a comma behind the closing quote"
                                         : "expected a separator behind the closing quote",
                   column);
    *to = '\0';
    return at;
}

/* Cuts a bare cell and the blanks behind it. returns what follows; the caller writes a NUL there */
static char *cut_bare(struct gb_csv *csv, char *at)
{
    char *blank_from = at;

    for (; *at != csv->separator && !ends_line(csv, at); at++)
        if (!is_padding(csv, *at))
            blank_from = at + 1;
    if (blank_from != at)
        *blank_from = '\0';
    return at;
}

/* Cuts one cell. returns true when another one follows in the row */
static bool cut_cell(struct gb_csv *csv, const char *line_start)
{
    char *at = csv->next;

    while (is_padding(csv, *at))
        at++;
    struct gb_csv_cell cell = {at, (uint32_t)(at - line_start) + 1};
    char *end = *at == '"' ? cut_quoted(csv, at, cell.column, &cell.text) : cut_bare(csv, at);

    if (csv->n_cells < GB_CSV_MAX_CELLS)
        csv->cells[csv->n_cells] = cell;
    csv->n_cells++;
    bool has_more = *end == csv->separator;
    csv->next = has_more ? end + 1 : after_line_end(csv, end);
    *end = '\0';
    return has_more;
}

bool gb_csv_next(struct gb_csv *csv)
{
    while (csv->next != csv->end) {
        char *at = csv->next;

        while (is_padding(csv, *at))
            at++;
        if (!(csv->takes_comments && *at == '#') && !ends_line(csv, at))
            break;
        while (!ends_line(csv, at))
            at++;
        csv->next = after_line_end(csv, at);
    }
    if (csv->next == csv->end)
        return false;

    const char *line_start = csv->next;
    csv->line = csv->next_line;
    csv->takes_comments = false;
    csv->n_cells = 0;
    csv->fault = NULL;
    while (cut_cell(csv, line_start))
        continue;
    return true;
}

/* ---- writing */

static bool is_bare(const char *text, enum gb_csv_quotes quotes)
{
    size_t n = strlen(text);

    if (strcspn(text, ",\"\r\n") != n)
        return false;
    return quotes == GB_CSV_QUOTES_NEEDED || n == 0 ||
           (text[0] != '#' && !is_blank(text[0]) && !is_blank(text[n - 1]));
}

void gb_csv_write_cell(FILE *out, const char *text, enum gb_csv_quotes quotes)
{
    if (is_bare(text, quotes)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}
