/* Texts of a file that anybody may have written: none is longer than it may be, all are printable
 * lines of UTF-8, and the heaps that hold them are checked before HDF5 walks them (hdf5_heap.c). */
#include "analysis/hdf5_in_priv.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/hdf5_priv.h"
#include "base/utf8.h"

/* Where HDF5 puts the texts it reads: one behind the other. One that is longer than it may be is
 * noted and goes beside them, for HDF5 loses memory of its own where it is refused. */
struct text_buffer {
    char *bytes; /* NULL: taken once, as long as the one text is */
    size_t used, capacity, longest;
    uint64_t max; /* bytes of any text: those of the file */
    char *beside;
    bool is_too_long;
};

static void *put_beside(struct text_buffer *buffer, size_t size)
{
    char *beside = size > buffer->max + 1 ? NULL : realloc(buffer->beside, size);

    buffer->is_too_long = true;
    buffer->beside = beside ? beside : buffer->beside;
    return beside;
}

static void *take_buffer(size_t size, void *context)
{
    struct text_buffer *buffer = context;

    if (size > buffer->longest + 1)
        return put_beside(buffer, size);
    if (!buffer->bytes) {
        buffer->bytes = malloc(size);
        buffer->capacity = size;
    }
    if (!buffer->bytes || size > buffer->capacity - buffer->used)
        return NULL;
    buffer->used += size;
    return buffer->bytes + buffer->used - size;
}

static void leave_buffer(void *text, void *context)
{
    (void)text;
    (void)context;
}

/* A transfer that puts texts there. The caller closes it. */
static hid_t transfer_to(struct text_buffer *buffer)
{
    hid_t transfer = H5Pcreate(H5P_DATASET_XFER);

    H5Pset_vlen_mem_manager(transfer, take_buffer, buffer, leave_buffer, buffer);
    return transfer;
}

enum gb_status gb_hdf5_texts_create(struct gb_hdf5_texts *texts, size_t capacity, size_t longest,
                                    struct gb_error *err)
{
    *texts = (struct gb_hdf5_texts){.capacity = capacity, .longest = longest};
    texts->items = calloc(capacity + 1, sizeof *texts->items);
    texts->bytes = malloc((capacity + 1) * (longest + 1));
    if (texts->items && texts->bytes)
        return GB_OK;
    gb_hdf5_texts_clear(texts);
    return gb_fail(err, GB_ENOMEM, "no memory for texts of a result");
}

void gb_hdf5_texts_clear(struct gb_hdf5_texts *texts)
{
    free(texts->items);
    free(texts->bytes);
    *texts = (struct gb_hdf5_texts){0};
}

enum gb_status gb_hdf5_read_texts(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                                  size_t first, size_t n, struct gb_hdf5_texts *texts,
                                  struct gb_error *err)
{
    static char empty[1] = "";
    struct text_buffer buffer = {.bytes = texts->bytes,
                                 .longest = texts->longest,
                                 .max = in->n_bytes,
                                 .capacity = (texts->capacity + 1) * (texts->longest + 1)};
    hid_t type = gb_hdf5_text_type(), transfer = transfer_to(&buffer);
    struct gb_error why = {0};
    enum gb_status status = GB_OK;

    memset(texts->items, 0, n * sizeof *texts->items);
    if (n > 0)
        status = gb_hdf5_check_heaps(in, column, first, n, &why);
    if (n > 0 && status == GB_OK)
        status = gb_hdf5_read_as(in, column, type, transfer, first, n, texts->items, &why);
    H5Pclose(transfer);
    H5Tclose(type);
    free(buffer.beside);
    if (buffer.is_too_long)
        return gb_hdf5_damaged(in, err, "%s holds a text of more than %zu bytes in rows %zu to %zu",
                               column->where, texts->longest, first, first + n - 1);
    if (status != GB_OK)
        return gb_fail(err, status, "%s", why.text);
    for (size_t i = 0; i < n; i++) {
        texts->items[i] = texts->items[i] ? texts->items[i] : empty;
        if (!gb_utf8_is_plain(texts->items[i], true))
            return gb_hdf5_damaged(in, err,
                                   "%s holds control characters or bytes that are no UTF-8 "
                                   "in row %zu",
                                   column->where, first + i);
    }
    return GB_OK;
}

/* Whether the dataset is one text that stands in this file. */
static bool is_one_text(hid_t dataset)
{
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hid_t properties = H5Dget_create_plist(dataset);
    bool is =
        type >= 0 && space >= 0 && properties >= 0 && gb_hdf5_is_type(type, GB_FIELD_NAME) &&
        H5Sget_simple_extent_npoints(space) == 1 && H5Pget_layout(properties) <= H5D_CONTIGUOUS &&
        H5Pget_external_count(properties) == 0 && H5Dget_storage_size(dataset) >= H5Tget_size(type);

    if (properties >= 0)
        H5Pclose(properties);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return is;
}

enum gb_status gb_hdf5_text(char **out, struct gb_hdf5_in *in, hid_t group, const char *where,
                            const char *name, struct gb_error *err)
{
    struct text_buffer buffer = {.longest = (size_t)in->n_bytes, .max = in->n_bytes};
    enum gb_status status = gb_hdf5_check_link(in, group, where, name, err);
    hid_t dataset = status == GB_OK ? H5Dopen2(group, name, H5P_DEFAULT) : -1;
    char *text = NULL;

    if (status != GB_OK)
        return status;
    if (dataset < 0 || !is_one_text(dataset))
        status = gb_hdf5_damaged(in, err, "%s/%s is not one text of any length", where, name);
    if (status == GB_OK)
        status = gb_hdf5_check_heap(in, dataset, where, name, err);
    if (status == GB_OK) {
        hid_t type = gb_hdf5_text_type(), transfer = transfer_to(&buffer);

        if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, transfer, &text) < 0)
            status = gb_hdf5_damaged(in, err, "%s/%s cannot be read", where, name);
        H5Pclose(transfer);
        H5Tclose(type);
    }
    if (status == GB_OK && (!text || !gb_utf8_is_plain(text, true)))
        status =
            gb_hdf5_damaged(in, err, "%s/%s holds %s", where, name,
                            text ? "control characters or bytes that are no UTF-8" : "no text");
    if (dataset >= 0)
        H5Dclose(dataset);
    if (status == GB_OK)
        *out = buffer.bytes; /* where `text` stands */
    else
        free(buffer.bytes);
    return status;
}
