#include "cli/sole_writer.h"

#include <stdlib.h>

#include "base/holder.h"
#include "base/lock.h"
#include "base/new_file.h"
#include "cli/join.h"

static const struct {
    const char *suffix, *name;
} writers[] = {
    [GB_WRITER_RUN] = {".part", "run"},
    [GB_WRITER_SWEEP] = {".journal", "sweep"},
    [GB_WRITER_MERGE] = {".merge", "merge"},
};
enum { N_WRITERS = sizeof writers / sizeof writers[0] };

static enum gb_status check_lock(const char *target, size_t other, const char *path,
                                 struct gb_error *err)
{
    char *locked = gb_join(target, writers[other].suffix), holder[128];
    enum gb_status status = GB_OK;

    if (!locked)
        status = gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
    else if (gb_lock_is_busy(locked))
        status =
            gb_fail(err, GB_EFILE,
                    "the result '%s' is being written by a %s, %s: wait for its end, or choose "
                    "another file with -o",
                    path, writers[other].name, gb_holder_of(locked, holder, sizeof holder));
    free(locked);
    return status;
}

enum gb_status gb_sole_writer_check(enum gb_result_writer own, const char *path,
                                    struct gb_error *err)
{
    char *target = NULL;
    enum gb_status status = gb_file_target(&target, path, err);

    for (size_t other = 0; status == GB_OK && other < N_WRITERS; other++)
        if (other != (size_t)own)
            status = check_lock(target, other, path, err);
    free(target);
    return status;
}
