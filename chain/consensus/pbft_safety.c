/* Safety of the agreement, checked in every run: the first certificate of a height is the law for
 * all others. */
#include "chain/consensus/pbft_priv.h"

static void check_agreement(const struct gb_height *height, uint16_t *first, uint16_t set,
                            uint32_t node, const char *what, struct gb_error *failure)
{
    if (*first == GB_NO_VOTE_SET)
        *first = set;
    if (!gb_hash_is_equal(&height->sets[*first].subject, &height->sets[set].subject))
        gb_fail(failure, GB_EBROKEN,
                "safety is broken: at height %llu validator %u holds another %s than the first",
                (unsigned long long)height->number, node, what);
}

void gb_safety_check_committed(struct gb_height *height, uint16_t set, uint32_t node,
                               struct gb_error *failure)
{
    check_agreement(height, &height->first.committed, set, node, "commit certificate", failure);
}

void gb_safety_check_stable(struct gb_height *height, uint16_t set, uint32_t node,
                            struct gb_error *failure)
{
    check_agreement(height, &height->first.stable, set, node, "certificate", failure);
}

void gb_safety_check_prepared(struct gb_height *height, uint16_t set, uint32_t node,
                              struct gb_error *failure)
{
    const struct gb_vote_set *prepared = &height->sets[set];

    if (prepared->is_prepared)
        return;
    gb_vote_set_mark_prepared(height, set);
    for (uint16_t i = 0; i < height->n_sets; i++) {
        const struct gb_vote_set *other = &height->sets[i];

        if (i != set && other->is_prepared && other->view == prepared->view)
            gb_fail(failure, GB_EBROKEN,
                    "safety is broken: at height %llu, view %u validator %u holds another prepare "
                    "certificate than the first",
                    (unsigned long long)height->number, other->view, node);
    }
}

void gb_safety_check_quorum(struct gb_height *height, uint16_t set, uint32_t node,
                            struct gb_error *failure)
{
    switch (height->sets[set].phase) {
    case GB_PHASE_PREPARE: gb_safety_check_prepared(height, set, node, failure); break;
    case GB_PHASE_COMMIT: gb_safety_check_committed(height, set, node, failure); break;
    case GB_PHASE_CHECKPOINT:
        check_agreement(height, &height->first.stable, set, node, "checkpoint certificate",
                        failure);
        break;
    default: break;
    }
}
