/* The encoding of a record as bytes, for journals and for messages between processes. */
#ifndef ANALYSIS_RECORD_BYTES_H
#define ANALYSIS_RECORD_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "base/bytes.h"
#include "base/status.h"

/* Encodes a record: trial, level, varied keys, then the rows field by field without padding. */
void gb_record_encode(const struct gb_record *record, struct gb_bytes *out);
/* Reads it back; GB_EFILE where the bytes are no encoding of a record. */
enum gb_status gb_record_decode(struct gb_record **out, const uint8_t *bytes, size_t n,
                                struct gb_error *err);

#endif
