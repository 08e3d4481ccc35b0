/* Which transactions stand in the last thousand blocks and more: a transaction belongs into one
 * block, and once a message has grown old (1000 blocks) its repetition changes nothing.
 *
 * Two generations of a thousand heights each, the present one and the one before; each is a table
 * of open addressing. Of a hash the first 16 bytes are kept: who wants an honest transaction
 * refused has to find a second one for a given 128 bits. */
#ifndef CHAIN_LEDGER_SEEN_H
#define CHAIN_LEDGER_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "chain/wire/transaction.h"

#define GB_SEEN_HEIGHTS UINT64_C(1000)

struct gb_seen; /* closed */

/* returns NULL when out of memory */
struct gb_seen *gb_seen_create(void);
void gb_seen_free(struct gb_seen *seen);

/* Takes note of the transactions of a block; heights must ascend. GB_ENOMEM: none is noted. */
enum gb_status gb_seen_add(struct gb_seen *seen, uint64_t height,
                           struct gb_transaction *const *transactions, size_t n);
/* Of these transactions the first that repeats one before it in the list, or one that was noted in
 * the GB_SEEN_HEIGHTS heights before `height`: its index, and where it stands already (`height` for
 * the list itself). n, *at untouched: none does. GB_ENOMEM: nothing is known. */
enum gb_status gb_seen_find(struct gb_seen *seen, uint64_t height,
                            struct gb_transaction *const *transactions, size_t n, size_t *index,
                            uint64_t *at);

#endif
