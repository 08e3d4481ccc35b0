#include "cli/latex_layout.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/latex_text.h"
#include "cli/message.h"

#define ROWS_OF_A_GROUP 3 /* at least, on the mean, of those that make a table narrower */

/* ---- heads */

size_t gb_latex_piece(const char *head)
{
    size_t n = strcspn(head, " .");

    return head[n] == '.' && head[n + 1] ? n + 1 : head[n] == ' ' ? n : strlen(head);
}

static double longest_piece(const char *head)
{
    double longest = 0.0, width;

    for (size_t n; *head; head += n + (head[n] == ' ')) {
        n = gb_latex_piece(head);
        width = gb_latex_width(head, n);
        longest = width > longest ? width : longest;
    }
    return longest;
}

/* ---- where columns go */

static void measure(struct gb_latex_layout *layout)
{
    for (size_t c = 0; c < layout->n_columns; c++) {
        double widest = longest_piece(gb_latex_head(layout, c));

        for (size_t row = 0; row < layout->n_rows; row++) {
            const char *cell = gb_latex_cell(layout, row, c);
            double width = gb_latex_width(cell, strlen(cell));

            widest = width > widest ? width : widest;
        }
        layout->widths[c] = widest;
    }
}

char gb_latex_alignment(const struct gb_latex_layout *layout, size_t column)
{
    for (size_t row = 0; column < layout->table->n_keys && row < layout->n_rows; row++)
        if (isalpha((unsigned char)gb_latex_cell(layout, row, column)[0]))
            return 'l';
    return layout->table->alignment[column];
}

static void place_constants(struct gb_latex_layout *layout)
{
    size_t n = layout->table->n_keys + layout->table->has_counts;

    for (size_t c = 0; layout->n_rows > 1 && c < n; c++) {
        bool is_constant = true;

        for (size_t row = 1; is_constant && row < layout->n_rows; row++)
            is_constant = strcmp(gb_latex_cell(layout, row, c), gb_latex_cell(layout, 0, c)) == 0;
        if (is_constant)
            layout->places[c] = GB_LATEX_IN_CAPTION;
    }
}

size_t gb_latex_end_of_part(const struct gb_latex_layout *layout, size_t first, double *width)
{
    size_t end = first;

    *width = -GB_LATEX_GAP_PT;
    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == GB_LATEX_IN_COLUMN)
            *width += layout->widths[c] + GB_LATEX_GAP_PT;
    for (bool has_any = false; end < layout->n_columns; end++) {
        if (layout->places[end] != GB_LATEX_IN_COLUMN)
            continue;
        if (has_any && *width + layout->widths[end] + GB_LATEX_GAP_PT > GB_LATEX_TEXT_PT)
            break;
        *width += layout->widths[end] + GB_LATEX_GAP_PT;
        has_any = true;
    }
    return end;
}

size_t gb_latex_n_parts(const struct gb_latex_layout *layout, double *widest)
{
    double width;
    size_t n = 0;

    *widest = 0.0;
    for (size_t c = layout->table->n_keys; c < layout->n_columns; n++) {
        c = gb_latex_end_of_part(layout, c, &width);
        *widest = width > *widest ? width : *widest;
    }
    return n;
}

bool gb_latex_begins_group(const struct gb_latex_layout *layout, size_t row)
{
    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == GB_LATEX_ABOVE_ROWS &&
            (row == 0 ||
             strcmp(gb_latex_cell(layout, row, c), gb_latex_cell(layout, row - 1, c)) != 0))
            return true;
    return false;
}

double gb_latex_group_width(const struct gb_latex_layout *layout, size_t row)
{
    double width = 0.0;

    for (size_t c = 0; c < layout->table->n_keys; c++)
        if (layout->places[c] == GB_LATEX_ABOVE_ROWS)
            width += gb_latex_width(gb_latex_head(layout, c), strlen(gb_latex_head(layout, c))) +
                     gb_latex_width(gb_latex_cell(layout, row, c),
                                    strlen(gb_latex_cell(layout, row, c))) +
                     gb_latex_width(" 0 , ", 5);
    return width;
}

double gb_latex_widest_group(const struct gb_latex_layout *layout)
{
    double widest = 0.0;

    for (size_t row = 0; row < layout->n_rows; row++) {
        double width = gb_latex_group_width(layout, row);

        widest = width > widest ? width : widest;
    }
    return widest;
}

size_t gb_latex_n_groups(const struct gb_latex_layout *layout)
{
    size_t n = 0;

    for (size_t row = 0; row < layout->n_rows; row++)
        n += gb_latex_begins_group(layout, row);
    return n;
}

/* The key that makes fewest groups, beside those above rows already, goes there, too. One stays.
 * returns whether there was one */
static bool lift_key(struct gb_latex_layout *layout)
{
    size_t best = SIZE_MAX, fewest = SIZE_MAX, n_left = 0;

    for (size_t c = 0; c < layout->table->n_keys; c++) {
        size_t n;

        if (layout->places[c] != GB_LATEX_IN_COLUMN)
            continue;
        n_left++;
        layout->places[c] = GB_LATEX_ABOVE_ROWS;
        n = gb_latex_n_groups(layout);
        layout->places[c] = GB_LATEX_IN_COLUMN;
        if (n < fewest) {
            fewest = n;
            best = c;
        }
    }
    if (n_left > 1)
        layout->places[best] = GB_LATEX_ABOVE_ROWS;
    return n_left > 1;
}

/* Whether so many keys above rows are worth their lines. */
static bool has_good_groups(const struct gb_latex_layout *layout)
{
    return gb_latex_n_groups(layout) * ROWS_OF_A_GROUP <= layout->n_rows &&
           gb_latex_widest_group(layout) <= GB_LATEX_TEXT_PT;
}

/* Above rows stand no more keys than it takes for columns to have as few parts as they can have,
 * and be it many where one column alone is too wide beside all keys. */
static void lift_keys(struct gb_latex_layout *layout)
{
    struct gb_latex_layout trial = *layout;
    size_t n_bytes = layout->n_columns * sizeof *trial.places, fewest, n;
    double narrowest, widest;

    trial.places = malloc(n_bytes + 1);
    if (!trial.places)
        gb_message_exhausted("a table");
    memcpy(trial.places, layout->places, n_bytes);
    fewest = gb_latex_n_parts(&trial, &narrowest);
    while ((fewest > 1 || narrowest > GB_LATEX_TEXT_PT) && lift_key(&trial)) {
        if (narrowest <= GB_LATEX_TEXT_PT && !has_good_groups(&trial))
            break;
        n = gb_latex_n_parts(&trial, &widest);
        if (n >= fewest && narrowest <= GB_LATEX_TEXT_PT)
            continue;
        memcpy(layout->places, trial.places, n_bytes);
        fewest = n;
        narrowest = widest;
    }
    free(trial.places);
}

void gb_latex_layout_make(struct gb_latex_layout *layout, const struct gb_latex_table *table)
{
    size_t n_columns = strlen(table->alignment);

    *layout = (struct gb_latex_layout){.table = table,
                                       .n_columns = n_columns,
                                       .n_rows = table->n / n_columns - !table->is_headless,
                                       .widths = calloc(n_columns + 1, sizeof *layout->widths),
                                       .places = calloc(n_columns + 1, sizeof *layout->places)};
    if (!layout->widths || !layout->places)
        gb_message_exhausted("a table");
    measure(layout);
    if (table->caption[0]) {
        place_constants(layout);
        lift_keys(layout);
    }
}

void gb_latex_layout_clear(struct gb_latex_layout *layout)
{
    free(layout->widths);
    free(layout->places);
}
