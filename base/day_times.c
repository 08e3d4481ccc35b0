#include "base/day_times.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

#define WORD_SIZE 32

bool gb_day_time_parse(const char *word, int *minute)
{
    int hours, minutes, length = -1;

    if (strspn(word, "0123456789:") != strlen(word) ||
        sscanf(word, "%2d:%2d%n", &hours, &minutes, &length) != 2 || word[length] || hours > 23 ||
        minutes > 59 || strlen(strchr(word, ':')) != 3)
        return false;
    *minute = 60 * hours + minutes;
    return true;
}

/* Reads "TIME VALUE" and the comma behind it. returns what follows; NULL: it is no such thing */
static const char *read_time(const char *text, double least, double most, struct gb_day_time *out)
{
    char clock[WORD_SIZE], value[WORD_SIZE];

    text = gb_text_word(text, ",", clock, sizeof clock);
    text = gb_text_word(text, ",", value, sizeof value);
    if (!gb_day_time_parse(clock, &out->minute) || !gb_number_parse(value, &out->value) ||
        !(out->value >= least && out->value <= most) || (*text && *text != ','))
        return NULL;
    return *text == ',' ? text + 1 : text;
}

bool gb_day_times_read(struct gb_day_times *out, const char *text, double least, double most)
{
    out->n = 0;
    do {
        struct gb_day_time *next = &out->at[out->n];
        text = out->n < GB_DAY_TIMES_MAX ? read_time(text, least, most, next) : NULL;
        if (!text || (out->n > 0 && next->minute <= next[-1].minute))
            return false;
        out->n++;
    } while (*text);
    return true;
}

double gb_day_times_at(const struct gb_day_times *times, int64_t into_day_ns)
{
    size_t t = times->n;

    while (t > 0 && times->at[t - 1].minute * GB_NS_PER_MINUTE > into_day_ns)
        t--;
    return times->at[(t > 0 ? t : times->n) - 1].value;
}
