#!/usr/bin/python3
"""The bands that a calibrated year should fall into, in slots of 5, 15, 30 and 60 min:
  target_bands.py MODELLED_SERIES SEEDS [KEY=VALUE ...]
Prints of every statistic its band and the least, mean and greatest value over seeds; ends with 1 where
a mean lies outside. Bands: measured at sites of the United States, thirty homes of London and three
airports of New York.

Homes, in half hours: variation, 99 % quantile and autocorrelation (medians over homes), correlation of
pairs of homes, coincidence (greatest sum over the sum of greatest values), and of the logarithm less its
mean by half hour of the day the autocorrelation two apart over that one apart. Slots of an hour have no
half hours: their variation, autocorrelation and correlation are held against those of hours made of
half hours, within 1 %.
Sky: shares of slots by day with a clear-sky index below 0.5 and above 0.85; autocorrelation over an
hour, within a day, of the normal scores of hourly clear-sky index: what is done with measured light.
Wind: shape of the Weibull distribution by the coefficient of variation, mean over that of the key,
autocorrelation of means over 10 min."""
import math
import statistics
import sys

import numpy

import target_rows

DAYS, HOMES, FIRST_SEED = 365, 30, 30001
SLOTS = (5, 15, 30, 60)
MODELS = ('profile', 'habits')
HOME_BANDS = {'cv': (.80, 1.10), 'q99': (4.2, 5.4), 'acf': (.55, .72), 'pairs': (.08, .17),
              'coincidence': (.20, .31), 'lag 2 over 1': (.70, 1)}
SKY_BANDS = {'dark': (.20, 1), 'clear': (.20, 1), 'hour': (.78, .88)}
WEIBULL_K, WEIBULL_A = 2, 6
SKIES = {'regional': ['clouds.model=regional'], 'drifting': ['clouds.model=drifting'],
         'drifting as in Golden': ['clouds.model=drifting', 'clouds.passing_time=3.5']}


def autocorrelation(x, lag):
    x = x - x.mean(-1, keepdims=True)
    return (x[..., lag:] * x[..., :-lag]).mean(-1) / (x * x).mean(-1)


def pairs(x):
    alike = numpy.corrcoef(x)
    n = len(alike)
    return (alike.sum() - n) / (n * n - n)


def of_homes(load):
    """load: (homes, half hours of a year)"""
    mean = load.mean(1)
    logs = numpy.log(numpy.maximum(load, 1e-3)).reshape(len(load), -1, 48)
    logs = (logs - logs.mean(1, keepdims=True)).reshape(len(load), -1)
    return {'cv': numpy.median(load.std(1) / mean),
            'q99': numpy.median(numpy.quantile(load, .99, axis=1) / mean),
            'acf': numpy.median(autocorrelation(load, 1)), 'pairs': pairs(load),
            'coincidence': load.sum(0).max() / load.max(1).sum(),
            'lag 2 over 1': numpy.median(autocorrelation(logs, 2) / autocorrelation(logs, 1))}


def of_hours(load):
    return numpy.array([numpy.median(load.std(1) / load.mean(1)),
                        numpy.median(autocorrelation(load, 1)), pairs(load)])


def home_year(place, seed, minutes, model):
    raw = place.modelled('loads', 'homes', seed, DAYS * 1440 // minutes, f'slot={minutes} min',
                         f'load.model={model}', f'meters.count={HOMES}')
    return raw.reshape(-1, HOMES).T


def averaged(x, n):
    return x.reshape(*x.shape[:-1], -1, n).mean(-1)


def normal_scores(x):
    normal = statistics.NormalDist()
    rank = numpy.argsort(numpy.argsort(x))
    return numpy.array([normal.inv_cdf((r + .5) / len(x)) for r in rank])


def of_sky(raw, minutes):
    """raw: (slots, columns of modelled_series)"""
    up = raw[:, 1] > .17 * 1361  # some ten degrees
    kc = raw[up, 2]
    hours_up = averaged(raw[:, 1], 60 // minutes) > .17 * 1361
    z = numpy.full(len(hours_up), numpy.nan)
    z[hours_up] = normal_scores(averaged(raw[:, 2], 60 // minutes)[hours_up])
    now, then = z[:-1], z[1:]
    both = numpy.isfinite(now) & numpy.isfinite(then)
    return {'dark': (kc < .5).mean(), 'clear': (kc > .85).mean(),
            'hour': numpy.corrcoef(now[both], then[both])[0, 1]}


def weibull_shape(wind):
    wanted, low, high = (wind.std() / wind.mean()) ** 2, .5, 10
    for _ in range(60):
        k = (low + high) / 2
        ratio = math.gamma(1 + 2 / k) / math.gamma(1 + 1 / k) ** 2 - 1
        low, high = (k, high) if ratio > wanted else (low, k)
    return low


def of_wind(wind, minutes):
    mean = WEIBULL_A * math.gamma(1 + 1 / WEIBULL_K)
    out = {'k': weibull_shape(wind), 'mean': wind.mean() / mean}
    if minutes <= 10:
        out['10 min'] = autocorrelation(averaged(wind, 10 // minutes), 1)
    return out


class Report:
    def __init__(self):
        self.n_missed = 0

    def line(self, name, band, values):
        mean = float(numpy.mean(values))
        missed = not band[0] <= mean <= band[1]
        self.n_missed += missed
        print(f'{name:40s} {band[0]:.3f} to {band[1]:.3f}: {min(values):.3f} {mean:.3f} '
              f'{max(values):.3f}{": missed" if missed else ""}', flush=True)

    def lines(self, name, bands, seeds):
        for what in seeds[0]:
            self.line(f'{name}, {what}', bands[what], [seed[what] for seed in seeds])


def homes(place, seeds, report):
    for model in MODELS:
        by_slot = {m: [home_year(place, s, m, model) for s in seeds] for m in (30, 60)}
        of_halves = [of_hours(averaged(x, 2)) for x in by_slot[30]]
        ratios = numpy.mean([of_hours(x) for x in by_slot[60]], 0) / numpy.mean(of_halves, 0)
        for what, ratio in zip(('cv', 'acf', 'pairs'), ratios):
            report.line(f'{model} 60 min, {what} over that of 30 min', (.99, 1.01), [ratio])
        for minutes in (5, 15, 30):
            years = by_slot.get(minutes) or (home_year(place, s, minutes, model) for s in seeds)
            report.lines(f'{model} {minutes} min', HOME_BANDS,
                         [of_homes(averaged(x, 30 // minutes)) for x in years])


def weather(place, seeds, report):
    wind_bands = {'k': (WEIBULL_K - .15, WEIBULL_K + .15), 'mean': (.98, 1.02), '10 min': (.95, .975)}
    for minutes in SLOTS:
        for sky, settings in SKIES.items():
            years = [place.modelled('weather', 'homes', s, DAYS * 1440 // minutes,
                                    f'slot={minutes} min', f'wind.weibull_a={WEIBULL_A}',
                                    *settings).reshape(-1, 5) for s in seeds]
            report.lines(f'{sky} {minutes} min', SKY_BANDS, [of_sky(y, minutes) for y in years])
        report.lines(f'wind {minutes} min', wind_bands, [of_wind(y[:, 4], minutes) for y in years])


def main():
    program, seeds, *settings = sys.argv[1:]
    place = target_rows.Place(program, None, settings)
    seeds = range(FIRST_SEED, FIRST_SEED + int(seeds))
    report = Report()
    weather(place, seeds, report)
    homes(place, seeds, report)
    print(f'{report.n_missed} missed')
    return 1 if report.n_missed else 0


if __name__ == '__main__':
    sys.exit(main())
