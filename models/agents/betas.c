#include "models/agents/betas.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/number.h"
#include "models/agents/list_priv.h"
#include "models/agents/pick_priv.h"
#include "models/market/order.h"

#define MAX_TIMES 48 /* of a day */
#define NS_A_MINUTE (60 * GB_NS_PER_SECOND)
#define WORD_SIZE 32

const char *const gb_betas_names[] = {"market", "drawn", "by_time", "adaptive", NULL};

struct time_of_day { /* from then on */
    int minute;
    int32_t millionths;
};

struct gb_betas {
    enum gb_betas_kind kind;
    int64_t low_millionths, high_millionths, slot_ns;
    struct gb_calendar calendar;
    double up, down;
    int64_t fixed_meter; /* -1: none */
    int32_t fixed_millionths;
    size_t n_times;
    struct time_of_day times[MAX_TIMES];
    int32_t millionths[]; /* per meter: drawn, or adapted */
};

/* ---- times of day */

static bool read_clock(const char *word, int *minute)
{
    int hours, minutes, length = -1;

    if (strspn(word, "0123456789:") != strlen(word) ||
        sscanf(word, "%2d:%2d%n", &hours, &minutes, &length) != 2 || word[length] || hours > 23 ||
        minutes > 59 || strlen(strchr(word, ':')) != 3)
        return false;
    *minute = 60 * hours + minutes;
    return true;
}

/* Reads "TIME FACTOR" and the comma behind it. returns what follows; NULL: it is no such thing */
static const char *read_time(const char *text, struct time_of_day *out)
{
    char clock[WORD_SIZE], factor[WORD_SIZE];
    double beta;

    text = gb_list_word(text, clock, sizeof clock);
    text = gb_list_word(text, factor, sizeof factor);
    if (!read_clock(clock, &out->minute) || !gb_number_parse(factor, &beta) ||
        !(beta >= 0 && beta <= 1) || (*text && *text != ','))
        return NULL;
    out->millionths = (int32_t)llround(beta * (double)GB_MILLIONTHS);
    return *text == ',' ? text + 1 : text;
}

/* returns how many there are; 0: the text is no list of them */
static size_t read_times(const char *text, struct time_of_day times[MAX_TIMES])
{
    size_t n = 0;

    do {
        text = n < MAX_TIMES ? read_time(text, &times[n]) : NULL;
        if (!text || (n > 0 && times[n].minute <= times[n - 1].minute))
            return 0;
        n++;
    } while (*text);
    return n;
}

bool gb_betas_are_times(const char *text)
{
    struct time_of_day times[MAX_TIMES];

    return read_times(text, times) > 0;
}

/* The last time that has come by then; before the first of a day it is still the day before. */
static int32_t at_time(const struct gb_betas *betas, int64_t interval)
{
    int64_t local_ns = gb_calendar_local_ns(&betas->calendar, interval * betas->slot_ns);
    int64_t into_day_ns = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;
    size_t t = betas->n_times;

    while (t > 0 && betas->times[t - 1].minute * NS_A_MINUTE > into_day_ns)
        t--;
    return betas->times[(t > 0 ? t : betas->n_times) - 1].millionths;
}

/* ---- life */

enum gb_status gb_betas_create(struct gb_betas **out, size_t n,
                               const struct gb_betas_config *config, struct gb_error *err)
{
    struct gb_betas *betas = calloc(1, sizeof *betas + n * sizeof *betas->millionths);

    if (!betas)
        return gb_fail(err, GB_ENOMEM, "no memory for the re-quote factors of %zu users", n);
    betas->kind = config->kind;
    betas->low_millionths = config->low_millionths;
    betas->high_millionths = config->high_millionths;
    betas->slot_ns = config->slot_ns;
    betas->calendar = config->calendar;
    betas->up = config->up;
    betas->down = config->down;
    betas->fixed_meter = -1;
    if (config->kind == GB_BETAS_BY_TIME)
        betas->n_times = read_times(config->times, betas->times);
    assert(config->kind != GB_BETAS_BY_TIME || betas->n_times > 0);
    for (size_t meter = 0; meter < n; meter++)
        betas->millionths[meter] = config->kind == GB_BETAS_ADAPTIVE
                                       ? (int32_t)llround(config->first * (double)GB_MILLIONTHS)
                                       : GB_BETA_OF_MARKET;
    *out = betas;
    return GB_OK;
}

void gb_betas_free(struct gb_betas *betas)
{
    free(betas);
}

void gb_betas_draw(struct gb_betas *betas, uint32_t meter, double uniform)
{
    if (betas->kind == GB_BETAS_DRAWN)
        betas->millionths[meter] =
            (int32_t)gb_pick_between(betas->low_millionths, betas->high_millionths, uniform);
}

void gb_betas_fix(struct gb_betas *betas, uint32_t meter, int32_t millionths)
{
    betas->fixed_meter = meter;
    betas->fixed_millionths = millionths;
}

/* ---- use */

int32_t gb_betas_of(const struct gb_betas *betas, uint32_t meter, int64_t interval)
{
    if (!betas)
        return GB_BETA_OF_MARKET;
    if (betas->fixed_meter == (int64_t)meter)
        return betas->fixed_millionths;
    return betas->kind == GB_BETAS_BY_TIME ? at_time(betas, interval) : betas->millionths[meter];
}

bool gb_betas_are_adaptive(const struct gb_betas *betas)
{
    return betas->kind == GB_BETAS_ADAPTIVE;
}

void gb_betas_learn(struct gb_betas *betas, uint32_t meter, struct gb_energy offered,
                    struct gb_energy unmatched)
{
    double beta = (double)betas->millionths[meter] / (double)GB_MILLIONTHS;

    if (offered.wh <= 0)
        return;
    double missed = (double)unmatched.wh / (double)offered.wh;
    beta += betas->up * missed * (1 - beta) - betas->down * (1 - missed) * beta;
    betas->millionths[meter] = (int32_t)llround(beta * (double)GB_MILLIONTHS);
}
