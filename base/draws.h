/* Where the draws of a trial come from: its seed, its replication, and which kinds of draws are
 * redrawn from one replication to the next. Those that are kept are replication 0's in all of them,
 * so that what a sweep's intervals extend over can be chosen: over households and behaviour, given
 * one weather. */
#ifndef BASE_DRAWS_H
#define BASE_DRAWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/random.h"

/* Every purpose of a trial is of one kind: base/purposes.def. */
enum gb_draw_kind {
    GB_DRAWS_WEATHER,    /* clouds, wind and what forecasts believe of them */
    GB_DRAWS_HOUSEHOLDS, /* who owns what, and what they consume */
    GB_DRAWS_BEHAVIOUR,  /* reserves, quotes, reaction times */
    GB_DRAWS_CHAIN,      /* delays, retries, keys */
    GB_N_DRAW_KINDS      /* of a purpose: it is no part of a trial */
};

extern const char *const gb_draw_kinds[GB_N_DRAW_KINDS + 1]; /* their names, behind them NULL */

#define GB_ALL_DRAWS ((UINT32_C(1) << GB_N_DRAW_KINDS) - 1) /* a set of kinds: bit k for kind k */

/* A set of kinds as text, `[households, chain]`: a row over one uint32_t. */
extern const struct gb_param gb_draws_row;

struct gb_draws {
    uint64_t seed;
    uint32_t replication;
    uint32_t kept; /* set of kinds that are replication 0's */
};

enum gb_draw_kind gb_purpose_kind(enum gb_purpose purpose);
bool gb_draws_are_kept(struct gb_draws draws, enum gb_draw_kind kind);
/* The replication that draws of this kind are of. */
uint32_t gb_draws_replication(struct gb_draws draws, enum gb_draw_kind kind);
/* The key of a trial's purpose. */
struct gb_key gb_draws_key(struct gb_draws draws, enum gb_purpose purpose);
#define GB_DRAWS_TEXT_SIZE 128
/* What an interval over replications extends over: "over households and behaviour, given this
 * weather and this chain". returns buffer, at least GB_DRAWS_TEXT_SIZE bytes
 * redrawn  a set of kinds, not empty */
char *gb_draws_describe(uint32_t redrawn, char *buffer, size_t size);

#endif
