/* A mix of strategies: every meter follows one of them for good, drawn by the shares of agents.mix
 * at an address of its own. The state holds that of every built-in strategy for all meters, one
 * behind the other, so that each finds its own as if it were alone; whom nobody follows leaves its
 * part untouched. Behind them stands who follows which. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "models/agents/batch_priv.h"
#include "models/agents/strategies_priv.h"

#define MAX_STRATEGIES 16 /* of the family */
#define STATE_SIZE 2048   /* bytes a meter, for all of them together; a test adds them up */
#define SHARES_ADD_UP 1e-9

static const struct gb_strategy *strategy_at(size_t s)
{
    return (const struct gb_strategy *)gb_family_member(&gb_strategy_family, NULL, s);
}

/* ---- shares */

/* The number of a strategy that a mix may name; MAX_STRATEGIES: there is none of this name. */
static size_t find_strategy(const char *name)
{
    for (size_t s = 0; strategy_at(s) != &gb_strategy_mix; s++)
        if (strcmp(strategy_at(s)->member.name, name) == 0)
            return s;
    return MAX_STRATEGIES;
}

/* Reads "NAME SHARE" and the comma behind it. returns what follows; NULL: it is no such thing */
static const char *read_share(const char *text, double shares[MAX_STRATEGIES])
{
    char word[64];
    double share;

    text = gb_text_word(text, ",", word, sizeof word);
    size_t s = find_strategy(word);
    text = gb_text_word(text, ",", word, sizeof word);
    if (s == MAX_STRATEGIES || shares[s] != 0 || !gb_number_parse(word, &share) ||
        !(share > 0 && share <= 1) || (*text && *text != ','))
        return NULL;
    shares[s] = share;
    return *text == ',' ? text + 1 : text;
}

/* Shares by number in the family. returns false where agents.mix is no list of them */
static bool read_shares(const struct gb_strategy_options *options, double shares[MAX_STRATEGIES])
{
    const char *text = options->mix;
    double sum = 0;

    for (size_t s = 0; s < MAX_STRATEGIES; s++)
        shares[s] = 0;
    do
        text = read_share(text, shares);
    while (text && *text);
    for (size_t s = 0; s < MAX_STRATEGIES; s++)
        sum += shares[s];
    return text && fabs(sum - 1) <= SHARES_ADD_UP;
}

static bool is_drawn(const struct gb_strategy_options *options)
{
    return options->deviant_strategy[0] == '\0' ||
           strcmp(options->deviant_strategy, GB_STRATEGY_DRAWN) == 0;
}

static const char *check(const void *config)
{
    const struct gb_strategy_options *options = config;
    double shares[MAX_STRATEGIES];

    if (!is_drawn(options) && find_strategy(options->deviant_strategy) == MAX_STRATEGIES)
        return "in agents.deviant_strategy the name of a built-in strategy, or `drawn`";
    return read_shares(config, shares)
               ? NULL
               : "names of built-in strategies, once each, with shares above 0 that add up to 1, "
                 "like `zip 0.5, zi_c 0.5`";
}

/* ---- the state */

static unsigned char *states_of(void *state, const struct gb_traits *traits, size_t s)
{
    unsigned char *place = state;

    for (size_t before = 0; before < s; before++)
        place += traits->n * strategy_at(before)->member.state_size;
    return place;
}

static size_t count_strategies(void)
{
    size_t n = 0;

    while (strategy_at(n) != &gb_strategy_mix)
        n++;
    return n; /* those behind the mix cannot be a part of it */
}

/* Per meter a word to sort in, and the number of its strategy. */
static uint32_t *scratch_of(void *state, const struct gb_traits *traits)
{
    return (void *)states_of(state, traits, count_strategies());
}

static uint8_t *followed_of(void *state, const struct gb_traits *traits)
{
    return (uint8_t *)(scratch_of(state, traits) + traits->n);
}

static uint8_t draw_strategy(const double shares[MAX_STRATEGIES], double uniform)
{
    uint8_t last = 0;
    double below = 0;

    for (uint8_t s = 0; s < MAX_STRATEGIES; s++) {
        if (shares[s] == 0)
            continue;
        last = s;
        below += shares[s];
        if (uniform < below)
            break;
    }
    return last; /* also where the shares' sum is a little less than 1 */
}

static void init(const void *config, const struct gb_traits *traits, void *state, size_t n)
{
    uint8_t *followed = followed_of(state, traits);
    double shares[MAX_STRATEGIES];
    const struct gb_strategy_options *options = config;
    bool is_sound = read_shares(config, shares), has_deviant = traits->deviant < n;
    size_t deviant = find_strategy(options->deviant_strategy);

    assert(is_sound && n == traits->n);
    (void)is_sound;
    has_deviant = has_deviant && !is_drawn(options);
    for (size_t s = 0; s < count_strategies(); s++)
        if ((shares[s] > 0 || (has_deviant && s == deviant)) && strategy_at(s)->init)
            strategy_at(s)->init(config, traits, states_of(state, traits, s), n);
    for (uint32_t meter = 0; meter < n; meter++)
        followed[meter] = draw_strategy(
            shares,
            gb_draw_uniform(gb_draw_at(traits->mix, gb_traits_draw_owner(traits, meter), 0, 0, 0)));
    if (has_deviant)
        followed[traits->deviant] = (uint8_t)deviant;
}

static uint8_t followed(void *state, const struct gb_traits *traits, uint32_t meter)
{
    return followed_of(state, traits)[meter];
}

/* ---- calls, handed on */

/* How many from element i on follow the same strategy. */
static size_t run_length(const uint8_t *followed, const uint32_t *meter, size_t i, size_t n)
{
    size_t end = i + 1;

    while (end < n && followed[meter[end]] == followed[meter[i]])
        end++;
    return end - i;
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    const uint8_t *followed = followed_of(state, traits);

    for (size_t i = 0; i < batch->n;) {
        struct gb_quote_batch part =
            gb_quote_batch_part(batch, i, run_length(followed, batch->meter, i, batch->n));
        size_t s = followed[batch->meter[i]];

        strategy_at(s)->quote(config, states_of(state, traits, s), traits, &part, quote_out + i,
                              beta_out + i);
        i += part.n;
    }
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    const uint8_t *followed = followed_of(state, traits);

    for (size_t i = 0; i < batch->n;) {
        struct gb_requote_batch part =
            gb_requote_batch_part(batch, i, run_length(followed, batch->meter, i, batch->n));
        size_t s = followed[batch->meter[i]];

        if (strategy_at(s)->requote)
            strategy_at(s)->requote(config, states_of(state, traits, s), traits, &part,
                                    quote_out + i);
        else
            memcpy(quote_out + i, part.quote, part.n * sizeof *quote_out);
        i += part.n;
    }
}

/* Sorts those who learn by whom they follow.
 * ends  of each strategy's meters in the scratch array */
static void sort_learners(const uint8_t *followed, const struct gb_market_news *news,
                          uint32_t *scratch, size_t ends[MAX_STRATEGIES])
{
    size_t begin = 0;

    for (size_t s = 0; s < MAX_STRATEGIES; s++)
        ends[s] = 0;
    for (size_t i = 0; i < news->n_meters; i++)
        ends[followed[news->meters[i]]]++;
    for (size_t s = 0; s < MAX_STRATEGIES; s++) {
        size_t n = ends[s];

        ends[s] = begin;
        begin += n;
    }
    for (size_t i = 0; i < news->n_meters; i++)
        scratch[ends[followed[news->meters[i]]]++] = news->meters[i];
}

/* Every strategy hears of all fills; those of meters that follow another leave no trace where
 * anybody looks. */
static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    uint32_t *scratch = scratch_of(state, traits);
    struct gb_market_news part = *news;
    size_t ends[MAX_STRATEGIES], begin = 0;

    sort_learners(followed_of(state, traits), news, scratch, ends);
    for (size_t s = 0; s < count_strategies(); begin = ends[s++]) {
        part.meters = scratch + begin;
        part.n_meters = ends[s] - begin;
        if (part.n_meters > 0 && strategy_at(s)->observe)
            strategy_at(s)->observe(config, states_of(state, traits, s), traits, &part);
    }
}

const struct gb_strategy gb_strategy_mix = {
    .member = {.name = "mix",
               .summary = "several of these strategies side by side, by shares (agents.mix)",
               .params = gb_mix_params,
               .config_size = sizeof(struct gb_strategy_options),
               .state_size = STATE_SIZE,
               .check = check},
    .init = init,
    .quote = quote,
    .requote = requote,
    .followed = followed,
    .observe = observe,
};
