/* What is done to a sample result, row by row of corruption_cases.c, and the calls of HDF5 that the
 * two files of it share. */
#ifndef TESTS_CORRUPTION_PRIV_H
#define TESTS_CORRUPTION_PRIV_H

#include "tests/corruption.h"

/* The `number` of a row of of_type. */
enum corrupted_type {
    OF_DOUBLES,
    OF_FLOATS,
    OF_SHORTS,
    OF_UNSIGNED,
    OF_INTEGERS,
    OF_SIGNED_BYTES,
    OF_TEXTS,
    OF_FIXED_TEXTS,
    OF_ENUMERATION,
    OF_COMPOUNDS,
    OF_ARRAYS
};

hid_t text_type(void);
hid_t replace(hid_t file, const char *path, hid_t type, int rank, const hsize_t *size,
              hid_t properties);

/* ---- corruption_columns.c */

void set_first(hid_t file, const struct corruption *m);
void set_last(hid_t file, const struct corruption *m);
void fill_text(hid_t file, const struct corruption *m);
void fill_long_text(hid_t file, const struct corruption *m);
void of_type(hid_t file, const struct corruption *m);
void as_square(hid_t file, const struct corruption *m);
void as_scalar(hid_t file, const struct corruption *m);
void as_narrow_hash(hid_t file, const struct corruption *m);
void as_nothing(hid_t file, const struct corruption *m);
void as_group(hid_t file, const struct corruption *m);
void in_big_endian(hid_t file, const struct corruption *m);
void resize(hid_t file, const struct corruption *m);
void resize_all(hid_t file, const struct corruption *m);
void scale_offset(hid_t file, const struct corruption *m);
void in_huge_chunks(hid_t file, const struct corruption *m);
void with_raw_chunk(hid_t file, const struct corruption *m);
void never_written(hid_t file, const struct corruption *m);
void in_another_file(hid_t file, const struct corruption *m);
void as_virtual(hid_t file, const struct corruption *m);

/* ---- corruption_members.c */

void delete_member(hid_t file, const struct corruption *m);
void as_soft_link(hid_t file, const struct corruption *m);
void as_external_link(hid_t file, const struct corruption *m);
void as_other_column(hid_t file, const struct corruption *m);
void with_integers(hid_t file, const struct corruption *m);
void with_integer(hid_t file, const struct corruption *m);
void with_text_attribute(hid_t file, const struct corruption *m);
void mark_varied(hid_t file, const struct corruption *m);
void rename_varied(hid_t file, const struct corruption *m);
void as_scalar_text(hid_t file, const struct corruption *m);
void as_two_texts(hid_t file, const struct corruption *m);
void without_size(hid_t file, const struct corruption *m);
void with_size(hid_t file, const struct corruption *m);

#endif
