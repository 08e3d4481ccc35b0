/* gridbourse ledger: verifies a ledger file by replay, shows what stands in it, and traces one
 * trade or one meter through it. Everything shown has passed the same verification. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "cli/arguments.h"
#include "cli/ledger_priv.h"
#include "cli/message.h"
#include "cli/pair.h"

int gb_ledger_failure(const char *path, const struct gb_error *err)
{
    if (err->status == GB_EFILE) { /* the reason names the file */
        gb_message_error("%s", err->text);
        return GB_EXIT_WRONG_USE;
    }
    gb_message_error("%s: %s", path, err->text[0] ? err->text : gb_status_text(err->status));
    return GB_EXIT_FAILED;
}

void gb_ledger_meet(const char *path)
{
    gb_pair_settle(path);
    gb_pair_note_beside_ledger(path);
}

/* ---- verify */

static const struct gb_command verify_command = {
    "ledger verify", "FILE [--genesis HASH] [--result OUT.h5]",
    "Executes a ledger again and checks every link, root, certificate and signature", NULL};
enum { VERIFY_GENESIS, VERIFY_RESULT };
static const struct gb_option verify_options[] = {
    [VERIFY_GENESIS] = {"--genesis", NULL, "HASH", "the genesis hash to trust (64 hex digits)"},
    [VERIFY_RESULT] = {"--result", NULL, "OUT.h5",
                       "refuse, unless this is the result of the same run"},
    {0},
};

int gb_ledger_take_anchor(const struct gb_arguments *arguments, struct gb_hash *anchor,
                          bool *is_anchored)
{
    const char *text = arguments->value, *end = NULL;
    size_t n = 0;

    *is_anchored = sodium_hex2bin(anchor->bytes, sizeof anchor->bytes, text, strlen(text), NULL, &n,
                                  &end) == 0 &&
                   n == sizeof anchor->bytes && *end == '\0';
    return *is_anchored ? GB_EXIT_DONE
                        : gb_message_wrong_use(arguments->command,
                                               "%s: '--genesis' expects 64 hex digits, got '%s'",
                                               arguments->command->name, text);
}

static const char *plural(uint64_t n)
{
    return gb_message_plural(n == 1 ? 1 : 0);
}

static void print_report(const char *path, const struct gb_ledger_report *report)
{
    char hex[65];

    gb_message_print_name(path, stdout);
    printf(": %s\n", report->is_modelled ? "consistent, but unverifiable" : "verified");
    printf("  genesis  %s\n", gb_hash_hex(&report->chain_id, hex));
    printf("           %s\n", report->is_anchored
                                  ? "the one given by --genesis"
                                  : "trusted on first use: compare it, or give it as --genesis");
    printf("  head     %s\n", gb_hash_hex(&report->head, hex));
    printf("  content  %" PRIu64 " block%s, %" PRIu64 " transaction%s, %" PRIu64
           " message%s, %" PRIu64 " signature%s\n",
           report->n_blocks, plural(report->n_blocks), report->n_transactions,
           plural(report->n_transactions), report->n_messages, plural(report->n_messages),
           report->n_signatures, plural(report->n_signatures));
    if (report->is_modelled)
        printf("  Its signatures are modelled (chain.crypto: modelled): the contracts give the\n"
               "  same results again, but who said what is proven by nothing.\n");
}

/* Is the result that was named, if any was, of the ledger's run? */
static enum gb_status check_result(const char *path, const struct gb_ledger_report *report,
                                   const char *result_path, struct gb_error *err)
{
    struct gb_results *result = NULL;
    struct gb_hash head;

    if (!result_path)
        return GB_OK;
    enum gb_status status = gb_results_open(&result, result_path, err);
    if (status != GB_OK)
        return status;
    const uint8_t *bytes = gb_results_provenance(result)->head;
    if (bytes)
        memcpy(head.bytes, bytes, sizeof head.bytes);
    status = gb_pair_check(result_path, bytes ? &head : NULL, path, &report->head, err);
    gb_results_close(result);
    return status;
}

struct verify_request {
    const char *result;
    bool is_anchored;
    struct gb_hash anchor;
};

static int take_verify_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct verify_request *request = context;

    if (option == VERIFY_GENESIS)
        return gb_ledger_take_anchor(arguments, &request->anchor, &request->is_anchored);
    request->result = arguments->value;
    return GB_EXIT_DONE;
}

static int verify(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &verify_command, .options = verify_options, .argc = argc, .argv = argv};
    struct verify_request request = {0};
    const char *path;
    int code;

    if (!gb_arguments_read(&arguments, "file", take_verify_option, &request, &path, &code))
        return code;
    struct gb_ledger_report report;
    struct gb_error err = {0};
    gb_ledger_meet(path);
    gb_pair_settle(request.result);
    if (gb_ledger_verify(path, gb_program_extensions(),
                         request.is_anchored ? &request.anchor : NULL, &report, &err) != GB_OK)
        return gb_ledger_failure(path, &err);
    if (check_result(path, &report, request.result, &err) != GB_OK)
        return gb_message_failure(&err);
    print_report(path, &report);
    if (request.result) {
        printf("  result   ");
        gb_message_print_name(request.result, stdout);
        printf(" is of the same run\n");
    }
    return report.is_modelled ? GB_EXIT_FAILED : GB_EXIT_DONE;
}

/* ---- the command */

static const struct {
    const char *name, *usage;
    int (*run)(int argc, char **argv);
} parts[] = {
    {"verify", "FILE [--genesis HASH] [--result OUT.h5]", verify},
    {"show", "FILE [--block H]", gb_ledger_show},
    {"trace", "FILE --trade K:INDEX | --meter N [--slot K] [--proof OUT]", gb_ledger_trace},
    {"proof", "FILE [--genesis HASH]", gb_ledger_proof}};

static void print_help(void)
{
    printf("usage: gridbourse ledger %s\n\n%s.\n\n", gb_command_ledger.usage,
           gb_command_ledger.summary);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        printf("  gridbourse ledger %s %s\n", parts[i].name, parts[i].usage);
}

static int run(int argc, char **argv)
{
    const char *const names[] = {"verify", "show", "trace", "proof", NULL};

    if (argc < 2)
        return gb_message_wrong_use(&gb_command_ledger, "ledger: verify, show, trace or proof?");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run(argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return GB_EXIT_DONE;
    }
    const char *nearest = gb_nearest_word(argv[1], names);
    if (nearest)
        return gb_message_wrong_use(&gb_command_ledger,
                                    "ledger: unknown word '%s' (did you mean "
                                    "'%s'?)",
                                    argv[1], nearest);
    return gb_message_wrong_use(&gb_command_ledger, "ledger: unknown word '%s'", argv[1]);
}

const struct gb_command gb_command_ledger = {
    "ledger", "verify|show|trace|proof FILE [ARGUMENT ...]",
    "verify a ledger by replay, show its blocks, trace a trade or a meter, check a proof", run};
