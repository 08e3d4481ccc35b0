#include "experiments/run/wishes.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"

void gb_run_wishes_clear(struct gb_run_wishes *wishes)
{
    free(wishes->meter);
    free(wishes->wake_up);
    free(wishes->side);
    free(wishes->part);
    free(wishes->beta);
    free(wishes->elapsed);
    free(wishes->filled_wh);
    free(wishes->total_wh);
    free(wishes->standing);
    free(wishes->quote);
    free(wishes->knowledge);
    *wishes = (struct gb_run_wishes){0};
}

static bool grow(struct gb_run_wishes *wishes, size_t needed)
{
    size_t capacity = gb_array_next_capacity(wishes->capacity, needed);
    struct {
        void **array;
        size_t size;
    } const arrays[] = {{(void **)&wishes->meter, sizeof *wishes->meter},
                        {(void **)&wishes->wake_up, sizeof *wishes->wake_up},
                        {(void **)&wishes->side, sizeof *wishes->side},
                        {(void **)&wishes->part, sizeof *wishes->part},
                        {(void **)&wishes->beta, sizeof *wishes->beta},
                        {(void **)&wishes->elapsed, sizeof *wishes->elapsed},
                        {(void **)&wishes->filled_wh, sizeof *wishes->filled_wh},
                        {(void **)&wishes->total_wh, sizeof *wishes->total_wh},
                        {(void **)&wishes->standing, sizeof *wishes->standing},
                        {(void **)&wishes->quote, sizeof *wishes->quote},
                        {(void **)&wishes->knowledge, sizeof *wishes->knowledge}};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = gb_array_resize(*arrays[a].array, capacity, arrays[a].size);

        if (!grown)
            return false;
        *arrays[a].array = grown;
    }
    wishes->capacity = capacity;
    return true;
}

bool gb_run_wishes_add(struct gb_run_wishes *wishes, const struct gb_run_wish *wish,
                       struct gb_error *err)
{
    size_t i = wishes->n;

    if (i == wishes->capacity && !grow(wishes, i + 1)) {
        gb_fail(err, GB_ENOMEM, "no memory for %zu orders to be asked about", i + 1);
        return false;
    }
    wishes->meter[i] = wish->order->owner;
    wishes->side[i] = wish->order->side;
    wishes->beta[i] = wish->order->beta_millionths;
    wishes->part[i] = wish->part;
    wishes->wake_up[i] = wish->wake_up;
    wishes->elapsed[i] = wish->elapsed;
    wishes->filled_wh[i] = wish->filled_wh;
    wishes->total_wh[i] = wish->total_wh;
    wishes->standing[i] = wishes->quote[i] = wish->quote;
    wishes->knowledge[i] = wish->knowledge;
    wishes->n++;
    return true;
}

void gb_run_wishes_ask(struct gb_run_wishes *wishes, const struct gb_run_agents *agents,
                       struct gb_requote_batch batch)
{
    batch.n = wishes->n;
    batch.meter = wishes->meter;
    batch.side = wishes->side;
    batch.part = wishes->part;
    batch.wake_up = wishes->wake_up;
    batch.elapsed = wishes->elapsed;
    batch.beta_millionths = wishes->beta;
    batch.quote = wishes->standing;
    batch.filled_wh = wishes->filled_wh;
    batch.total_wh = wishes->total_wh;
    batch.knowledge = wishes->knowledge;
    if (batch.n > 0)
        agents->strategy->requote(agents->config, agents->state, agents->traits, &batch,
                                  wishes->quote);
    wishes->n_answered = wishes->n;
    wishes->n = wishes->n_taken = 0;
}

void gb_run_wishes_take(struct gb_run_wishes *wishes, struct gb_run_wish *wish)
{
    size_t i = wishes->n_taken++;

    assert(i < wishes->n_answered && wishes->meter[i] == wish->order->owner &&
           wishes->part[i] == wish->part && wishes->wake_up[i] == wish->wake_up &&
           wishes->standing[i].ticks == wish->quote.ticks &&
           wishes->filled_wh[i] == wish->filled_wh);
    wish->quote = wishes->quote[i];
    wish->total_wh = wishes->total_wh[i];
}

bool gb_run_wishes_are_left(const struct gb_run_wishes *wishes)
{
    return wishes->n_taken < wishes->n_answered;
}
