#include "chain/ledger/validity.h"

const char *gb_block_fault_text(enum gb_block_fault fault)
{
    static const char *const texts[] = {
#define GB_BLOCK_FAULT_TEXT(name, text) text,
        GB_BLOCK_FAULT_LIST(GB_BLOCK_FAULT_TEXT)
#undef GB_BLOCK_FAULT_TEXT
    };

    return fault < GB_N_BLOCK_FAULTS ? texts[fault] : "unknown fault";
}

static bool is_stale(const struct gb_header *header, const struct gb_block_place *place)
{
    if (place->number == 1) /* the genesis has no time */
        return false;
    return place->parent_time_ns > INT64_MAX - GB_BLOCK_STEP_NS ||
           header->time_ns < place->parent_time_ns + GB_BLOCK_STEP_NS;
}

static enum gb_block_fault check_link(const struct gb_header *header,
                                      const struct gb_block_place *place)
{
    if (header->number != place->number)
        return GB_BLOCK_MISNUMBERED;
    if (!gb_hash_is_equal(&header->parent, &place->parent))
        return GB_BLOCK_OTHER_PARENT;
    if (is_stale(header, place))
        return GB_BLOCK_STALE;
    if (header->time_ns > GB_TIME_LIMIT_NS || header->time_ns < -GB_TIME_LIMIT_NS)
        return GB_BLOCK_OUT_OF_TIME;
    return header->sealer < place->genesis->n_validators ? GB_BLOCK_SOUND
                                                         : GB_BLOCK_SEALED_BY_STRANGER;
}

static bool is_well_sized(const struct gb_transaction *transaction)
{
    if (transaction->concentrator == GB_PARTY_NONE)
        return transaction->n_messages == 1;
    return transaction->n_messages >= 1 && transaction->n_messages <= GB_BUNDLE_MAX;
}

static enum gb_block_fault check_size(const struct gb_block *block,
                                      const struct gb_genesis *genesis)
{
    uint64_t n_bytes = 0;

    if (block->n_transactions == 0)
        return GB_BLOCK_EMPTY;
    if (block->n_transactions > genesis->max_transactions)
        return GB_BLOCK_TOO_MANY;
    for (size_t i = 0; i < block->n_transactions; i++) {
        n_bytes += block->transactions[i]->n_bytes;
        if (n_bytes > genesis->max_bytes)
            return GB_BLOCK_TOO_LARGE;
        if (!is_well_sized(block->transactions[i]))
            return GB_BLOCK_BAD_BUNDLE;
    }
    return GB_BLOCK_SOUND;
}

/* The views in which `sealer` leads a height start here and repeat every n. */
static uint64_t first_view_led(const struct gb_genesis *genesis, uint64_t height, uint32_t sealer)
{
    struct gb_committee committee = gb_genesis_committee(genesis);
    uint64_t n = genesis->n_validators, leader = gb_committee_leader(&committee, height, 0);

    return (sealer + n - leader) % n;
}

/* Header, root and body agree, and the sealer's turn had come. */
static enum gb_block_fault check_proposal(const struct gb_block *block,
                                          const struct gb_block_place *place)
{
    const struct gb_header *header = &block->header;

    if (first_view_led(place->genesis, header->number, header->sealer) > place->view)
        return GB_BLOCK_NOT_LED;
    struct gb_hash hash = gb_header_hash(header);
    if (!gb_hash_is_equal(&hash, &block->proposal_hash))
        return GB_BLOCK_OTHER_HASH;
    struct gb_hash root = gb_transactions_root(block->transactions, block->n_transactions);
    return gb_hash_is_equal(&root, &header->transactions_root) ? GB_BLOCK_SOUND
                                                               : GB_BLOCK_OTHER_ROOT;
}

enum gb_status gb_block_find_fault(const struct gb_block *block, const struct gb_block_place *place,
                                   enum gb_block_fault *out, struct gb_error *err)
{
    size_t index = block->n_transactions;
    uint64_t height = 0;

    *out = check_link(&block->header, place);
    if (*out == GB_BLOCK_SOUND)
        *out = check_size(block, place->genesis);
    if (*out == GB_BLOCK_SOUND)
        *out = check_proposal(block, place);
    if (*out != GB_BLOCK_SOUND)
        return GB_OK;
    if (gb_seen_find(place->seen, place->number, block->transactions, block->n_transactions, &index,
                     &height) != GB_OK)
        return gb_fail(err, GB_ENOMEM, "no memory for the hashes of %zu transactions",
                       block->n_transactions);
    if (index < block->n_transactions)
        *out = height == place->number ? GB_BLOCK_REPEATED : GB_BLOCK_REPLAYED;
    return GB_OK;
}

bool gb_block_is_ahead(const struct gb_block *block, int64_t clock_ns)
{
    return block->header.time_ns > clock_ns + GB_CLOCK_TOLERANCE_NS;
}
