#include "models/agents/by_kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "models/agents/batch_priv.h"

/* A strategy with its options and what it has learnt. */
struct part {
    const struct gb_strategy *strategy;
    const void *config;
    void *state; /* for all meters of the market; of one from outside what its open() made */
};

struct by_kind {
    size_t n_parts;
    struct part *parts;
    size_t *part_of_kind;
    const uint32_t *kind_of;
    struct gb_error *failure;
    uint32_t *meters; /* scratch: those of a part, and what they did */
    struct gb_fill *fills;
    struct gb_answer *answers;
    size_t n_fills, n_answers; /* capacities */
};

static size_t part_of(const struct by_kind *all, uint32_t meter)
{
    return all->part_of_kind[all->kind_of[meter]];
}

const struct gb_strategy *gb_by_kind_strategy(const void *state, uint32_t meter)
{
    const struct by_kind *all = state;

    return all->parts[part_of(all, meter)].strategy;
}

/* ---- calls, handed on */

/* How many from element i on are of the same part. */
static size_t run_length(const struct by_kind *all, const uint32_t *meter, size_t i, size_t n)
{
    size_t end = i + 1;

    while (end < n && part_of(all, meter[end]) == part_of(all, meter[i]))
        end++;
    return end - i;
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    const struct by_kind *all = state;

    (void)config;
    for (size_t i = 0; i < batch->n;) {
        const struct part *part = &all->parts[part_of(all, batch->meter[i])];
        struct gb_quote_batch some =
            gb_quote_batch_part(batch, i, run_length(all, batch->meter, i, batch->n));

        part->strategy->quote(part->config, part->state, traits, &some, quote_out + i,
                              beta_out + i);
        i += some.n;
    }
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    const struct by_kind *all = state;

    (void)config;
    for (size_t i = 0; i < batch->n;) {
        const struct part *part = &all->parts[part_of(all, batch->meter[i])];
        struct gb_requote_batch some =
            gb_requote_batch_part(batch, i, run_length(all, batch->meter, i, batch->n));

        if (part->strategy->requote)
            part->strategy->requote(part->config, part->state, traits, &some, quote_out + i);
        else
            memcpy(quote_out + i, some.quote, some.n * sizeof *quote_out);
        i += some.n;
    }
}

static uint8_t followed(void *state, const struct gb_traits *traits, uint32_t meter)
{
    const struct by_kind *all = state;
    const struct part *part = &all->parts[part_of(all, meter)];
    const struct gb_member *member;

    if (part->strategy->followed)
        return part->strategy->followed(part->state, traits, meter);
    for (uint8_t s = 0; (member = gb_family_member(&gb_strategy_family, NULL, s)); s++)
        if (member == &gb_strategy_mix.member)
            break; /* those behind it come from outside */
        else if (member == &part->strategy->member)
            return s;
    return GB_FOLLOWS_OUTSIDE;
}

/* ---- news */

/* Room for all fills and answers; false after a failure. */
static bool reserve(struct by_kind *all, const struct gb_market_news *news)
{
    struct gb_fill *fills =
        gb_array_grow(all->fills, &all->n_fills, news->n_fills + 1, sizeof *fills);
    struct gb_answer *answers =
        gb_array_grow(all->answers, &all->n_answers, news->n_answers + 1, sizeof *answers);

    if (fills)
        all->fills = fills;
    if (answers)
        all->answers = answers;
    if (!fills || !answers)
        gb_fail(all->failure, GB_ENOMEM, "no memory for what agents hear");
    return fills && answers;
}

/* The fills and answers of a part alone. */
static void narrow(struct by_kind *all, size_t part, struct gb_market_news *news)
{
    size_t n_fills = 0, n_answers = 0;

    for (size_t i = 0; i < news->n_fills; i++)
        if (part_of(all, news->fills[i].meter) == part)
            all->fills[n_fills++] = news->fills[i];
    for (size_t i = 0; i < news->n_answers; i++)
        if (part_of(all, news->answers[i].meter) == part)
            all->answers[n_answers++] = news->answers[i];
    news->fills = all->fills;
    news->n_fills = n_fills;
    news->answers = all->answers;
    news->n_answers = n_answers;
}

/* Built-in strategies hear of all fills; those of others leave no trace where anybody looks. */
static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    struct by_kind *all = state;

    (void)config;
    for (size_t p = 0; p < all->n_parts; p++) {
        const struct part *part = &all->parts[p];
        struct gb_market_news some = *news;

        some.meters = all->meters;
        some.n_meters = 0;
        for (size_t i = 0; i < news->n_meters; i++)
            if (part_of(all, news->meters[i]) == p)
                all->meters[some.n_meters++] = news->meters[i];
        if (some.n_meters == 0 || !part->strategy->observe)
            continue;
        if (part->strategy->open) {
            if (!reserve(all, news))
                return;
            narrow(all, p, &some);
        }
        part->strategy->observe(part->config, part->state, traits, &some);
    }
}

static void reward(void *state, const struct gb_slot_outcome *outcome)
{
    const struct by_kind *all = state;

    for (size_t p = 0; p < all->n_parts; p++)
        if (all->parts[p].strategy->reward)
            all->parts[p].strategy->reward(all->parts[p].state, outcome);
}

/* ---- life */

static bool are_equal(const struct part *part, const struct gb_kind_strategy *kind)
{
    return part->strategy == kind->strategy &&
           memcmp(part->config, kind->config, kind->strategy->member.config_size) == 0;
}

/* Which kinds are of which part. */
static void find_parts(struct by_kind *all, const struct gb_by_kind_request *request)
{
    for (size_t k = 0; k < request->n_kinds; k++) {
        const struct gb_kind_strategy *kind = &request->kinds[k];
        size_t p = 0;

        while (p < all->n_parts && !are_equal(&all->parts[p], kind))
            p++;
        if (p == all->n_parts)
            all->parts[all->n_parts++] =
                (struct part){.strategy = kind->strategy, .config = kind->config};
        all->part_of_kind[k] = p;
    }
}

static enum gb_status open_part(struct part *part, const struct gb_by_kind_request *request,
                                struct gb_error *err)
{
    const struct gb_strategy *strategy = part->strategy;
    size_t n = request->traits->n;

    if (strategy->open)
        return strategy->open(&part->state, part->config, request->facts, request->traits,
                              request->failure);
    if (strategy->member.state_size > 0) {
        part->state = calloc(n + 1, strategy->member.state_size);
        if (!part->state)
            return gb_fail(err, GB_ENOMEM, "no memory for the state of %zu agents", n);
    }
    if (strategy->init)
        strategy->init(part->config, request->traits, part->state, n);
    return GB_OK;
}

/* What can be asked of all of them together. */
static struct gb_strategy make(const struct by_kind *all)
{
    struct gb_strategy made = {.member = {.name = "by_kind"}, .quote = quote, .followed = followed};

    for (size_t p = 0; p < all->n_parts; p++) {
        const struct gb_strategy *strategy = all->parts[p].strategy;

        made.requote = strategy->requote ? requote : made.requote;
        made.observe = strategy->observe ? observe : made.observe;
        made.reward = strategy->reward ? reward : made.reward;
        made.open = strategy->open ? strategy->open : made.open;
        made.is_asked_ahead |= strategy->is_asked_ahead;
    }
    made.close = gb_by_kind_free;
    return made;
}

enum gb_status gb_by_kind_create(void **state, struct gb_strategy *made,
                                 const struct gb_by_kind_request *request, struct gb_error *err)
{
    struct by_kind *all = calloc(1, sizeof *all);
    enum gb_status status = GB_OK;

    if (all) {
        all->kind_of = request->kind_of;
        all->failure = request->failure;
        all->parts = calloc(request->n_kinds, sizeof *all->parts);
        all->part_of_kind = calloc(request->n_kinds, sizeof *all->part_of_kind);
        all->meters = malloc((request->traits->n + 1) * sizeof *all->meters);
    }
    if (!all || !all->parts || !all->part_of_kind || !all->meters) {
        gb_by_kind_free(all);
        return gb_fail(err, GB_ENOMEM, "no memory for the strategies of %zu kinds of households",
                       request->n_kinds);
    }
    find_parts(all, request);
    for (size_t p = 0; p < all->n_parts && status == GB_OK; p++)
        status = open_part(&all->parts[p], request, err);
    if (status != GB_OK) {
        gb_by_kind_free(all);
        return status;
    }
    *made = make(all);
    *state = all;
    return GB_OK;
}

void gb_by_kind_free(void *state)
{
    struct by_kind *all = state;

    if (!all)
        return;
    for (size_t p = 0; all->parts && p < all->n_parts; p++) {
        if (all->parts[p].strategy->close)
            all->parts[p].strategy->close(all->parts[p].state);
        else
            free(all->parts[p].state);
    }
    free(all->parts);
    free(all->part_of_kind);
    free(all->meters);
    free(all->fills);
    free(all->answers);
    free(all);
}
