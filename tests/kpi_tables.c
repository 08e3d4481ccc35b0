#include "tests/kpi_tables.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(const char *what, const char *name)
{
    fprintf(stderr, "kpi_oracle: %s '%s'\n", what, name);
    exit(2);
}

static void *some(size_t n, size_t size)
{
    void *items = calloc(n + 1, size);

    if (!items)
        stop("no memory for", "a column");
    return items;
}

/* ---- HDF5 */

/* A text attribute or dataset of variable length; NULL where there is none. */
static char *text_attribute(hid_t object, const char *name)
{
    char *text = NULL, *copy = NULL;

    if (H5Aexists(object, name) <= 0)
        return NULL;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    if (H5Tis_variable_str(type) > 0 && H5Aread(attribute, type, &text) >= 0) {
        copy = strdup(text);
        H5free_memory(text);
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return copy;
}

static char *read_text(hid_t file, const char *path)
{
    hid_t data = H5Dopen2(file, path, H5P_DEFAULT), type = H5Dget_type(data);
    char *text = NULL;

    if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text) < 0)
        stop("cannot read", path);
    char *copy = strdup(text);
    H5free_memory(text);
    H5Tclose(type);
    H5Dclose(data);
    return copy;
}

static size_t length_of(hid_t data, int *rank)
{
    hsize_t size[8] = {0};
    hid_t space = H5Dget_space(data);

    *rank = H5Sget_simple_extent_ndims(space);
    if (*rank >= 1 && *rank <= 8)
        H5Sget_simple_extent_dims(space, size, NULL);
    H5Sclose(space);
    return (size_t)size[0];
}

static void read_values(hid_t data, hid_t type, size_t n, struct kpi_column *column)
{
    herr_t status;

    if (H5Tget_class(type) == H5T_STRING) {
        column->texts = some(n, sizeof *column->texts);
        status = H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->texts);
    } else if (H5Tget_class(type) == H5T_FLOAT) {
        column->numbers = some(n, sizeof *column->numbers);
        status = H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->numbers);
    } else {
        column->integers = some(n, sizeof *column->integers);
        status = H5Dread(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->integers);
    }
    if (n > 0 && status < 0)
        stop("cannot read the column", column->name);
}

/* Dimensions without values ("row", big-endian floats by netCDF's custom) and hashes are no
 * columns. */
static void read_column(hid_t group, const char *name, struct kpi_table *table)
{
    struct kpi_column column = {.n_claimed = 0};
    hid_t data = H5Dopen2(group, name, H5P_DEFAULT), type = H5Dget_type(data);
    int rank;
    size_t n = length_of(data, &rank);

    if (rank == 1 && H5Tget_order(type) != H5T_ORDER_BE) {
        snprintf(column.name, sizeof column.name, "%s", name);
        column.words = text_attribute(data, "flag_meanings");
        read_values(data, type, n, &column);
        table->columns = realloc(table->columns, (table->n_columns + 1) * sizeof column);
        if (!table->columns)
            stop("no memory for the column", name);
        table->columns[table->n_columns++] = column;
        table->n = n;
    }
    H5Tclose(type);
    H5Dclose(data);
}

static void read_table(hid_t file, const char *name, struct kpi_table *table)
{
    hid_t group = H5Gopen2(file, name, H5P_DEFAULT);
    H5G_info_t info;
    char column[64];

    snprintf(table->name, sizeof table->name, "%s", name);
    if (H5Gget_info(group, &info) < 0)
        stop("cannot read the table", name);
    for (hsize_t i = 0; i < info.nlinks; i++) {
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, column, sizeof column,
                           H5P_DEFAULT);
        read_column(group, column, table);
    }
    H5Gclose(group);
}

struct kpi_file kpi_read(const char *path)
{
    struct kpi_file out = {.n_tables = 0};
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    H5G_info_t info;
    char name[64];

    if (file < 0 || H5Gget_info(file, &info) < 0)
        stop("cannot open", path);
    for (hsize_t i = 0; i < info.nlinks; i++) {
        H5Lget_name_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name,
                           H5P_DEFAULT);
        if (strcmp(name, "provenance") == 0)
            continue;
        if (out.n_tables == sizeof out.tables / sizeof out.tables[0])
            stop("too many tables in", path);
        read_table(file, name, &out.tables[out.n_tables++]);
    }
    out.scenario = read_text(file, "/provenance/scenario");
    H5Fclose(file);
    return out;
}

void kpi_free(struct kpi_file *file)
{
    for (size_t t = 0; t < file->n_tables; t++) {
        for (size_t c = 0; c < file->tables[t].n_columns; c++) {
            struct kpi_column *column = &file->tables[t].columns[c];

            for (size_t i = 0; column->texts && i < file->tables[t].n; i++)
                H5free_memory(column->texts[i]);
            free(column->texts);
            free(column->words);
            free(column->integers);
            free(column->numbers);
        }
        free(file->tables[t].columns);
    }
    free(file->scenario);
}

struct kpi_table *kpi_table(struct kpi_file *file, const char *name)
{
    for (size_t t = 0; t < file->n_tables; t++)
        if (strcmp(file->tables[t].name, name) == 0)
            return &file->tables[t];
    stop("there is no table", name);
    return NULL;
}

struct kpi_column *kpi_column(struct kpi_table *table, const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return &table->columns[c];
    stop("there is no column", name);
    return NULL;
}

int kpi_has(const struct kpi_table *table, const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return 1;
    return 0;
}

const int64_t *kpi_integers(struct kpi_table *table, const char *name)
{
    struct kpi_column *column = kpi_column(table, name);

    if (!column->integers)
        stop("no integers are in the column", name);
    return column->integers;
}

int kpi_is(struct kpi_table *table, const char *name, size_t row, const char *word)
{
    struct kpi_column *column = kpi_column(table, name);
    const char *at = column->words;

    for (int64_t i = column->integers[row]; at && i > 0; i--) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    return at && strncmp(at, word, strlen(word)) == 0 &&
           (at[strlen(word)] == ' ' || at[strlen(word)] == '\0');
}

size_t kpi_put_first(struct kpi_table *table, const char *name, const char *word)
{
    size_t *order = some(table->n, sizeof *order), n = 0, n_first;

    for (size_t i = 0; i < table->n; i++)
        if (kpi_is(table, name, i, word))
            order[n++] = i;
    n_first = n;
    for (size_t i = 0; i < table->n; i++)
        if (!kpi_is(table, name, i, word))
            order[n++] = i;
    for (size_t c = 0; c < table->n_columns; c++) {
        struct kpi_column *column = &table->columns[c];
        int64_t *integers = some(table->n, sizeof *integers);
        double *numbers = some(table->n, sizeof *numbers);

        for (size_t i = 0; i < table->n; i++) {
            integers[i] = column->integers ? column->integers[order[i]] : 0;
            numbers[i] = column->numbers ? column->numbers[order[i]] : 0;
        }
        if (column->integers)
            memcpy(column->integers, integers, table->n * sizeof *integers);
        if (column->numbers)
            memcpy(column->numbers, numbers, table->n * sizeof *numbers);
        free(integers);
        free(numbers);
    }
    free(order);
    return n_first;
}

/* ---- the scenario: lines "key: value", or "section:" and below it "  key: value" */

void kpi_scenario(const char *text, const char *key, char *value, size_t size)
{
    char line[256], section[256] = "", full[512];

    value[0] = '\0';
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t n = strcspn(at, "\n"), indent = strspn(at, " ");

        if (n >= sizeof line || indent > 2 || indent >= n)
            continue; /* the table of orders is no key */
        snprintf(line, sizeof line, "%.*s", (int)n, at);
        char *colon = strchr(line, ':');
        if (!colon)
            continue;
        *colon = '\0';
        if (indent == 0 && colon[1] == '\0') {
            strcpy(section, line);
            continue;
        }
        snprintf(full, sizeof full, "%s%s%s", indent ? section : "", indent ? "." : "",
                 line + indent);
        if (strcmp(full, key) == 0)
            snprintf(value, size, "%s", colon + 1 + strspn(colon + 1, " "));
    }
}

int64_t kpi_decimal(const char *text, int64_t unit)
{
    bool is_negative = *text == '-';
    char *end;
    int64_t value = strtoll(text + is_negative, &end, 10) * unit;

    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9' && unit > 1; end++)
            value += (*end - '0') * (unit /= 10);
    return is_negative ? -value : value;
}

int64_t kpi_duration_ns(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{" ms", 1000000},
                 {" s", 1000000000},
                 {" min", 60000000000},
                 {" h", 3600000000000},
                 {" d", 86400000000000}};
    const char *unit = strchr(text, ' ');

    for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return kpi_decimal(text, units[i].ns);
    stop("no duration is", text);
    return 0;
}
