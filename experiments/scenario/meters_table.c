#include "experiments/scenario/meters_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/scenario/meters_table_priv.h"

static struct gb_meters_reader reader_of(const struct gb_meters_table *table,
                                         struct gb_diagnostics *diagnostics)
{
    return (struct gb_meters_reader){.table = table, .diagnostics = diagnostics};
}

/* Degrees to metres east and north of their mean, on a plane that touches the sphere there: an
 * equirectangular projection, within 1e-4 over the few kilometres of a village.
 * source  mean radius of the Earth: H. Moritz, Geodetic Reference System 1980, Journal of Geodesy
 *         74 (2000) 128-133 */
static void place_by_degrees(struct gb_meters_reader *reader, struct gb_listed *listed)
{
    const double m_a_degree = 6371008.8 * acos(-1) / 180;
    double lon = 0, lat = 0, n = 0;

    for (size_t i = 0; i < listed->n; i++)
        if (!isnan(listed->meters[i].east_m)) {
            lon += listed->meters[i].east_m;
            lat += listed->meters[i].north_m;
            n++;
        }
    double per_lon = m_a_degree * cos(lat / n * acos(-1) / 180);
    for (size_t i = 0; i < listed->n; i++) {
        struct gb_listed_meter *meter = &listed->meters[i];
        meter->east_m = (meter->east_m - lon / n) * per_lon;
        meter->north_m = (meter->north_m - lat / n) * m_a_degree;
        if (fabs(meter->east_m) > GB_METERS_MOST_M || fabs(meter->north_m) > GB_METERS_MOST_M) {
            reader->lines.number = meter->line;
            gb_meters_complain(
                reader, NULL,
                "lat, lon: '%s' lies %.0f km from the middle of all meters; expected a village "
                "within %.0f km",
                meter->name, hypot(meter->east_m, meter->north_m) / 1000, GB_METERS_MOST_M / 1000);
        }
    }
}

/* Names that two rows have. */
struct named {
    const char *name;
    uint32_t line;
};

static int by_name_and_line(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = strcmp(left->name, right->name);

    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static bool check_names(struct gb_meters_reader *reader, const struct gb_listed *listed)
{
    struct named *sorted = malloc((listed->n + 1) * sizeof *sorted);

    if (!sorted)
        return false;
    for (size_t i = 0; i < listed->n; i++)
        sorted[i] = (struct named){listed->meters[i].name, listed->meters[i].line};
    qsort(sorted, listed->n, sizeof *sorted, by_name_and_line);
    for (size_t i = 1; i < listed->n; i++)
        if (strcmp(sorted[i].name, sorted[i - 1].name) == 0) {
            reader->lines.number = sorted[i].line;
            gb_meters_complain(reader, NULL,
                               "name: '%s' stands in line %" PRIu32
                               ", too; expected a name of its own for each meter",
                               sorted[i].name, sorted[i - 1].line);
        }
    free(sorted);
    return true;
}

enum gb_status gb_meters_table_read(struct gb_listed *out, struct gb_rows_settings *settings,
                                    const struct gb_meters_table *table,
                                    const struct gb_items *kinds,
                                    const struct gb_extensions *extensions,
                                    struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct gb_meters_reader reader = reader_of(table, diagnostics);
    enum gb_status status = GB_OK;
    size_t capacity = 0;

    reader.kinds = kinds;
    reader.extensions = extensions;
    reader.settings = settings;

    *out = (struct gb_listed){.n = 0};
    if (!gb_meters_read_head(&reader))
        return GB_ECONFIG;
    while (status == GB_OK && gb_meters_next_row(&reader, false)) {
        struct gb_listed_meter *meters =
            gb_array_grow(out->meters, &capacity, out->n + 1, sizeof *meters);
        if (!meters)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu meters", out->n + 1);
        out->meters = meters;
        memset(&meters[out->n], 0, sizeof *meters);
        meters[out->n].line = reader.lines.number;
        status = gb_meters_read_row(&reader, &meters[out->n++], err);
    }
    if (status != GB_OK)
        return status;
    if (reader.layout.is_in_degrees && reader.n_mistakes == 0)
        place_by_degrees(&reader, out);
    if (out->n == 0)
        gb_meters_complain(&reader, NULL, "expected a row a meter behind the names of columns");
    if (reader.n_mistakes == 0 && !check_names(&reader, out))
        return gb_fail(err, GB_ENOMEM, "no memory for the names of %zu meters", out->n);
    return reader.n_mistakes == 0 ? GB_OK : GB_ECONFIG;
}

void gb_meters_table_kinds(const struct gb_meters_table *table,
                           void (*visit)(void *context, const char *name, size_t length),
                           void *context)
{
    struct gb_meters_reader reader = reader_of(table, NULL);

    if (!gb_meters_read_head(&reader))
        return;
    if (reader.layout.kind == GB_METERS_NOT_THERE)
        visit(context, GB_KIND_OF_ALL, strlen(GB_KIND_OF_ALL));
    while (reader.layout.kind != GB_METERS_NOT_THERE && gb_meters_next_row(&reader, false))
        if (reader.layout.kind < reader.n_cells)
            visit(context, reader.cells[reader.layout.kind].at, reader.cells[reader.layout.kind].n);
}
