/* Dimensions of a file, as netCDF-4 and HDF5's high-level library know them: a dataset is the scale
 * of a dimension, names the columns that use it, and is named by them. That library names them one
 * by one, rewriting the list for each; here it is written once. source  HDF5 Dimension Scale
 * Specification, version 1.0 */
#ifndef ANALYSIS_HDF5_SCALE_PRIV_H
#define ANALYSIS_HDF5_SCALE_PRIV_H

#include "analysis/hdf5_priv.h"

struct gb_hdf5_scale { /* written by hdf5_scale.c alone; begins as {0} */
    hid_t dataset;
    bool is_empty; /* and its own to close */
    hobj_ref_t own;
    struct gb_hdf5_scale_use *uses;
    size_t n_uses, capacity;
};

/* Makes an open dataset a scale, which it stays as long as that is open.
 * name  of the dimension */
void gb_hdf5_scale_begin(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hid_t dataset,
                         const char *name);
/* The scale of a dimension that has no values of its own: a new dataset, which is closed at the end
 * of the scale.
 * size  of the dimension; of one that grows, so far */
void gb_hdf5_scale_begin_empty(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hid_t group,
                               const char *name, hsize_t size, bool grows, const char *long_name);
/* A column of n dimensions has these scales. */
void gb_hdf5_scales_attach(struct gb_hdf5_scale *const *scales, size_t n, struct gb_hdf5_out *out,
                           hid_t column);
/* The size of one without values that grows, now. */
void gb_hdf5_scale_resize(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hsize_t size);
/* Writes who uses it: after the last that does. */
void gb_hdf5_scale_end(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out);
/* In any case, and before the file is closed. */
void gb_hdf5_scale_clear(struct gb_hdf5_scale *scale);

#endif
