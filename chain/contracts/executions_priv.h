/* The executions of an interval in which orders trade as they come: every trade with both quotes
 * and the block that made it, in their order. */
#ifndef CHAIN_CONTRACTS_EXECUTIONS_PRIV_H
#define CHAIN_CONTRACTS_EXECUTIONS_PRIV_H

#include "chain/contracts/failure_priv.h"
#include "chain/contracts/interval_view.h"

struct gb_executions { /* written by executions.c alone; all zero is empty */
    size_t n, capacity;
    struct gb_execution *items;
};

/* Frees what it holds; the number remains. */
void gb_executions_release(struct gb_executions *executions);
/* false: a failure is kept */
bool gb_executions_add(struct gb_executions *executions, struct gb_failure *failure,
                       const struct gb_execution *execution);
/* How many stand in blocks up to a height. */
size_t gb_executions_until(const struct gb_executions *executions, uint64_t height);
/* Merkle root over the first n. */
struct gb_hash gb_executions_root(const struct gb_executions *executions, int64_t interval,
                                  size_t n);

#endif
