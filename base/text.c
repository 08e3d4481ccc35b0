#include "config.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_FOPENCOOKIE

#include <sys/types.h>

#include "base/array.h"

/* Takes what the stream holds, always leaving capacity for the end of the text. */
static ssize_t take(void *cookie, const char *bytes, size_t n)
{
    struct gb_text *text = cookie;
    char *grown = gb_array_grow(text->bytes, &text->capacity, text->n + n + 1, 1);

    if (!grown) {
        text->failed = true;
        return 0;
    }
    text->bytes = grown;
    memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
    return (ssize_t)n;
}

static FILE *open_stream(struct gb_text *text)
{
    return fopencookie(text, "w", (cookie_io_functions_t){.write = take});
}

#else

static FILE *open_stream(struct gb_text *text)
{
    return open_memstream(&text->bytes, &text->n);
}

#endif

bool gb_text_open(struct gb_text *text)
{
    *text = (struct gb_text){0};
    text->stream = open_stream(text);
    return text->stream != NULL;
}

char *gb_text_close(struct gb_text *text)
{
    bool is_whole = text->stream && !ferror(text->stream);

    if (text->stream && fclose(text->stream) != 0)
        is_whole = false;
    if (is_whole && !text->failed && !text->bytes)
        text->bytes = calloc(1, 1); /* nothing was printed */
    if (!is_whole || text->failed || !text->bytes) {
        free(text->bytes);
        return NULL;
    }
#ifdef HAVE_FOPENCOOKIE
    text->bytes[text->n] = '\0';
#endif
    return text->bytes;
}

void gb_text_append(char *buffer, size_t size, const char *format, ...)
{
    size_t used = strlen(buffer);
    va_list args;

    va_start(args, format);
    vsnprintf(buffer + used, size - used, format, args);
    va_end(args);
}

const char *gb_text_word(const char *text, const char *ends, char *word, size_t size)
{
    static const char blanks[] = " \t";
    size_t length = 0;

    text += strspn(text, blanks);
    while (text[length] && !strchr(blanks, text[length]) && !strchr(ends, text[length]))
        length++;
    word[0] = '\0';
    if (length < size) {
        memcpy(word, text, length);
        word[length] = '\0';
    }
    return text + length + strspn(text + length, blanks);
}

/* Does a value go on behind its comma? */
static bool goes_on(const char *behind)
{
    size_t n = strcspn(behind, ",");

    return (*behind == ' ' || (*behind >= '0' && *behind <= '9')) && !memchr(behind, '=', n);
}

char *gb_text_condition_end(char *text)
{
    char *comma = strchr(text, ',');

    while (comma && goes_on(comma + 1))
        comma = strchr(comma + 1, ',');
    return comma;
}
