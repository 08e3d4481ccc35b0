#include "experiments/run/knowledge.h"

#include <stdlib.h>

enum gb_status gb_run_knowledge_init(struct gb_run_knowledge *knowledge, uint32_t n_nodes,
                                     struct gb_error *err)
{
    knowledge->height = calloc(n_nodes, sizeof *knowledge->height);
    if (!knowledge->height)
        return gb_fail(err, GB_ENOMEM, "no memory for the heights of %u nodes", (unsigned)n_nodes);
    return GB_OK;
}

void gb_run_knowledge_clear(struct gb_run_knowledge *knowledge)
{
    free(knowledge->height);
    knowledge->height = NULL;
}

void gb_run_knowledge_learn(struct gb_run_knowledge *knowledge, uint32_t node, uint64_t height)
{
    knowledge->height[node] = height;
}
