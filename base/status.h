/* Status codes and the description of a failure.
 *
 * A function that can fail for a reason outside the program (input, files, memory) returns
 * `enum gb_status` and leaves its results untouched on failure. The function that knows the reason
 * writes one description into the `struct gb_error` it was handed; its callers pass the status on.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/* What a function returns that may fail, each with what it says where nothing else is known. */
#define GB_STATUS_LIST(X)                      \
    X(GB_OK, "no error")                       \
    X(GB_ENOMEM, "out of memory")              \
    X(GB_ECONFIG, "bad configuration")         \
    X(GB_EINPUT, "bad input")                  \
    X(GB_EFILE, "cannot read or write a file") \
    X(GB_ERANGE, "a sum exceeds its 64 bits")  \
    X(GB_EREFUSED, "refused by a rule")        \
    X(GB_EINTERRUPTED, "interrupted")          \
    X(GB_EBROKEN, "an identity of the simulation does not hold")

enum gb_status {
#define GB_STATUS_MEMBER(name, text) name,
    GB_STATUS_LIST(GB_STATUS_MEMBER)
#undef GB_STATUS_MEMBER
};

struct gb_error {
    enum gb_status status;
    char text[1024]; /* the description; empty while status is GB_OK */
};

/* Short English name of a status, a static string. */
const char *gb_status_text(enum gb_status status);

/* Writes the description and returns `status`, so that a failing function reads
 * `return gb_fail(err, GB_EFILE, "cannot open '%s': %s", path, strerror(errno));`.
 * err  may be NULL; a description that is already there is kept, for the first cause is the true
 * one
 */
enum gb_status gb_fail(struct gb_error *err, enum gb_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
