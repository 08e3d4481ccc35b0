#!/bin/sh
# The load that ships, experiments/load.csv: it is what its own comment lines print, and a village takes it.
. "$srcdir/tests/tap.sh"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
load=$srcdir/experiments/load.csv
load=$(cd "${load%/*}" && pwd)/load.csv
cd "$work" || exit 99

sed -n 's/^#     //p' "$load" >commands
sh commands >table 2>err
grep -v '^#' "$load" >ships
# another libm may round a Wh the other way
paste -d, ships table | awk -F, '$1 != $3 || ($2 - $4) ^ 2 > 1.1e-6 && NR > 1 { bad++ } END { exit bad > 0 || NR != 1006 }'
ok "the load that ships is what its comment lines print, to the Wh"

gridbourse series "$load" --value energy --unit kWh --label start --gaps week >out 2>err &&
    grep -q '1 h *1008 *3 *0 *3 ' out && grep -q '2024-03-01T00:00Z *2024-04-11T23:00Z' out
ok "42 days of it are understood, three hours of which are filled"
total=$(awk -F, 'NR > 1 { sum += $2 } END { printf "%.3f", sum }' ships)
filled=$(awk -F, '/^2024-03-13 1[345]/ { sum += $2 } END { printf "%.3f", sum }' ships)
grep -q "$(echo "$total $filled" | awk '{ printf "%.3f", $1 + $2 }') kWh" out
ok "from the same hours seven days before"

gridbourse series "$load" --value mean --unit kWh --label start >out 2>err
test $? -eq 2 && grep -q 'House1 is in kWh, a unit of energy.*value energy takes.*the unit is W, kW or MW$' err
ok "who calls a column of kWh a mean hears what it may be instead"

# A counter's last reading ends what is known, as the last of samples does: 1, 2 and 0.5 kWh, then nothing.
printf 'time,kWh\n2024-01-01 00:00,10\n2024-01-01 00:30,11\n2024-01-01 01:00,13\n2024-01-01 01:30,13.5\n' >counter.csv
gridbourse series counter.csv --value counter --step '30 min' >out 2>err && [ "$(sed 's/.*,//' out | tr '\n' ' ')" = 'kWh (Wh) 1000 2000 500 ' ] &&
    gridbourse series counter.csv --value sample --unit kW --step '30 min' >out 2>err && [ "$(sed 's/.*,//' out | tr '\n' ' ')" = 'kWh (Wh) 5250 6000 6625 ' ]
ok "no step is printed behind the last reading"

sed '$d' counter.csv >pv.csv
cat >shade.yaml <<EOF
format: 1
start_date: 2024-01-01
slots: 2
slot: 30 min
site: {utc_offset: 0}
series: {roof: {file: pv.csv, unit: kW, label: start, value: mean, column: kWh, align: any_weekday}}
pv.shading: 0.1
households: {a: {count: 1, pv: {series: roof}}, b: {count: 1, pv: {}}}
EOF
! gridbourse run shade.yaml --check --set households.a.pv.shading=0.2 >out 2>err && grep -q "'households.a.pv.shading' is for households.a.pv.series: none, and households.a.pv.series is roof" err &&
    { ! gridbourse run shade.yaml --check >out 2>err; ! grep -q shading err; }
ok "a measured roof takes no shade of its own beside"

# The shape of homes that use 4200 kWh a year: the sum over the week is that of the file on the same weekdays,
# times 4200 kWh over what the file has on average.
cat >village.yaml <<EOF
format: 1
start_date: 2024-03-29
days: 7
slot: 1 h
site: {preset: munich}
series: {town: {file: $load, column: House1, unit: kWh, label: start, align: weekday, gaps: week}}
households: {terrace: {count: 2, load: {series: town, yearly: 4200}}}
market.mechanism: grid_only
chain.protocol: ideal
output.level: meters
EOF
gridbourse run village.yaml -q -o village.h5 >out 2>err && gridbourse figures village.h5 -d figures --meter 1 --format svg >out 2>err
awk '!/^#/ && n++ % 2 == 0 { sum += $2 } END { printf "%.3f\n", sum }' figures/meter.dat >run
# 28 March, 23:00 UTC to 4 April, 22:00 UTC
awk -F, 'NR > 1 { all += $2; n++ } /^2024-03-13 1[345]/ { all += $2; n++ }
    $1 >= "2024-03-28 23:00" && $1 < "2024-04-04 22:00" { week += $2 }
    END { printf "%.3f\n", week * 4200 / 8760 / (all / n) }' ships | paste -d' ' run - |
    awk '{ exit ($1 - $2) ^ 2 > 2e-6 || $2 < 50 }'
ok "a home of 4200 kWh a year takes the week of its dates from it, to the Wh"

# ---- whose clock the stamps are of

awk 'BEGIN { print "time,kW,pv_kW"
    for (d = 1; d <= 2; d++) for (h = 0; h < 24; h++) { sun = (h > 8) * 2; printf "2024-03-%02d %02d:00,%d,%d\n", d, h, 1 + h % 3, sun } }' >local.csv
sed 's/^\(2024[^,]*\),/\1Z,/' local.csv >utc.csv
awk -F, -v OFS=, 'NR > 1 { $1 = 1709251200 + (NR - 2) * 3600 } { print }' local.csv >seconds.csv
awk 'NR <= 25 { sub(/^2024-03-01 /, ""); print }' local.csv >daily.csv
cat >clock.yaml <<EOF
format: 1
start_date: 2024-03-01
days: 1
slot: 1 h
site: {preset: munich, time_zone: fixed, utc_offset: 0}
series:
  town: {file: local.csv, column: kW, label: start}
  roof: {file: local.csv, column: pv_kW, label: start}
households: {a: {count: 2, load: {series: town}}, b: {count: 1, pv: {series: roof, size: 1}}}
chain.protocol: ideal
EOF
checked() { gridbourse run clock.yaml --check "$@" >out 2>err; }
checked && [ "$(grep -c UTC err)" -eq 2 ] && grep -q "^note: the stamps of 'local.csv' have no offset from UTC, and no zone is named: they are taken for UTC;$" err &&
    grep -q 'set series.roof.zone, series.town.zone as in CET-1CEST,M3.5.0,M10.5.0/3, else to UTC0$' err
ok "that stamps without offset and zone are taken for UTC is told once a file"
checked --set series.town.zone=UTC0 && grep -q 'set series.roof.zone as in' err &&
    checked --set series.town.zone=UTC0 --set series.roof.zone=UTC0 && ! grep -q UTC err && checked --quiet && [ ! -s err ]
ok "not of series whose zone is named, nor where quiet is asked for"
status=0
for file in utc seconds daily; do
    sed "s/local.csv/$file.csv/" clock.yaml >other.yaml
    { gridbourse run other.yaml --check >out 2>err && ! grep -q UTC err; } || { echo "# $file"; status=1; }
done
[ $status -eq 0 ]
ok "nor of stamps with offsets, of seconds since 1970 and of times of day"
printf 'format: 1\nscenario: clock.yaml\nvary: {market.beta: [0.1, 0.2]}\n' >clocks.yaml
gridbourse sweep clocks.yaml -o clocks.h5 >out 2>err && [ "$(grep -c 'they are taken for UTC' err)" -eq 1 ]
ok "a sweep tells it as well, once"

echo "1..$n"
exit $failed
