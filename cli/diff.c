/* gridbourse diff: whether two results are equal, or where they differ first and by how much. */
#include "analysis/diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/crash_handler.h"
#include "cli/message.h"
#include "cli/pair.h"

/* ---- where they differ */

static void print_field(const struct gb_diff *diff)
{
    const char *unit = diff->field->unit;

    printf("trial %" PRIu64 ", /%s, row %zu, %s: %s and %s", diff->trial,
           gb_schemas[diff->table].group, diff->row, diff->field->name, diff->values[0],
           diff->values[1]);
    if (!isnan(diff->more))
        printf(", %+.9g%s%s", diff->more, strcmp(unit, "1") == 0 ? "" : " ",
               strcmp(unit, "1") == 0 ? "" : unit);
    putchar('\n');
}

static void print_difference(const struct gb_diff *diff, const char *const paths[2])
{
    const char *group = gb_schemas[diff->table].group;

    switch (diff->kind) {
    case GB_DIFF_TABLE: printf("/%s is in '%s' alone\n", group, paths[diff->place]); break;
    case GB_DIFF_KEYS: puts("other keys were varied"); break;
    case GB_DIFF_TRIAL:
        printf("trial %" PRIu64 " is in '%s' alone\n", diff->trial, paths[diff->place]);
        break;
    case GB_DIFF_VALUE:
        printf("trial %" PRIu64 ", %s: %s and %s\n", diff->trial, diff->key, diff->values[0],
               diff->values[1]);
        break;
    case GB_DIFF_FIELD: print_field(diff); break;
    case GB_DIFF_NONE: break;
    }
}

/* What made them may differ where their rows do not. */
static void print_equal(struct gb_results *const results[2])
{
    const struct gb_provenance *a = gb_results_provenance(results[0]);
    const struct gb_provenance *b = gb_results_provenance(results[1]);
    size_t n = gb_results_n_trials(results[0]);

    printf("equal: %zu trial%s", n, gb_message_plural((int64_t)n));
    if (strcmp(a->scenario, b->scenario) != 0)
        printf(", of scenarios whose text differs");
    if (strcmp(a->version, b->version) != 0 || strcmp(a->revision, b->revision) != 0)
        printf(", made by %s (%s) and %s (%s)", a->version, a->revision, b->version, b->revision);
    putchar('\n');
}

/* ---- the command */

static int diff_results(const char *const paths[2])
{
    struct gb_results *results[2] = {NULL, NULL};
    struct gb_diff diff = {.kind = GB_DIFF_NONE};
    struct gb_error err = {0};
    enum gb_status status = GB_OK;
    int code;

    for (int i = 0; status == GB_OK && i < 2; i++) {
        gb_pair_settle(paths[i]);
        gb_crash_handler_begin(paths[i]);
        status = gb_results_open(&results[i], paths[i], &err);
    }
    if (status == GB_OK)
        status = gb_diff_find(&diff, results[0], results[1], &err);
    if (status != GB_OK) {
        gb_message_failure(&err);
        code = status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
    } else {
        code = diff.kind == GB_DIFF_NONE ? GB_EXIT_DONE : GB_EXIT_FAILED;
        if (diff.kind == GB_DIFF_NONE)
            print_equal(results);
        else
            print_difference(&diff, paths);
    }
    gb_results_close(results[0]);
    gb_results_close(results[1]);
    gb_crash_handler_end();
    return code;
}

static const struct gb_option options[] = {{0}};

struct paths {
    const char *items[2];
    size_t n;
};

static int take_path(void *context, const struct gb_arguments *arguments, int option)
{
    struct paths *paths = context;

    (void)option; /* an operand: there are no options */
    if (paths->n == 2)
        return gb_message_wrong_use(&gb_command_diff, "diff: two results, not '%s' as well",
                                    arguments->value);
    paths->items[paths->n++] = arguments->value;
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {.command = &gb_command_diff,
                                     .options = options,
                                     .operands = GB_OPERANDS_SEVERAL,
                                     .argc = argc,
                                     .argv = argv};
    struct paths paths = {.n = 0};
    const char *last;
    int code;

    if (!gb_arguments_read(&arguments, "result", take_path, &paths, &last, &code))
        return code;
    if (paths.n < 2)
        return gb_message_wrong_use(&gb_command_diff, "diff: which two results?");
    return diff_results(paths.items);
}

const struct gb_command gb_command_diff = {
    "diff", "A.h5 B.h5", "say whether two results are equal, or where they differ first", run};
