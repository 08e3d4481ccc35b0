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

/* What agents of a kind have in common. */
struct common {
    enum gb_betas_kind kind;
    int64_t low_millionths, high_millionths, slot_ns;
    struct gb_calendar calendar;
    double up, down;
    size_t n_times;
    struct time_of_day times[MAX_TIMES];
};

struct gb_betas {
    size_t n_kinds;
    struct common *kinds;
    const uint32_t *kind_of; /* a meter; NULL: all of the first */
    int64_t fixed_meter;     /* -1: none */
    int32_t fixed_millionths;
    int32_t millionths[]; /* per meter: the market's, fixed, drawn or adapted */
};

static const struct common *common_of(const struct gb_betas *betas, size_t meter)
{
    return &betas->kinds[betas->kind_of ? betas->kind_of[meter] : 0];
}

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
static int32_t at_time(const struct common *betas, int64_t interval)
{
    int64_t local_ns = gb_calendar_local_ns(&betas->calendar, interval * betas->slot_ns);
    int64_t into_day_ns = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;
    size_t t = betas->n_times;

    while (t > 0 && betas->times[t - 1].minute * NS_A_MINUTE > into_day_ns)
        t--;
    return betas->times[(t > 0 ? t : betas->n_times) - 1].millionths;
}

/* ---- life */

static void set_common(struct common *common, const struct gb_betas_config *config)
{
    common->kind = config->kind;
    common->low_millionths = config->low_millionths;
    common->high_millionths = config->high_millionths;
    common->slot_ns = config->slot_ns;
    common->calendar = config->calendar;
    common->up = config->up;
    common->down = config->down;
    if (config->kind == GB_BETAS_BY_TIME)
        common->n_times = read_times(config->times, common->times);
    assert(config->kind != GB_BETAS_BY_TIME || common->n_times > 0);
}

/* Before anything is drawn or heard. */
static int32_t first_of(const struct gb_betas_config *config)
{
    if (config->kind == GB_BETAS_ADAPTIVE)
        return (int32_t)llround(config->first * (double)GB_MILLIONTHS);
    return config->is_fixed ? (int32_t)config->fixed_millionths : GB_BETA_OF_MARKET;
}

enum gb_status gb_betas_create_by_kind(struct gb_betas **out, size_t n,
                                       const struct gb_betas_config *configs, size_t n_configs,
                                       const uint32_t *kind_of, struct gb_error *err)
{
    struct gb_betas *betas = calloc(1, sizeof *betas + n * sizeof *betas->millionths);

    if (betas)
        betas->kinds = calloc(n_configs, sizeof *betas->kinds);
    if (!betas || !betas->kinds) {
        gb_betas_free(betas);
        return gb_fail(err, GB_ENOMEM, "no memory for the re-quote factors of %zu users", n);
    }
    betas->n_kinds = n_configs;
    betas->kind_of = kind_of;
    betas->fixed_meter = -1;
    for (size_t k = 0; k < n_configs; k++)
        set_common(&betas->kinds[k], &configs[k]);
    for (size_t meter = 0; meter < n; meter++)
        betas->millionths[meter] = first_of(&configs[kind_of ? kind_of[meter] : 0]);
    *out = betas;
    return GB_OK;
}

enum gb_status gb_betas_create(struct gb_betas **out, size_t n,
                               const struct gb_betas_config *config, struct gb_error *err)
{
    return gb_betas_create_by_kind(out, n, config, 1, NULL, err);
}

void gb_betas_free(struct gb_betas *betas)
{
    if (betas)
        free(betas->kinds);
    free(betas);
}

void gb_betas_draw(struct gb_betas *betas, uint32_t meter, double uniform)
{
    const struct common *common = common_of(betas, meter);

    if (common->kind == GB_BETAS_DRAWN)
        betas->millionths[meter] =
            (int32_t)gb_pick_between(common->low_millionths, common->high_millionths, uniform);
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
    const struct common *common = common_of(betas, meter);
    return common->kind == GB_BETAS_BY_TIME ? at_time(common, interval) : betas->millionths[meter];
}

bool gb_betas_are_adaptive(const struct gb_betas *betas)
{
    bool is_any = false;

    for (size_t k = 0; k < betas->n_kinds; k++)
        is_any |= betas->kinds[k].kind == GB_BETAS_ADAPTIVE;
    return is_any;
}

void gb_betas_learn(struct gb_betas *betas, uint32_t meter, struct gb_energy offered,
                    struct gb_energy unmatched)
{
    const struct common *common = common_of(betas, meter);
    double beta = (double)betas->millionths[meter] / (double)GB_MILLIONTHS;

    if (common->kind != GB_BETAS_ADAPTIVE || offered.wh <= 0)
        return;
    double missed = (double)unmatched.wh / (double)offered.wh;
    beta += common->up * missed * (1 - beta) - common->down * (1 - missed) * beta;
    betas->millionths[meter] = (int32_t)llround(beta * (double)GB_MILLIONTHS);
}
