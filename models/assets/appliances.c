#include "models/assets/appliances.h"

#include "base/batch.h"
#include "base/quantity.h"

static const double ns_a_minute = 60.0 * GB_NS_PER_SECOND;

const struct gb_appliance gb_appliances[GB_APPLIANCES] = {
    {"kettle", 2000, 3, 1520, 0.975},       {"small cooking", 1000, 3, 292, 1},
    {"hob", 2400, 16, 418, 0.463},          {"oven", 2125, 27, 220, 0.616},
    {"microwave", 1250, 30, 95, 0.859},     {"iron", 1000, 30, 35, 0.9},
    {"vacuum", 2000, 20, 110, 0.937},       {"dish washer", 1131, 60, 241, 0.335},
    {"tumble dryer", 2500, 60, 122, 0.416}, {"washing machine", 406, 138, 196, 0.781},
    {"washer dryer", 792, 198, 196, 0.153},
};

struct gb_appliance_use gb_appliance_use(void)
{
    struct gb_appliance_use use = {.mean_wh = 0};
    double starts = 0, sum = 0;

    for (int k = 0; k < GB_APPLIANCES; k++)
        starts += gb_appliances[k].cycles_a_year * gb_appliances[k].ownership;
    for (int k = 0; k < GB_APPLIANCES; k++) {
        const struct gb_appliance *a = &gb_appliances[k];
        use.probability[k] = a->cycles_a_year * a->ownership / starts;
        use.until[k] = sum += use.probability[k];
        use.mean_wh += use.probability[k] * a->power_w * a->minutes / 60;
    }
    return use;
}

struct gb_switching gb_switching_at(const struct gb_appliance_use *use, struct gb_draw draw,
                                    int64_t start_ns, int64_t length_ns)
{
    double which = gb_word_uniform(draw.words[0]);
    uint32_t k = 0;

    while (k < GB_APPLIANCES - 1 && which > use->until[k])
        k++;
    int64_t on_ns = start_ns + (int64_t)((double)length_ns * gb_word_uniform(draw.words[1]));
    double minutes = -gb_appliances[k].minutes * gb_logarithm(gb_word_uniform(draw.words[2]));
    return (struct gb_switching){
        .on_ns = on_ns, .off_ns = on_ns + (int64_t)(minutes * ns_a_minute), .appliance = k};
}

/* exp(-(to - from) / its mean time on); 1 where `to` is not after `from`. */
static double still_on(const struct gb_appliance *a, int64_t from_ns, int64_t to_ns)
{
    return to_ns <= from_ns
               ? 1
               : gb_exponential(-(double)(to_ns - from_ns) / (a->minutes * ns_a_minute));
}

double gb_appliance_stays(const struct gb_appliance *a, int64_t seen_ns, int64_t begin_ns,
                          int64_t end_ns)
{
    double mean_ns = a->minutes * ns_a_minute;

    return mean_ns * (still_on(a, seen_ns, begin_ns) - still_on(a, seen_ns, end_ns)) /
           (double)(end_ns - begin_ns);
}

/* Expected part of [begin, end) over which one is on, times the length of [from, to), of all that
 * may start there: for starts s before `begin` the integral of exp(-(t - s) / T) over both, for
 * later ones of t from s on. In units of the mean time on, squared. */
static double overlap(const struct gb_appliance *a, int64_t from_ns, int64_t to_ns,
                      int64_t begin_ns, int64_t end_ns)
{
    int64_t turn_ns = begin_ns < from_ns ? from_ns : begin_ns > to_ns ? to_ns : begin_ns;
    double before = still_on(a, turn_ns, begin_ns) - still_on(a, from_ns, begin_ns);
    double to_end = still_on(a, to_ns, end_ns) - still_on(a, from_ns, end_ns);

    return before - to_end + (double)(to_ns - turn_ns) / (a->minutes * ns_a_minute);
}

double gb_appliances_started(const struct gb_appliance_use *use, int64_t from_ns, int64_t to_ns,
                             int64_t begin_ns, int64_t end_ns)
{
    double sum = 0;

    for (int k = 0; k < GB_APPLIANCES; k++) {
        const struct gb_appliance *a = &gb_appliances[k];
        sum += use->probability[k] * a->power_w * (a->minutes / 60) * a->minutes * ns_a_minute *
               overlap(a, from_ns, to_ns, begin_ns, end_ns);
    }
    return sum / (double)(end_ns - begin_ns);
}
