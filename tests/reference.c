#include "tests/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* Cuts a CSV line into cells in place; quotes protect commas. */
static size_t cut(char *line, char **cells)
{
    size_t n = 0;
    char *in = line, *out = line;

    line[strcspn(line, "\r\n")] = '\0';
    for (bool more = true; more && n < REFERENCE_CELLS;) {
        bool is_quoted = false;
        cells[n++] = out;
        for (; *in && (is_quoted || *in != ','); in++)
            if (*in == '"')
                is_quoted = !is_quoted;
            else
                *out++ = *in;
        more = *in == ',';
        in += more;
        *out++ = '\0';
    }
    return n;
}

bool reference_open(struct reference *table, const char *name)
{
    const char *srcdir = getenv("srcdir");
    char path[1024];

    snprintf(path, sizeof path, "%s/tests/reference/%s.csv", srcdir ? srcdir : ".", name);
    table->file = fopen(path, "r");
    if (!EXPECT(table->file != NULL))
        return false;
    if (!EXPECT(fgets(table->header_line, REFERENCE_LINE, table->file) != NULL)) {
        fclose(table->file);
        return false;
    }
    table->n_header = cut(table->header_line, table->header);
    return true;
}

bool reference_next(struct reference *table)
{
    if (!fgets(table->row_line, REFERENCE_LINE, table->file)) {
        fclose(table->file);
        return false;
    }
    table->n_row = cut(table->row_line, table->row);
    return true;
}

const char *reference_text(const struct reference *table, const char *column)
{
    for (size_t i = 0; i < table->n_header && i < table->n_row; i++)
        if (strcmp(table->header[i], column) == 0)
            return table->row[i];
    return "";
}

double reference_number(const struct reference *table, const char *column)
{
    return strtod(reference_text(table, column), NULL);
}

bool reference_is(const struct reference *table, const char *column, const char *text)
{
    return strcmp(reference_text(table, column), text) == 0;
}

double reference_input(const struct reference *table, const char *name)
{
    const char *place = reference_text(table, "inputs");
    size_t length = strlen(name);

    while (*place) {
        if (strncmp(place, name, length) == 0 && place[length] == '=')
            return strtod(place + length + 1, NULL);
        place += strcspn(place, ";");
        place += *place == ';';
    }
    return NAN;
}

double reference_tolerance(const struct reference *table)
{
    const char *text = reference_text(table, "tolerance");
    double expected = fabs(reference_number(table, "expected"));
    char *rest;
    double value = strtod(text, &rest);

    if (*rest == '%')
        return value / 100 * expected;
    return strncmp(rest, " rel", 4) == 0 ? value * expected : value;
}
