#include "models/series/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

/* "UTF-16LE", "UTF-16BE", or NULL of 8-bit text. */
static const char *wide_name(const unsigned char *text, size_t n)
{
    size_t zeros[2] = {0, 0}, seen = n < 64 ? n & ~(size_t)1 : 64;

    if (n >= 2 && text[0] == 0xff && text[1] == 0xfe)
        return "UTF-16LE";
    if (n >= 2 && text[0] == 0xfe && text[1] == 0xff)
        return "UTF-16BE";
    for (size_t i = 0; i < seen; i++)
        zeros[i & 1] += text[i] == 0;
    if (seen < 8 || zeros[0] + zeros[1] < seen / 4)
        return NULL;
    return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

static enum gb_status to_utf8(const char *from, const char **text, size_t *n, char **owned,
                              const char *name, struct gb_error *err)
{
    size_t left = *n, room = 2 * *n + 4, size = room; /* two bytes become three at most */
    iconv_t converter = iconv_open("UTF-8", from);
    char *in = (char *)*text, *bytes = malloc(room), *out = bytes;

    if (!bytes || converter == (iconv_t)-1) {
        free(bytes);
        if (converter != (iconv_t)-1)
            iconv_close(converter);
        return gb_fail(err, GB_ENOMEM, "no memory to convert '%s' from UTF-16", name);
    }
    size_t done = iconv(converter, &in, &left, &out, &room);
    int reason = errno;
    iconv_close(converter);
    if (done == (size_t)-1 && !(reason == EINVAL && left < 4)) {
        free(bytes);
        return gb_fail(err, GB_EINPUT, "'%s': byte %zu is no UTF-16: save it as UTF-8", name,
                       (size_t)(in - *text) + 1);
    }
    *text = bytes;
    *owned = bytes;
    *n = size - room;
    return GB_OK;
}

enum gb_status gb_encoding_settle(const char **text, size_t *n, char **owned,
                                  struct gb_encoding *found, const char *name, struct gb_error *err)
{
    const char *wide = wide_name((const unsigned char *)*text, *n);

    *owned = NULL;
    *found = (struct gb_encoding){.is_utf16 = wide != NULL};
    if (wide) {
        enum gb_status status = to_utf8(wide, text, n, owned, name, err);
        if (status != GB_OK)
            return status;
    }
    if (*n >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {
        *text += 3;
        *n -= 3;
        found->has_mark = true;
    }
    return GB_OK;
}
