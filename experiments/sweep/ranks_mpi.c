/* The ranks of a program that is built with MPI.
 *
 * A rank asks (ASK, empty) and is given trials (GIVE, their numbers; none: the end); what comes of
 * a trial goes to rank 0 as RECORD (trial, bytes of the record) or FAILURE (trial, status,
 * sentence); LEAVE (empty) is a rank's last word. Rank 0 says OVER (empty) once to every rank: amid
 * the work to break it off, or in answer to its LEAVE; so no message is left over. At the very end,
 * whatever happened before, it says PART (empty) to all. Messages between two ranks keep their
 * order. */
#include "experiments/sweep/ranks.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mpi.h>

#include "base/array.h"
#include "experiments/sweep/ranks_outbox.h"
#include "experiments/sweep/ranks_pause.h"

#define LOOK_EACH_NS 1000000 /* by a worker amid its trial */

enum tag { ASK, GIVE, RECORD, FAILURE, LEAVE, OVER, STAGE, PART };

/* ---- beginning and end */

/* Has somebody started us as one of many? MPI_Init costs a tenth of a second, and is no business of
 * a sweep in one process. */
static bool is_one_of_many(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK",
                                        "PMIX_RANK"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (getenv(names[i]))
            return true;
    return false;
}

/* Of "Open MPI v4.1.4, package: ..." and "MPICH Version:\t4.0.2\n..." the first line up to a comma,
 * without the word that says nothing. */
char *gb_ranks_library(char *buffer, size_t size)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING], *rest = NULL;
    size_t n = 0;
    int length = 0;

    MPI_Get_library_version(text, &length);
    text[strcspn(text, ",\n")] = '\0';
    buffer[0] = '\0';
    for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
        if (strcmp(word, "Version:") != 0 && n < size)
            n += (size_t)snprintf(buffer + n, size - n, "%s%s", n > 0 ? " " : "", word);
    return buffer;
}

enum gb_status gb_ranks_begin(struct gb_ranks *ranks, struct gb_error *err)
{
    int threads = MPI_THREAD_SINGLE;

    *ranks = (struct gb_ranks){.n = 1};
    if (!is_one_of_many())
        return GB_OK;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &threads) != MPI_SUCCESS)
        return gb_fail(err, GB_EINPUT,
                       "MPI does not start: is this mpirun the one of the MPI that "
                       "the program is built with (gridbourse --version)?");
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->number);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->n);
    return GB_OK;
}

/* ---- waiting without a core */

/* Looks for a message. returns its length in bytes, or -1 */
static int look(int source, int tag, MPI_Status *about)
{
    int is_there = 0, n = 0;

    MPI_Iprobe(source, tag, MPI_COMM_WORLD, &is_there, about);
    if (!is_there)
        return -1;
    MPI_Get_count(about, MPI_BYTE, &n);
    return n;
}

static int wait_for(int source, int tag, MPI_Status *about)
{
    long sleep_ns = GB_RANKS_SHORTEST_SLEEP_NS;
    int n;

    while ((n = look(source, tag, about)) < 0)
        gb_ranks_pause(&sleep_ns);
    return n;
}

static void send(int rank, enum tag tag, const void *bytes, size_t n)
{
    MPI_Send(bytes, (int)n, MPI_BYTE, rank, tag, MPI_COMM_WORLD);
}

static void receive(void *bytes, int n, int source, int tag)
{
    MPI_Recv(bytes, n, MPI_BYTE, source, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/* Whoever is done early waits here for rank 0: MPI_Finalize would take a core to wait. */
static void part(const struct gb_ranks *ranks)
{
    MPI_Status about;

    if (ranks->number > 0) {
        wait_for(0, PART, &about);
        receive(NULL, 0, 0, PART);
        return;
    }
    for (int r = 1; r < ranks->n; r++)
        send(r, PART, NULL, 0);
}

bool gb_ranks_go_on(const struct gb_ranks *ranks, bool goes_on)
{
    int word = goes_on;
    MPI_Status about;

    if (ranks->number > 0) {
        wait_for(0, STAGE, &about);
        receive(&word, (int)sizeof word, 0, STAGE);
    }
    for (int r = 1; ranks->number == 0 && r < ranks->n; r++)
        send(r, STAGE, &word, sizeof word);
    return word != 0;
}

void gb_ranks_end(const struct gb_ranks *ranks)
{
    int is_on = 0;

    MPI_Initialized(&is_on);
    if (is_on && ranks->is_broken)
        MPI_Abort(MPI_COMM_WORLD, 1);
    if (is_on)
        part(ranks);
    if (is_on)
        MPI_Finalize();
}

/* ---- agreeing */

/* What a rank tells all others of itself. */
struct introduction {
    char host[64];
    int32_t status;
    char why[512];
    struct gb_rank_identity identity;
};

static void introduce(struct introduction *own, enum gb_status status, const struct gb_error *why,
                      const struct gb_rank_identity *identity)
{
    char host[MPI_MAX_PROCESSOR_NAME] = "";
    int n = 0;

    memset(own, 0, sizeof *own);
    MPI_Get_processor_name(host, &n);
    snprintf(own->host, sizeof own->host, "%.63s", host);
    own->status = (int32_t)status;
    if (status == GB_OK)
        own->identity = *identity;
    else
        snprintf(own->why, sizeof own->why, "%.511s", why->text);
}

static enum gb_status compare(int rank, const struct introduction *other,
                              const struct introduction *first, struct gb_error *err)
{
    if (other->status != GB_OK && rank == 0)
        return gb_fail(err, (enum gb_status)other->status, "%s", other->why);
    if (other->status != GB_OK)
        return gb_fail(err, (enum gb_status)other->status, "rank %d on %s: %s", rank, other->host,
                       other->why);
    if (strcmp(other->identity.libm, first->identity.libm) != 0)
        return gb_fail(err, GB_EINPUT,
                       "rank %d on %s computes with another libm, or on another kind of processor, "
                       "than rank 0 on %s (fingerprints %s and %s): use machines of one kind",
                       rank, other->host, first->host, other->identity.libm, first->identity.libm);
    if (memcmp(other->identity.work, first->identity.work, sizeof first->identity.work) != 0)
        return gb_fail(err, GB_EINPUT,
                       "rank %d on %s has another program or another sweep than rank 0 on %s", rank,
                       other->host, first->host);
    return GB_OK;
}

enum gb_status gb_ranks_agree(const struct gb_ranks *ranks, enum gb_status own_status,
                              const struct gb_error *own_err, const struct gb_rank_identity *own,
                              struct gb_error *err)
{
    struct introduction mine, *all = NULL;
    enum gb_status status = GB_OK;

    if (ranks->n == 1)
        return own_status == GB_OK ? GB_OK : gb_fail(err, own_status, "%s", own_err->text);
    introduce(&mine, own_status, own_err, own);
    if (ranks->number == 0 && !(all = calloc((size_t)ranks->n, sizeof *all)))
        status = gb_fail(err, GB_ENOMEM, "no memory for %d ranks", ranks->n);
    /* without memory rank 0 cannot gather, and says so below to all */
    int has_room = status == GB_OK;
    MPI_Bcast(&has_room, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (has_room)
        MPI_Gather(&mine, (int)sizeof mine, MPI_BYTE, all, (int)sizeof mine, MPI_BYTE, 0,
                   MPI_COMM_WORLD);
    for (int r = 0; status == GB_OK && ranks->number == 0 && r < ranks->n; r++)
        status = compare(r, &all[r], &all[0], err);
    free(all);
    int verdict = status;
    MPI_Bcast(&verdict, 1, MPI_INT, 0, MPI_COMM_WORLD);
    return (enum gb_status)verdict;
}

/* ---- rank 0 */

struct serving {
    const struct gb_ranks *ranks;
    const struct gb_ranks_service *service;
    int n_there;     /* of the others */
    bool *was_told;  /* by rank: that it is over */
    bool is_over;    /* and all have been told */
    uint8_t *buffer; /* of the message that is read now */
    size_t capacity;
};

static void give(const struct serving *serving, int rank)
{
    uint64_t trials[GB_RANK_CHUNK];
    const struct gb_ranks_service *service = serving->service;
    size_t n = serving->is_over ? 0 : service->take(service->context, trials);

    send(rank, GIVE, trials, n * sizeof trials[0]);
}

static void tell_over(struct serving *serving, int rank)
{
    if (!serving->was_told[rank])
        send(rank, OVER, NULL, 0);
    serving->was_told[rank] = true;
}

/* What came of a trial: its number, then the rest. */
static void take_outcome(const struct serving *serving, int tag, size_t n)
{
    const struct gb_ranks_service *service = serving->service;
    const uint8_t *rest = serving->buffer + sizeof(uint64_t);
    struct gb_error why = {0};
    uint64_t trial;

    memcpy(&trial, serving->buffer, sizeof trial);
    if (tag == RECORD) {
        service->done(service->context, trial, rest, n - sizeof trial);
    } else {
        memcpy(&why, rest, n - sizeof trial);
        service->failed(service->context, trial, &why);
    }
}

static bool has_room(struct serving *serving, size_t n)
{
    uint8_t *more = n > serving->capacity ? gb_array_grow(serving->buffer, &serving->capacity, n, 1)
                                          : serving->buffer;

    serving->buffer = more ? more : serving->buffer;
    return n == 0 || more;
}

/* A message of n bytes that is there. */
static enum gb_status take_message(struct serving *serving, const MPI_Status *about, int n,
                                   struct gb_error *err)
{
    int rank = about->MPI_SOURCE;

    if (!has_room(serving, (size_t)n))
        return gb_fail(err, GB_ENOMEM, "no memory for a record of %d bytes from rank %d", n, rank);
    receive(serving->buffer, n, rank, about->MPI_TAG);
    if (about->MPI_TAG == ASK) {
        give(serving, rank);
    } else if (about->MPI_TAG == LEAVE) {
        tell_over(serving, rank);
        serving->n_there--;
    } else {
        take_outcome(serving, about->MPI_TAG, (size_t)n);
    }
    return GB_OK;
}

static enum gb_status serve_all(struct serving *serving, struct gb_error *err)
{
    const struct gb_ranks_service *service = serving->service;
    long sleep_ns = GB_RANKS_SHORTEST_SLEEP_NS;
    enum gb_status status = GB_OK;

    while (status == GB_OK && serving->n_there > 0) {
        MPI_Status about;
        int n = look(MPI_ANY_SOURCE, MPI_ANY_TAG, &about);

        if (n >= 0) {
            status = take_message(serving, &about, n, err);
            sleep_ns = GB_RANKS_SHORTEST_SLEEP_NS;
        } else {
            gb_ranks_pause(&sleep_ns);
        }
        if (!serving->is_over && service->is_over(service->context)) {
            serving->is_over = true;
            for (int r = 1; r < serving->ranks->n; r++)
                tell_over(serving, r);
        }
    }
    return status;
}

enum gb_status gb_ranks_serve(struct gb_ranks *ranks, const struct gb_ranks_service *service,
                              struct gb_error *err)
{
    struct serving serving = {.ranks = ranks, .service = service, .n_there = ranks->n - 1};
    enum gb_status status = GB_OK;

    serving.was_told = calloc((size_t)ranks->n, sizeof *serving.was_told);
    if (!serving.was_told)
        status = gb_fail(err, GB_ENOMEM, "no memory for %d ranks", ranks->n);
    if (status == GB_OK)
        status = serve_all(&serving, err);
    free(serving.buffer);
    free(serving.was_told);
    ranks->is_broken = status != GB_OK;
    return status;
}

/* ---- the others */

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Where there are more ranks than cores a look gives the core to another rank. */
bool gb_ranks_are_over(struct gb_ranks *ranks)
{
    int64_t now = ranks->number > 0 ? now_ns() : 0;
    MPI_Status about;

    if (now < ranks->next_look_ns || ranks->number == 0)
        return false;
    ranks->next_look_ns = now + LOOK_EACH_NS;
    return look(0, OVER, &about) >= 0;
}

static void send_failure(uint64_t trial, const struct gb_error *why)
{
    uint8_t failure[sizeof trial + sizeof *why];

    memcpy(failure, &trial, sizeof trial);
    memcpy(failure + sizeof trial, why, sizeof *why);
    send(0, FAILURE, failure, sizeof failure);
}

/* Runs one trial and sends what came of it. */
static enum gb_status run(const struct gb_ranks_worker *worker, struct gb_ranks_outbox *outbox,
                          uint64_t trial)
{
    struct gb_bytes *record = gb_ranks_outbox_message(outbox);
    struct gb_error why = {0};
    enum gb_status status;

    gb_bytes_add(record, &trial, sizeof trial);
    status = worker->run(worker->context, trial, record, &why);
    if (status == GB_OK && record->failed)
        status = gb_fail(&why, GB_ENOMEM, "no memory to send the record of trial %" PRIu64, trial);
    if (status == GB_OK && record->n > INT_MAX)
        status = gb_fail(&why, GB_EINPUT,
                         "the record of trial %" PRIu64 " is longer than 2 GiB, more than MPI "
                         "sends at once: lower output.level",
                         trial);
    if (status == GB_OK)
        gb_ranks_outbox_send(outbox, RECORD);
    else if (status != GB_EINTERRUPTED)
        send_failure(trial, &why);
    return status;
}

/* Runs a chunk; before its second half the next one is asked for, so that nobody waits for it. A
 * trial that comes alone is long, or one of the last: of these none is kept from the other ranks,
 * and its record has gone before another long one begins. returns  whether the work goes on; asked:
 * out, whether a chunk is on its way */
static bool run_chunk(const struct gb_ranks_worker *worker, struct gb_ranks_outbox *outbox,
                      const uint64_t *trials, size_t n, bool *asked)
{
    *asked = false;
    for (size_t i = 0; i < n; i++) {
        if (n > 1 && i == n / 2) {
            send(0, ASK, NULL, 0);
            *asked = true;
        }
        if (run(worker, outbox, trials[i]) == GB_EINTERRUPTED)
            return false;
    }
    if (n == 1)
        gb_ranks_outbox_flush(outbox);
    return n > 0;
}

static size_t receive_chunk(uint64_t trials[GB_RANK_CHUNK])
{
    MPI_Status about;
    int n = wait_for(0, GIVE, &about);

    receive(trials, n, 0, GIVE);
    return (size_t)n / sizeof trials[0];
}

enum gb_status gb_ranks_work(const struct gb_ranks *ranks, const struct gb_ranks_worker *worker,
                             struct gb_error *err)
{
    uint64_t trials[GB_RANK_CHUNK];
    struct gb_ranks_outbox outbox;
    bool asked = false, goes_on = true;
    MPI_Status about;

    (void)ranks, (void)err;
    gb_ranks_outbox_init(&outbox);
    while (goes_on) {
        if (!asked)
            send(0, ASK, NULL, 0);
        size_t n = receive_chunk(trials);
        goes_on = run_chunk(worker, &outbox, trials, n, &asked);
    }
    if (asked)
        receive_chunk(trials); /* given back: whoever resumes takes them */
    gb_ranks_outbox_flush(&outbox);
    send(0, LEAVE, NULL, 0);
    wait_for(0, OVER, &about);
    receive(NULL, 0, 0, OVER);
    return GB_OK;
}
