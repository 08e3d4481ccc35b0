#include "experiments/run/parts.h"

#include "base/parallel.h"
#include "base/parts.h"

struct shared {
    size_t n;
    void (*work)(void *context, size_t k, struct gb_run_part part);
    void *context;
};

static void work_on(void *of_all, size_t k)
{
    const struct shared *shared = of_all;

    shared->work(shared->context, k, gb_run_part_of(shared->n, k, GB_RUN_PARTS));
}

size_t gb_run_over_parts(size_t n, void (*work)(void *context, size_t k, struct gb_run_part part),
                         void *context)
{
    if (!gb_is_worth_threads(n)) {
        work(context, 0, gb_run_part_of(n, 0, 1));
        return 1;
    }
    gb_tasks_run(GB_RUN_PARTS, work_on, &(struct shared){n, work, context});
    return GB_RUN_PARTS;
}
