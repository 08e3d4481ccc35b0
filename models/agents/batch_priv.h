/* Runs of a batch, for the strategies that hand calls on to others. */
#ifndef MODELS_AGENTS_BATCH_PRIV_H
#define MODELS_AGENTS_BATCH_PRIV_H

#include "models/agents/strategy.h"

/* Elements i to i + n - 1 of a batch; they borrow its arrays. */
struct gb_quote_batch gb_quote_batch_part(const struct gb_quote_batch *batch, size_t i, size_t n);
struct gb_requote_batch gb_requote_batch_part(const struct gb_requote_batch *batch, size_t i,
                                              size_t n);

#endif
