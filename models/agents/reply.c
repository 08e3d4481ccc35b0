#include "models/agents/reply.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#define SHOWN "%.80s"

struct reading {
    const struct gb_reply *reply;
    const char *line;
    char *why;
    size_t why_size;
    yaml_parser_t parser;
    yaml_event_t event; /* the last one */
    bool has_id, has_quote;
};

/* ---- what is wrong */

static bool refuse(struct reading *reading, const char *expected)
{
    snprintf(reading->why, reading->why_size, "expected %s, got: " SHOWN "%s", expected,
             reading->line, strlen(reading->line) > 80 ? " ..." : "");
    return false;
}

static bool refuse_element(struct reading *reading, const char *key, size_t i, const char *got)
{
    snprintf(reading->why, reading->why_size,
             "%s[%zu]: expected a number%s, got '%.40s', in: " SHOWN, key, i,
             strcmp(key, "beta") == 0       ? " from 0 to 1 or null"
             : strcmp(key, "total_wh") == 0 ? " of whole Wh from 0 on or null"
                                            : "",
             got, reading->line);
    return false;
}

/* ---- events */

static bool next(struct reading *reading)
{
    yaml_event_delete(&reading->event);
    if (yaml_parser_parse(&reading->parser, &reading->event))
        return true;
    reading->event.type = YAML_NO_EVENT;
    return refuse(reading, "a line of JSON like {\"id\": 7, \"quote\": [0.51, 0.48]}");
}

static bool is_at(const struct reading *reading, yaml_event_type_t type)
{
    return reading->event.type == type;
}

/* The n-th event from here. */
static bool skip(struct reading *reading, int n)
{
    bool is_good = true;

    while (is_good && n-- > 0)
        is_good = next(reading);
    return is_good;
}

static const char *scalar(const struct reading *reading)
{
    return is_at(reading, YAML_SCALAR_EVENT) ? (const char *)reading->event.data.scalar.value : "";
}

static bool is_plain(const struct reading *reading)
{
    return is_at(reading, YAML_SCALAR_EVENT) &&
           reading->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* The number that the last event is, as JSON writes numbers. */
static bool number(const struct reading *reading, double *out)
{
    const char *text = scalar(reading);
    char *end;

    if (!is_plain(reading) || !text[0] || text[strspn(text, "0123456789+-.eE")])
        return false;
    *out = strtod(text, &end);
    return !*end && isfinite(*out);
}

/* ---- parts of a reply */

static bool is_null(const struct reading *reading)
{
    return is_plain(reading) && strcmp(scalar(reading), "null") == 0;
}

static bool take_quote(struct reading *reading, size_t i)
{
    double value;

    if (!number(reading, &value) || fabs(value) * GB_REPLY_MILLION > GB_REPLY_MOST)
        return refuse_element(reading, "quote", i, scalar(reading));
    reading->reply->quote[i] = llround(value * GB_REPLY_MILLION);
    return true;
}

static bool take_beta(struct reading *reading, size_t i)
{
    double value;

    if (is_null(reading)) {
        reading->reply->beta[i] = -1;
        return true;
    }
    if (!number(reading, &value) || value < 0 || value > 1)
        return refuse_element(reading, "beta", i, scalar(reading));
    reading->reply->beta[i] = (int32_t)llround(value * GB_REPLY_MILLION);
    return true;
}

static bool take_total(struct reading *reading, size_t i)
{
    double value;

    if (is_null(reading))
        return true;
    if (!number(reading, &value) || value < 0 || value > GB_REPLY_MOST || value != floor(value))
        return refuse_element(reading, "total_wh", i, scalar(reading));
    reading->reply->total_wh[i] = llround(value);
    return true;
}

static bool take_array(struct reading *reading, const char *key,
                       bool (*take_element)(struct reading *, size_t))
{
    size_t n = 0, expected = reading->reply->n;
    char what[64];

    snprintf(what, sizeof what, "%s with %zu numbers, one an order", key, expected);
    if (!next(reading))
        return false;
    if (!is_at(reading, YAML_SEQUENCE_START_EVENT))
        return refuse(reading, what);
    for (; next(reading) && !is_at(reading, YAML_SEQUENCE_END_EVENT); n++)
        if (n == expected)
            return refuse(reading, what);
        else if (!take_element(reading, n))
            return false;
    if (!is_at(reading, YAML_SEQUENCE_END_EVENT))
        return false;
    return n == expected || refuse(reading, what);
}

static bool take_id(struct reading *reading)
{
    char what[64];
    double id;

    snprintf(what, sizeof what, "the id %" PRId64 " of what it was sent last", reading->reply->id);
    if (!next(reading))
        return false;
    reading->has_id = number(reading, &id) && fabs(id - (double)reading->reply->id) < 0.5;
    return reading->has_id || refuse(reading, what);
}

static bool take_observe(struct reading *reading)
{
    bool is_true;

    if (!next(reading))
        return false;
    is_true = is_plain(reading) && strcmp(scalar(reading), "true") == 0;
    *reading->reply->observe = is_true;
    return is_true || (is_plain(reading) && strcmp(scalar(reading), "false") == 0) ||
           refuse(reading, "observe to be true or false");
}

/* The process itself says that it cannot go on. */
static bool take_error(struct reading *reading)
{
    if (next(reading))
        snprintf(reading->why, reading->why_size, "it replied with the error: %.400s",
                 scalar(reading));
    return false;
}

static bool take_member(struct reading *reading)
{
    char key[16];

    snprintf(key, sizeof key, "%s", scalar(reading));
    if (strcmp(key, "id") == 0)
        return take_id(reading);
    if (strcmp(key, "error") == 0)
        return take_error(reading);
    if (strcmp(key, "quote") == 0 && reading->reply->quote)
        return reading->has_quote = take_array(reading, key, take_quote);
    if (strcmp(key, "beta") == 0 && reading->reply->beta)
        return take_array(reading, key, take_beta);
    if (strcmp(key, "total_wh") == 0 && reading->reply->total_wh)
        return take_array(reading, key, take_total);
    if (strcmp(key, "observe") == 0 && reading->reply->observe)
        return take_observe(reading);
    return refuse(reading, reading->reply->beta ? "only the keys id, quote and beta, or error"
                           : reading->reply->total_wh
                               ? "only the keys id, quote and total_wh, or error"
                               : "only the keys id and observe, or error");
}

static bool take_members(struct reading *reading)
{
    while (next(reading) && !is_at(reading, YAML_MAPPING_END_EVENT))
        if (!take_member(reading))
            return false;
    if (!is_at(reading, YAML_MAPPING_END_EVENT))
        return false;
    if (!reading->has_id)
        return refuse(reading, "an id");
    if (reading->reply->quote && !reading->has_quote)
        return refuse(reading, "a quote");
    return skip(reading, 2) && /* of the document and of the stream */
           (is_at(reading, YAML_STREAM_END_EVENT) || refuse(reading, "one JSON object a line"));
}

static bool read_line(struct reading *reading)
{
    if (!skip(reading, 3)) /* stream, document, what it holds */
        return false;
    if (!is_at(reading, YAML_MAPPING_START_EVENT) ||
        reading->event.data.mapping_start.style != YAML_FLOW_MAPPING_STYLE)
        return refuse(reading, "a JSON object like {\"id\": 7, \"quote\": [0.51, 0.48]}");
    return take_members(reading);
}

bool gb_reply_read(const struct gb_reply *reply, const char *line, char *why, size_t why_size)
{
    struct reading reading = {.reply = reply, .line = line, .why = why, .why_size = why_size};

    if (gb_reply_read_plain(reply, line))
        return true;
    if (!yaml_parser_initialize(&reading.parser)) {
        snprintf(why, why_size, "no memory to read its reply");
        return false;
    }
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)line, strlen(line));
    bool is_good = read_line(&reading);
    yaml_event_delete(&reading.event);
    yaml_parser_delete(&reading.parser);
    return is_good;
}
