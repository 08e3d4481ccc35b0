#include "analysis/hdf5_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gb_hdf5_has_memory(size_t n)
{
    void *volatile reserve = malloc(n); /* a compiler may believe in any other */

    free(reserve);
    return reserve != NULL;
}

enum gb_status gb_hdf5_start(const char *path, struct gb_error *err)
{
    errno = 0; /* ENOMEM, from here on, is of an allocation in it */
    /* what it would tidy up at exit is memory, and where that is short it crashes over it */
    H5dont_atexit();
    if (!gb_hdf5_has_memory(GB_HDF5_RESERVE) || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0)
        return gb_fail(err, GB_ENOMEM, "no memory for HDF5, which '%s' needs", path);
    return GB_OK;
}

struct reason {
    char *buffer;
    size_t size;
};

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

/* "errno = 5, error message = ..." wherever a system call failed. What a damaged file asks for, say
 * a read at an impossible place, is not the system's fault. */
static herr_t keep_errno(unsigned n, const H5E_error2_t *error, void *context)
{
    const char *at = error->desc ? strstr(error->desc, "errno = ") : NULL;
    int *reason = context;

    (void)n;
    if (at && *reason == 0)
        *reason = atoi(at + strlen("errno = "));
    return 0;
}

int gb_hdf5_errno(void)
{
    int reason = 0;

    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_errno, &reason);
    return reason == EINVAL || reason == EOVERFLOW || reason == EFBIG ? 0 : reason;
}

static herr_t keep_lack(unsigned n, const H5E_error2_t *error, void *context)
{
    bool *lacks = context;

    (void)n;
    *lacks = *lacks || (error->maj_num == H5E_RESOURCE &&
                        (error->min_num == H5E_NOSPACE || error->min_num == H5E_CANTALLOC));
    return 0;
}

bool gb_hdf5_lacks_memory(void)
{
    bool lacks = false;

    if (errno == ENOMEM)
        return true; /* it may have lacked what it takes to say so */
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_lack, &lacks);
    return lacks;
}

hid_t gb_hdf5_file_type(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_INDEX: return H5T_STD_U32LE;
    case GB_FIELD_FLAG:
    case GB_FIELD_HASH: return H5T_STD_U8LE;
    case GB_FIELD_NUMBER: return H5T_IEEE_F64LE;
    default: return H5T_STD_I64LE;
    }
}

hid_t gb_hdf5_memory_type(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_INDEX: return H5T_NATIVE_UINT32;
    case GB_FIELD_FLAG:
    case GB_FIELD_HASH: return H5T_NATIVE_UINT8;
    case GB_FIELD_NUMBER: return H5T_NATIVE_DOUBLE;
    default: return H5T_NATIVE_INT64;
    }
}

hid_t gb_hdf5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}
