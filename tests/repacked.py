"""Writes a result anew as others would store it: repacked.py RESULT FOLDER puts one FOLDER/WAY.h5 for each way there
is, with the numbers of RESULT in it, and says how many columns each has stored its way."""
import shutil
import sys

import h5py


def stored(column, type_id=None, chunk=None, shuffle=True, level=1, checksum=False):
    """Replaces a column by one of the same numbers and attributes."""
    group, name, values, attributes = column.parent, column.name, column[:], dict(column.attrs)
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_chunk((chunk or column.chunks[0],))
    if shuffle:
        layout.set_shuffle()
    if level:
        layout.set_deflate(level)
    if checksum:
        layout.set_fletcher32()
    space = h5py.h5s.create_simple(values.shape, (h5py.h5s.UNLIMITED,))
    type_id = type_id or column.id.get_type()
    del group[name]
    new = h5py.Dataset(h5py.h5d.create(group.id, name.encode(), type_id, space, layout))
    new.id.write(h5py.h5s.ALL, h5py.h5s.ALL, values)
    for key, value in attributes.items():
        new.attrs[key] = value


def of_few_bits(column):
    """Integers of 40 bits that begin with the ninth, where all numbers have room."""
    if column.dtype != "<i8" or len(column) and abs(column[:]).max() >= 2**38:
        return False
    few = h5py.h5t.STD_I64LE.copy()
    few.set_precision(40)
    few.set_offset(8)
    stored(column, few)
    return True


def turned(column):
    return h5py.h5t.py_create(column.dtype.newbyteorder(">"))


WAYS = {"deflated_more": lambda column: stored(column, level=9), "chunks_of_1000": lambda column: stored(column, chunk=1000),
        "chunks_of_5001": lambda column: stored(column, chunk=5001), "chunks_of_64": lambda column: stored(column, chunk=64),
        "checksums": lambda column: stored(column, checksum=True), "not_shuffled": lambda column: stored(column, shuffle=False),
        "not_deflated": lambda column: stored(column, level=0), "big_endian": lambda column: stored(column, turned(column)),
        "few_bits": of_few_bits}

source, folder = sys.argv[1:]
for way, store in WAYS.items():
    shutil.copy(source, f"{folder}/{way}.h5")
    with h5py.File(f"{folder}/{way}.h5", "r+") as file:
        columns = []
        file.visititems(lambda _, item: columns.append(item) if isinstance(item, h5py.Dataset) and item.chunks
                        and item.ndim == 1 and item.dtype.kind in "iuf" and item.dtype.itemsize in (4, 8) else None)
        n = sum(store(column) is not False for column in columns)
    print(way, n)
