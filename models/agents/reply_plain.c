#include "models/agents/reply.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A line is read from front to back; each step returns where the next begins, or NULL where it met
 * what it does not know. */

static const char *pass_spaces(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* Behind a character and spaces about it. */
static const char *pass(const char *at, char expected)
{
    at = pass_spaces(at);
    return *at == expected ? pass_spaces(at + 1) : NULL;
}

static const char *pass_text(const char *at, const char *text)
{
    size_t n = strlen(text);

    return strncmp(at, text, n) == 0 ? at + n : NULL;
}

static const char *take_number(const char *at, double *out)
{
    const char *end = at + strspn(at, "0123456789+-.eE");
    char *behind;

    if (end == at)
        return NULL;
    *out = strtod(at, &behind);
    return behind == end && isfinite(*out) ? end : NULL;
}

/* Stores an element of an array. false where it may not be */
typedef bool storer(const struct gb_reply *reply, size_t i, double value, bool is_null);

static bool store_quote(const struct gb_reply *reply, size_t i, double value, bool is_null)
{
    if (is_null || fabs(value) * GB_REPLY_MILLION > GB_REPLY_MOST)
        return false;
    reply->quote[i] = llround(value * GB_REPLY_MILLION);
    return true;
}

static bool store_beta(const struct gb_reply *reply, size_t i, double value, bool is_null)
{
    if (!is_null && (value < 0 || value > 1))
        return false;
    reply->beta[i] = is_null ? -1 : (int32_t)llround(value * GB_REPLY_MILLION);
    return true;
}

static bool store_total(const struct gb_reply *reply, size_t i, double value, bool is_null)
{
    if (!is_null && (value < 0 || value > GB_REPLY_MOST || value != floor(value)))
        return false;
    if (!is_null)
        reply->total_wh[i] = llround(value);
    return true;
}

static const char *take_array(const struct gb_reply *reply, const char *at, storer *store)
{
    at = pass(at, '[');
    for (size_t i = 0; at && i < reply->n; i++) {
        double value = 0;
        const char *null = pass_text(at, "null");

        at = null ? null : take_number(at, &value);
        if (!at || !store(reply, i, value, null != NULL))
            return NULL;
        at = pass(at, i + 1 < reply->n ? ',' : ']');
    }
    return reply->n > 0 ? at : NULL;
}

static const char *take_id(const struct gb_reply *reply, const char *at)
{
    double id;

    at = take_number(at, &id);
    return at && fabs(id - (double)reply->id) < 0.5 ? pass_spaces(at) : NULL;
}

enum { ID = 1, QUOTE = 2, BETA = 4, TOTAL = 8 };

static const struct {
    const char *key;
    unsigned bit;
    storer *store; /* NULL: a number, the id */
} members[] = {{"\"id\"", ID, NULL},
               {"\"quote\"", QUOTE, store_quote},
               {"\"beta\"", BETA, store_beta},
               {"\"total_wh\"", TOTAL, store_total}};

static unsigned expected_of(const struct gb_reply *reply)
{
    return ID | (reply->quote ? QUOTE : 0) | (reply->beta ? BETA : 0) |
           (reply->total_wh ? TOTAL : 0);
}

static const char *take_member(const struct gb_reply *reply, const char *at, unsigned *seen)
{
    for (size_t m = 0; m < sizeof members / sizeof members[0]; m++) {
        const char *value = pass_text(at, members[m].key);

        if (!value)
            continue;
        if (*seen & members[m].bit || !(expected_of(reply) & members[m].bit))
            return NULL;
        *seen |= members[m].bit;
        value = pass(value, ':');
        if (!value)
            return NULL;
        return members[m].store ? take_array(reply, value, members[m].store)
                                : take_id(reply, value);
    }
    return NULL;
}

bool gb_reply_read_plain(const struct gb_reply *reply, const char *line)
{
    unsigned seen = 0, needed = ID | (reply->quote ? QUOTE : 0);
    const char *at = pass(line, '{');

    while (at && (at = take_member(reply, at, &seen)) && *at == ',')
        at = pass(at, ',');
    if (!at || *at != '}' || (seen & needed) != needed)
        return false;
    return *pass_spaces(at + 1) == '\0';
}
