#include "models/agents/betas.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/day_times.h"
#include "models/agents/pick_priv.h"
#include "models/market/order.h"

const char *const gb_betas_names[] = {"market", "drawn", "by_time", "adaptive", NULL};

/* What agents of a kind have in common. */
struct common {
    enum gb_betas_kind kind;
    int64_t low_millionths, high_millionths, slot_ns;
    struct gb_calendar calendar;
    double up, down;
    struct gb_day_times times;
};

struct gb_betas {
    size_t n_kinds;
    struct common *kinds;
    const uint32_t *kind_of; /* a meter; NULL: all of the first */
    bool *is_fixed;          /* per meter, for good */
    int32_t millionths[];    /* per meter: the market's, fixed, drawn or adapted */
};

static const struct common *common_of(const struct gb_betas *betas, size_t meter)
{
    return &betas->kinds[betas->kind_of ? betas->kind_of[meter] : 0];
}

/* ---- times of day */

bool gb_betas_are_times(const char *text)
{
    struct gb_day_times times;

    return gb_day_times_read(&times, text, 0, 1);
}

static int32_t at_time(const struct common *betas, int64_t interval)
{
    int64_t local_ns = gb_calendar_local_ns(&betas->calendar, interval * betas->slot_ns);
    int64_t into_day_ns = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;
    double beta = gb_day_times_at(&betas->times, into_day_ns);

    return (int32_t)llround(beta * (double)GB_MILLIONTHS);
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
    bool is_sound =
        config->kind != GB_BETAS_BY_TIME || gb_day_times_read(&common->times, config->times, 0, 1);
    assert(is_sound);
    (void)is_sound;
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

    if (betas) {
        betas->kinds = calloc(n_configs, sizeof *betas->kinds);
        betas->is_fixed = calloc(n + 1, sizeof *betas->is_fixed);
    }
    if (!betas || !betas->kinds || !betas->is_fixed) {
        gb_betas_free(betas);
        return gb_fail(err, GB_ENOMEM, "no memory for the re-quote factors of %zu users", n);
    }
    betas->n_kinds = n_configs;
    betas->kind_of = kind_of;
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
    if (!betas)
        return;
    free(betas->is_fixed);
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
    betas->is_fixed[meter] = true;
    betas->millionths[meter] = millionths;
}

/* ---- use */

int32_t gb_betas_of(const struct gb_betas *betas, uint32_t meter, int64_t interval)
{
    if (!betas)
        return GB_BETA_OF_MARKET;
    const struct common *common = common_of(betas, meter);
    bool goes_by_time = common->kind == GB_BETAS_BY_TIME && !betas->is_fixed[meter];
    return goes_by_time ? at_time(common, interval) : betas->millionths[meter];
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

    if (common->kind != GB_BETAS_ADAPTIVE || betas->is_fixed[meter] || offered.wh <= 0)
        return;
    double missed = (double)unmatched.wh / (double)offered.wh;
    beta += common->up * missed * (1 - beta) - common->down * (1 - missed) * beta;
    betas->millionths[meter] = (int32_t)llround(beta * (double)GB_MILLIONTHS);
}
