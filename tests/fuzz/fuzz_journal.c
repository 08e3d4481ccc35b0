/* The journal of trials. An input that begins with J is a whole file; any other is the record of a
 * trial, put into a journal whose checksums fit it: a damaged record is found by these, and what is
 * behind them must be safe to read all the same. */
#include <string.h>

#include <sodium.h>

#include "analysis/journal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/sample.h"

enum { HEADER = 80, HEAD = 40, CHECKSUM = 32 }; /* bytes of the file's parts: analysis/journal.c */

static uint8_t fingerprint[GB_FINGERPRINT_SIZE];

/* The header of a journal, as the program writes it. */
static const uint8_t *header_of(void)
{
    static uint8_t header[HEADER];
    struct gb_journal *journal;
    const char *path;
    FILE *file;

    if (header[0])
        return header;
    path = fuzz_file(NULL, 0);
    FUZZ_HOLDS(gb_journal_create(&journal, path, fingerprint, NULL) == GB_OK);
    gb_journal_close(journal);
    file = fopen(path, "rb");
    FUZZ_HOLDS(file && fread(header, 1, HEADER, file) == HEADER);
    fclose(file);
    return header;
}

/* A journal with one record, checksums included; to be freed. */
static uint8_t *journal_around(const uint8_t *payload, size_t n, size_t *size)
{
    const uint64_t words[3] = {UINT64_C(0x6472636572746267), 0, n};
    uint8_t *file = malloc(HEADER + HEAD + n + CHECKSUM), *head = file + HEADER;

    FUZZ_HOLDS(file);
    memcpy(file, header_of(), HEADER);
    memcpy(head, words, sizeof words);
    crypto_generichash(head + sizeof words, HEAD - sizeof words, head, sizeof words, NULL, 0);
    memcpy(head + HEAD, payload, n);
    crypto_generichash(head + HEAD + n, CHECKSUM, head, HEAD + n, NULL, 0);
    *size = HEADER + HEAD + n + CHECKSUM;
    return file;
}

static void read_journal(const char *path)
{
    struct gb_journal *journal;
    struct gb_record *record;

    if (gb_journal_resume(&journal, path, fingerprint, NULL, NULL) != GB_OK)
        return;
    for (size_t i = 0; i < gb_journal_n_records(journal); i++)
        if (gb_journal_read(journal, i, &record, NULL) == GB_OK)
            gb_record_free(record);
    gb_journal_close(journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t *file;
    size_t size;

    if (n > 0 && bytes[0] == 'J') {
        read_journal(fuzz_file(bytes + 1, n - 1));
        return 0;
    }
    file = journal_around(bytes, n, &size);
    read_journal(fuzz_file(file, size));
    free(file);
    return 0;
}

void fuzz_make_seeds(void)
{
    static uint8_t bytes[1 << 20] = {'J'};

    for (int level = GB_OUTPUT_SUMMARY; level <= GB_OUTPUT_METERS; level++) {
        struct gb_record *record = sample_paper(0, (enum gb_output_level)level);
        struct gb_journal *journal;
        FILE *file;
        size_t n;

        FUZZ_HOLDS(gb_journal_create(&journal, "made.tmp", fingerprint, NULL) == GB_OK);
        FUZZ_HOLDS(record && gb_journal_append(journal, record, NULL) == GB_OK);
        gb_record_free(record);
        file = fopen("made.tmp", "rb");
        FUZZ_HOLDS(file);
        n = fread(bytes + 1, 1, sizeof bytes - 1, file);
        fclose(file);
        gb_journal_remove(journal);
        fuzz_seed(bytes, n + 1);
        fuzz_seed(bytes + 1 + HEADER + HEAD, n - HEADER - HEAD - CHECKSUM);
    }
}
