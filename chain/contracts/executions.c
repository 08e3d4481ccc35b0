#include "chain/contracts/executions_priv.h"

#include <stdlib.h>

#include "chain/contracts/leaf.h"

void gb_executions_release(struct gb_executions *executions)
{
    free(executions->items);
    *executions = (struct gb_executions){.n = executions->n};
}

bool gb_executions_add(struct gb_executions *executions, struct gb_failure *failure,
                       const struct gb_execution *execution)
{
    executions->items = gb_failure_grown(failure, executions->items, &executions->capacity,
                                         executions->n + 1, sizeof *executions->items);
    if (executions->n == executions->capacity)
        return false;
    executions->items[executions->n++] = *execution;
    return true;
}

size_t gb_executions_until(const struct gb_executions *executions, uint64_t height)
{
    size_t n = executions->items ? executions->n : 0;

    while (n > 0 && executions->items[n - 1].height > height)
        n--;
    return n;
}

struct gb_hash gb_executions_root(const struct gb_executions *executions, int64_t interval,
                                  size_t n)
{
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (size_t i = 0; i < n; i++) {
        struct gb_hash leaf = gb_match_leaf(interval, (uint32_t)i, &executions->items[i].trade);
        gb_merkle_add(&tree, &leaf);
    }
    return gb_merkle_end(&tree);
}
