#include "analysis/hdf5_in_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "analysis/hdf5_priv.h"
#include "analysis/hdf5_unpack.h"
#include "base/holder.h"
#include "base/utf8.h"

/* ---- opening */

/* Where HDF5's signature stands: at the beginning, or at 512, 1024, 2048, ...
 * returns its place in the file, -1 where there is none, or -2 with errno
 * source  HDF5 File Format Specification 3.0, II.A */
static off_t find_signature(int file, off_t size)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    char bytes[sizeof signature];

    for (off_t at = 0; at + (off_t)sizeof bytes <= size; at = at == 0 ? 512 : 2 * at) {
        ssize_t got = pread(file, bytes, sizeof bytes, at);

        if (got < 0)
            return -2;
        if (got == (ssize_t)sizeof bytes && memcmp(bytes, signature, sizeof bytes) == 0)
            return at;
    }
    return -1;
}

/* Is the file there, regular, readable and HDF5? What is not is named before HDF5 sees it. */
static enum gb_status look_at(struct gb_hdf5_in *in, struct gb_error *err)
{
    int file = open(in->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    off_t found = -2;
    struct stat about = {0};
    enum gb_status status = GB_OK;

    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        found = find_signature(file, about.st_size);
    if (file < 0 || (S_ISREG(about.st_mode) && found == -2)) {
        in->system_error = errno;
        status = gb_fail(err, GB_EFILE, "cannot %s the result '%s': %s", file < 0 ? "open" : "read",
                         in->path, strerror(errno));
    } else if (!S_ISREG(about.st_mode))
        status = gb_fail(err, GB_EFILE, "cannot read the result '%s': it is %s", in->path,
                         S_ISDIR(about.st_mode) ? "a folder" : "no regular file");
    else if (found < 0)
        status = gb_fail(err, GB_EFILE, "'%s' is not an HDF5 file", in->path);
    in->n_bytes = (uint64_t)about.st_size;
    in->base = found > 0 ? (uint64_t)found : 0;
    if (file >= 0)
        close(file);
    return status;
}

/* Opens it with HDF5's lock, which keeps writers out; without one where the file system has none.
 */
static hid_t open_locked(const char *path, bool with_lock)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), file;

#if H5_VERSION_GE(1, 10, 7)
    H5Pset_file_locking(access, with_lock, true);
#else
    (void)with_lock;
#endif
    file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file >= 0)
        H5Pclose(access); /* else later: the cause must still be told */
    return file;
}

/* Does this say that the file system knows no locks? */
static bool is_without_locks(int reason)
{
    return reason == ENOLCK || reason == ENOSYS || reason == EOPNOTSUPP;
}

static enum gb_status fail_to_open(struct gb_hdf5_in *in, const char *path, struct gb_error *err)
{
    int reason = in->system_error = gb_hdf5_errno();
    char text[256];

    if (reason == EAGAIN || reason == EWOULDBLOCK)
        return gb_fail(err, GB_EFILE,
                       "'%s' is locked: %s has it open to write; close it there, or "
                       "set HDF5_USE_FILE_LOCKING=FALSE to read it as it stands",
                       path, gb_holder_of(path, text, sizeof text));
    if (is_without_locks(reason))
        return gb_fail(err, GB_EFILE,
                       "cannot open the result '%s': its file system has no locks, and HDF5 wants "
                       "one; set HDF5_USE_FILE_LOCKING=FALSE to read it without",
                       path);
    if (reason != 0)
        return gb_fail(err, GB_EFILE, "cannot open the result '%s': %s", path, strerror(reason));
    if (gb_hdf5_lacks_memory())
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", path);
    return gb_fail(err, GB_EFILE, "'%s' is a damaged or truncated HDF5 file (%s)", path,
                   gb_hdf5_reason(text, sizeof text));
}

enum gb_status gb_hdf5_open(struct gb_hdf5_in *in, const char *path, struct gb_error *err)
{
    *in = (struct gb_hdf5_in){.path = path};
    enum gb_status status = look_at(in, err);

    if (status == GB_OK)
        status = gb_hdf5_start(path, err);
    if (status != GB_OK)
        return status;
    in->file = open_locked(path, true);
    if (in->file < 0 && is_without_locks(gb_hdf5_errno()))
        in->file = open_locked(path, false);
    if (in->file < 0)
        status = fail_to_open(in, path, err);
    return status;
}

void gb_hdf5_in_close(struct gb_hdf5_in *in)
{
    if (in->file > 0)
        H5Fclose(in->file);
    in->file = 0;
    gb_hdf5_unpacker_free(in->unpacker);
    in->unpacker = NULL;
    free(in->heaps.checked);
    in->heaps = (struct gb_hdf5_heaps){0};
}

enum gb_status gb_hdf5_damaged(struct gb_hdf5_in *in, struct gb_error *err, const char *format, ...)
{
    int reason = in->system_error = gb_hdf5_errno();
    char what[768];
    va_list args;

    if (gb_hdf5_lacks_memory())
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", in->path);
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (reason != 0)
        return gb_fail(err, GB_EFILE, "cannot read '%s': %s (%s)", in->path, strerror(reason),
                       what);
    return gb_fail(err, GB_EFILE,
                   "'%s' is a damaged or incomplete gridbourse result, or one of "
                   "another version: %s; run it again",
                   in->path, what);
}

/* ---- what stands under a name */

enum gb_status gb_hdf5_check_link(struct gb_hdf5_in *in, hid_t group, const char *where,
                                  const char *name, struct gb_error *err)
{
    H5L_info_t info;
    htri_t is_there = H5Lexists(group, name, H5P_DEFAULT);

    if (is_there == 0)
        return gb_hdf5_damaged(in, err, "%s/%s is missing", where, name);
    if (is_there < 0 || H5Lget_info(group, name, &info, H5P_DEFAULT) < 0)
        return gb_hdf5_damaged(in, err, "%s/%s cannot be found", where, name);
    if (info.type != H5L_TYPE_HARD)
        return gb_hdf5_damaged(in, err,
                               "%s/%s is a link to something else; expected it in the file "
                               "itself",
                               where, name);
    return GB_OK;
}

enum gb_status gb_hdf5_open_group(hid_t *out, struct gb_hdf5_in *in, const char *name,
                                  struct gb_error *err)
{
    enum gb_status status = gb_hdf5_check_link(in, in->file, "", name, err);

    if (status != GB_OK)
        return status;
    hid_t group = H5Gopen2(in->file, name, H5P_DEFAULT);
    if (group < 0)
        return gb_hdf5_damaged(in, err, "/%s is no group", name);
    *out = group;
    return GB_OK;
}

enum gb_status gb_hdf5_integer(int64_t *out, struct gb_hdf5_in *in, hid_t object, const char *where,
                               const char *name, struct gb_error *err)
{
    hid_t attribute = H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : -1;
    enum gb_status status = GB_OK;

    if (attribute < 0)
        return gb_hdf5_damaged(in, err, "the attribute %s of %s is missing", name, where);
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    if (H5Tget_class(type) != H5T_INTEGER || H5Tget_size(type) != sizeof *out ||
        H5Sget_simple_extent_npoints(space) != 1)
        status = gb_hdf5_damaged(in, err, "the attribute %s of %s is not one 64-bit integer", name,
                                 where);
    else if (H5Aread(attribute, H5T_NATIVE_INT64, out) < 0)
        status = gb_hdf5_damaged(in, err, "the attribute %s of %s cannot be read", name, where);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return status;
}
