/* Cells that are written are read back as they were, and stand in quotes only where they must. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/tap.h"

static char *written(const char *const *cells, size_t n, enum gb_csv_quotes quotes)
{
    struct gb_text text;

    gb_text_open(&text);
    for (size_t i = 0; text.stream && i < n; i++) {
        if (i > 0)
            fputc(',', text.stream);
        gb_csv_write_cell(text.stream, cells[i], quotes);
    }
    return gb_text_close(&text);
}

static void cells_come_back_as_they_were_written(void)
{
    static const char *const cells[] = {"plain", "a, b",        "say \"so\"", " blank around ",
                                        "",      "# no remark", "two\nlines", "Pr\xc3\xa4mie"};
    enum { N = sizeof cells / sizeof cells[0] };
    char *text = written(cells, N, GB_CSV_QUOTES_SAFE);
    struct gb_csv csv;

    if (!EXPECT(text != NULL))
        return;
    gb_csv_start(&csv, text, strlen(text));
    EXPECT(gb_csv_next(&csv) && !csv.fault);
    if (EXPECT_INT((int64_t)csv.n_cells, N))
        for (size_t i = 0; i < N; i++)
            EXPECT_TEXT(csv.cells[i].text, cells[i]);
    EXPECT(!gb_csv_next(&csv));
    free(text);
}

static void quotes_stand_where_they_are_needed(void)
{
    static const char *const cells[] = {"x", " y", "#z", "a,b", "\"", "c\r"};
    char *needed = written(cells, 6, GB_CSV_QUOTES_NEEDED);
    char *safe = written(cells, 6, GB_CSV_QUOTES_SAFE);

    EXPECT_TEXT(needed, "x, y,#z,\"a,b\",\"\"\"\",\"c\r\"");
    EXPECT_TEXT(safe, "x,\" y\",\"#z\",\"a,b\",\"\"\"\",\"c\r\"");
    free(needed);
    free(safe);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(cells_come_back_as_they_were_written), TAP(quotes_stand_where_they_are_needed), {0}};

    return tap_main("csv", tests);
}
