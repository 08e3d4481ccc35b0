/* A growing buffer of bytes and a reader over one, for the journal's encoding of records. */
#ifndef ANALYSIS_BYTES_PRIV_H
#define ANALYSIS_BYTES_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "base/status.h"

struct gb_bytes {
    uint8_t *items;
    size_t n, capacity;
    bool failed; /* memory ran out; what follows is dropped */
};

void gb_bytes_add(struct gb_bytes *bytes, const void *items, size_t n);

/* Encodes a record: trial, level, varied keys, then the rows field by field without padding. */
void gb_record_encode(const struct gb_record *record, struct gb_bytes *out);
/* Reads it back; GB_EFILE where the bytes are no encoding of a record. */
enum gb_status gb_record_decode(struct gb_record **out, const uint8_t *bytes, size_t n,
                                struct gb_error *err);

#endif
