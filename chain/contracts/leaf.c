#include "chain/contracts/leaf.h"

#include <string.h>

#include "chain/wire/codec.h"

enum { EVENT_MARK = 128 };

static bool is_bill(const struct gb_statement *statement)
{
    return statement->is_event &&
           (statement->kind == GB_EVENT_BILLED || statement->kind == GB_EVENT_GAP_BILLED);
}

/* Of so much energy of one trade or order? */
static bool is_of_energy(const struct gb_statement *statement)
{
    return statement->is_event &&
           (statement->kind == GB_EVENT_TRADE_SETTLED || statement->kind == GB_EVENT_CUT);
}

static bool is_match(const struct gb_statement *statement)
{
    return statement->is_event &&
           (statement->kind == GB_EVENT_MATCHED || statement->kind == GB_EVENT_ROUND);
}

struct gb_leaf gb_leaf_write(const struct gb_statement *statement)
{
    struct gb_leaf leaf = {.n = GB_LEAF_SIZE};
    uint8_t kind = (uint8_t)(statement->is_event ? EVENT_MARK + statement->kind : statement->kind);
    uint64_t words[4] = {(uint64_t)kind << 56 | (uint64_t)statement->receipt << 48 |
                         statement->sender};

    if (statement->is_event) {
        bool with_money = is_bill(statement), with_energy = with_money || is_of_energy(statement);
        words[1] = (uint64_t)statement->interval;
        words[2] = with_money ? (uint64_t)statement->amount.units : statement->index;
        words[3] = with_energy ? (uint64_t)statement->energy.wh : statement->nonce;
    } else {
        words[1] = statement->nonce;
        words[2] = (uint64_t)statement->transaction << 32 | statement->message;
        words[3] = (uint64_t)statement->interval;
    }
    for (size_t i = 0; i < 4; i++)
        gb_big_endian_u64(leaf.bytes + 8 * i, words[i]);
    if (is_match(statement)) {
        memcpy(leaf.bytes + GB_LEAF_SIZE, statement->root.bytes, GB_HASH_SIZE);
        leaf.n += GB_HASH_SIZE;
    }
    return leaf;
}

bool gb_leaf_read(const uint8_t *bytes, size_t n, struct gb_statement *out)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    struct gb_statement read = {0};
    uint64_t words[4];

    for (size_t i = 0; i < 4; i++)
        words[i] = gb_take_u64(&from);
    uint8_t kind = (uint8_t)(words[0] >> 56);
    read.is_event = kind >= EVENT_MARK;
    read.kind = (uint8_t)(read.is_event ? kind - EVENT_MARK : kind);
    read.receipt = (uint8_t)(words[0] >> 48);
    read.sender = (gb_party)words[0];
    read.interval = (int64_t)words[read.is_event ? 1 : 3];
    if (is_bill(&read)) {
        read.amount.units = (int64_t)words[2];
        read.energy.wh = (int64_t)words[3];
    } else if (is_of_energy(&read)) {
        read.index = (uint32_t)words[2];
        read.energy.wh = (int64_t)words[3];
    } else if (read.is_event) {
        read.index = (uint32_t)words[2];
        read.nonce = words[3];
    } else {
        read.nonce = words[1];
        read.transaction = (uint32_t)(words[2] >> 32);
        read.message = (uint32_t)words[2];
    }
    if (is_match(&read))
        gb_take_fixed(&from, read.root.bytes, GB_HASH_SIZE);
    if (gb_decoder_end(&from, NULL) != GB_OK || read.receipt >= GB_N_RECEIPTS)
        return false;
    /* what this program would not have written is no leaf */
    struct gb_leaf again = gb_leaf_write(&read);
    if (again.n != n || memcmp(again.bytes, bytes, n) != 0)
        return false;
    *out = read;
    return true;
}

struct gb_hash gb_match_leaf(int64_t interval, uint32_t index, const struct gb_trade *trade)
{
    const int64_t words[] = {interval,
                             index,
                             trade->round,
                             trade->sell_order,
                             trade->buy_order,
                             trade->seller,
                             trade->buyer,
                             trade->source,
                             trade->energy.wh,
                             trade->price_buy.ticks,
                             trade->price_sell.ticks};
    uint8_t bytes[sizeof words];

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        gb_big_endian_u64(bytes + 8 * i, (uint64_t)words[i]);
    return gb_hash_bytes(GB_DOMAIN_TRADE, bytes, sizeof bytes);
}
