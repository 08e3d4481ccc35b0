#include "analysis/hdf5_priv.h"

#include <stdio.h>
#include <string.h>

void gb_hdf5_silence(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

struct reason { char *buffer; size_t size; };

/* Keeps the innermost error; where a system call failed it holds "error message = '...'". */
static herr_t keep_innermost(unsigned n, const H5E_error2_t *error, void *context)
{
    struct reason *reason = context;
    const char *text = error->desc ? error->desc : "unknown error";
    const char *system = strstr(text, "error message = '");

    if (n > 0)
        return 0;
    if (system) {
        text = system + strlen("error message = '");
        snprintf(reason->buffer, reason->size, "%.*s", (int)strcspn(text, "'"), text);
    } else
        snprintf(reason->buffer, reason->size, "%s", text);
    return 0;
}

const char *gb_hdf5_reason(char *buffer, size_t size)
{
    struct reason reason = {buffer, size};

    snprintf(buffer, size, "unknown error");
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &reason);
    return buffer;
}

hid_t gb_hdf5_file_type(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_INDEX:
        return H5T_STD_U32LE;
    case GB_FIELD_FLAG:
    case GB_FIELD_HASH:
        return H5T_STD_U8LE;
    case GB_FIELD_NUMBER:
        return H5T_IEEE_F64LE;
    default:
        return H5T_STD_I64LE;
    }
}

hid_t gb_hdf5_memory_type(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_INDEX:
        return H5T_NATIVE_UINT32;
    case GB_FIELD_FLAG:
    case GB_FIELD_HASH:
        return H5T_NATIVE_UINT8;
    case GB_FIELD_NUMBER:
        return H5T_NATIVE_DOUBLE;
    default:
        return H5T_NATIVE_INT64;
    }
}

hid_t gb_hdf5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}
