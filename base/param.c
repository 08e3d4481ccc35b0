#include "base/param.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/param_priv.h"
#include "base/quantity.h"
#include "base/text.h"

/* ---- what is true of each kind */

const struct gb_param_kind_facts gb_param_kinds[] = {
    [GB_PARAM_INTEGER] = {"a whole number", "", sizeof(int64_t), -1, 1},
    [GB_PARAM_NUMBER] = {"a number", "", sizeof(double), -1, 1},
    [GB_PARAM_MILLIONTHS] = {"a number", " with at most 6 decimals", sizeof(int64_t), 6, 1e6},
    [GB_PARAM_PRICE] = {"a price", " with at most 6 decimals", sizeof(struct gb_price), 6, 1e6},
    [GB_PARAM_MONEY] = {"an amount", " with at most 9 decimals", sizeof(struct gb_money), 9, 1e9},
    [GB_PARAM_ENERGY] = {"a whole number of Wh", "", sizeof(struct gb_energy), 0, 1},
    [GB_PARAM_DURATION] = {"a duration", " with its unit (ns, us, ms, s, min, h, d)",
                           sizeof(int64_t), -1, 1e9},
    [GB_PARAM_CALL] = {"one of", "", sizeof(struct gb_param_call), -1, 1},
    [GB_PARAM_CHOICE] = {"one of", "", sizeof(int32_t), -1, 1},
    [GB_PARAM_FLAG] = {"yes or no", "", sizeof(bool), -1, 1},
    [GB_PARAM_DATE] = {"a calendar date like 2023-06-01", "", sizeof(int64_t), -1, 1},
    [GB_PARAM_MEMBER] = {"one of", "", sizeof(const struct gb_member *), -1, 1},
    [GB_PARAM_WORDS] = {"one or more of", "", sizeof(uint32_t), -1, 1},
    [GB_PARAM_TEXT] = {"a text of one line and at most 511 bytes", "", GB_PARAM_TEXT_SIZE, -1, 1},
    [GB_PARAM_BLOCK] = {"a block of text", "", sizeof(char *), -1, 1},
};

/* ---- one value of any kind */

union value {
    int64_t integer;
    double number;
    int32_t choice;
    uint32_t words;
    bool flag;
    struct gb_param_call call;
    const struct gb_member *member;
    char text[GB_PARAM_TEXT_SIZE];
};

static bool parse_flag(const char *text, bool *out)
{
    bool is_yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;

    if (!is_yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
        return false;
    *out = is_yes;
    return true;
}

enum { MOST_WORDS = 64 }; /* of a row beside prices */

static bool parse_choice(const struct gb_param *row, const char *text, int32_t *out)
{
    for (int32_t i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0) {
            *out = i;
            return true;
        }
    return false;
}

/* A text of one line: it must survive the way into a stored scenario and back. */
static bool parse_text(const char *text, char *out)
{
    size_t length = strlen(text);

    if (length >= GB_PARAM_TEXT_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    memset(out, 0, GB_PARAM_TEXT_SIZE); /* the same text is the same bytes */
    memcpy(out, text, length);
    return true;
}

static bool parse_word(const struct gb_param *row, const char *text, union value *out)
{
    int32_t word;

    if (!gb_param_has_words(row) || !parse_choice(row, text, &word))
        return false;
    if (row->kind == GB_PARAM_NUMBER)
        out->number = -1 - word;
    else if (row->kind == GB_PARAM_PRICE)
        out->integer = GB_PARAM_PRICE_WORD + word;
    else
        out->integer = -1 - (int64_t)word;
    return true;
}

/* Does the value lie where the words of a row live? */
static bool is_in_words(const struct gb_param *row, const union value *value)
{
    if (!gb_param_has_words(row))
        return false;
    switch (row->kind) {
    case GB_PARAM_NUMBER: return value->number < 0;
    case GB_PARAM_PRICE: return value->integer < GB_PARAM_PRICE_WORD + MOST_WORDS;
    default: return value->integer < 0;
    }
}

/* Number of the word that is stored. */
static int64_t word_number(const struct gb_param *row, const union value *value)
{
    switch (row->kind) {
    case GB_PARAM_NUMBER: return -1 - (int64_t)value->number;
    case GB_PARAM_PRICE: return value->integer - GB_PARAM_PRICE_WORD;
    default: return -1 - value->integer;
    }
}

/* A bound as an integer: compared as doubles, 2^53 + 1 would equal 2^53. */
static int64_t whole(double bound)
{
    return bound >= 0x1p63 ? INT64_MAX : bound <= -0x1p63 ? INT64_MIN : (int64_t)llrint(bound);
}

static bool is_in_range(const struct gb_param *row, const union value *value)
{
    if (is_in_words(row, value))
        return false;
    if (!gb_param_has_range(row))
        return true;
    if (row->kind == GB_PARAM_NUMBER)
        return value->number >= row->minimum && value->number <= row->maximum;
    double scale = gb_param_kinds[row->kind].scale;
    return value->integer >= whole(row->minimum * scale) &&
           value->integer <= whole(row->maximum * scale);
}

static bool parse_value(const struct gb_param *row, const char *text, union value *out)
{
    char wrong[GB_PARAM_NUMBER_SIZE];

    switch (row->kind) {
    case GB_PARAM_INTEGER: return gb_number_parse_integer(text, &out->integer);
    case GB_PARAM_NUMBER: return gb_number_parse(text, &out->number);
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE:
    case GB_PARAM_MONEY:
    case GB_PARAM_ENERGY:
        return gb_parse_decimal(text, gb_param_kinds[row->kind].decimals, &out->integer);
    case GB_PARAM_DURATION: return gb_duration_parse(text, &out->integer);
    case GB_PARAM_CHOICE: return parse_choice(row, text, &out->choice);
    case GB_PARAM_FLAG: return parse_flag(text, &out->flag);
    case GB_PARAM_DATE: return gb_date_parse(text, &out->integer);
    case GB_PARAM_WORDS: return gb_param_parse_words(row, text, &out->words, wrong, sizeof wrong);
    case GB_PARAM_TEXT: return parse_text(text, out->text);
    case GB_PARAM_CALL:
    case GB_PARAM_MEMBER: /* these ask the extensions: parse_member, parse_call */
    case GB_PARAM_BLOCK: break;
    }
    assert(!"a kind of parameter without a parser");
    return false;
}

static bool parse_plain(const struct gb_param *row, const char *text, union value *out)
{
    char number[GB_PARAM_NUMBER_SIZE];
    const char *unit;
    bool has_its_unit = row->kind < GB_PARAM_DURATION && gb_param_part_unit(text, number, &unit) &&
                        gb_param_is_unit_of(row, unit);

    return parse_word(row, text, out) ||
           (parse_value(row, has_its_unit ? number : text, out) && is_in_range(row, out));
}

static void store(const struct gb_param *row, const union value *value, void *base)
{
    memcpy((char *)base + row->offset, value, gb_param_kinds[row->kind].size);
}

/* ---- a member with arguments */

enum { WORD_SIZE = 32 };

/* Moves the next blank-separated word from *cursor into `word`; false at the end or if too long. */
static bool take_word(const char **cursor, char word[WORD_SIZE])
{
    const char *start = *cursor + strspn(*cursor, " \t");
    size_t length = strcspn(start, " \t");

    if (length == 0 || length >= WORD_SIZE)
        return false;
    memcpy(word, start, length);
    word[length] = '\0';
    *cursor = start + length;
    return true;
}

/* `100 ms` are two words, `100ms` is one. */
static bool take_argument(const char **cursor, const struct gb_param *row, void *config)
{
    char word[WORD_SIZE], next[WORD_SIZE], both[2 * WORD_SIZE];
    union value value;
    const char *behind;

    if (!take_word(cursor, word))
        return false;
    behind = *cursor;
    if (!parse_plain(row, word, &value)) {
        if (!take_word(&behind, next))
            return false;
        snprintf(both, sizeof both, "%s %s", word, next);
        if (!parse_plain(row, both, &value))
            return false;
        *cursor = behind;
    }
    store(row, &value, config);
    return true;
}

static bool take_arguments(const char *cursor, struct gb_param_call *call)
{
    for (const struct gb_param *row = call->member->params; row && row->key; row++)
        if (!take_argument(&cursor, row, call->arguments))
            return false;
    return cursor[strspn(cursor, " \t")] == '\0';
}

/* why  what is expected of arguments that do not go together; else left alone */
static bool parse_call(const struct gb_extensions *extensions, const struct gb_param *row,
                       const char *text, struct gb_param_call *out, const char **why)
{
    const char *cursor = text;
    char name[WORD_SIZE];

    memset(out, 0, sizeof *out);
    out->member = take_word(&cursor, name) ? gb_family_find(row->family, extensions, name) : NULL;
    if (!out->member || !take_arguments(cursor, out))
        return false;
    *why = out->member->check ? out->member->check(out->arguments) : NULL;
    return !*why;
}

char *gb_param_example(const struct gb_member *member, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", member->name);
    for (const struct gb_param *row = member->params; row && row->key; row++)
        gb_text_append(buffer, size, " %s", row->default_text);
    return buffer;
}

static void format_call(const struct gb_param *row, const struct gb_param_call *call, char *buffer,
                        size_t size)
{
    const struct gb_member *member = call->member ? call->member : row->family->members[0];
    char argument[128];

    snprintf(buffer, size, "%s", member->name);
    for (const struct gb_param *of = member->params; of && of->key; of++)
        gb_text_append(buffer, size, " %s",
                       gb_param_format(of, call->arguments, argument, sizeof argument));
}

static size_t n_choices(const struct gb_param *row)
{
    size_t n = 0;

    while (row->choices[n])
        n++;
    return n;
}

/* Is the value one that its row lets be written? */
static bool is_sound(const struct gb_param *row, const union value *value)
{
    if (gb_param_has_words(row) && is_in_words(row, value))
        return word_number(row, value) < (int64_t)n_choices(row);
    switch (row->kind) {
    case GB_PARAM_CHOICE: return value->choice >= 0 && (size_t)value->choice < n_choices(row);
    case GB_PARAM_MEMBER: return value->member != NULL;
    case GB_PARAM_WORDS: return value->words != 0 && value->words >> n_choices(row) == 0;
    default: return is_in_range(row, value);
    }
}

/* ---- the interface */

bool gb_param_parse_with(const struct gb_extensions *extensions, const struct gb_param *row,
                         const char *text, void *base, char *why, size_t why_size)
{
    union value value;
    const char *expected = NULL;
    bool is_good;

    if (row->kind == GB_PARAM_CALL)
        is_good = parse_call(extensions, row, text, &value.call, &expected);
    else if (row->kind == GB_PARAM_MEMBER)
        is_good = (value.member = gb_family_find(row->family, extensions, text)) != NULL;
    else
        is_good = parse_plain(row, text, &value);
    if (is_good)
        store(row, &value, base);
    else if (expected)
        snprintf(why, why_size, "expected %s, got '%s'", expected, text);
    else
        gb_param_explain(extensions, row, text, why, why_size);
    return is_good;
}

bool gb_param_parse(const struct gb_param *row, const char *text, void *base, char *why,
                    size_t why_size)
{
    return gb_param_parse_with(NULL, row, text, base, why, why_size);
}

char *gb_param_format(const struct gb_param *row, const void *base, char *buffer, size_t size)
{
    union value value;

    memcpy(&value, (const char *)base + row->offset, gb_param_kinds[row->kind].size);
    if (is_in_words(row, &value)) {
        snprintf(buffer, size, "%s", row->choices[word_number(row, &value)]);
        return buffer;
    }
    switch (row->kind) {
    case GB_PARAM_INTEGER: snprintf(buffer, size, "%" PRId64, value.integer); break;
    case GB_PARAM_NUMBER: gb_number_format(value.number, buffer, size); break;
    case GB_PARAM_MILLIONTHS:
    case GB_PARAM_PRICE:
    case GB_PARAM_MONEY:
    case GB_PARAM_ENERGY:
        gb_format_decimal(value.integer, gb_param_kinds[row->kind].decimals, buffer, size);
        break;
    case GB_PARAM_DURATION: gb_duration_format(value.integer, buffer, size); break;
    case GB_PARAM_CALL: format_call(row, &value.call, buffer, size); break;
    case GB_PARAM_CHOICE: snprintf(buffer, size, "%s", row->choices[value.choice]); break;
    case GB_PARAM_FLAG: snprintf(buffer, size, "%s", value.flag ? "yes" : "no"); break;
    case GB_PARAM_MEMBER: snprintf(buffer, size, "%s", value.member->name); break;
    case GB_PARAM_DATE: gb_date_format(value.integer, buffer, size); break;
    case GB_PARAM_WORDS: gb_param_format_words(row, value.words, buffer, size); break;
    case GB_PARAM_TEXT: snprintf(buffer, size, "%s", value.text); break;
    case GB_PARAM_BLOCK: assert(!"a block is no text of one line");
    }
    return buffer;
}

bool gb_param_is_at_default(const struct gb_param *row, const void *base)
{
    char value[GB_PARAM_TEXT_SIZE];

    return strcmp(gb_param_format(row, base, value, sizeof value), row->default_text) == 0;
}

void gb_param_copy(const struct gb_param *to, void *to_base, const struct gb_param *from,
                   const void *from_base)
{
    assert(to->kind == from->kind && to->kind != GB_PARAM_BLOCK);
    memcpy((char *)to_base + to->offset, (const char *)from_base + from->offset,
           gb_param_kinds[to->kind].size);
}

void gb_param_defaults(const struct gb_param *table, void *base)
{
    char why[512];

    for (const struct gb_param *row = table; row && row->key; row++) {
        bool is_good = gb_param_parse(row, row->default_text, base, why, sizeof why);
        assert(is_good && "a default of a parameter table does not parse");
        (void)is_good;
    }
}

bool gb_param_is_sound(const struct gb_param *table, const void *base)
{
    union value value;

    for (const struct gb_param *row = table; row && row->key; row++) {
        memcpy(&value, (const char *)base + row->offset, gb_param_kinds[row->kind].size);
        if (!is_sound(row, &value))
            return false;
    }
    return true;
}

const struct gb_param *gb_param_find(const struct gb_param *table, const char *key)
{
    for (const struct gb_param *row = table; row && row->key; row++)
        if (strcmp(row->key, key) == 0)
            return row;
    return NULL;
}
