/* The ledger file: written, read and verified; what is no ledger, and what cannot be written.
 * `test_ledger write FILE [real|modelled]` writes the ledger that tests/ledger.sh looks at. */
#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/small_ledger.h"
#include "tests/tap.h"

#define PATH "test_ledger.tmp"

static void a_ledger_verifies_and_counts_what_it_holds(void)
{
    struct gb_ledger_report report = {0};
    struct gb_error err = {0};

    small_ledger_make(PATH, GB_CRYPTO_REAL, 4, true);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, NULL, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    EXPECT_INT((int64_t)report.n_blocks, 6);
    EXPECT_INT((int64_t)report.n_transactions, 4 + 1 + 1 + 1 + 2 + 1);
    EXPECT_INT((int64_t)report.n_messages, 4 + 1 + 1 + 3 + 2 + 1);
    /* 12 messages, 1 bundle, 2 trades by both meters, 1 settle, 6 x 3 votes, genesis, trailer */
    EXPECT_INT((int64_t)report.n_signatures, 12 + 1 + 4 + 1 + 18 + 2);
    EXPECT(!report.is_anchored && !report.is_modelled);
    struct gb_hash anchor = report.chain_id;
    EXPECT_INT(gb_ledger_verify(PATH, NULL, &anchor, &report, &err), GB_OK);
    EXPECT(report.is_anchored);
    anchor.bytes[0] ^= 1;
    EXPECT_INT(gb_ledger_verify(PATH, NULL, &anchor, &report, &err), GB_EBROKEN);
    EXPECT(strstr(err.text, "genesis: its hash is") != NULL);
    unlink(PATH);
}

static void what_was_agreed_is_what_the_replay_settles(void)
{
    struct small_chain chain;

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_chain_trade(&chain);
    EXPECT_INT((int64_t)gb_contracts_interval(chain.contracts, 0).n_trades, 2);
    small_chain_settle(&chain);
    /* 4 kWh at the midpoint 0.45: 1.80 from the buyers to the seller */
    EXPECT_INT(gb_contracts_balance(chain.contracts, 0).units, INT64_C(101800000000));
    EXPECT_INT(gb_contracts_balance(chain.contracts, 1).units, INT64_C(99100000000));
    EXPECT_INT(gb_contracts_balance(chain.contracts, 2).units, INT64_C(99100000000));
    small_chain_close(&chain);
}

static void a_modelled_ledger_says_so(void)
{
    struct gb_ledger_report report = {0};
    struct gb_error err = {0};

    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, true);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, NULL, &report, &err), GB_OK);
    EXPECT(report.is_modelled);
    unlink(PATH);
}

static void the_same_chain_gives_the_same_bytes(void)
{
    small_ledger_make(PATH, GB_CRYPTO_REAL, 2, false);
    struct bytes first = small_ledger_load(PATH);
    small_ledger_make(PATH, GB_CRYPTO_REAL, 2, false);
    struct bytes second = small_ledger_load(PATH);
    EXPECT(first.n == second.n && memcmp(first.at, second.at, first.n) == 0);
    free(first.at);
    free(second.at);
    unlink(PATH);
}

static void a_block_proposed_again_in_a_later_view_keeps_its_bytes(void)
{
    struct small_chain chain;
    struct gb_error err;

    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 1);
    small_chain_trade(&chain);
    EXPECT_INT(gb_certificate_sign(chain.blocks[2], &chain.genesis, &chain.chain_id, 2,
                                   (const uint32_t[]){1, 2, 3}, 3, chain.ring, NULL),
               GB_OK);
    small_chain_write(&chain, PATH);
    EXPECT_INT(small_ledger_verify(PATH, &err), GB_OK);
    unlink(PATH);
    small_chain_close(&chain);
}

static void an_empty_ledger_verifies(void)
{
    struct small_chain chain;
    struct gb_ledger_report report;
    struct gb_error err = {0};

    small_chain_open(&chain, GB_CRYPTO_REAL, 2, 4, 1);
    small_chain_write(&chain, PATH);
    EXPECT_INT(gb_ledger_verify(PATH, NULL, NULL, &report, &err), GB_OK);
    EXPECT(gb_hash_is_equal(&report.head, &chain.chain_id));
    small_chain_close(&chain);
    unlink(PATH);
}

static void files_that_are_no_ledgers_are_refused_in_words(void)
{
    struct gb_error err;
    struct bytes text = {(uint8_t *)"format: 1\nseed: 7\n", 18};

    EXPECT_INT(small_ledger_verify("no-such-file", &err), GB_EFILE);
    EXPECT_TEXT(err.text, "cannot read the ledger 'no-such-file': No such file or directory");
    EXPECT_INT(small_ledger_verify("/", &err), GB_EFILE);
    EXPECT_TEXT(err.text, "cannot read the ledger '/': it is a directory");
    small_ledger_expect_broken_bytes(text, "genesis: it does not start like a ledger");
    text.n = 0;
    small_ledger_expect_broken_bytes(text, "is empty");
    text.n = 5;
    small_ledger_expect_broken_bytes(text, "genesis: the file ends inside it");
}

static bool exists(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0;
}

static void a_ledger_that_cannot_be_written_leaves_no_file(void)
{
    struct small_chain chain;
    struct gb_ledger_writer *writer = NULL;
    struct gb_error err = {0};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    EXPECT_INT(gb_ledger_writer_open(&writer, "no/such/folder", &chain.genesis, &err), GB_EFILE);
    EXPECT_TEXT(err.text, "cannot write the ledger 'no/such/folder': No such file or directory");
    err = (struct gb_error){0};
    EXPECT_INT(gb_ledger_writer_open(&writer, "/dev/null", &chain.genesis, &err), GB_EFILE);
    EXPECT_TEXT(err.text, "cannot write the ledger '/dev/null': it is no regular file");
    chain.genesis.crypto = GB_CRYPTO_NONE;
    EXPECT_INT(gb_ledger_writer_open(&writer, PATH, &chain.genesis, &err), GB_ECONFIG);
    EXPECT(!exists(PATH) && !exists(PATH ".part"));
    small_chain_close(&chain);
}

static void a_full_disk_is_said_and_leaves_no_file(void)
{
    struct rlimit before, small = {.rlim_cur = 1000};
    struct small_chain chain;
    struct gb_ledger_writer *writer = NULL;
    struct gb_error err = {0};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_chain_trade(&chain);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    enum gb_status status = gb_ledger_writer_open(&writer, PATH, &chain.genesis, &err);
    EXPECT_INT(status, GB_OK);
    for (size_t i = 0; i < chain.n_blocks && status == GB_OK; i++)
        status = gb_ledger_writer_append(writer, chain.blocks[i], &err);
    status = gb_ledger_writer_seal(writer, chain.ring, &err);
    gb_ledger_writer_abandon(writer);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_INT(status, GB_EFILE);
    EXPECT_TEXT(err.text, "cannot write the ledger '" PATH "': File too large");
    EXPECT(!exists(PATH) && !exists(PATH ".part"));
    small_chain_close(&chain);
}

static void an_abandoned_ledger_leaves_no_file_and_spares_the_old_one(void)
{
    struct small_chain chain;
    struct gb_ledger_writer *writer = NULL;
    struct bytes old = {(uint8_t *)"GBL1 of yesterday", 17};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_ledger_save(PATH, old);
    EXPECT_INT(gb_ledger_writer_open(&writer, PATH, &chain.genesis, NULL), GB_OK);
    EXPECT(exists(PATH ".part"));
    gb_ledger_writer_abandon(writer);
    EXPECT(!exists(PATH ".part"));
    struct bytes still = small_ledger_load(PATH);
    EXPECT(still.n == old.n && memcmp(still.at, old.at, old.n) == 0);
    free(still.at);
    unlink(PATH);
    small_chain_close(&chain);
}

static void a_file_that_is_no_ledger_is_not_replaced(void)
{
    struct small_chain chain;
    struct gb_ledger_writer *writer = NULL;
    struct gb_error err = {0};
    struct bytes notes = {(uint8_t *)"notes", 5};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_ledger_save(PATH, notes);
    EXPECT_INT(gb_ledger_writer_open(&writer, PATH, &chain.genesis, &err), GB_EINPUT);
    EXPECT(!exists(PATH ".part"));
    struct bytes still = small_ledger_load(PATH);
    EXPECT(still.n == notes.n && memcmp(still.at, notes.at, notes.n) == 0);
    free(still.at);
    unlink(PATH);
    small_chain_close(&chain);
}

/* Both embed a hasher, whose type asks for more alignment than calloc() gives. */
static void writers_and_readers_lie_where_their_hashers_must(void)
{
    struct small_chain chain;
    struct gb_ledger_writer *writer = NULL;
    struct gb_ledger_reader *readers[4] = {NULL};

    small_chain_open(&chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_ledger_make(PATH, GB_CRYPTO_MODELLED, 4, true);
    for (size_t i = 0; i < 4; i++) {
        EXPECT_INT(gb_ledger_writer_open(&writer, PATH, &chain.genesis, NULL), GB_OK);
        EXPECT_INT((int64_t)((uintptr_t)writer % alignof(struct gb_hasher)), 0);
        gb_ledger_writer_abandon(writer);
        EXPECT_INT(gb_ledger_reader_open(&readers[i], PATH, NULL, NULL), GB_OK);
        EXPECT_INT((int64_t)((uintptr_t)readers[i] % alignof(struct gb_hasher)), 0);
    }
    for (size_t i = 0; i < 4; i++)
        gb_ledger_reader_close(readers[i]);
    unlink(PATH);
    small_chain_close(&chain);
}

int main(int argc, char **argv)
{
    static const struct tap_test tests[] = {
        TAP(a_ledger_verifies_and_counts_what_it_holds),
        TAP(what_was_agreed_is_what_the_replay_settles),
        TAP(a_modelled_ledger_says_so),
        TAP(the_same_chain_gives_the_same_bytes),
        TAP(a_block_proposed_again_in_a_later_view_keeps_its_bytes),
        TAP(an_empty_ledger_verifies),
        TAP(files_that_are_no_ledgers_are_refused_in_words),
        TAP(a_ledger_that_cannot_be_written_leaves_no_file),
        TAP(a_full_disk_is_said_and_leaves_no_file),
        TAP(an_abandoned_ledger_leaves_no_file_and_spares_the_old_one),
        TAP(a_file_that_is_no_ledger_is_not_replaced),
        TAP(writers_and_readers_lie_where_their_hashers_must),
        {0}};

    if (argc < 3 || strcmp(argv[1], "write") != 0)
        return tap_main("ledger", tests);
    bool is_modelled = argc > 3 && strcmp(argv[3], "modelled") == 0;
    small_ledger_make(argv[2], is_modelled ? GB_CRYPTO_MODELLED : GB_CRYPTO_REAL, 4, true);
    return 0;
}
