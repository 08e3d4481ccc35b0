/* The orders of a scenario: a CSV table beside it or inside it. */
#include "experiments/scenario/scenario_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "experiments/scenario/yaml.h"
#include "models/market/book_csv.h"

/* The stored scenario holds the orders inside YAML: only what YAML gives back is taken. */
static bool is_storable(uint32_t c)
{
    if (c < 0x80)
        return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0x7f);
    return c > 0xa0 && c != 0x2028 && c != 0x2029 && (c < 0xd800 || c > 0xdfff) && c != 0xfeff &&
           c < 0x110000 && c != 0xfffe && c != 0xffff;
}

size_t gb_scenario_first_bad_line(const char *text, size_t length)
{
    size_t line = 1, step = 1;

    for (size_t i = 0; i < length; i += step) {
        uint32_t c = gb_utf8_decode((const unsigned char *)text + i, &step);
        if (c == 0 || !is_storable(c))
            return line;
        line += c == '\n';
    }
    return 0;
}

char *gb_scenario_beside(const struct gb_scenario *scenario, const char *name)
{
    const char *folder = scenario->folder ? scenario->folder : ".";
    bool is_beside = name[0] != '/' && strcmp(folder, ".") != 0;
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s%s%s", is_beside ? folder : "", is_beside ? "/" : "", name);
    return path;
}

/* What the reader of the table reports: every description has its place already. */
static void report(void *context, const char *message)
{
    struct gb_reading *reading = context;

    gb_diagnostics_add(reading->diagnostics, reading->table, "%s", message);
}

static enum gb_status take_rows(struct gb_scenario *scenario, const struct gb_book_csv *book,
                                struct gb_error *err)
{
    struct gb_order_entry *entries = calloc(book->n + 1, sizeof *entries);

    if (!entries)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu orders", book->n);
    for (size_t i = 0; i < book->n; i++) {
        entries[i] = (struct gb_order_entry){.interval = book->rows[i].slot,
                                             .time_ns = book->rows[i].time_ns,
                                             .order = book->rows[i].order};
        snprintf(entries[i].id, sizeof entries[i].id, "%s", book->rows[i].id);
    }
    free(scenario->entries);
    scenario->entries = entries;
    scenario->n_entries = book->n;
    return GB_OK;
}

/* name  in messages: the file, or the scenario's key */
static enum gb_status parse(struct gb_reading *reading, const char *name, const char *text,
                            size_t length, struct gb_error *err)
{
    const struct gb_mechanism *mechanism = reading->scenario->market.mechanism;
    const struct gb_book_csv_options options = {
        .with_slot = true,
        .no_grid = true,
        .no_minimum = !mechanism->takes_minimum,
        .longest_id = sizeof(((struct gb_order_entry *)NULL)->id) - 1};
    struct gb_book_csv *book = NULL;
    struct gb_error ignored = {0};
    enum gb_status status =
        gb_book_csv_parse(&book, text, length, name, &options, report, reading, &ignored);

    if (status == GB_EINPUT) {
        gb_reading_mark_invalid(reading, "orders.file");
        return GB_OK; /* it has been complained of */
    }
    if (status != GB_OK)
        return gb_fail(err, status, "%s", ignored.text);
    for (size_t i = 0; i < book->n; i++)
        if (book->rows[i].is_cancel) {
            gb_diagnostics_add(reading->diagnostics, reading->table,
                               "%s:%u: orders of a scenario are not cancelled", name,
                               (unsigned)book->rows[i].line);
            gb_reading_mark_invalid(reading, "orders.file");
        }
    if (book->n == 0) {
        gb_reading_report(reading, "orders.file",
                          "%s: the table holds no order; without a table "
                          "the agents bid",
                          name);
        gb_reading_mark_invalid(reading, "orders.file");
    }
    status = take_rows(reading->scenario, book, err);
    gb_book_csv_free(book);
    return status;
}

/* Spreadsheets begin a file of UTF-8 with one. */
static void skip_byte_order_mark(char *text, size_t *length)
{
    if (*length < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0)
        return;
    *length -= 3;
    memmove(text, text + 3, *length + 1);
}

/* The text of orders.file: embedded, or from the disk. */
static enum gb_status text_of_file(const struct gb_scenario *scenario, const char *path,
                                   char **text, size_t *length, struct gb_error *err)
{
    const struct gb_embedded_file *file =
        scenario->embedded ? gb_embedded_find(scenario->embedded, scenario->orders_file) : NULL;

    if (!file)
        return gb_file_read(path, GB_SCENARIO_FILE_MAX, text, length, err);
    *text = malloc(file->length + 1);
    if (!*text)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders");
    memcpy(*text, file->text, file->length + 1);
    *length = file->length;
    return GB_OK;
}

/* Reads the file's text into the scenario; a diagnostic where there is none to read. */
static enum gb_status read_file(struct gb_reading *reading, char **name, size_t *length,
                                struct gb_error *err)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_error why = {0};
    char *path = gb_scenario_beside(scenario, scenario->orders_file), *text = NULL;

    if (!path)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders");
    enum gb_status status = text_of_file(scenario, path, &text, length, &why);
    if (status != GB_OK) {
        free(path);
        if (status == GB_ENOMEM)
            return gb_fail(err, status, "%s", why.text);
        gb_reading_report(reading, "orders.file", "orders.file: %s", why.text);
        return GB_OK;
    }
    skip_byte_order_mark(text, length);
    free(scenario->orders_text);
    scenario->orders_text = text;
    *name = path;
    return GB_OK;
}

static void forget_orders(struct gb_scenario *scenario)
{
    free(scenario->entries);
    scenario->entries = NULL;
    scenario->n_entries = 0;
}

enum gb_status gb_reading_orders(struct gb_reading *reading, struct gb_error *err)
{
    struct gb_scenario *scenario = reading->scenario;
    bool has_file = gb_reading_gives(reading, "orders.file") && scenario->orders_file[0];
    bool has_text = gb_reading_gives(reading, "orders.inline") && scenario->orders_text[0];
    enum gb_status status = GB_OK;
    char *name = NULL;
    size_t length = 0;

    if (!gb_reading_gives(reading, "orders.file") && !gb_reading_gives(reading, "orders.inline"))
        return GB_OK; /* what was read before stands */
    forget_orders(scenario);
    if (has_file && has_text) {
        gb_reading_report(reading, "orders.inline",
                          "orders.file and orders.inline exclude each other");
        return GB_OK;
    }
    if (!has_text) {
        free(scenario->orders_text);
        scenario->orders_text = NULL;
    }
    if (has_text)
        scenario->orders_file[0] = '\0';
    if (has_text)
        length = strlen(scenario->orders_text);
    if (has_file)
        status = read_file(reading, &name, &length, err);
    reading->table = name ? name : reading->path ? reading->path : "orders.inline";
    if (status == GB_OK && scenario->orders_text) {
        size_t bad = gb_scenario_first_bad_line(scenario->orders_text, length);
        if (bad > 0)
            gb_reading_report(reading, has_file ? "orders.file" : "orders.inline",
                              "%s: line %zu "
                              "holds bytes that are no printable text (UTF-8 is expected)",
                              name ? name : "orders.inline", bad);
        else
            status =
                parse(reading, name ? name : "orders.inline", scenario->orders_text, length, err);
    }
    reading->table = NULL;
    free(name);
    return status;
}
