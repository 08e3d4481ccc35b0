#include "models/agents/batch_priv.h"

struct gb_quote_batch gb_quote_batch_part(const struct gb_quote_batch *batch, size_t i, size_t n)
{
    struct gb_quote_batch part = *batch;

    part.n = n;
    part.meter += i;
    part.side += i;
    part.part += i;
    part.energy_wh = batch->energy_wh ? batch->energy_wh + i : NULL;
    return part;
}

struct gb_requote_batch gb_requote_batch_part(const struct gb_requote_batch *batch, size_t i,
                                              size_t n)
{
    struct gb_requote_batch part = *batch;

    part.n = n;
    part.meter += i;
    part.side += i;
    part.part += i;
    part.wake_up += i;
    part.elapsed += i;
    part.beta_millionths += i;
    part.quote += i;
    part.filled_wh = batch->filled_wh ? batch->filled_wh + i : NULL;
    part.total_wh = batch->total_wh ? batch->total_wh + i : NULL;
    part.knowledge += i;
    return part;
}
