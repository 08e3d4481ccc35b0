/* The journal: what is in it is never lost, what is half in it is never believed. */
#include "analysis/journal.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/schema.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_journal.journal";
static const struct gb_journal_owner owner = {"format: 1\nreplications: 3\n", "",
                                              "0.1.0, revision a", "f00d", 3};

/* A journal of trials 2, 0, 1 of the paper's case. */
static void write_three(void)
{
    static const uint64_t order[] = {2, 0, 1};
    struct gb_journal *journal = NULL;

    EXPECT_INT(gb_journal_create(&journal, path, &owner, NULL), GB_OK);
    for (size_t i = 0; i < 3; i++) {
        struct gb_record *record = sample_paper(order[i], GB_OUTPUT_METERS);
        EXPECT_INT(gb_journal_append(journal, record, NULL), GB_OK);
        gb_record_free(record);
    }
    gb_journal_close(journal);
}

static long file_size(void)
{
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

/* Bytes before the first record: those of a journal that has none. */
static long header_size(void)
{
    struct gb_journal *journal = NULL;
    struct stat about = {0};

    EXPECT_INT(gb_journal_create(&journal, "test_journal.empty", &owner, NULL), GB_OK);
    EXPECT_INT(stat("test_journal.empty", &about), 0);
    gb_journal_remove(journal);
    return (long)about.st_size;
}

static bool records_are_equal(const struct gb_record *a, const struct gb_record *b)
{
    bool equal = gb_record_trial(a) == gb_record_trial(b) &&
                 gb_record_level(a) == gb_record_level(b) &&
                 gb_record_n_varied(a) == gb_record_n_varied(b);

    for (size_t k = 0; equal && k < gb_record_n_varied(a); k++)
        equal = !strcmp(gb_record_varied_key(a, k), gb_record_varied_key(b, k)) &&
                !strcmp(gb_record_varied_value(a, k), gb_record_varied_value(b, k));
    for (int table = 0; equal && table < GB_N_TABLES; table++) {
        const struct gb_schema *schema = &gb_schemas[table];
        const char *rows_a = gb_record_rows(a, table), *rows_b = gb_record_rows(b, table);

        equal = gb_record_n_rows(a, table) == gb_record_n_rows(b, table);
        for (size_t i = 0; equal && i < gb_record_n_rows(a, table); i++)
            for (const struct gb_field *f = schema->fields; equal && f->name; f++)
                equal = !memcmp(rows_a + i * schema->row_size + f->offset,
                                rows_b + i * schema->row_size + f->offset, gb_field_size(f->kind));
    }
    return equal;
}

static void records_come_back_whole_and_in_trial_order(void)
{
    struct gb_journal *journal = NULL;
    uint64_t lost = 99;

    write_three();
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, &lost, NULL), GB_OK);
    EXPECT_INT((int64_t)lost, 0);
    EXPECT_INT((int64_t)gb_journal_n_records(journal), 3);
    for (uint64_t i = 0; i < 3; i++) {
        struct gb_record *record = NULL, *expected = sample_paper(i, GB_OUTPUT_METERS);
        EXPECT_INT(gb_journal_read(journal, i, &record, NULL), GB_OK);
        EXPECT(records_are_equal(record, expected));
        gb_record_free(record);
        gb_record_free(expected);
    }
    EXPECT(gb_journal_has(journal, 2) && !gb_journal_has(journal, 3));
    gb_journal_close(journal);
}

static void varied_keys_survive_the_journal(void)
{
    struct gb_journal *journal = NULL;
    struct gb_record *record = sample_sweep(17, GB_OUTPUT_MARKET), *back = NULL;

    EXPECT_INT(gb_journal_create(&journal, path, &owner, NULL), GB_OK);
    EXPECT_INT(gb_journal_append(journal, record, NULL), GB_OK);
    EXPECT_INT(gb_journal_read(journal, 0, &back, NULL), GB_OK);
    EXPECT(records_are_equal(record, back));
    gb_record_free(record);
    gb_record_free(back);
    gb_journal_close(journal);
}

static void a_tail_torn_at_any_length_costs_its_record_only(void)
{
    write_three();
    long whole = file_size();
    long record = (whole - header_size()) / 3; /* three records of equal length behind the header */

    for (long cut = 1; cut < record; cut += 97) {
        struct gb_journal *journal = NULL;
        struct gb_record *again = sample_paper(1, GB_OUTPUT_METERS);
        uint64_t lost = 0;

        write_three();
        EXPECT_INT(truncate(path, whole - cut), 0);
        EXPECT_INT(gb_journal_resume(&journal, path, &owner, &lost, NULL), GB_OK);
        EXPECT_INT((int64_t)lost, record - cut);
        EXPECT_INT((int64_t)gb_journal_n_records(journal), 2);
        EXPECT(!gb_journal_has(journal, 1));
        EXPECT_INT(gb_journal_append(journal, again, NULL), GB_OK); /* and the work goes on */
        gb_journal_close(journal);
        EXPECT_INT(file_size(), whole);
        gb_record_free(again);
    }
}

/* A length that with the checksum's 32 bytes is beyond 64 bits again, under a checksum that holds.
 */
static void a_record_longer_than_any_file_is_a_torn_tail(void)
{
    struct gb_journal *journal = NULL;
    struct {
        uint64_t mark, trial, n_bytes;
        uint8_t checksum[16];
    } head = {UINT64_C(0x6472636572746267), 7, UINT64_MAX - 15, {0}};
    uint64_t lost = 0;

    write_three();
    long whole = file_size();
    FILE *file = fopen(path, "ab");
    crypto_generichash(head.checksum, sizeof head.checksum, (const unsigned char *)&head,
                       offsetof(__typeof__(head), checksum), NULL, 0);
    fwrite(&head, sizeof head, 1, file);
    for (int i = 0; i < 64; i++)
        fputc(0, file);
    fclose(file);
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, &lost, NULL), GB_OK);
    EXPECT_INT((int64_t)lost, sizeof head + 64);
    EXPECT_INT((int64_t)gb_journal_n_records(journal), 3);
    gb_journal_close(journal);
    EXPECT_INT(file_size(), whole);
}

static void flip_bit(long at)
{
    FILE *file = fopen(path, "r+b");

    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ (1 << at % 8), file);
    fclose(file);
}

/* Takes up the journal. returns how many of its three records were lost, all of them where it was
 * refused; whatever is there must be whole, and a loss must be told. */
static size_t lost_by_damage(void)
{
    struct gb_journal *journal = NULL;
    struct gb_error err = {0};
    uint64_t lost = 0;

    if (gb_journal_resume(&journal, path, &owner, &lost, &err) != GB_OK) {
        EXPECT(err.text[0] != '\0');
        return 3;
    }
    size_t n = gb_journal_n_records(journal);
    for (size_t i = 0; i < n; i++) {
        struct gb_record *record = NULL;
        EXPECT_INT(gb_journal_read(journal, i, &record, NULL), GB_OK);
        gb_record_free(record);
    }
    EXPECT((n < 3) == (lost > 0));
    gb_journal_close(journal);
    return 3 - n;
}

static void any_flipped_bit_is_found_and_costs_its_own_record_alone(void)
{
    write_three();
    long size = file_size(), header = header_size();
    size_t n_wrong = 0;

    for (long at = 0; at < size; at += at < header + 200 ? 1 : 61) {
        write_three();
        flip_bit(at);
        n_wrong += lost_by_damage() != (at < header ? 3U : 1U);
    }
    EXPECT_INT((int64_t)n_wrong, 0);
}

/* What a file system may leave after a lost power supply: room for what was written, without it. */
static void a_tail_of_zeros_or_of_old_bytes_is_cut_off(void)
{
    struct gb_journal *journal = NULL;
    uint64_t lost = 0;

    for (int kind = 0; kind < 2; kind++) {
        write_three();
        long whole = file_size();
        FILE *file = fopen(path, "ab");
        for (int i = 0; i < 100000; i++)
            fputc(kind == 0 ? 0 : "gbtrecrd"[i % 8], file);
        fclose(file);
        EXPECT_INT(gb_journal_resume(&journal, path, &owner, &lost, NULL), GB_OK);
        EXPECT_INT((int64_t)lost, 100000);
        EXPECT_INT((int64_t)gb_journal_n_records(journal), 3);
        gb_journal_close(journal);
        EXPECT_INT(file_size(), whole);
    }
}

/* Refused, with these words in the reason, by whoever resumes or counts. */
static void expect_refusal(const struct gb_journal_owner *other, const char *words)
{
    struct gb_journal *journal = NULL;
    struct gb_error err = {0}, count_err = {0};
    uint64_t n = 99;

    EXPECT_INT(gb_journal_resume(&journal, path, other, NULL, &err), GB_EINPUT);
    EXPECT_INT(gb_journal_count(&n, path, other, &count_err), GB_EINPUT);
    EXPECT_INT((int64_t)n, 99);
    EXPECT_TEXT(err.text, count_err.text);
    if (!EXPECT(strstr(err.text, words) != NULL))
        tap_note("%s", err.text);
}

static void a_journal_of_something_else_is_refused_with_the_reason(void)
{
    struct gb_journal_owner other = owner;
    uint64_t n = 0;

    write_three();
    EXPECT_INT(gb_journal_count(&n, path, &owner, NULL), GB_OK);
    EXPECT_INT((int64_t)n, 3);
    other.work = "format: 1\nreplications: 30\n";
    expect_refusal(&other, "another sweep: it has 'replications: 3' where this one has "
                           "'replications: 30'");
    other.work = "format: 1\n";
    expect_refusal(&other, "it has 'replications: 3' where this one has ''");
    other = owner;
    other.program = "0.1.0, revision b";
    expect_refusal(&other, "was written by gridbourse 0.1.0, revision a, and this is 0.1.0, "
                           "revision b");
    other = owner;
    other.libm = "beef";
    expect_refusal(&other, "with another libm, or on another kind of processor (fingerprint f00d, "
                           "here beef)");
    other = owner;
    other.part = "shard 2 of 8";
    expect_refusal(&other, "that of all of this sweep, not of shard 2 of 8");
}

static void what_is_no_journal_is_refused_in_words(void)
{
    struct gb_journal *journal = NULL;
    struct gb_error err = {0};
    FILE *file = fopen(path, "wb");

    fputs("hello", file);
    fclose(file);
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, NULL, &err), GB_EFILE);
    EXPECT(strstr(err.text, "is no journal") != NULL);
    err = (struct gb_error){0};
    EXPECT_INT(gb_journal_create(&journal, "no/such/folder/x.journal", &owner, &err), GB_EFILE);
    EXPECT(strstr(err.text, "No such file or directory") != NULL);
}

static void a_trial_that_is_there_is_not_written_twice(void)
{
    struct gb_journal *journal = NULL;
    struct gb_record *record = sample_paper(2, GB_OUTPUT_MARKET);

    write_three();
    long size = file_size();
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, NULL, NULL), GB_OK);
    EXPECT_INT(gb_journal_append(journal, record, NULL), GB_EINPUT);
    gb_journal_close(journal);
    EXPECT_INT(file_size(), size);
    gb_record_free(record);
}

static void a_second_writer_is_refused(void)
{
    struct gb_journal *journal = NULL;

    write_three();
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, NULL, NULL), GB_OK);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct gb_journal *second = NULL;
        struct gb_error err = {0};
        bool refused = gb_journal_create(&second, path, &owner, &err) == GB_EFILE &&
                       strstr(err.text, "is in use by ") != NULL;
        _exit(refused ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_INT(status, 0);
    EXPECT_INT((int64_t)gb_journal_n_records(journal), 3); /* and it did not empty the file */
    gb_journal_close(journal);
    EXPECT(file_size() > header_size());
}

static void a_full_disk_leaves_the_journal_as_it_was(void)
{
    struct gb_journal *journal = NULL;
    struct gb_record *record = sample_paper(3, GB_OUTPUT_MARKET);
    struct gb_error err = {0};
    struct rlimit limit, before;

    write_three();
    long size = file_size();
    EXPECT_INT(gb_journal_resume(&journal, path, &owner, NULL, NULL), GB_OK);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)size + 100; /* room for a part of the record */
    setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_INT(gb_journal_append(journal, record, &err), GB_EFILE);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT(strstr(err.text, "File too large") != NULL);
    EXPECT_INT(file_size(), size);
    EXPECT_INT(gb_journal_append(journal, record, NULL), GB_OK);
    gb_journal_close(journal);
    gb_record_free(record);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(records_come_back_whole_and_in_trial_order),
        TAP(varied_keys_survive_the_journal),
        TAP(a_tail_torn_at_any_length_costs_its_record_only),
        TAP(a_record_longer_than_any_file_is_a_torn_tail),
        TAP(any_flipped_bit_is_found_and_costs_its_own_record_alone),
        TAP(a_tail_of_zeros_or_of_old_bytes_is_cut_off),
        TAP(a_journal_of_something_else_is_refused_with_the_reason),
        TAP(what_is_no_journal_is_refused_in_words),
        TAP(a_trial_that_is_there_is_not_written_twice),
        TAP(a_second_writer_is_refused),
        TAP(a_full_disk_leaves_the_journal_as_it_was),
        {0}};
    return tap_main("journal", tests);
}
