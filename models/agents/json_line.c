#include "models/agents/json_line_priv.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quantity.h"

/* Where n more bytes may stand; NULL after a failure. */
static char *reserve(struct gb_json_line *line, size_t n)
{
    char *grown =
        line->has_failed ? NULL : gb_array_grow(line->bytes, &line->capacity, line->n + n, 1);

    if (!grown) {
        line->has_failed = true;
        return NULL;
    }
    line->bytes = grown;
    return grown + line->n;
}

static void end_at(struct gb_json_line *line, const char *end)
{
    line->n = (size_t)(end - line->bytes);
}

void gb_json_line_clear(struct gb_json_line *line)
{
    free(line->bytes);
    *line = (struct gb_json_line){0};
}

void gb_json_line_begin(struct gb_json_line *line, const char *text)
{
    line->n = 0;
    line->has_failed = false;
    gb_json_line_add(line, text);
}

void gb_json_line_add(struct gb_json_line *line, const char *text)
{
    char *out = reserve(line, strlen(text) + 1);

    if (out)
        end_at(line, gb_json_text(out, text));
}

void gb_json_line_format(struct gb_json_line *line, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(n >= 0 && (size_t)n < sizeof text);
    (void)n;
    gb_json_line_add(line, text);
}

void gb_json_line_column(struct gb_json_line *line, const char *key, gb_json_print *print,
                         size_t most, const void *column, size_t n)
{
    char *out = reserve(line, strlen(key) + sizeof ",\"\":[]" + n * (most + 1));

    if (!out)
        return;
    out = gb_json_text(gb_json_text(gb_json_text(out, ",\""), key), "\":[");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *out++ = ',';
        out = print(out, column, i);
    }
    *out++ = ']';
    end_at(line, out);
}

char *gb_json_text(char *out, const char *text)
{
    size_t n = strlen(text);

    memcpy(out, text, n);
    return out + n;
}

char *gb_json_decimal(char *out, int64_t value, int decimals)
{
    gb_format_decimal(value, decimals, out, GB_JSON_NUMBER);
    return out + strlen(out);
}
