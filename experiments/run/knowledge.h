/* Which node has which height: up to where a node has the ledger stable is what its users, and at
 * GB_OPERATOR_NODE the operator, know of it. Nobody acts on more. */
#ifndef EXPERIMENTS_RUN_KNOWLEDGE_H
#define EXPERIMENTS_RUN_KNOWLEDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct gb_run_knowledge { /* written by knowledge.c alone */
    uint64_t *height;     /* per node: stable there, 0 before the first block */
};

/* Nobody knows of a block at first. GB_ENOMEM */
enum gb_status gb_run_knowledge_init(struct gb_run_knowledge *knowledge, uint32_t n_nodes,
                                     struct gb_error *err);
void gb_run_knowledge_clear(struct gb_run_knowledge *knowledge);
void gb_run_knowledge_learn(struct gb_run_knowledge *knowledge, uint32_t node, uint64_t height);

/* Up to which height blocks are stable at a node; 0: none yet. */
static inline uint64_t gb_run_knowledge_height(const struct gb_run_knowledge *knowledge,
                                               uint32_t node)
{
    return knowledge->height[node];
}

/* Has the node a block stable? height 0: there is no such block. */
static inline bool gb_run_knowledge_has(const struct gb_run_knowledge *knowledge, uint32_t node,
                                        uint64_t height)
{
    return height != 0 && knowledge->height[node] >= height;
}

#endif
