/* The journal of trials. An input that begins with J is a whole file, one with O what its head says
 * of its owner; any other is the record of a trial. These two are put into a journal whose
 * checksums fit them: what is damaged is found by those, and what is behind them must be safe to
 * read all the same. */
#include <string.h>

#include <sodium.h>

#include "analysis/journal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/sample.h"

/* bytes of the file's parts (analysis/journal_owner_priv.h, analysis/journal_priv.h) */
enum { FIXED = 24, CHECKSUM = 32, MAX_HEADER = 1024, HEAD = 40 };

static const struct gb_journal_owner owner = {"work", "", "program", "libm", 3};

/* The head of a journal's file, as the program writes it: an empty journal. */
static const uint8_t *header_of(size_t *n)
{
    static uint8_t header[MAX_HEADER];
    static size_t size;

    if (size == 0) {
        const char *path = fuzz_file(NULL, 0);
        struct gb_journal *journal;

        FUZZ_HOLDS(gb_journal_create(&journal, path, &owner, NULL) == GB_OK);
        gb_journal_close(journal);
        FILE *file = fopen(path, "rb");
        FUZZ_HOLDS(file && (size = fread(header, 1, sizeof header, file)) < sizeof header);
        fclose(file);
    }
    *n = size;
    return header;
}

/* A journal with one record, checksums included; to be freed. */
static uint8_t *journal_around(const uint8_t *payload, size_t n, size_t *size)
{
    const uint64_t words[3] = {UINT64_C(0x6472636572746267), 0, n};
    size_t n_header;
    const uint8_t *header = header_of(&n_header);
    uint8_t *file = malloc(n_header + HEAD + n + CHECKSUM), *head = file + n_header;

    FUZZ_HOLDS(file);
    memcpy(file, header, n_header);
    memcpy(head, words, sizeof words);
    crypto_generichash(head + sizeof words, HEAD - sizeof words, head, sizeof words, NULL, 0);
    memcpy(head + HEAD, payload, n);
    crypto_generichash(head + HEAD + n, CHECKSUM, head, HEAD + n, NULL, 0);
    *size = n_header + HEAD + n + CHECKSUM;
    return file;
}

/* A journal without records of the owner that these bytes say, checksum included; to be freed. */
static uint8_t *journal_of(const uint8_t *about, size_t n, size_t *size)
{
    crypto_generichash_state state;
    const uint64_t n_bytes = n;
    size_t n_header;
    uint8_t *file = malloc(FIXED + CHECKSUM + n);

    FUZZ_HOLDS(file);
    memcpy(file, header_of(&n_header), FIXED - sizeof n_bytes);
    memcpy(file + FIXED - sizeof n_bytes, &n_bytes, sizeof n_bytes);
    memcpy(file + FIXED + CHECKSUM, about, n);
    crypto_generichash_init(&state, NULL, 0, CHECKSUM);
    crypto_generichash_update(&state, file, FIXED);
    crypto_generichash_update(&state, about, n);
    crypto_generichash_final(&state, file + FIXED, CHECKSUM);
    *size = FIXED + CHECKSUM + n;
    return file;
}

static void read_journal(const char *path)
{
    struct gb_journal *journal;
    struct gb_record *record;

    if (gb_journal_resume(&journal, path, &owner, NULL, NULL) != GB_OK)
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
    file = n > 0 && bytes[0] == 'O' ? journal_of(bytes + 1, n - 1, &size)
                                    : journal_around(bytes, n, &size);
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
        size_t n, n_header;

        header_of(&n_header);
        FUZZ_HOLDS(gb_journal_create(&journal, "made.tmp", &owner, NULL) == GB_OK);
        FUZZ_HOLDS(record && gb_journal_append(journal, record, NULL) == GB_OK);
        gb_record_free(record);
        file = fopen("made.tmp", "rb");
        FUZZ_HOLDS(file);
        n = fread(bytes + 1, 1, sizeof bytes - 1, file);
        fclose(file);
        gb_journal_remove(journal);
        fuzz_seed(bytes, n + 1);
        fuzz_seed(bytes + 1 + n_header + HEAD, n - n_header - HEAD - CHECKSUM);
        bytes[FIXED + CHECKSUM] = 'O';
        fuzz_seed(bytes + FIXED + CHECKSUM, n_header - FIXED - CHECKSUM + 1);
    }
}
