#include "cli/pair.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/results.h"
#include "base/lock.h"
#include "base/new_file.h"
#include "cli/crash_handler.h"
#include "cli/join.h"
#include "cli/message.h"

#define MAGIC "GBPAIR 1"
#define NOTE_SIZE (PATH_MAX + 256)
#define CHECK_SIZE 16        /* of a note, to know a torn one */
#define LONGEST_WAIT_MS 2000 /* for another process that is at it */

enum role { RESULT, LEDGER, N_ROLES };
static const char *const role_names[N_ROLES] = {"result", "ledger"};

/* A pair as a note describes it. */
struct pair {
    char *paths[N_ROLES], *parts[N_ROLES], *notes[N_ROLES];
    struct gb_hash head;
};

static void clear(struct pair *pair)
{
    for (int role = 0; role < N_ROLES; role++) {
        free(pair->notes[role]);
        free(pair->parts[role]);
        free(pair->paths[role]);
    }
    *pair = (struct pair){0};
}

/* Takes the two paths, which are freed by clear() even where this returns false: no memory. */
static bool name_files(struct pair *pair)
{
    bool ok = true;

    for (int role = 0; role < N_ROLES; role++) {
        pair->parts[role] = pair->paths[role] ? gb_file_part(pair->paths[role]) : NULL;
        pair->notes[role] = pair->paths[role] ? gb_join(pair->paths[role], ".pair") : NULL;
        ok = ok && pair->parts[role] && pair->notes[role];
    }
    return ok;
}

/* ---- names in a note: of a file in the same folder its name alone, so that a folder may move */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The folder of a path, absolute and without links; to be freed, NULL with errno. */
static char *folder_of(const char *path)
{
    char *folder = path[0] && last_part(path) > path
                       ? strndup(path, (size_t)(last_part(path) - path))
                       : strdup(".");
    char *absolute = folder ? realpath(folder, NULL) : NULL;

    free(folder);
    return absolute;
}

/* How a note beside `path` names `other`; to be freed, NULL with errno. */
static char *name_from(const char *path, const char *other)
{
    char *folder = folder_of(path), *other_folder = folder_of(other), *name = NULL;

    if (folder && other_folder && strcmp(folder, other_folder) == 0)
        name = strdup(last_part(other));
    else if (folder && other_folder) {
        char *slashed = gb_join(other_folder, "/");

        name = slashed ? gb_join(slashed, last_part(other)) : NULL;
        free(slashed);
    }
    free(other_folder);
    free(folder);
    return name;
}

/* The path that `name` means in a note beside `path`; to be freed, NULL without memory. */
static char *path_from(const char *path, const char *name)
{
    char *folder = name[0] == '/' ? strdup("") : strndup(path, (size_t)(last_part(path) - path));
    char *other = folder ? gb_join(folder, name) : NULL;

    free(folder);
    return other;
}

/* ---- notes: four texts, each closed by NUL, which no path holds: magic, the role of the file that
 * is named, its name, the head; then a checksum of them */

static void check(const char *bytes, size_t n, unsigned char out[CHECK_SIZE])
{
    crypto_generichash(out, CHECK_SIZE, (const unsigned char *)bytes, n, NULL, 0);
}

/* Writes the note beside the file of `role`, locked: *file stays open until it is taken away. */
static bool write_note(const struct pair *pair, enum role role, int *file)
{
    enum role other = role == RESULT ? LEDGER : RESULT;
    char *name = name_from(pair->paths[role], pair->paths[other]);
    char bytes[NOTE_SIZE], hex[2 * GB_HASH_SIZE + 1];
    size_t n = 0;
    bool ok = false;

    if (name)
        n = (size_t)snprintf(bytes, sizeof bytes, MAGIC "%c%s%c%s%c%s%c", '\0', role_names[other],
                             '\0', name, '\0', gb_hash_hex(&pair->head, hex), '\0');
    free(name);
    if (n == 0)
        return false;
    if (n + CHECK_SIZE > sizeof bytes) {
        errno = ENAMETOOLONG;
        return false;
    }
    check(bytes, n, (unsigned char *)bytes + n);
    n += CHECK_SIZE;
    if (gb_lock_open(file, pair->notes[role], O_RDWR | O_CREAT | O_CLOEXEC) <= GB_LOCK_UNKNOWN)
        ok = ftruncate(*file, 0) == 0 && pwrite(*file, bytes, n, 0) == (ssize_t)n &&
             fsync(*file) == 0;
    if (ok)
        gb_file_sync_folder(pair->notes[role]);
    return ok;
}

/* Cuts the next text off the bytes; NULL where there is none. */
static const char *take_text(const char **at, const char *end)
{
    const char *text = *at, *nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;

    *at = nul ? nul + 1 : end;
    return nul ? text : NULL;
}

/* Reads the note beside `path`. returns false where there is no whole one */
static bool read_note(int file, const char *path, struct pair *out)
{
    char bytes[NOTE_SIZE];
    unsigned char sum[CHECK_SIZE];
    ssize_t n = pread(file, bytes, sizeof bytes, 0);
    const char *at = bytes, *end = bytes + (n > CHECK_SIZE ? n - CHECK_SIZE : 0);
    const char *magic = take_text(&at, end), *role = take_text(&at, end);
    const char *name = take_text(&at, end), *head = take_text(&at, end);
    struct pair pair = {0};

    if (!head || at != end || strcmp(magic, MAGIC) != 0)
        return false;
    check(bytes, (size_t)(end - bytes), sum);
    if (memcmp(sum, end, CHECK_SIZE) != 0 ||
        sodium_hex2bin(pair.head.bytes, GB_HASH_SIZE, head, strlen(head), NULL, NULL, NULL) != 0)
        return false;
    enum role other = strcmp(role, role_names[RESULT]) == 0 ? RESULT : LEDGER;
    pair.paths[other] = path_from(path, name);
    pair.paths[other == RESULT ? LEDGER : RESULT] = strdup(path);
    if (!name_files(&pair)) {
        clear(&pair);
        return false;
    }
    *out = pair;
    return true;
}

/* ---- publishing */

static enum gb_status fail_to_note(const struct pair *pair, enum role role, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write '%s', which keeps result and ledger together: %s",
                   pair->notes[role], strerror(errno));
}

static void remove_notes(const struct pair *pair)
{
    for (int role = 0; role < N_ROLES; role++)
        unlink(pair->notes[role]);
}

/* From the notes on: the result decides. */
static enum gb_status publish_both(struct gb_results_writer *result,
                                   struct gb_ledger_writer *ledger, const struct pair *pair,
                                   struct gb_error *err)
{
    enum gb_status status = gb_results_publish(result, err);

    if (status != GB_OK) {
        gb_ledger_writer_abandon(ledger);
        remove_notes(pair);
        return status;
    }
    status = gb_ledger_writer_publish(ledger, err);
    if (status == GB_OK)
        remove_notes(pair);
    else {
        gb_message_note("the result '%s' is written; its ledger is kept as '%s' and follows when "
                        "either of them",
                        pair->paths[RESULT], pair->parts[LEDGER]);
        gb_message_note("is next read by this program");
    }
    return status;
}

static enum gb_status publish_pair(struct gb_results_writer *result,
                                   struct gb_ledger_writer *ledger, struct pair *pair,
                                   struct gb_error *err)
{
    int files[N_ROLES] = {-1, -1};
    enum gb_status status = GB_OK;

    /* the ledger's note first: where the result's stands, both do */
    for (int role = N_ROLES - 1; status == GB_OK && role >= 0; role--)
        if (!write_note(pair, (enum role)role, &files[role]))
            status = fail_to_note(pair, (enum role)role, err);
    if (status == GB_OK)
        status = publish_both(result, ledger, pair, err);
    else {
        gb_results_abandon(result);
        gb_ledger_writer_abandon(ledger);
        remove_notes(pair);
    }
    for (int role = 0; role < N_ROLES; role++)
        if (files[role] >= 0)
            close(files[role]);
    return status;
}

enum gb_status gb_pair_publish(struct gb_results_writer *result, struct gb_ledger_writer *ledger,
                               struct gb_error *err)
{
    struct pair pair = {0};
    enum gb_status status;

    if (!ledger)
        return gb_results_publish(result, err);
    pair.paths[RESULT] = strdup(gb_results_writer_path(result));
    pair.paths[LEDGER] = strdup(gb_ledger_writer_path(ledger));
    pair.head = *gb_ledger_writer_head(ledger);
    if (name_files(&pair))
        status = publish_pair(result, ledger, &pair, err);
    else {
        status = gb_fail(err, GB_ENOMEM, "no memory to write '%s'", gb_results_writer_path(result));
        gb_results_abandon(result);
        gb_ledger_writer_abandon(ledger);
    }
    clear(&pair);
    return status;
}

/* ---- settling what a killed run left */

static bool result_has_head(const char *path, uint8_t head[GB_RESULT_HEAD_SIZE])
{
    gb_crash_handler_begin(path);
    bool has_head = gb_results_head(path, head);
    gb_crash_handler_end();
    return has_head;
}

/* Is there a whole file at the path, and under this head? */
static bool has_head(const char *path, enum role role, const struct gb_hash *head)
{
    struct gb_hash found;

    return (role == RESULT ? result_has_head(path, found.bytes) : gb_ledger_head(path, &found)) &&
           gb_hash_is_equal(&found, head);
}

static void say_settled(const struct pair *pair, bool is_decided)
{
    gb_message_note(is_decided ? "note: a run was killed while it replaced '%s' and '%s': both are "
                                 "the new ones now"
                               : "note: a run was killed before it replaced '%s' and '%s': both "
                                 "are as they were",
                    pair->paths[RESULT], pair->paths[LEDGER]);
}

static void say_unsettled(const struct pair *pair)
{
    int reason = errno;

    gb_message_note("note: a run was killed while it replaced '%s' and '%s', which may not belong "
                    "together,",
                    pair->paths[RESULT], pair->paths[LEDGER]);
    gb_message_note("and this cannot be mended: %s", strerror(reason));
}

/* With both notes ours. Where nothing is left to do the run was killed at its very end. */
static void finish_or_undo(const struct pair *pair)
{
    bool is_decided = has_head(pair->paths[RESULT], RESULT, &pair->head), ok = true;
    int n_done = 0;

    for (int role = 0; ok && role < N_ROLES; role++)
        if (has_head(pair->parts[role], (enum role)role, &pair->head)) {
            ok = is_decided ? gb_file_publish(pair->parts[role], pair->paths[role])
                            : unlink(pair->parts[role]) == 0;
            n_done += ok;
        }
    if (!ok) {
        say_unsettled(pair);
        return;
    }
    remove_notes(pair);
    if (n_done > 0)
        say_settled(pair, is_decided);
}

enum outcome { SETTLED, BUSY, HOPELESS };

/* Locks the note where it is there. */
static enum outcome lock_note(const char *note, int *file)
{
    enum gb_lock lock = gb_lock_open(file, note, O_RDWR | O_CLOEXEC);

    if (lock == GB_LOCK_FAILED && errno != ENOENT)
        return HOPELESS;
    return lock == GB_LOCK_BUSY ? BUSY : SETTLED;
}

/* Reads the note without a lock, to learn which two are to be locked. */
static bool look_at_note(const char *path, const char *note, struct pair *out)
{
    int file = open(note, O_RDONLY | O_CLOEXEC);
    bool is_whole = file >= 0 && read_note(file, path, out);

    if (file >= 0)
        close(file);
    return is_whole;
}

/* The result's note is locked first by everybody, so that no two wait for each other. */
static enum outcome settle_pair(const char *note, const struct pair *pair)
{
    int files[N_ROLES] = {-1, -1};
    enum outcome outcome = lock_note(pair->notes[RESULT], &files[RESULT]);
    struct stat about;

    if (outcome == SETTLED)
        outcome = lock_note(pair->notes[LEDGER], &files[LEDGER]);
    if (outcome == HOPELESS)
        say_unsettled(pair);
    if (outcome == SETTLED && stat(note, &about) == 0) /* else somebody did it meanwhile */
        finish_or_undo(pair);
    for (int role = 0; role < N_ROLES; role++)
        if (files[role] >= 0)
            close(files[role]);
    return outcome;
}

/* A note that was not whole when its writer died: nothing had begun yet. */
static enum outcome remove_torn_note(const char *path, const char *note)
{
    struct pair pair = {0};
    int file;
    enum outcome outcome = lock_note(note, &file);

    if (outcome == SETTLED && file >= 0 && !read_note(file, path, &pair))
        unlink(note); /* still torn, now that nobody writes it */
    if (file >= 0)
        close(file);
    clear(&pair);
    return outcome;
}

static void settle_target(const char *path, const char *note)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    struct stat about;

    for (int waited_ms = 0; stat(note, &about) == 0 && waited_ms < LONGEST_WAIT_MS;
         waited_ms += 20) {
        struct pair pair = {0};
        enum outcome outcome = look_at_note(path, note, &pair) ? settle_pair(note, &pair)
                                                               : remove_torn_note(path, note);

        clear(&pair);
        if (outcome != BUSY)
            return;
        nanosleep(&moment, NULL);
    }
}

void gb_pair_settle(const char *path)
{
    struct gb_error ignored = {0}; /* whoever reads the file will say what is wrong with it */
    char *target = NULL, *note = NULL;

    if (path && gb_file_target(&target, path, &ignored) == GB_OK &&
        (note = gb_join(target, ".pair")))
        settle_target(target, note);
    free(note);
    free(target);
}

/* ---- do they belong together? */

enum gb_status gb_pair_check(const char *result_path, const struct gb_hash *result_head,
                             const char *ledger_path, const struct gb_hash *ledger_head,
                             struct gb_error *err)
{
    char of_result[2 * GB_HASH_SIZE + 1], of_ledger[2 * GB_HASH_SIZE + 1];

    if (!result_head)
        return gb_fail(err, GB_EREFUSED,
                       "'%s' names no head of a chain: it cannot be told whether "
                       "'%s' belongs to it",
                       result_path, ledger_path);
    if (gb_hash_is_equal(result_head, ledger_head))
        return GB_OK;
    return gb_fail(err, GB_EREFUSED,
                   "'%s' and '%s' come from different runs: the result's chain "
                   "ends with %s, the ledger with %s",
                   result_path, ledger_path, gb_hash_hex(result_head, of_result),
                   gb_hash_hex(ledger_head, of_ledger));
}

/* PATH with the suffix `from` as PATH with the suffix `to`; to be freed, NULL where it has another
 * or without memory. */
static char *sibling(const char *path, const char *from, const char *to)
{
    size_t n = strlen(path), n_suffix = strlen(from);
    bool is_named_so = n > n_suffix && strcmp(path + n - n_suffix, from) == 0;
    char *stem = is_named_so ? strndup(path, n - n_suffix) : NULL;
    char *other = stem ? gb_join(stem, to) : NULL;

    free(stem);
    return other;
}

static void note_strangers(const char *a, const char *b)
{
    gb_message_note("note: '%s' beside '%s' comes from another run", b, a);
}

void gb_pair_note_beside_result(const char *result_path, const struct gb_hash *head)
{
    char *ledger = sibling(result_path, ".h5", ".ledger");
    struct gb_hash found;

    if (head && ledger && gb_ledger_head(ledger, &found) && !gb_hash_is_equal(&found, head))
        note_strangers(result_path, ledger);
    free(ledger);
}

void gb_pair_note_beside_ledger(const char *ledger_path)
{
    char *result = sibling(ledger_path, ".ledger", ".h5");
    struct gb_hash of_result, of_ledger;

    if (result && result_has_head(result, of_result.bytes) &&
        gb_ledger_head(ledger_path, &of_ledger) && !gb_hash_is_equal(&of_result, &of_ledger))
        note_strangers(ledger_path, result);
    free(result);
}
