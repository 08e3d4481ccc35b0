"""The targets of doc/targets.md: what is measured and what the models make, and the estimators by which
both are compared. A family holds rows of the table that one sample gives; its samples are as large
as the data. Nothing here knows of the program but that it writes series."""
import csv
import datetime
import os
import subprocess

import numpy

import resampled

DAYS = 365


class Place:
    """Where series come from: the program's models, and the files of measurements, if they are there."""

    def __init__(self, program, data, settings=()):
        self.program = program
        self.data = data if data and os.path.isdir(data) else None
        self.settings = list(settings)

    def modelled(self, kind, name, seed, slots, *settings):
        command = [self.program, kind, name, str(seed), str(slots), *settings, *self.settings]
        return numpy.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)

    def table(self, name):
        """The columns of a file of measurements, all but the stamps, as an array (rows, columns)."""
        with open(os.path.join(self.data, name), newline='') as file:
            rows = list(csv.reader(file))
        cells = [[float(c) if c else numpy.nan for c in row[1:]] for row in rows[1:]]
        return rows[0][1:], numpy.array(cells)

    def hours(self, name):
        """The columns of a file of hours by day, NaN where an hour is missing: (days, 24, columns)"""
        with open(os.path.join(self.data, name), newline='') as file:
            stamps = [datetime.datetime.fromisoformat(row[0]) for row in list(csv.reader(file))[1:]]
        names, cells = self.table(name)
        start = stamps[0].replace(hour=0, minute=0)
        number = [round((stamp - start).total_seconds() / 3600) for stamp in stamps]
        out = numpy.full((24 * (number[-1] // 24 + 1), cells.shape[1]), numpy.nan)
        out[number] = cells
        return names, out.reshape(-1, 24, cells.shape[1])


# ---- homes


def without_year(x):
    """Less the mean and an annual harmonic; the last axis is days of a year."""
    phase = 2 * numpy.pi * numpy.arange(x.shape[-1]) / DAYS
    basis = numpy.stack([numpy.ones_like(phase), numpy.cos(phase), numpy.sin(phase)])
    parts, *_ = numpy.linalg.lstsq(basis.T, x.reshape(-1, x.shape[-1]).T, rcond=None)
    return x - (basis.T @ parts).T.reshape(x.shape)


def lagged(x, lag):
    return (x[..., lag:] * x[..., :-lag]).sum(-1) / (x * x).sum(-1)


def share_away(means, spread):
    """Days in runs of two or more that are low and flat, of one home; means: over the home's."""
    low = (means < 0.4) & (spread < 0.6 * numpy.sort(spread)[len(spread) // 2])
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], low, [0]])))
    runs = edges[1::2] - edges[::2]
    return runs[runs >= 2].sum() / len(means)


HOME_ROWS = ['cv 10 %', 'cv 50 %', 'cv 90 %', 'base 10 %', 'base 90 %', 'shape', '1 day', '7 days', 'away',
             '03 h', '20 h', '24 h']


class Homes:
    """A sample of homes: what each is like, and how their mean days are alike."""

    def __init__(self, load):
        """load: (homes, days of a year, 48)"""
        n, days = len(load), load.mean(2)
        flat = load.reshape(n, -1)
        mean = flat.mean(1)
        energy = without_year(days)
        spread = load.std(2) / days
        away = [share_away(days[i] / mean[i], spread[i]) for i in range(n)]
        hours = [load[:, :, 2 * h:2 * h + 2].reshape(n, -1) for h in (3, 20)]
        self.each = numpy.stack([
            flat.std(1) / mean, numpy.quantile(flat, 0.01, axis=1) / mean,
            lagged(energy, 1), lagged(energy, 7), away, *(h.std(1) / h.mean(1) for h in hours),
            numpy.abs(flat[:, 48:] - flat[:, :-48]).mean(1) / mean])
        self.days = load.mean(1)

    def alike(self, counts):
        """Mean correlation of mean days over pairs of different homes; counts: (..., homes)"""
        alike = numpy.corrcoef(self.days)
        pairs, same = counts.sum(-1) ** 2, (counts ** 2).sum(-1)
        return (((counts @ alike) * counts).sum(-1) - same) / (pairs - same)

    def of(self, chosen):
        """chosen: (..., homes), numbers of homes"""
        cv, base, day, week, away, night, evening, apart = self.each[:, chosen]
        counts = numpy.apply_along_axis(numpy.bincount, -1, chosen, None, self.each.shape[1])
        half = [numpy.quantile(x, 0.5, axis=-1) for x in (day, week, night, evening, apart)]
        return numpy.stack([*numpy.quantile(cv, [0.1, 0.5, 0.9], axis=-1),
                            *numpy.quantile(base, [0.1, 0.9], axis=-1), self.alike(counts), half[0],
                            half[1], away.mean(-1), half[2], half[3], half[4]], axis=-1)

    def values(self):
        return self.of(numpy.arange(self.each.shape[1]))

    def resampled(self, n, random):
        homes = self.each.shape[1]
        return self.of(random.integers(0, homes, (n, homes)))

    def with_others(self, others):
        out = object.__new__(Homes)
        out.each = numpy.concatenate([self.each] + [o.each for o in others], axis=1)
        out.days = numpy.concatenate([self.days] + [o.days for o in others])
        return out


class HomeFamily:
    name, size = 'homes', 30

    def __init__(self, profile):
        self.profile = profile
        self.rows = [f'{profile}: {row}' for row in HOME_ROWS]

    def data(self, place):
        _, load = place.table('load_london_30min_kwh.csv')
        for row in range(len(load)):  # a gap holds what was before it
            gaps = numpy.isnan(load[row])
            load[row, gaps] = load[row - 1, gaps] if row else 0
        return Homes(numpy.maximum(load, 1e-4)[:DAYS * 48].T.reshape(-1, DAYS, 48))

    def samples(self, place, seed, n):
        homes = n * self.size
        load = place.modelled('loads', 'homes', seed, DAYS * 48, f'meters.count={homes}',
                              f'load.profile={self.profile}')
        load = load.reshape(DAYS * 48, homes).T.reshape(n, self.size, DAYS, 48)
        return [Homes(sample) for sample in load]


# ---- a field of modules


def class_of(distance):
    return numpy.digitize(distance, [100, 250, 500])


def pair_sums(power, at, length):
    """Sums of products of steps by class of distance over blocks of minutes; power: (minutes, n)"""
    steps = numpy.diff(power, axis=0)
    a, b = numpy.triu_indices(len(at), 1)
    kind = class_of(numpy.hypot(*(at[a] - at[b]).T))
    rows = []
    for x, y in ((a, b), (a, a), (b, b)):
        product = steps[:, x] * steps[:, y]
        rows += [product[:, kind == k].sum(1) for k in range(4)]
    return resampled.blocks(numpy.stack(rows, axis=1), length)


def pair_correlations(sums):
    xy, xx, yy = sums[..., :4], sums[..., 4:8], sums[..., 8:]
    return xy / numpy.sqrt(xx * yy)


class Field:
    """An hour of modules, of which blocks of minutes are drawn."""

    size, block = 32, 5

    def __init__(self, name):
        self.name = f'field_{name}'
        self.file = f'pvfield_10s_data_{name}.csv'
        self.rows = [f'field {name}, steps of 60 s, {where}'
                     for where in ('< 100 m', '100-250 m', '250-500 m', '> 500 m')]

    def data(self, place):
        """Modules that show nothing, or always the same, are left out."""
        _, current = place.table(self.file)
        _, at = place.table('pvfield_positions_m.csv')
        live = current.std(0) > 0
        current, at = current[:, live], at[live]
        minutes = current[:len(current) // 6 * 6].reshape(-1, 6, current.shape[1]).mean(1)
        return resampled.OfSums(pair_sums(minutes, at, self.block), pair_correlations)

    def samples(self, place, seed, n):
        """From hours between 10 and 14 h of days one after the other."""
        days = (n + 3) // 4
        raw = place.modelled('systems', self.name, seed, days * 1440, f'meters.count={self.size}')
        at, power = raw[:2 * self.size].reshape(-1, 2), raw[2 * self.size:].reshape(days, 1440, -1)
        hours = power[:, 600:840].reshape(-1, 60, self.size)[:n]
        return [resampled.OfSums(pair_sums(hour, at, self.block), pair_correlations)
                for hour in hours]


# ---- a roof in Golden


class Golden:
    name, size, block = 'golden', 104, 1
    rows = ['Golden, ramps of 15 min: sd', 'Golden, ramps of 15 min: 99 %']

    def of(self, power):
        """power: (days, 96), NaN where nothing was measured"""
        power = power / numpy.nanmax(power)
        flat = power.reshape(-1)
        steps = numpy.abs(numpy.diff(flat))
        above = numpy.maximum(flat[1:], flat[:-1]) > 0.05
        steps = numpy.append(numpy.where(above, steps, numpy.nan), numpy.nan)
        length = self.block * 96
        rest = -len(steps) % length
        steps = numpy.append(steps, numpy.full(rest, numpy.nan)).reshape(-1, length)
        return resampled.OfValues(steps, lambda x: numpy.stack(
            [numpy.sqrt(numpy.nanmean(x * x, axis=-1)), resampled.quantile(x, 0.99)], axis=-1))

    def data(self, place):
        _, power = place.table('pv_nrel_serf_east_15min_kw.csv')
        return self.of(power[:len(power) // 96 * 96, 0].reshape(-1, 96))

    def samples(self, place, seed, n):
        out = []
        for k in range(n):
            raw = place.modelled('systems', self.name, 1000 * seed + k, self.size * 96)
            out.append(self.of(raw[2:].reshape(self.size, 96)))
        return out


# ---- years of weather


def above_the_air(latitude, days):
    """Daily energy of the sun on the ground without air, W/m2 times hours, of days of a year from 0.
    source  J. Duffie, W. Beckman, Solar Engineering of Thermal Processes, 4th ed. 2013, (1.10.3)"""
    turn = 2 * numpy.pi * (days + 1) / 365
    tilt = numpy.radians(23.45) * numpy.sin(2 * numpy.pi * (285 + days) / 365)
    phi = numpy.radians(latitude)
    sunset = numpy.arccos(-numpy.tan(phi) * numpy.tan(tilt))
    return 24 / numpy.pi * 1367 * (1 + 0.033 * numpy.cos(turn)) * (
        numpy.cos(phi) * numpy.cos(tilt) * numpy.sin(sunset) + sunset * numpy.sin(phi) * numpy.sin(tilt))


def day_sums(kt, mean, spread, light, length):
    """Products of days and of neighbours, a row a day, in blocks of days."""
    kt, mean, light, odd = (without_year(x) for x in (kt, mean, light, spread))
    following = lambda x: numpy.append(x[1:] * x[:-1], 0)
    rows = [numpy.ones_like(kt), following(kt), kt * kt, mean * mean, following(mean), spread,
            odd * light, odd * odd, light * light]
    return resampled.blocks(numpy.stack(rows, axis=1), length)


def day_values(s):
    n, kt_next, kt, mean, mean_next, spread, both, odd, light = numpy.moveaxis(s, -1, 0)
    return numpy.stack([kt_next / kt, numpy.sqrt(mean / n), mean_next / mean, spread / n,
                        both / numpy.sqrt(odd * light)], axis=-1)


class Town:
    size, block = DAYS, 14

    def __init__(self, name, file, latitude):
        self.name, self.file, self.latitude = name.lower(), file, latitude
        self.rows = [f'{name}, {what}' for what in (
            'clearness of days, lag 1', 'sd of days, K', 'days, lag 1', 'daily range, K',
            'range with irradiance')]

    def of(self, light, warmth):
        """Hours of a year: (days, 24)"""
        light = light.sum(1)
        clearness = light / above_the_air(self.latitude, numpy.arange(DAYS))
        return resampled.OfSums(day_sums(clearness, warmth.mean(1), warmth.max(1) - warmth.min(1),
                                         light, self.block), day_values)

    def data(self, place):
        names, table = place.hours(self.file)
        return self.of(*(table[:DAYS, :, names.index(name)] for name in ('ghi_wm2', 'temp_c')))

    def samples(self, place, seed, n):
        raw = place.modelled('weather', self.name, seed, n * DAYS * 24).reshape(n, DAYS, 24, 5)
        return [self.of(y[:, :, 0], y[:, :, 3]) for y in raw]


def wind_sums(wind, length):
    """Hours (days, 24) of one or more stations: products a day later, of hours and of daily means,
    each over the variance of its station."""
    rows = 0
    for station in wind:
        hours, days = station - numpy.nanmean(station), numpy.nanmean(station, axis=1)
        days = days - numpy.nanmean(days)
        zero = lambda x: numpy.where(numpy.isnan(x), 0, x)
        later = numpy.append(zero(hours[1:] * hours[:-1]).sum(1), 0)
        next_day = numpy.append(zero(days[1:] * days[:-1]), 0)
        rows = rows + numpy.stack([later, zero(hours * hours).sum(1), next_day, zero(days * days)], 1)
    return resampled.blocks(rows, length)


class Wind:
    name, size, block = 'new_york', DAYS, 14
    rows = ['New York, wind of hours, lag 24', 'New York, wind of days, lag 1']

    def of(self, stations):
        return resampled.OfSums(wind_sums(stations, self.block), lambda s: numpy.stack(
            [s[..., 0] / s[..., 1], s[..., 2] / s[..., 3]], axis=-1))

    def data(self, place):
        _, table = place.hours('wind_nyc_60min_ms.csv')
        return self.of(numpy.moveaxis(table, -1, 0))

    def samples(self, place, seed, n):
        raw = place.modelled('weather', self.name, seed, n * DAYS * 24).reshape(n, DAYS, 24, 5)
        return [self.of(y[None, :, :, 4]) for y in raw]


FAMILIES = [HomeFamily('h0'), HomeFamily('london'), Field('a'), Field('b'), Golden(),
            Town('Chicago', 'weather_chicago_tmy3_60min.csv', 41.98),
            Town('Greensboro', 'weather_greensboro_tmy3_60min.csv', 36.1), Wind()]
