/* Other links, attributes, texts and heaps than those of a result. */
#include "tests/corruption_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names and attributes */

void delete_member(hid_t file, const struct corruption *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
}

void as_soft_link(hid_t file, const struct corruption *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_soft(m->text, file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

void as_external_link(hid_t file, const struct corruption *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_external(m->text, "/x", file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

void as_other_column(hid_t file, const struct corruption *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_hard(file, m->text, file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

/* An attribute of `number` integers, all of them 1; none where that is 0. */
void with_integers(hid_t file, const struct corruption *m)
{
    hsize_t n = (hsize_t)m->number;
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), space, attribute;
    int64_t *values = malloc((size_t)(n + 1) * sizeof *values);

    for (hsize_t i = 0; i < n; i++)
        values[i] = 1;
    H5Adelete(object, m->text);
    if (n > 0) {
        space = H5Screate_simple(1, &n, NULL);
        attribute = H5Acreate2(object, m->text, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
        H5Awrite(attribute, H5T_NATIVE_INT64, values);
        H5Aclose(attribute);
        H5Sclose(space);
    }
    free(values);
    H5Oclose(object);
}

/* An attribute that is the one integer. */
void with_integer(hid_t file, const struct corruption *m)
{
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT);
    hid_t attribute = H5Aopen(object, m->text, H5P_DEFAULT);

    H5Awrite(attribute, H5T_NATIVE_INT64, &m->number);
    H5Aclose(attribute);
    H5Oclose(object);
}

void with_text_attribute(hid_t file, const struct corruption *m)
{
    static const char *const text = "x";
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), type = text_type();
    hid_t space = H5Screate(H5S_SCALAR), attribute;

    H5Adelete(object, m->text);
    attribute = H5Acreate2(object, m->text, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &text);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
    H5Oclose(object);
}

/* Marks a column of the summary, or another member, as varied. */
void mark_varied(hid_t file, const struct corruption *m)
{
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), space = H5Screate(H5S_SCALAR);

    H5Aclose(H5Acreate2(object, "varied", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Oclose(object);
}

/* A varied column of numbers under another name. */
void rename_varied(hid_t file, const struct corruption *m)
{
    H5Lmove(file, m->path, file, m->text, H5P_DEFAULT, H5P_DEFAULT);
}

void as_scalar_text(hid_t file, const struct corruption *m)
{
    hid_t type = text_type(), dataset = replace(file, m->path, type, 0, NULL, H5P_DEFAULT);

    if (m->text)
        H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &m->text);
    H5Dclose(dataset);
    H5Tclose(type);
}

void as_two_texts(hid_t file, const struct corruption *m)
{
    static const char *const texts[] = {"a", "b"};
    hsize_t two = 2;
    hid_t type = text_type(), dataset = replace(file, m->path, type, 1, &two, H5P_DEFAULT);

    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts);
    H5Dclose(dataset);
    H5Tclose(type);
}

/* ---- bytes of heaps, where texts stand: their objects follow each other by the sizes they state
 */

#define HEAP_SIGNATURE "GCOL\1"
#define FIRST_OBJECT 16 /* bytes behind it: index u16, 6 more, size u64 */

/* The heap of the provenance, which is the first, or all the others. */
static void overwrite_heaps(hid_t file, const struct corruption *m, uint64_t index, uint64_t size)
{
    bool is_first = strncmp(m->path, "/provenance", strlen("/provenance")) == 0;
    char name[4096];
    FILE *stream;
    size_t n_heaps = 0;

    H5Fget_name(file, name, sizeof name);
    stream = fopen(name, "r+b");
    for (long at = 0; stream && at >= 0; at++) {
        char bytes[sizeof HEAP_SIGNATURE - 1];

        if (fseek(stream, at, SEEK_SET) || fread(bytes, 1, sizeof bytes, stream) != sizeof bytes)
            break;
        if (memcmp(bytes, HEAP_SIGNATURE, sizeof bytes) != 0 || (n_heaps++ == 0) != is_first)
            continue;
        fseek(stream, at + FIRST_OBJECT, SEEK_SET);
        fwrite(&index, 1, 2, stream);
        fseek(stream, 6, SEEK_CUR);
        fwrite(&size, 1, sizeof size, stream);
    }
    if (stream)
        fclose(stream);
}

/* A free object that leads nowhere, at which HDF5 would stand for ever. */
void without_size(hid_t file, const struct corruption *m)
{
    overwrite_heaps(file, m, 0, 0);
}

/* A used one that leads back, or beyond the end. */
void with_size(hid_t file, const struct corruption *m)
{
    overwrite_heaps(file, m, 1, (uint64_t)m->number);
}
