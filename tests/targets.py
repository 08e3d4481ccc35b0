#!/usr/bin/python3
"""The targets of doc/targets.md over many seeds: what chance makes of the models' values, and how often
a model that is right would be called wrong.

  targets.py MODELLED_SERIES TARGETS.md DATA SEEDS SAMPLES [family=NAME ...] [KEY=VALUE ...]

Of every row and seed the models make SAMPLES samples as large as the data. Printed are the interval of
the data as TARGETS.md has it; least, mean and greatest value over seeds, each of all its samples
together; `out`, seeds whose value lies outside of the interval; `own`, the share of samples whose own
95 % interval, by the bootstrap that the data had, misses the mean over all seeds: nominally 5 %; and
`small`, the share of samples whose value lies outside of the data's interval. Where the files of DATA are
there, their values and intervals are computed anew and held against TARGETS.md.

Ends with 1 where the mean over seeds of a row lies outside of its interval, or the data are not as
TARGETS.md says. KEY=VALUE overrules what a place says: a model with another parameter is to be noticed."""
import re
import sys

import numpy

import resampled
import target_rows

RESAMPLES = 400
FIRST_SEED = 20001  # on which no parameter was set
ROW = re.compile(r'\| (.*?) \| .* \| (-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\) \|')


def recorded(path):
    """The rows of TARGETS.md that have an interval, by their names; those of homes in order."""
    with open(path, encoding='utf-8') as file:
        rows = [m.groups() for m in map(ROW.match, file) if m]
    homes, weather = rows[:len(target_rows.HOME_ROWS)], rows[len(target_rows.HOME_ROWS):]
    table = {name: tuple(map(float, cells)) for name, *cells in weather}
    for profile in ('h0', 'london'):
        for name, (_, *cells) in zip(target_rows.HOME_ROWS, homes):
            table[f'{profile}: {name}'] = tuple(map(float, cells))
    return table


def outside(values, low, high):
    return (values < low) | (values > high)


def check_data(family, place, table, n_resamples, random):
    """Says where the data are not what TARGETS.md has of them; returns in how many rows."""
    sample = family.data(place)
    values = sample.values()
    lows, highs = resampled.interval(sample, n_resamples, random)
    odd = 0
    for name, value, low, high in zip(family.rows, values, lows, highs):
        was, was_low, was_high = table[name]
        width = was_high - was_low
        far = abs(value - was) > 0.15 * width or not 0.5 < (high - low) / width < 1.5
        odd += far
        print(f'  data  {name:44s} {value:.3f} ({low:.3f} to {high:.3f}), recorded '
              f'{was:.3f} ({was_low:.3f} to {was_high:.3f}){": not so" if far else ""}')
    return odd


def check_model(family, place, table, seeds, n, random):
    """Prints the rows of a family; returns how many are missed."""
    by_seed, samples = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        made = family.samples(place, seed, n)
        by_seed.append(made[0].with_others(made[1:]).values())
        samples += made
    by_seed = numpy.array(by_seed)
    truth = by_seed.mean(0)
    own = numpy.mean([outside(truth, *resampled.interval(s, RESAMPLES, random)) for s in samples],
                     axis=0)
    values = numpy.array([s.values() for s in samples])
    n_missed = 0
    for i, name in enumerate(family.rows):
        _, low, high = table[name]
        missed = outside(truth[i], low, high)
        n_missed += missed
        print(f'  model {name:44s} {low:.3f} to {high:.3f}: {by_seed[:, i].min():.3f} {truth[i]:.3f} '
              f'{by_seed[:, i].max():.3f}, out {outside(by_seed[:, i], low, high).sum()} of {seeds}, '
              f'own {100 * own[i]:.1f} %, small {100 * outside(values[:, i], low, high).mean():.0f} %'
              f'{": missed" if missed else ""}')
    return n_missed


def main():
    program, targets, data, seeds, n, *rest = sys.argv[1:]
    wanted = [word[7:] for word in rest if word.startswith('family=')]
    place = target_rows.Place(program, data, [w for w in rest if not w.startswith('family=')])
    table = recorded(targets)
    random = numpy.random.default_rng(1)
    n_missed = 0
    for family in target_rows.FAMILIES:
        if wanted and family.name not in wanted and family.rows[0].split(':')[0] not in wanted:
            continue
        print(f'{family.name}: {seeds} seeds of {n} samples', flush=True)
        if place.data:
            n_missed += check_data(family, place, table, 100 * int(seeds), random)
        n_missed += check_model(family, place, table, int(seeds), int(n), random)
    print(f'{n_missed} rows missed')
    return 1 if n_missed else 0


if __name__ == '__main__':
    sys.exit(main())
