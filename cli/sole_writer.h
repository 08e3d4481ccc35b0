/* A result has one writer at a time. Each command that writes one locks a file beside it from its
 * start: a run PATH.part, a sweep PATH.journal, a merge PATH.merge; here each looks at the locks of
 * the others. They end with their process, however that ends. */
#ifndef CLI_SOLE_WRITER_H
#define CLI_SOLE_WRITER_H

#include "base/status.h"

enum gb_result_writer { GB_WRITER_RUN, GB_WRITER_SWEEP, GB_WRITER_MERGE };

/* GB_EFILE says which process writes the result at `path` (links are followed) with another
 * command. Asked by one that holds the lock of its own: of two that begin at once one is refused,
 * or both. Where the file system has no locks, nobody is seen. */
enum gb_status gb_sole_writer_check(enum gb_result_writer own, const char *path,
                                    struct gb_error *err);

#endif
