#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

const char *gb_status_text(enum gb_status status)
{
    static const char *const texts[] = {
#define GB_STATUS_TEXT(name, text) text,
        GB_STATUS_LIST(GB_STATUS_TEXT)
#undef GB_STATUS_TEXT
    };

    return (size_t)status < sizeof texts / sizeof texts[0] ? texts[status] : "unknown status";
}

enum gb_status gb_fail(struct gb_error *err, enum gb_status status, const char *format, ...)
{
    va_list args;

    if (!err || err->status != GB_OK)
        return status;
    err->status = status;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return status;
}
