#include "base/utf8.h"

uint32_t gb_utf8_decode(const unsigned char *text, size_t *length)
{
    uint32_t c = text[0];
    size_t n = c < 0x80                ? 1
               : c >= 0xc2 && c < 0xe0 ? 2
               : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xf0 && c < 0xf5 ? 4
                                       : 0;

    if (n == 0)
        return 0;
    c = n == 1 ? c : c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (text[i] & 0x3f);
    }
    *length = n;
    return (n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ? 0 : c;
}

static bool is_plain(uint32_t c, bool lines)
{
    if (c == '\t' || c == '\n' || c == '\r')
        return lines;
    return c >= ' ' && (c < 0x7f || c > 0x9f) && c != 0x2028 && c != 0x2029 &&
           (c < 0xd800 || c > 0xdfff) && c < 0x110000;
}

bool gb_utf8_is_plain(const char *text, bool lines)
{
    size_t length = 1;

    for (; *text; text += length)
        if (!is_plain(gb_utf8_decode((const unsigned char *)text, &length), lines))
            return false;
    return true;
}
