/* Units behind plain numbers: `8 kW`, `14 %`. */
#include <ctype.h>
#include <string.h>

#include "base/number.h"
#include "base/param_priv.h"

bool gb_param_has_unit(const struct gb_param *row)
{
    return row->kind < GB_PARAM_DURATION && row->unit && strcmp(row->unit, "1") != 0;
}

bool gb_param_is_unit_of(const struct gb_param *row, const char *name)
{
    static const struct {
        const char *unit, *sign;
    } signs[] = {{"percent", "%"},
                 {"degree", "\xc2\xb0"},
                 {"degC", "\xc2\xb0"
                          "C"},
                 {"degrees_north", "\xc2\xb0"},
                 {"degrees_east", "\xc2\xb0"}};

    if (!gb_param_has_unit(row))
        return false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(row->unit, signs[i].unit) == 0 && strcmp(name, signs[i].sign) == 0)
            return true;
    return strcmp(row->unit, name) == 0;
}

bool gb_param_part_unit(const char *text, char number[GB_PARAM_NUMBER_SIZE], const char **unit)
{
    size_t length = strspn(text, "+-.0123456789");

    if (length > 0 && (text[length] == 'e' || text[length] == 'E') &&
        strspn(text + length + 1, "+-0123456789") > 0)
        length += 1 + strspn(text + length + 1, "+-0123456789");
    *unit = gb_number_skip_blanks(text + length);
    if (length == 0 || length >= GB_PARAM_NUMBER_SIZE ||
        !(isalpha((unsigned char)**unit) || **unit == '%' || (unsigned char)**unit >= 0x80))
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    return true;
}
