/* Replies of a process, one line of JSON each:
 *     {"id": 0, "observe": false}
 *     {"id": 7, "quote": [0.51, 0.48], "beta": [0.1, null]}
 *     {"id": 8, "quote": [0.52], "total_wh": [null]}
 * Every JSON is YAML in its flow style, so libyaml reads it; what is YAML alone is refused. */
#ifndef MODELS_AGENTS_REPLY_H
#define MODELS_AGENTS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GB_REPLY_MILLION 1e6
#define GB_REPLY_MOST 1e12 /* ticks or Wh, far beyond any band or order */

/* What a reply has to say; arrays it may leave out are NULL. */
struct gb_reply {
    int64_t id;        /* expected */
    size_t n;          /* numbers in each array */
    int64_t *quote;    /* out: in 1e-6; NULL: none is expected */
    int32_t *beta;     /* out where it is given, null as -1; NULL: none may be */
    int64_t *total_wh; /* out where it is given and not null; NULL: none may be */
    bool *observe;     /* out where it is given; NULL: it may not be */
};

/* Reads a line. false with what came and what was expected in `why`; what is out may be changed */
bool gb_reply_read(const struct gb_reply *reply, const char *line, char *why, size_t why_size);
/* The same of a line as programs print it as a rule, without libyaml, which takes ten times as
 * long: members in any order, each once, numbers and nulls. false where it is anything else, right
 * or wrong: nothing is said of it. */
bool gb_reply_read_plain(const struct gb_reply *reply, const char *line);

#endif
