#include "models/series/issues.h"

double gb_measured_overall_w(const struct gb_measured *measured)
{
    double wh = 0, hours = 0;

    if (measured->n_issues == 0)
        return gb_course_overall_w(&measured->courses[0]);
    for (size_t i = 0; i < measured->n_issues; i++) {
        const struct gb_course *course = &measured->issues[i]->courses[0];
        double length_h = (double)course->flow.n * (double)course->flow.step_s / 3600;

        wh += gb_course_overall_w(course) * length_h;
        hours += length_h;
    }
    return wh / hours;
}

size_t gb_measured_issues_until(const struct gb_measured *measured, int64_t until_s)
{
    size_t low = 0, high = measured->n_issues;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (measured->issued_s[middle] <= until_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct gb_series_flow *flow_of(const struct gb_measured *said,
                                            enum gb_weather_quantity quantity, size_t k)
{
    return quantity < GB_N_WEATHER_QUANTITIES ? &said->weather[quantity].course.flow
                                              : &said->courses[k].flow;
}

/* Is there a forecast of a stretch in column k that was made until then? */
static bool foretells(const struct gb_measured *measured, enum gb_weather_quantity quantity,
                      size_t k, int64_t until_s, int64_t from_s, int64_t to_s)
{
    for (size_t i = gb_measured_issues_until(measured, until_s); i-- > 0;) {
        const struct gb_series_flow *flow = flow_of(measured->issues[i], quantity, k);
        if (flow->start_s <= from_s && flow->start_s + (int64_t)flow->n * flow->step_s >= to_s)
            return true;
    }
    return false;
}

static bool reach_equally(const struct gb_series_flow *a, const struct gb_series_flow *b)
{
    return a->start_s == b->start_s && a->n == b->n;
}

/* Do two columns reach equally far in all issues? */
static bool reach_alike(const struct gb_measured *measured, size_t k, size_t other)
{
    bool are_alike = true;

    for (size_t i = 0; are_alike && i < measured->n_issues; i++)
        are_alike = reach_equally(&measured->issues[i]->courses[k].flow,
                                  &measured->issues[i]->courses[other].flow);
    return are_alike;
}

bool gb_measured_foretells(const struct gb_measured *measured, const struct gb_foretold *asked,
                           int64_t *slot)
{
    bool is_weather = asked->quantity < GB_N_WEATHER_QUANTITIES;
    size_t n = is_weather ? 1 : measured->n;

    for (size_t k = 0; k < n; k++) {
        if (k > 0 && reach_alike(measured, k, k - 1))
            continue;
        for (*slot = 0; *slot < asked->n_slots; ++*slot) {
            int64_t from_s = asked->start_s + *slot * asked->slot_s;
            if (!foretells(measured, asked->quantity, k, from_s - asked->lead_slots * asked->slot_s,
                           from_s, from_s + asked->slot_s))
                return false;
        }
    }
    return true;
}
