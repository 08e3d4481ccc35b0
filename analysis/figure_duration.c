/* The load-duration curve of the community: for what share of the time its load, its generation and
 * what is left of both at its connection are above a power. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_slots_priv.h"
#include "analysis/order_statistics.h"

enum curve { LOAD, GENERATION, NET, N_CURVES };

static double energy_of(const struct gb_slot_row *slot, enum curve curve)
{
    switch (curve) {
    case LOAD: return (double)slot->load_wh;
    case GENERATION: return (double)slot->generation_wh;
    default:
        return (double)(slot->load_wh + slot->charge_wh - slot->generation_wh - slot->discharge_wh);
    }
}

/* The mean powers of the slots, kW, from the greatest down, a column a curve; NULL without memory.
 */
static double *sorted_powers(const struct gb_slots *slots)
{
    double *powers = calloc(N_CURVES * slots->n, sizeof *powers);

    for (int curve = 0; powers && curve < N_CURVES; curve++) {
        double *of = powers + (size_t)curve * slots->n;
        for (size_t i = 0; i < slots->n; i++) /* the sample is put in ascending order */
            of[i] = -slots->kw_per_wh * energy_of(&slots->rows[i], (enum curve)curve);
        gb_order_sample(of, slots->n);
        for (size_t i = 0; i < slots->n; i++)
            of[i] = -of[i] + 0.0; /* no -0 */
    }
    return powers;
}

/* A slot is a step: from the time that was above it to the time that includes it. */
static void write_steps(const double *powers, size_t n, FILE *data)
{
    for (size_t i = 0; i < n; i++)
        for (size_t end = 0; end < 2; end++)
            fprintf(data, "%.12g %.12g %.12g %.12g\n", 100.0 * (double)(i + end) / (double)n,
                    powers[LOAD * n + i], powers[GENERATION * n + i], powers[NET * n + i]);
}

static void write_axis(const double *powers, size_t n, FILE *settings)
{
    double high = fmax(fmax(powers[LOAD * n], powers[GENERATION * n]), powers[NET * n]);
    double low = fmin(powers[NET * n + n - 1], 0.0);
    struct gb_axis axis = gb_axis_of(low, fmax(high, low + 1e-3), 6.0);

    gb_axis_write(&axis, "y", settings);
}

static void describe(const struct gb_slots *slots, const struct gb_figure_request *request,
                     const double *net, FILE *caption)
{
    size_t n = slots->n, fed_in = 0;

    while (fed_in < n && net[n - 1 - fed_in] < 0.0)
        fed_in++;
    fprintf(caption, "Load-duration curves of %s: mean power over ",
            slots->of_homes ? "some homes together" : "the community");
    gb_slots_describe(slots, request, caption);
    fprintf(caption,
            ", from the greatest down. Net is what passes %s, with storage: at most "
            "%.4g kW drawn, %.4g kW fed in; it is fed in for %.3g %% of the time.",
            slots->of_homes ? "their meters" : "its connection", fmax(net[0], 0.0),
            fmax(-net[n - 1], 0.0), 100.0 * (double)fed_in / (double)n);
}

enum gb_status gb_figure_duration(const struct gb_figure_request *request,
                                  struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_slots slots;
    double *powers = NULL;
    enum gb_status status = gb_slots_load_of_homes(&slots, request, err);

    if (status != GB_OK)
        return status;
    powers = sorted_powers(&slots);
    if (!powers)
        status = gb_fail(err, GB_ENOMEM, "no memory for the curves of %zu slots", slots.n);
    if (status == GB_OK) {
        gb_page_set_width(page, request, GB_COLUMN_MM);
        write_axis(powers, slots.n, page->settings);
        gb_slots_write_head(&slots, request, page->data);
        fputs(
            "# Columns: share of the time; load, generation and net (drawn from the grid) that are "
            "exceeded or\n# reached for so long. Units: %, kW (mean power over a slot).\n",
            page->data);
        write_steps(powers, slots.n, page->data);
        describe(&slots, request, powers + NET * slots.n, page->caption);
    }
    free(powers);
    gb_slots_clear(&slots);
    return status;
}
