/* A table from (slot, id) to a number: who has an id already. Ids are borrowed for the table's
 * life. */
#ifndef MODELS_MARKET_BOOK_IDS_PRIV_H
#define MODELS_MARKET_BOOK_IDS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_book_id {
    const char *id;
    int64_t slot;
    uint64_t hash;
    uint32_t value;
};
struct gb_book_ids { /* all zero is an empty table */
    uint32_t n;
    size_t capacity;            /* a power of two, or 0 */
    struct gb_book_id *entries; /* open addressing; a NULL id is a free place */
};

/* Files *value under (slot, id), or hands out in *value what is filed there already. */
enum gb_status gb_book_ids_enter(struct gb_book_ids *ids, int64_t slot, const char *id,
                                 uint32_t *value, struct gb_error *err);
/* Files another value under (slot, id), which is filed already. */
void gb_book_ids_replace(struct gb_book_ids *ids, int64_t slot, const char *id, uint32_t value);
bool gb_book_ids_find(const struct gb_book_ids *ids, int64_t slot, const char *id, uint32_t *value);
void gb_book_ids_clear(struct gb_book_ids *ids);

#endif
