#include "models/market/book_ids_priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits, over the id and then the slot.
 * source  G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, The FNV non-cryptographic hash algorithm */
static uint64_t hash_of(int64_t slot, const char *id)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * prime;
    for (uint64_t rest = (uint64_t)slot, i = 0; i < 8; i++, rest >>= 8)
        hash = (hash ^ (rest & 0xff)) * prime;
    return hash ^ hash >> 32; /* the low bits choose the place */
}

/* The place of (slot, id), or the free place where it belongs. */
static struct gb_book_id *place_of(const struct gb_book_ids *ids, int64_t slot, const char *id,
                                   uint64_t hash)
{
    size_t place = hash & (ids->capacity - 1);

    while (ids->entries[place].id &&
           (ids->entries[place].hash != hash || ids->entries[place].slot != slot ||
            strcmp(ids->entries[place].id, id) != 0))
        place = (place + 1) & (ids->capacity - 1);
    return &ids->entries[place];
}

static bool grow(struct gb_book_ids *ids)
{
    struct gb_book_ids larger = {.n = ids->n, .capacity = ids->capacity ? 4 * ids->capacity : 256};

    larger.entries = calloc(larger.capacity, sizeof *larger.entries);
    if (!larger.entries)
        return false;
    for (size_t i = 0; i < ids->capacity; i++) {
        const struct gb_book_id *old = &ids->entries[i];

        if (old->id)
            *place_of(&larger, old->slot, old->id, old->hash) = *old;
    }
    free(ids->entries);
    *ids = larger;
    return true;
}

enum gb_status gb_book_ids_enter(struct gb_book_ids *ids, int64_t slot, const char *id,
                                 uint32_t *value, struct gb_error *err)
{
    uint64_t hash = hash_of(slot, id);

    if (2 * (size_t)ids->n >= ids->capacity && !grow(ids))
        return gb_fail(err, GB_ENOMEM, "no memory for the ids of more than %zu orders",
                       (size_t)ids->n);
    struct gb_book_id *entry = place_of(ids, slot, id, hash);

    if (entry->id) {
        *value = entry->value;
        return GB_OK;
    }
    *entry = (struct gb_book_id){id, slot, hash, *value};
    ids->n++;
    return GB_OK;
}

void gb_book_ids_replace(struct gb_book_ids *ids, int64_t slot, const char *id, uint32_t value)
{
    struct gb_book_id *entry = place_of(ids, slot, id, hash_of(slot, id));

    assert(entry->id);
    entry->value = value;
}

bool gb_book_ids_find(const struct gb_book_ids *ids, int64_t slot, const char *id, uint32_t *value)
{
    if (ids->capacity == 0)
        return false;
    const struct gb_book_id *entry = place_of(ids, slot, id, hash_of(slot, id));

    if (entry->id)
        *value = entry->value;
    return entry->id != NULL;
}

void gb_book_ids_clear(struct gb_book_ids *ids)
{
    free(ids->entries);
    *ids = (struct gb_book_ids){0};
}
