#!/bin/sh
# Forecasts with times of issue: agents bid on the latest that was made when they submit, computed anew in
# Python over a change of clocks; and what is refused, in words.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"
need_h5py
cd "$work" || exit 99
berlin=CET-1CEST,M3.5.0,M10.5.0/3

# village KEY: VALUE ...: the scenario, with these lines behind the series' own
village() {
    cat <<END
format: 1
start_date: 2024-03-31
days: 1
slot: 5 min
site: {time_zone: "$berlin"}
meters: {count: 3, prosumer_share: 0}
series: {told: {file: $1, issued: made, label: start, zone: "$berlin"$2}}
$3
forecast: {kind: file}
market: {open: 25 min, gate: 5 min}
agents: {reaction: uniform 0 s 18 min}
chain.protocol: ideal
END
}
says() { grep -qF -- "$1" err || { sed 's/^/# /' err; return 1; }; }
refuses() {
    village "$1" "$2" "$3" >bad.yaml
    ! gridbourse run bad.yaml --check >out 2>err
}

echo 1..10
py "$srcdir/tests/issued.py" --make 1 wide >wide.csv
py "$srcdir/tests/issued.py" --make 1 long >long.csv
village wide.csv '' 'load: {forecast: told}' >village.yaml
gridbourse run village.yaml -q -o wide.h5 && py "$srcdir/tests/issued.py" wide.csv wide.h5
ok 'every order is of the latest forecast that was made by then'
village long.csv '' 'load: {forecast: told}' >long.yaml
gridbourse run long.yaml -q -o long.h5 && gridbourse diff wide.h5 long.h5 >out
ok 'a row a home and with offsets they say the same'
gridbourse series wide.csv --issued made --label start --zone "$berlin" >out 2>err &&
    grep -q 'issued   from 2024-03-30T21:23:00Z to 2024-03-31T' out
ok 'the report says when they were made'
! gridbourse series wide.csv --label start --zone "$berlin" >out 2>err && says '(--issued)'
ok 'who does not say that they are forecasts hears of it'
! gridbourse series wide.csv --issued made --label start --zone "$berlin" --step '15 min' >out 2>err && says 'overlap'
ok 'they have no energy by steps'
! gridbourse series wide.csv --issued when --label start >out 2>err && says "no column 'when'"
ok 'no such column'
sed '7s/^[^,]*/soon/' wide.csv >soon.csv
refuses soon.csv '' 'load: {forecast: told}' && says "'soon.csv':7: a date and a clock are expected that say when"
ok 'no time of issue'
# forecasts made up to noon alone, local time
awk -F, 'NR == 1 || $1 < "2024-03-31 12"' wide.csv >morning.csv
refuses morning.csv '' 'load: {forecast: told}' && says 'when agents may first bid for it: the latest before, which is not of that slot, in line'
ok 'a slot without a forecast made in time is named, with the latest before'
refuses wide.csv '' 'load: {series: told}' && says "the series 'told' is of forecasts, each with the time at which it was made"
ok 'they are not measured'
refuses wide.csv ', align: weekday' 'load: {forecast: told}' && says 'expected exact: a forecast is of the dates that it was made for'
ok 'they are of their own dates'
exit $failed
