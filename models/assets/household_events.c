/* What households draw anew each half hour: the white part of their noise, and events that begin
 * then and go on for some of them. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/batch.h"
#include "base/parts.h"
#include "models/assets/household_priv.h"

/* Poisson count at a uniform, by inversion. */
static uint8_t poisson_at(double uniform, double mean, double none)
{
    double term = none, sum = none;
    uint8_t count = 0;

    while (uniform > sum && count < 255) {
        term *= mean / ++count;
        sum += term;
    }
    return count;
}

/* returns whether there was memory for it */
static bool add_event(const struct gb_households *h, struct events *events, uint32_t meter,
                      uint32_t number)
{
    struct gb_draw draw =
        gb_draw_at(h->event_key, h->fleet->draw_owner[meter], 0, (uint32_t)h->half_hour, number);
    const struct gb_household_config *of = habits_of(h, meter);
    double go_on = 1 - 1 / of->event_half_hours;
    double first = (draw.words[0] + 0.5) * 0x1p-32, second = (draw.words[1] + 0.5) * 0x1p-32;
    struct event *grown =
        gb_array_grow(events->of, &events->capacity, events->n + 1, sizeof *events->of);

    if (!grown)
        return false;
    events->of = grown;
    /* Gamma of shape 2 is the sum of two exponentials; a geometric duration has no memory */
    grown[events->n++] = (struct event){
        .meter = meter,
        .half_hours_left = 1 + (uint32_t)(log(gb_draw_uniform2(draw)) / log(go_on)),
        .height = (float)(-log(first * second) * of->event_height / 2),
    };
    return true;
}

static void age_events(struct events *events)
{
    size_t kept = 0;

    for (size_t i = 0; i < events->n; i++)
        if (--events->of[i].half_hours_left > 0)
            events->of[kept++] = events->of[i];
    events->n = kept;
}

/* Starts as many events of meters [first, first + n), a part, as event_height says, and puts there
 * how high those under way are. returns whether there was memory for them */
static bool start_events(struct gb_households *h, size_t first, size_t n)
{
    struct events *events = &h->events[first / GB_PART];

    age_events(events);
    for (size_t i = first; i < first + n; i++)
        for (uint32_t k = 0; k < (uint32_t)h->event_height[i]; k++)
            if (!add_event(h, events, (uint32_t)i, k))
                return false;
    memset(h->event_height + first, 0, n * sizeof *h->event_height);
    for (size_t i = 0; i < events->n; i++)
        h->event_height[events->of[i].meter] += events->of[i].height;
    return true;
}

/* The white part of meters [first, first + n), and how many events start there. */
static void draw_batch(struct gb_households *h, size_t first, size_t n)
{
    uint32_t words[4][GB_BATCH];
    double white[GB_BATCH];

    gb_batch_draws(h->white_key, h->fleet->draw_owner + first, n, 0, (uint32_t)h->half_hour, 0,
                   words);
    gb_batch_draw_normals(words[0], words[1], n, white);
    for (size_t j = 0; j < n; j++) {
        size_t i = first + j;
        const struct starting *of = &h->starting[h->fleet->kind[i]];
        double uniform = gb_uniform_from(words[2][j], words[3][j]);
        h->white[i] = (float)white[j];
        h->event_height[i] = uniform > of->none ? poisson_at(uniform, of->mean, of->none) : 0;
    }
}

bool gb_households_draw_half_hour(struct gb_households *h, size_t first, size_t n)
{
    for (size_t at = 0; at < n; at += GB_BATCH)
        draw_batch(h, first + at, n - at < GB_BATCH ? n - at : GB_BATCH);
    return start_events(h, first, n);
}

/* The first time, events are as many as are under way on average: a geometric duration that has
 * begun is as long as a new one. */
void gb_households_enter_half_hour(struct gb_households *h, int64_t half_hour)
{
    struct moment middle = moment_at(h, half_hour * HALF_HOUR_NS + QUARTER_NS);
    double level = exp(log_profile(middle.profile, middle.place));

    for (size_t k = 0; k < h->fleet->n_kinds; k++) {
        const struct gb_household_config *of = &h->fleet->kinds[k].household;
        double under_way = h->half_hour == INT64_MIN ? of->event_half_hours : 1;
        double mean = of->event_rate * level * under_way;
        h->starting[k] = (struct starting){mean, exp(-mean)};
    }
    h->half_hour = half_hour;
}
