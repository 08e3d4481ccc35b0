#include "models/weather/turbidity.h"

#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "base/text.h"

#define LEAST 1.0
#define MOST 10.0

bool gb_turbidity_read(struct gb_turbidity *out, double constant, const char *months)
{
    *out = (struct gb_turbidity){.all_year = constant};
    if (strcmp(months, GB_TURBIDITY_SAME) == 0)
        return true;
    out->has_months = true;
    for (int m = 0; m < 12; m++) {
        char word[32];
        const char *end = m < 11 ? "," : "";

        months = gb_text_word(months, ",", word, sizeof word);
        if (!gb_number_parse(word, &out->month[m]) ||
            !(out->month[m] >= LEAST && out->month[m] <= MOST) || *months != *end)
            return false;
        months += m < 11;
    }
    return true;
}

/* The middle of a month, days since 1970-01-01; of months outside 1 to 12 in the years beside. */
static double middle_of(int year, int month)
{
    int64_t first = 0, next = 0;

    if (month < 1)
        return middle_of(year - 1, 12);
    if (month > 12)
        return middle_of(year + 1, 1);
    gb_civil_days(year, month, 1, &first);
    gb_civil_days(month < 12 ? year : year + 1, month < 12 ? month + 1 : 1, 1, &next);
    return (double)(first + next) / 2;
}

double gb_turbidity_at(const struct gb_turbidity *turbidity, int64_t day)
{
    if (!turbidity->has_months)
        return turbidity->all_year;
    struct gb_civil_day date = gb_civil_day_at(day);
    double noon = (double)day + 0.5;
    int before = noon < middle_of(date.year, date.month) ? date.month - 1 : date.month;
    double from = middle_of(date.year, before), to = middle_of(date.year, before + 1);
    double low = turbidity->month[(before + 11) % 12], high = turbidity->month[before % 12];

    return low + (noon - from) / (to - from) * (high - low);
}
