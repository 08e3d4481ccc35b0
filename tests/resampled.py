"""Values of samples, and what a bootstrap over their units makes of them: homes, or blocks of days or
of minutes. A unit is a row of sums, so that a resample is a sum of rows; values are made of sums."""
import numpy


class OfSums:
    """A sample: rows of sums, a unit each; `values` makes an array (..., values) of one (..., sums)."""

    def __init__(self, units, values):
        self.units = numpy.asarray(units, float)
        self.make = values

    def values(self):
        return self.make(self.units.sum(0))

    def resampled(self, n, random):
        chosen = random.integers(0, len(self.units), (n, len(self.units)))
        return self.make(self.units[chosen].sum(1))

    def with_others(self, others):
        return OfSums(numpy.concatenate([self.units] + [o.units for o in others]), self.make)


class OfValues:
    """A sample: an array (units, m) of values a unit has, NaN where there is none; `make` takes an
    array (..., values) and makes (..., values of the sample): of quantiles."""

    def __init__(self, units, values):
        self.units = numpy.asarray(units, float)
        self.make = values

    def values(self):
        return self.make(self.units.reshape(-1))

    def resampled(self, n, random):
        chosen = random.integers(0, len(self.units), (n, len(self.units)))
        return self.make(self.units[chosen].reshape(n, -1))

    def with_others(self, others):
        return OfValues(numpy.concatenate([self.units] + [o.units for o in others]), self.make)


def quantile(x, share):
    """Along the last axis, of what is not NaN, between neighbours in proportion."""
    x = numpy.sort(x, axis=-1)  # NaN last
    place = share * (numpy.isfinite(x).sum(-1, keepdims=True) - 1)
    below = numpy.floor(place).astype(int)
    low = numpy.take_along_axis(x, below, -1)
    high = numpy.take_along_axis(x, numpy.ceil(place).astype(int), -1)
    return (low + (place - below) * (high - low))[..., 0]


def blocks(rows, length):
    """Sums over blocks of so many rows; the last one may be shorter."""
    rows = numpy.asarray(rows, float)
    return numpy.add.reduceat(rows, numpy.arange(0, len(rows), length))


def interval(sample, n, random):
    """The 95 % percentile interval of each value: arrays low, high."""
    return numpy.nanquantile(sample.resampled(n, random), [0.025, 0.975], axis=0)
