/* gridbourse merge: the shards of a sweep become one result. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/merge.h"
#include "base/array.h"
#include "base/new_file.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/command_files.h"
#include "cli/crash_handler.h"
#include "cli/interrupt.h"
#include "cli/join.h"
#include "cli/merge_target.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/pair.h"
#include "cli/sole_writer.h"
#include "cli/stored_market.h"

enum { OPTION_OUTPUT, OPTION_ALLOW_MISSING, OPTION_RESUME, OPTION_RESTART, OPTION_QUIET };
static const struct gb_option options[] = {
    [OPTION_OUTPUT] = {"--output", "-o", "OUT.h5", "the result of all shards"},
    [OPTION_ALLOW_MISSING] = {"--allow-missing", NULL, NULL,
                              "write what there is, though trials are missing"},
    [OPTION_RESUME] =
        {"--resume", NULL, NULL,
         "where OUT.h5 is there: leave it if it is whole, else merge what there is now"},
    [OPTION_RESTART] = {"--restart", NULL, NULL, "replace OUT.h5, whichever trials it has"},
    [OPTION_QUIET] = {"--quiet", "-q", NULL, "say nothing but what is wrong"},
    {0},
};

struct request {
    const char *output;
    size_t n, capacity;
    const char **shards; /* borrowed from argv */
    bool allows_missing, resumes, restarts, is_quiet;
};

/* ---- the command line */

static int take_argument(void *context, const struct gb_arguments *arguments, int found)
{
    struct request *request = context;
    const char **shards;

    switch (found) {
    case OPTION_OUTPUT: request->output = arguments->value; break;
    case OPTION_ALLOW_MISSING: request->allows_missing = true; break;
    case OPTION_RESUME: request->resumes = true; break;
    case OPTION_RESTART: request->restarts = true; break;
    case OPTION_QUIET: request->is_quiet = true; break;
    default: /* a shard */
        shards = gb_array_grow(request->shards, &request->capacity, request->n + 1, sizeof *shards);
        if (!shards) {
            gb_message_error("no memory");
            return GB_EXIT_FAILED;
        }
        request->shards = shards;
        shards[request->n++] = arguments->value;
    }
    return GB_EXIT_DONE;
}

/* returns true to go on; false: the exit code is in *code */
static bool read_request(struct request *request, int argc, char **argv, int *code)
{
    struct gb_arguments arguments = {.command = &gb_command_merge,
                                     .options = options,
                                     .operands = GB_OPERANDS_SEVERAL,
                                     .argc = argc,
                                     .argv = argv};
    const char *first;

    if (!gb_arguments_read(&arguments, "shard", take_argument, request, &first, code))
        return false;
    if (!request->output)
        *code = gb_message_wrong_use(&gb_command_merge, "merge: into which result? (-o OUT.h5)");
    else if (request->resumes && request->restarts)
        *code = gb_message_wrong_use(&gb_command_merge,
                                     "merge: --resume and --restart exclude each other");
    return request->output && !(request->resumes && request->restarts);
}

/* ---- merging */

/* What is missing, said as a failure unless it is allowed; then noted. */
static enum gb_status judge(const struct request *request, const struct gb_merge *merge,
                            struct gb_error *err)
{
    uint64_t n = gb_merge_n_missing(merge);
    char *absent, *unfinished;

    if (n == 0)
        return GB_OK;
    absent = gb_merge_absent_shards(merge);
    unfinished = gb_merge_unfinished_shards(merge);
    if (!absent || !unfinished)
        gb_fail(err, GB_ENOMEM, "no memory to merge");
    else if (!request->allows_missing)
        gb_fail(err, GB_EINPUT,
                "%" PRIu64 " trials are missing: %s%s%s; run or --resume these, or say "
                "--allow-missing",
                n, absent, absent[0] && unfinished[0] ? "; " : "", unfinished);
    else
        gb_message_note("note: %" PRIu64 " trials are missing: %s%s%s", n, absent,
                        absent[0] && unfinished[0] ? "; " : "", unfinished);
    free(unfinished);
    free(absent);
    return err->status;
}

/* The currency that the shards were written in. */
static enum gb_status read_currency(const struct request *request, char name[GB_CURRENCY_SIZE],
                                    struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = gb_results_open(&results, request->shards[0], err);

    if (status == GB_OK)
        status = gb_stored_currency(results, name, err);
    gb_results_close(results);
    return status;
}

/* Adds all shards to the journal and builds the result from it.
 * target  what it replaces, or NULL */
static enum gb_status merge_into(const struct request *request, struct gb_merge *merge,
                                 struct gb_journal *journal, const struct gb_merge_target *target,
                                 struct gb_error *err)
{
    char currency[GB_CURRENCY_SIZE];
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < request->n; i++) {
        if (gb_interrupt_came())
            return gb_fail(err, GB_EINTERRUPTED, "interrupted");
        gb_crash_handler_begin(request->shards[i]);
        status = gb_merge_add(merge, request->shards[i], journal, err);
        gb_crash_handler_end();
    }
    if (status == GB_OK)
        status = judge(request, merge, err);
    if (status == GB_OK)
        status = gb_merge_target_check(target, journal, err);
    if (status == GB_OK)
        status = read_currency(request, currency, err);
    if (status != GB_OK)
        return status;
    struct gb_provenance provenance = *gb_merge_provenance(merge);
    provenance.currency = currency;
    return gb_output_write_journal(request->output, &provenance, journal, err);
}

/* The journal of a merge is worth nothing once it is over: the shards stay. */
static enum gb_status open_journal(struct gb_journal **journal, const char *path,
                                   struct gb_error *err)
{
    const struct gb_journal_owner owner = {"merge", "", "", "", 0};
    char *target = NULL, *name = NULL;
    enum gb_status status = gb_file_target(&target, path, err);

    if (status == GB_OK && !(name = gb_join(target, ".merge")))
        status = gb_fail(err, GB_ENOMEM, "no memory to merge");
    if (status == GB_OK)
        status = gb_journal_create(journal, name, &owner, err);
    free(name);
    free(target);
    return status;
}

static enum gb_status check_files(const struct request *request, struct gb_error *err)
{
    struct gb_command_file *files = calloc(request->n + 1, sizeof *files);
    enum gb_status status;

    if (!files)
        return gb_fail(err, GB_ENOMEM, "no memory to merge");
    for (size_t i = 0; i < request->n; i++)
        files[i] = (struct gb_command_file){GB_COMMAND_FILE_INPUT, "a shard", request->shards[i]};
    files[request->n] =
        (struct gb_command_file){GB_COMMAND_FILE_RESULT, "the result", request->output};
    status = gb_command_files_check(files, request->n + 1, err);
    free(files);
    return status;
}

static int conclude(const struct request *request, struct gb_merge *merge, size_t n_trials)
{
    const struct gb_plan *plan = gb_merge_provenance(merge)->plan;

    if (!request->is_quiet)
        printf("%zu of %" PRIu64 " trials of %zu shard%s in %s\n", n_trials, plan->n_trials,
               request->n, gb_message_plural((int64_t)request->n), request->output);
    for (size_t i = 0; i < plan->n_failed; i++)
        gb_message_error("trial %" PRIu64 " failed: %s", plan->failed[i].trial,
                         plan->failed[i].reason);
    return n_trials < plan->n_trials ? GB_EXIT_FAILED : GB_EXIT_DONE;
}

static enum gb_status find_target(const struct request *request, struct gb_merge_target **target,
                                  bool *is_done, struct gb_error *err)
{
    enum gb_merge_consent consent = request->restarts  ? GB_MERGE_RESTARTS
                                    : request->resumes ? GB_MERGE_RESUMES
                                                       : GB_MERGE_ASKS;

    gb_pair_settle(request->output);
    return gb_merge_target_find(target, is_done, request->output, request->shards[0], consent, err);
}

static int conclude_untouched(const struct request *request)
{
    if (!request->is_quiet)
        printf("all trials are in %s already\n", request->output);
    return GB_EXIT_DONE;
}

static int merge_all(const struct request *request)
{
    struct gb_error err = {0};
    struct gb_merge *merge = NULL;
    struct gb_merge_target *target = NULL;
    struct gb_journal *journal = NULL;
    bool is_done = false;
    enum gb_status status = check_files(request, &err);

    gb_interrupt_watch();
    if (status == GB_OK)
        status = gb_merge_create(&merge, &err);
    if (status == GB_OK)
        status = open_journal(&journal, request->output, &err);
    if (status == GB_OK)
        status = gb_sole_writer_check(GB_WRITER_MERGE, request->output, &err);
    if (status == GB_OK)
        status = find_target(request, &target, &is_done, &err);
    if (status == GB_OK && !is_done)
        status = merge_into(request, merge, journal, target, &err);
    int code = status != GB_OK ? gb_message_failure(&err)
               : is_done       ? conclude_untouched(request)
                               : conclude(request, merge, gb_journal_n_records(journal));
    gb_journal_remove(journal);
    gb_merge_target_free(target);
    gb_merge_free(merge);
    return code;
}

static int run(int argc, char **argv)
{
    struct request request = {0};
    int code;

    if (read_request(&request, argc, argv, &code))
        code = merge_all(&request);
    free(request.shards);
    return code;
}

const struct gb_command gb_command_merge = {
    "merge", "-o OUT.h5 SHARD.h5 ... [--allow-missing] [--resume | --restart] [--quiet]",
    "join the shards of a sweep into one result", run};
