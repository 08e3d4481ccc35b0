#include "base/file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "base/array.h"
#include "base/memory.h"

#define PIECE ((size_t)1 << 16)

/* ---- whole files */

static enum gb_status fail_to_read(const char *name, const char *why, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot read '%s': %s", name, why);
}

/* What a stream holds.
 * likely  bytes it may well have, for which there is room at once */
static enum gb_status read_stream(FILE *stream, const char *name, size_t likely, size_t max,
                                  char **text, size_t *n, struct gb_error *err)
{
    char why[64];
    size_t capacity = gb_memory_whole_pages(likely + PIECE), used = 0;
    char *bytes = gb_memory_paged(capacity);

    capacity = bytes ? capacity : 0;

    do {
        char *grown = gb_array_grow(bytes, &capacity, used + 2, 1);

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

enum gb_status gb_file_read_stream(FILE *stream, const char *name, size_t max, char **text,
                                   size_t *n, struct gb_error *err)
{
    return read_stream(stream, name, 0, max, text, n, err);
}

enum gb_status gb_file_read(const char *path, size_t max, char **text, size_t *n,
                            struct gb_error *err)
{
    FILE *file = fopen(path, "rb");
    struct stat about;

    if (!file)
        return gb_fail(err, errno == ENOMEM ? GB_ENOMEM : GB_EFILE, "cannot open '%s': %s", path,
                       strerror(errno));
    bool is_told = fstat(fileno(file), &about) == 0;
    size_t likely =
        is_told && about.st_size > 0 && (uintmax_t)about.st_size <= max ? (size_t)about.st_size : 0;
    enum gb_status status = is_told && S_ISDIR(about.st_mode)
                                ? fail_to_read(path, "it is a folder", err)
                                : read_stream(file, path, likely, max, text, n, err);
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
