#!/bin/sh
# Series as people bring them, read to their known totals, or refused with what to say. The files are
# not part of the project: where they are not beside it, this is skipped.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/commands.sh"

for wild in "$srcdir/../shared/data/wild" "$srcdir/../../shared/data/wild" ''; do
    [ ! -d "$wild" ] || break
done
[ -n "$wild" ] || { echo '1..0 # SKIP ../shared/data/wild is not there'; exit 0; }

# reads FILE WORDS OPTION...: the series is read, and its report says WORDS between single blanks
reads() {
    file=$1 words=$2
    shift 2
    run 0 series "$wild/$file" "$@" && tr -s ' ' <"$dir/out" | grep -qF -e "$words"
}
refuses() {
    file=$1 words=$2
    shift 2
    run 2 series "$wild/$file" "$@" && grep -qF -e "$words" "$dir/err"
}

echo 1..20
ausgrid=ausgrid_customer12_30min_kwh.csv
check 'a unit and a label that stand nowhere are asked for' refuses "$ausgrid" '--label start or --label end'
check 'half hours of two registers over a leap year' reads "$ausgrid" \
    'GC kWh energy 2011-07-01T00:00Z 2012-06-30T23:30Z 30 min 17568 0 0 0 11876.738 kWh' --unit kWh --label start
says '2592.808 kWh'
ok 'and the second register'
check 'NEM12 with four blocks for one register' reads nem12_ausnet_30min.csv '30 min 17520 0 0 0 2720.243 kWh'
says '720 lines without a row' && says 'zone <+10>-10'
ok 'its readings by hand are passed over, its clock is the format'"'"'s'
check 'hours of a local clock, by their ends, days descending' reads pjme_hourly_2014.csv \
    '275933037000 kWh' --label end --zone EST5EDT,M3.2.0,M11.1.0
grep -qF 'no household' "$dir/err" && says '8761' && says 'an hour twice'
ok 'its total is doubted, the doubled hour told'
check 'without its zone the doubled hour is refused by its line' refuses pjme_hourly_2014.csv \
    'stands already in line' --label end
check 'miles an hour with 15 hours missing' reads nycflights_weather_ewr_2013q4.csv \
    '2180 15 0 0 mean 4.1099 m/s' --column wind_speed --unit mph --label start
check 'days and months that nothing tells apart are asked for' refuses uci_household_1min_head.txt '--date dmy'
check 'a date and a clock in two columns' reads uci_household_1min_head.txt \
    '2007-02-05T00:00Z 2007-02-06T23:59Z 1 min 2880 0 0 0 48.646 kWh' \
    --date dmy --column Global_active_power --unit kW --label start
check 'a typical year of PVGIS' reads pvgis_tmy_2005_2023.csv 'G(h) W/m2 mean 2000-12-31T23:40Z 2001-12-31T22:40Z 1 h 8760 0 0 0 1435.861 kWh/m2'
says '1591.565 kWh/m2' && says 'mean 13.564' && says 'mean 1.209'
ok 'its beam, temperature and wind'
check 'hours of PVGIS' reads pvgis_hourly_2016_head.csv 'T2m C mean 2015-12-31T23:40Z 2016-01-01T12:40Z 1 h 14 0 0 0 mean 4.0393 C'
check 'columns by blanks, with sentinels' reads uscrn_5min_with_problems.txt 'column 19 C mean 2020-07-06T11:55Z 2020-07-06T13:05Z 5 min 15 12 3 0 -' \
    --column 9,19 --unit C --label end
check 'what stands where nothing was measured is counted' \
    reads uscrn_5min_with_problems.txt 'missing 3 -9999, 1 -99999' --unit C --label end
check 'and of another file' reads nycflights_weather_ewr_2013q4.csv 'missing 2071 NA' --unit 1 --label start
check 'a day that repeats' reads gsye_load_data_1.csv 'POWER(W) W mean 00:00 23:45 15 min 96 0 0 0 0.393 kWh' --label start &&
    reads gsye_solar_curve_w_partial.csv '0.4 kWh' --label start
check 'seconds since 1970' reads lemlab_hh_3055.csv 'power W mean 2021-02-14T23:00Z 2021-03-31T21:45Z 15 min 4316 0 0 0 400.58 kWh' \
    --unit W --label start

# ---- in a run
awk 'BEGIN { print "time,a (MWh),b (MWh)"
    for (h = 0; h < 48; h++) printf "2024-06-0%dT%02d:00Z,%d,2\n", 1 + h / 24, h % 24, 1 + h % 3 }' >"$dir/pair.csv"
cat >"$dir/pair.yaml" <<'EOT'
format: 1
start_date: 2024-06-01
days: 2
site: {utc_offset: 0, longitude: 0}
meters: {count: 2, prosumer_share: 0}
series: {pair: {file: pair.csv, label: start}}
load: {series: pair}
forecast: {kind: yesterday}
EOT
gridbourse run "$dir/pair.yaml" --check >"$dir/out" 2>"$dir/err" && grep -q 'good: 2 meters' "$dir/out" &&
    grep -q '^b (MWh): 1.752e+07 kWh a year is no household.s: is the unit wrong by a factor 1000' "$dir/err"
ok 'before a run columns that no household uses are named, with the factor 1000'
exit $failed
