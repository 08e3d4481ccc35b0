#include "analysis/journal_owner_priv.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "analysis/schema.h"

#define FORMAT 2
#define ORDER_MARK UINT32_C(0x01020304) /* reads otherwise on a machine of other byte order */
#define SCHEMA_SIZE 32
#define SHOWN 60 /* bytes of a line in a message */

static const char magic[8] = "GBJOURNL";

/* ---- writing */

/* Of the columns that a record has: a program with others cannot read it. */
static void hash_schema(uint8_t out[SCHEMA_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, SCHEMA_SIZE);
    for (int table = 0; table < GB_N_TABLES; table++)
        for (const struct gb_field *field = gb_schemas[table].fields; field->name; field++) {
            unsigned char kind = (unsigned char)field->kind;

            crypto_generichash_update(&state, (const unsigned char *)field->name,
                                      strlen(field->name) + 1);
            crypto_generichash_update(&state, &kind, 1);
        }
    crypto_generichash_final(&state, out, SCHEMA_SIZE);
}

static void checksum(const struct gb_journal_head *head, const uint8_t *owner,
                     uint8_t out[GB_JOURNAL_CHECKSUM_SIZE])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, GB_JOURNAL_CHECKSUM_SIZE);
    crypto_generichash_update(&state, (const unsigned char *)head,
                              offsetof(struct gb_journal_head, checksum));
    crypto_generichash_update(&state, owner, head->n_bytes);
    crypto_generichash_final(&state, out, GB_JOURNAL_CHECKSUM_SIZE);
}

static void add_text(struct gb_bytes *out, const char *text)
{
    uint64_t n = strlen(text);

    gb_bytes_add(out, &n, sizeof n);
    gb_bytes_add(out, text, n);
}

void gb_journal_owner_encode(const struct gb_journal_owner *owner, struct gb_bytes *out)
{
    struct gb_journal_head head = {.format = FORMAT, .order_mark = ORDER_MARK};
    uint8_t schema[SCHEMA_SIZE];

    memcpy(head.magic, magic, sizeof magic);
    hash_schema(schema);
    gb_bytes_add(out, &head, sizeof head); /* filled in below: its place */
    gb_bytes_add(out, schema, sizeof schema);
    gb_bytes_add(out, &owner->n_trials, sizeof owner->n_trials);
    add_text(out, owner->program);
    add_text(out, owner->libm);
    add_text(out, owner->work);
    add_text(out, owner->part);
    if (out->failed)
        return;
    head.n_bytes = out->n - sizeof head;
    checksum(&head, out->bytes + sizeof head, head.checksum);
    memcpy(out->bytes, &head, sizeof head);
}

/* ---- comparing */

enum gb_status gb_journal_head_check(const struct gb_journal_head *head, const char *path,
                                     struct gb_error *err)
{
    if (memcmp(head->magic, magic, sizeof magic) != 0)
        return gb_fail(err, GB_EFILE, "'%s' is no journal of trials", path);
    if (head->format != FORMAT || head->order_mark != ORDER_MARK)
        return gb_fail(err, GB_EINPUT,
                       "the journal '%s' was written by another version of the program or on "
                       "another kind of machine",
                       path);
    return GB_OK;
}

/* What is left to read of the owner's bytes. */
struct reader {
    const uint8_t *at, *end;
};

/* A text of the owner, without NUL at its end. */
struct piece {
    const char *text;
    size_t n;
};

static bool take_piece(struct reader *reader, struct piece *piece)
{
    uint64_t n;

    if ((size_t)(reader->end - reader->at) < sizeof n)
        return false;
    memcpy(&n, reader->at, sizeof n);
    reader->at += sizeof n;
    if (n > (uint64_t)(reader->end - reader->at))
        return false;
    *piece = (struct piece){(const char *)reader->at, n};
    reader->at += n;
    return true;
}

static bool is_equal(struct piece theirs, const char *ours)
{
    return strlen(ours) == theirs.n && memcmp(ours, theirs.text, theirs.n) == 0;
}

/* The line of a text in which byte `at` stands, without blanks around it, as far as it is shown. */
static struct piece line_at(struct piece text, size_t at)
{
    size_t begin = at, end = at;

    while (begin > 0 && text.text[begin - 1] != '\n')
        begin--;
    while (end < text.n && text.text[end] != '\n')
        end++;
    while (begin < end && text.text[begin] == ' ')
        begin++;
    if (end - begin > SHOWN)
        end = begin + SHOWN;
    return (struct piece){text.text + begin, end - begin};
}

/* Names the first line in which the sweeps differ. */
static enum gb_status fail_work(struct piece theirs, const char *ours, const char *path,
                                struct gb_error *err)
{
    struct piece own = {ours, strlen(ours)};
    size_t at = 0;

    while (at < own.n && at < theirs.n && own.text[at] == theirs.text[at])
        at++;
    own = line_at(own, at);
    theirs = line_at(theirs, at);
    return gb_fail(err, GB_EINPUT,
                   "the journal '%s' belongs to another sweep: it has '%.*s' where this one has "
                   "'%.*s'",
                   path, (int)theirs.n, theirs.text, (int)own.n, own.text);
}

static enum gb_status compare_texts(const struct piece theirs[4],
                                    const struct gb_journal_owner *ours, const char *path,
                                    struct gb_error *err)
{
    if (!is_equal(theirs[0], ours->program))
        return gb_fail(err, GB_EINPUT,
                       "the journal '%s' was written by gridbourse %.*s, and this is %s", path,
                       (int)theirs[0].n, theirs[0].text, ours->program);
    if (!is_equal(theirs[1], ours->libm))
        return gb_fail(err, GB_EINPUT,
                       "the trials of the journal '%s' were computed with another libm, or on "
                       "another kind of processor (fingerprint %.*s, here %s): go on where they "
                       "were computed",
                       path, (int)theirs[1].n, theirs[1].text, ours->libm);
    if (!is_equal(theirs[2], ours->work))
        return fail_work(theirs[2], ours->work, path, err);
    if (!is_equal(theirs[3], ours->part))
        return gb_fail(err, GB_EINPUT, "the journal '%s' is that of %.*s of this sweep, not of %s",
                       path, theirs[3].n > 0 ? (int)theirs[3].n : 3,
                       theirs[3].n > 0 ? theirs[3].text : "all",
                       ours->part[0] ? ours->part : "all");
    return GB_OK;
}

enum gb_status gb_journal_owner_compare(const struct gb_journal_head *head, const uint8_t *bytes,
                                        const struct gb_journal_owner *ours, const char *path,
                                        struct gb_error *err)
{
    uint8_t sum[GB_JOURNAL_CHECKSUM_SIZE], schema[SCHEMA_SIZE];
    struct reader reader = {bytes + sizeof schema + sizeof ours->n_trials, bytes + head->n_bytes};
    struct piece texts[4];
    bool is_whole = head->n_bytes >= sizeof schema + sizeof ours->n_trials;
    enum gb_status status;

    checksum(head, bytes, sum);
    is_whole = is_whole && memcmp(sum, head->checksum, sizeof sum) == 0;
    for (size_t i = 0; is_whole && i < 4; i++)
        is_whole = take_piece(&reader, &texts[i]);
    if (!is_whole)
        return gb_fail(err, GB_EFILE, "the head of the journal '%s' is damaged", path);
    status = compare_texts(texts, ours, path, err);
    hash_schema(schema);
    if (status == GB_OK && (memcmp(schema, bytes, sizeof schema) != 0 ||
                            memcmp(&ours->n_trials, bytes + sizeof schema, sizeof(uint64_t)) != 0))
        return gb_fail(err, GB_EINPUT,
                       "the journal '%s' was written by a program with other columns or trials",
                       path);
    return status;
}
