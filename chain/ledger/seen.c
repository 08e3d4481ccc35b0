#include "chain/ledger/seen.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

struct entry {
    uint64_t words[2]; /* of the hash */
    uint64_t height;   /* 0: free */
};

struct table {
    struct entry *entries;
    size_t n, capacity; /* capacity: a power of two, at least twice n */
};

struct gb_seen {
    struct table present, before; /* generations */
    uint64_t generation;          /* height / GB_SEEN_HEIGHTS of the present one */
    struct table list;            /* of the list being looked at; emptied each time */
};

struct gb_seen *gb_seen_create(void)
{
    return calloc(1, sizeof(struct gb_seen));
}

void gb_seen_free(struct gb_seen *seen)
{
    if (!seen)
        return;
    free(seen->present.entries);
    free(seen->before.entries);
    free(seen->list.entries);
    free(seen);
}

static struct entry entry_of(const struct gb_hash *hash, uint64_t height)
{
    struct entry entry = {.height = height};

    memcpy(entry.words, hash->bytes, sizeof entry.words);
    return entry;
}

/* Where it stands, or the free place where it would. */
static struct entry *find(const struct table *table, const struct entry *wanted)
{
    size_t at = wanted->words[0] & (table->capacity - 1);

    while (table->entries[at].height != 0 && (table->entries[at].words[0] != wanted->words[0] ||
                                              table->entries[at].words[1] != wanted->words[1]))
        at = (at + 1) & (table->capacity - 1);
    return &table->entries[at];
}

/* Reserves capacity for n more. false: no memory, nothing has changed */
static bool reserve(struct table *table, size_t n)
{
    size_t capacity = table->capacity ? table->capacity : FIRST_CAPACITY;

    while (capacity < 2 * (table->n + n))
        capacity *= 2;
    if (capacity == table->capacity)
        return true;
    struct table grown = {calloc(capacity, sizeof *grown.entries), table->n, capacity};
    if (!grown.entries)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->entries[i].height != 0)
            *find(&grown, &table->entries[i]) = table->entries[i];
    free(table->entries);
    *table = grown;
    return true;
}

/* The latest height counts. */
static void put(struct table *table, const struct entry *entry)
{
    struct entry *place = find(table, entry);

    table->n += place->height == 0;
    *place = *entry;
}

static void empty(struct table *table)
{
    if (table->n > 0)
        memset(table->entries, 0, table->capacity * sizeof *table->entries);
    table->n = 0;
}

static void turn_generation(struct gb_seen *seen, uint64_t generation)
{
    struct table old = seen->before;

    if (generation == seen->generation)
        return;
    seen->before = seen->present;
    seen->present = old;
    empty(&seen->present);
    if (generation != seen->generation + 1)
        empty(&seen->before);
    seen->generation = generation;
}

enum gb_status gb_seen_add(struct gb_seen *seen, uint64_t height,
                           struct gb_transaction *const *transactions, size_t n)
{
    turn_generation(seen, height / GB_SEEN_HEIGHTS);
    if (!reserve(&seen->present, n))
        return GB_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        struct entry entry = entry_of(&transactions[i]->hash, height);
        put(&seen->present, &entry);
    }
    return GB_OK;
}

/* Height at which it was noted, if that is recent enough; else 0. */
static uint64_t noted_at(const struct table *table, const struct entry *entry, uint64_t height)
{
    uint64_t at = table->n > 0 ? find(table, entry)->height : 0;

    return at != 0 && at + GB_SEEN_HEIGHTS >= height ? at : 0;
}

enum gb_status gb_seen_find(struct gb_seen *seen, uint64_t height,
                            struct gb_transaction *const *transactions, size_t n, size_t *index,
                            uint64_t *at)
{
    empty(&seen->list);
    if (!reserve(&seen->list, n))
        return GB_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        struct entry entry = entry_of(&transactions[i]->hash, height);
        uint64_t found = find(&seen->list, &entry)->height;

        if (found == 0)
            found = noted_at(&seen->present, &entry, height);
        if (found == 0)
            found = noted_at(&seen->before, &entry, height);
        if (found != 0) {
            *index = i;
            *at = found;
            return GB_OK;
        }
        put(&seen->list, &entry);
    }
    return GB_OK;
}
