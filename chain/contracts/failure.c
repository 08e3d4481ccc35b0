#include "chain/contracts/failure_priv.h"

#include "base/array.h"

void gb_failure_keep(struct gb_failure *failure, enum gb_status status, const char *what)
{
    if (gb_failure_is_none(failure))
        gb_fail(&failure->first, status, "block %llu: %s", (unsigned long long)failure->height,
                what);
}

enum gb_status gb_failure_report(const struct gb_failure *failure, struct gb_error *err)
{
    if (gb_failure_is_none(failure))
        return GB_OK;
    return gb_fail(err, failure->first.status, "%s", failure->first.text);
}

static void keep_no_memory(struct gb_failure *failure)
{
    gb_failure_keep(failure, GB_ENOMEM, "no memory for the state of the contracts");
}

void *gb_failure_resized(struct gb_failure *failure, void *array, size_t capacity, size_t size)
{
    void *moved = gb_array_resize(array, capacity, size);

    if (!moved)
        keep_no_memory(failure);
    return moved ? moved : array;
}

void *gb_failure_grow(struct gb_failure *failure, void *array, size_t *capacity, size_t needed,
                      size_t size)
{
    void *moved = gb_array_grow(array, capacity, needed, size);

    if (!moved)
        keep_no_memory(failure);
    return moved ? moved : array;
}
