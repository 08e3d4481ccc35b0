#include "experiments/scenario/tariff_times.h"

#include <stdio.h>
#include <string.h>

#include "base/day_times.h"
#include "base/param.h"
#include "base/text.h"

#define WORD_SIZE 64
#define DAYS_A_WEEK 7
#define THURSDAY 4 /* 1970-01-01 */

static const struct gb_param price_row = {.key = "price",
                                          .kind = GB_PARAM_PRICE,
                                          .default_text = "0",
                                          .minimum = -1000,
                                          .maximum = 1000,
                                          .unit = "currency/kWh",
                                          .description = ""};

static const char *take_word(const char *text, char word[WORD_SIZE])
{
    return gb_text_word(text, ",;", word, WORD_SIZE);
}

/* Reads "TIME PRICE" into the day. returns what follows; NULL: it is no such thing */
static const char *read_time(const char *text, struct gb_tariff_day *day, char *why, size_t size)
{
    char clock[WORD_SIZE], price[WORD_SIZE], reason[256] = "";
    size_t n = day->n;
    int minute;

    text = take_word(text, clock);
    text = take_word(text, price);
    if (n == GB_TARIFF_TIMES) {
        snprintf(why, size, "more than %d times of a day", GB_TARIFF_TIMES);
        return NULL;
    }
    if (!gb_day_time_parse(clock, &minute)) {
        snprintf(why, size, "'%s' is no time from 0:00 to 23:59", clock);
        return NULL;
    }
    day->from_ns[n] = minute * GB_NS_PER_MINUTE;
    if (!gb_param_parse(&price_row, price, &day->price[n], reason, sizeof reason)) {
        snprintf(why, size, "the price at %s: %s", clock, reason);
        return NULL;
    }
    if (n > 0 && day->from_ns[n] <= day->from_ns[n - 1]) {
        snprintf(why, size, "%s does not come after the time before it", clock);
        return NULL;
    }
    if (*text && *text != ',' && *text != ';') {
        snprintf(why, size, "more than a price at %s", clock);
        return NULL;
    }
    day->n++;
    return text;
}

/* The times of one kind of days. returns what follows, behind its semicolon; NULL: see `why` */
static const char *read_day(const char *text, struct gb_tariff_day *day, char *why, size_t size)
{
    day->n = 0;
    do {
        text = read_time(text, day, why, size);
        if (text && *text == ';')
            return text + 1;
    } while (text && *text++ == ',');
    return text ? text - 1 : NULL;
}

bool gb_tariff_times_parse(struct gb_tariff_times *out, const char *text, char *why,
                           size_t why_size)
{
    char word[WORD_SIZE];
    const char *rest = read_day(text, &out->workdays, why, why_size);

    if (!rest)
        return false;
    out->weekends = out->workdays;
    if (!*rest && strchr(text, ';')) {
        snprintf(why, why_size, "nothing behind the semicolon");
        return false;
    }
    if (!*rest)
        return true;
    rest = take_word(rest, word);
    if (strcmp(word, "weekends") != 0) {
        snprintf(why, why_size, "expected `weekends` behind the semicolon, got '%s'", word);
        return false;
    }
    rest = read_day(rest, &out->weekends, why, why_size);
    if (rest && (*rest || rest[-1] == ';')) {
        snprintf(why, why_size, "a second semicolon");
        return false;
    }
    return rest != NULL;
}

static const struct gb_tariff_day *day_of(const struct gb_tariff_times *times, int64_t day)
{
    int64_t weekday = (day + THURSDAY) % DAYS_A_WEEK; /* Sunday 0; days before 1970 are none */

    return weekday == 0 || weekday == DAYS_A_WEEK - 1 ? &times->weekends : &times->workdays;
}

struct gb_price gb_tariff_times_at(const struct gb_tariff_times *times, int64_t day,
                                   int64_t into_day_ns)
{
    const struct gb_tariff_day *today = day_of(times, day);
    size_t n = today->n;

    while (n > 0 && today->from_ns[n - 1] > into_day_ns)
        n--;
    if (n > 0)
        return today->price[n - 1];
    const struct gb_tariff_day *before = day_of(times, day - 1);
    return before->price[before->n - 1];
}

int64_t gb_tariff_times_within(const struct gb_tariff_times *times, int64_t day,
                               int64_t into_day_ns, int64_t slot_ns)
{
    const struct gb_tariff_day *today = day_of(times, day);

    for (size_t i = 0; i < today->n; i++)
        if (today->from_ns[i] > into_day_ns && today->from_ns[i] < into_day_ns + slot_ns)
            return today->from_ns[i];
    return -1;
}
