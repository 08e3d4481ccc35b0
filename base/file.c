#include "base/file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "base/array.h"

#define PIECE ((size_t)1 << 16)

/* ---- whole files */

static enum gb_status fail_to_read(const char *name, const char *why, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot read '%s': %s", name, why);
}

enum gb_status gb_file_read_stream(FILE *stream, const char *name, size_t max, char **text,
                                   size_t *n, struct gb_error *err)
{
    char *bytes = NULL, why[64];
    size_t capacity = 0, used = 0;

    do {
        char *grown = gb_array_grow(bytes, &capacity, used + PIECE, 1);

        if (!grown) {
            free(bytes);
            return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", name);
        }
        bytes = grown;
        used += fread(bytes + used, 1, capacity - used - 1, stream);
    } while (!feof(stream) && !ferror(stream) && used <= max);
    if (!ferror(stream) && used <= max) {
        bytes[used] = '\0';
        *text = bytes;
        *n = used;
        return GB_OK;
    }
    snprintf(why, sizeof why, "it is larger than %zu MiB", max >> 20);
    fail_to_read(name, ferror(stream) ? strerror(errno) : why, err);
    free(bytes);
    return GB_EFILE;
}

enum gb_status gb_file_read(const char *path, size_t max, char **text, size_t *n,
                            struct gb_error *err)
{
    FILE *file = fopen(path, "rb");
    struct stat about;

    if (!file)
        return gb_fail(err, errno == ENOMEM ? GB_ENOMEM : GB_EFILE, "cannot open '%s': %s", path,
                       strerror(errno));
    enum gb_status status = fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode)
                                ? fail_to_read(path, "it is a folder", err)
                                : gb_file_read_stream(file, path, max, text, n, err);
    fclose(file);
    return status;
}

/* ---- ends */

bool gb_file_head(const char *path, void *out, size_t *n)
{
    FILE *file = fopen(path, "rb");
    bool is_read = false;

    if (file) {
        *n = fread(out, 1, *n, file);
        is_read = !ferror(file);
        fclose(file);
    }
    return is_read;
}

bool gb_file_tail(const char *path, void *out, size_t *n)
{
    FILE *file = fopen(path, "rb");
    bool is_read = false;

    if (file) {
        long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
        long from = size > (long)*n ? size - (long)*n : 0;

        if (size >= 0 && fseek(file, from, SEEK_SET) == 0) {
            *n = fread(out, 1, *n, file);
            is_read = !ferror(file);
        }
        fclose(file);
    }
    return is_read;
}
