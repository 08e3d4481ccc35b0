#include "analysis/hdf5_scale_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define MAX_RANK 2

/* A column that uses the scale, and for which of its dimensions: as the file has it. */
struct gb_hdf5_scale_use {
    hobj_ref_t column;
    int32_t dimension, rest; /* the rest would be padding, whose bytes nobody determines */
};

/* The specification asks for texts of their own length, closed by NUL. */
static void put_fixed_text(struct gb_hdf5_out *out, hid_t object, const char *name,
                           const char *text)
{
    hid_t type = gb_hdf5_opened(out, H5Tcopy(H5T_C_S1));

    gb_hdf5_did(out, H5Tset_size(type, strlen(text) + 1));
    gb_hdf5_put_scalar(out, object, name, type, text);
    H5Tclose(type);
}

static hobj_ref_t reference_to(struct gb_hdf5_out *out, hid_t dataset)
{
    hobj_ref_t reference = 0;

    gb_hdf5_did(out, H5Rcreate(&reference, dataset, ".", H5R_OBJECT, -1));
    return reference;
}

void gb_hdf5_scale_begin(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hid_t dataset,
                         const char *name)
{
    *scale = (struct gb_hdf5_scale){.dataset = dataset, .own = reference_to(out, dataset)};
    put_fixed_text(out, dataset, "CLASS", "DIMENSION_SCALE");
    put_fixed_text(out, dataset, "NAME", name);
}

/* Nothing is ever written to it, and so no room is taken for it. */
static hid_t create_empty(struct gb_hdf5_out *out, hid_t group, const char *name, hsize_t size,
                          bool grows)
{
    hsize_t max = grows ? H5S_UNLIMITED : size, chunk = GB_RESULT_CHUNK;
    hid_t space = gb_hdf5_opened(out, H5Screate_simple(1, &size, &max));
    hid_t properties = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_CREATE));

    if (grows)
        gb_hdf5_did(out, H5Pset_chunk(properties, 1, &chunk));
    gb_hdf5_did(out, H5Pset_obj_track_times(properties, 0));
    gb_hdf5_did(out, H5Pset_attr_creation_order(properties, GB_HDF5_ATTRIBUTE_ORDER));
    hid_t dataset = gb_hdf5_opened(
        out, H5Dcreate2(group, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    return dataset;
}

void gb_hdf5_scale_begin_empty(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hid_t group,
                               const char *name, hsize_t size, bool grows, const char *long_name)
{
    hid_t dataset = create_empty(out, group, name, size, grows);
    char title[64];

    gb_hdf5_put_text(out, dataset, "units", "1");
    gb_hdf5_put_text(out, dataset, "long_name", long_name);
    snprintf(title, sizeof title, "This is a netCDF dimension but not a netCDF variable.%10d",
             grows ? 0 : (int)size);
    gb_hdf5_scale_begin(scale, out, dataset, title);
    scale->is_empty = true;
}

static bool add_use(struct gb_hdf5_scale *scale, struct gb_hdf5_scale_use use)
{
    struct gb_hdf5_scale_use *grown =
        gb_array_grow(scale->uses, &scale->capacity, scale->n_uses + 1, sizeof *grown);

    if (!grown)
        return false;
    scale->uses = grown;
    scale->uses[scale->n_uses++] = use;
    return true;
}

void gb_hdf5_scales_attach(struct gb_hdf5_scale *const *scales, size_t n, struct gb_hdf5_out *out,
                           hid_t column)
{
    hobj_ref_t own = reference_to(out, column);
    hvl_t lists[MAX_RANK];

    for (size_t i = 0; i < n; i++) {
        lists[i] = (hvl_t){1, &scales[i]->own};
        if (!add_use(scales[i], (struct gb_hdf5_scale_use){own, (int32_t)i, 0}))
            gb_hdf5_no_memory(out);
    }
    gb_hdf5_put(out, column, "DIMENSION_LIST", out->references, out->references, n, lists);
}

void gb_hdf5_scale_resize(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out, hsize_t size)
{
    gb_hdf5_did(out, H5Dset_extent(scale->dataset, &size));
}

/* A use as the file has it, or as memory has it. */
static hid_t use_type(struct gb_hdf5_out *out, hid_t number)
{
    hid_t type = gb_hdf5_opened(out, H5Tcreate(H5T_COMPOUND, sizeof(struct gb_hdf5_scale_use)));

    gb_hdf5_did(out, H5Tinsert(type, "dataset", HOFFSET(struct gb_hdf5_scale_use, column),
                               H5T_STD_REF_OBJ));
    gb_hdf5_did(out,
                H5Tinsert(type, "dimension", HOFFSET(struct gb_hdf5_scale_use, dimension), number));
    return type;
}

void gb_hdf5_scale_end(struct gb_hdf5_scale *scale, struct gb_hdf5_out *out)
{
    if (scale->n_uses == 0)
        return;
    hid_t in_file = use_type(out, H5T_STD_I32LE), in_memory = use_type(out, H5T_NATIVE_INT32);
    gb_hdf5_put(out, scale->dataset, "REFERENCE_LIST", in_file, in_memory, scale->n_uses,
                scale->uses);
    H5Tclose(in_memory);
    H5Tclose(in_file);
}

void gb_hdf5_scale_clear(struct gb_hdf5_scale *scale)
{
    if (scale->is_empty && scale->dataset > 0)
        H5Dclose(scale->dataset);
    free(scale->uses);
    *scale = (struct gb_hdf5_scale){0};
}
