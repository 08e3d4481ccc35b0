#include "tests/figure_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sample.h"
#include "tests/tap.h"

const char *figures_path = "test_figures.h5", *figures_folder = "test_figures.d";

struct gb_results *figures_open_sample(struct gb_record *(*make)(uint64_t, enum gb_output_level),
                                       size_t n)
{
    struct gb_results *results = NULL;

    EXPECT_INT(sample_write(figures_path, make, n, GB_OUTPUT_MARKET, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, figures_path, NULL), GB_OK);
    return results;
}

/* The result that figures_hold one record. */
struct gb_results *figures_open_record(const struct gb_record *record)
{
    struct gb_results *results = NULL;
    struct gb_results_writer *writer = NULL;
    enum gb_status status = sample_begin(&writer, figures_path, NULL);

    if (status == GB_OK)
        EXPECT_INT(sample_finish(writer, gb_results_add(writer, record, NULL), NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, figures_path, NULL), GB_OK);
    return results;
}

/* Reads the i-th number block of NAME.dat: rows of `columns` numbers, text cells skipped as NaN. */
size_t figures_read_block(const char *name, size_t block, size_t columns, double *out,
                          size_t capacity)
{
    char file_name[256], line[512];
    size_t n = 0, blank = 0, at = 0;
    FILE *file;

    snprintf(file_name, sizeof file_name, "%s/%s.dat", figures_folder, name);
    file = fopen(file_name, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (line[0] == '\n') {
            at += ++blank == 2;
            continue;
        }
        blank = 0;
        if (at != block)
            continue;
        char *cell = strtok(line, " \n");
        for (size_t c = 0; c < columns && n < capacity; c++, cell = strtok(NULL, " \n"))
            out[n++] = cell && cell[0] != '"' ? strtod(cell, NULL) : NAN;
    }
    if (file)
        fclose(file);
    return n / columns;
}

struct gb_figure_request figures_request(struct gb_results *results)
{
    return (struct gb_figure_request){
        .results = results, .slot = GB_SLOT_WITH_MAX_TRADE, .currency = "yuan"};
}

enum gb_status figures_write(const struct gb_figure_request *request, const char *name,
                             struct gb_error *err)
{
    mkdir(figures_folder, 0777);
    return gb_figure_write(gb_figure_find(name), request, figures_folder, err);
}

enum gb_status figures_write_plain(struct gb_results *results, const char *name,
                                   struct gb_error *err)
{
    struct gb_figure_request request = figures_request(results);

    return figures_write(&request, name, err);
}

/* Whether a file of the figures_folder figures_hold a text. */
bool figures_hold(const char *name, const char *text)
{
    char file_name[256];
    static char buffer[65536];
    FILE *file;
    size_t n;

    snprintf(file_name, sizeof file_name, "%s/%s", figures_folder, name);
    file = fopen(file_name, "r");
    n = file ? fread(buffer, 1, sizeof buffer - 1, file) : 0;
    buffer[n] = '\0';
    if (file)
        fclose(file);
    return strstr(buffer, text) != NULL;
}

void figures_clean_up(void)
{
    static const char *const suffixes[] = {"gp", "dat", "txt", "pdf", "svg", "png"};
    char name[256];

    for (size_t s = 0; s < sizeof suffixes / sizeof suffixes[0]; s++) {
        for (const struct gb_figure *figure = gb_figures; figure->name; figure++) {
            snprintf(name, sizeof name, "%s/%s.%s", figures_folder, figure->name, suffixes[s]);
            remove(name);
        }
        snprintf(name, sizeof name, "%s/style.%s", figures_folder, suffixes[s]);
        remove(name);
    }
    rmdir(figures_folder);
    remove(figures_path);
}
