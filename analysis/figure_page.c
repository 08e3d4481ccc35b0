/* The page that a figure is printed to: its width, the lines of its caption, and texts as gnuplot
 * reads them. */
#include <math.h>
#include <string.h>

#include "analysis/figures_priv.h"
#include "analysis/home_choice.h"

#define NOTE_CHARACTER_MM 1.2 /* of the caption's type, on average */
#define NOTE_EDGES_MM 5.0
#define MAX_NOTE 256 /* bytes of a line */

double gb_page_set_width(struct gb_figure_page *page, const struct gb_figure_request *request,
                         double own_mm)
{
    page->width_mm = request->width_mm > 0.0 ? request->width_mm : own_mm;
    fprintf(page->settings, "width_mm = %g\n", page->width_mm);
    return page->width_mm;
}

/* Characters of UTF-8, not bytes. */
static size_t count_characters(const char *text, size_t n)
{
    size_t characters = 0;

    for (size_t i = 0; i < n; i++)
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    return characters;
}

/* Bytes of the longest run of whole words within `capacity` characters; of a longer word all of it.
 */
static size_t fitting_words(const char *text, size_t capacity)
{
    size_t end = 0;

    for (size_t i = 0;; i++)
        if (text[i] == ' ' || text[i] == '\0') {
            if (end > 0 && count_characters(text, i) > capacity)
                return end;
            end = i;
            if (text[i] == '\0')
                return end;
        }
}

/* The same, but a unit in brackets goes to a line of its own rather than being cut. */
static size_t words_of_line(const char *text, size_t capacity)
{
    size_t length = fitting_words(text, capacity);
    const char *bracket = strstr(text, " (");

    return text[length] && bracket && bracket < text + length ? (size_t)(bracket - text) : length;
}

size_t gb_figure_set_lines(FILE *settings, const char *name, size_t number, const char *text,
                           size_t capacity)
{
    size_t n_lines = 0;

    fprintf(settings, "%s_%zu = ", name, number);
    do {
        size_t length = words_of_line(text, capacity);

        fputs(n_lines++ ? ".\"\\n\".'" : "'", settings);
        for (size_t i = 0; i < length; i++)
            fputs(text[i] == '\'' ? "''" : (char[]){text[i], '\0'}, settings);
        fputc('\'', settings);
        text += length + (text[length] == ' ');
    } while (*text);
    fputc('\n', settings);
    return n_lines;
}

void gb_page_set_notes(const struct gb_figure_page *page, const char *caption)
{
    size_t capacity = (size_t)((page->width_mm - NOTE_EDGES_MM) / NOTE_CHARACTER_MM), n = 0;

    while (*caption) {
        size_t length = fitting_words(caption, capacity);
        char line[MAX_NOTE];

        snprintf(line, sizeof line, "%.*s", (int)length, caption);
        gb_figure_set_nth(page->settings, "note", ++n, line);
        caption += length + (caption[length] == ' ');
    }
    fprintf(page->settings, "n_notes = %zu\n", n);
}

void gb_figure_set_text(FILE *settings, const char *name, const char *text)
{
    fprintf(settings, "%s = '", name);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', settings);
        fputc(*text == '\n' ? ' ' : *text, settings);
    }
    fputs("'\n", settings);
}

void gb_figure_set_nth(FILE *settings, const char *name, size_t number, const char *text)
{
    char full[64];

    snprintf(full, sizeof full, "%s_%zu", name, number);
    gb_figure_set_text(settings, full, text);
}

void gb_figure_put_word(FILE *data, const char *word)
{
    fputc('"', data);
    for (; *word; word++)
        fputc(*word == '"' ? '\'' : *word == '\n' ? ' ' : *word, data);
    fputc('"', data);
}

void gb_figure_describe_homes(const struct gb_figure_request *request, FILE *out)
{
    const struct gb_home_choice *homes = gb_results_homes(request->results);
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    if (!gb_home_choice_is_all(homes))
        fprintf(out, "; homes of %s", gb_home_choice_describe(homes, text));
}
