#!/bin/sh
# Notes on measured weather that is of another place, height or clock than the site's, and on series
# whose headers say another clock than the scenario.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/commands.sh"
cd "$dir" || exit 99

# a typical year of one station near Chicago
{
    echo '724940,"SOME FIELD",IL,-6.0,41.983,-87.917,205'
    echo 'Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),Dry-bulb (C),Wspd (m/s)'
    awk 'BEGIN { split("31 28 31 30 31 30 31 31 30 31 30 31", days, " ")
                 for (m = 1; m <= 12; m++) for (d = 1; d <= days[m]; d++) for (h = 1; h <= 24; h++)
                     printf "%02d/%02d/1988,%02d:00,%d,5.0,4.0\n", m, d, h, (h > 6 && h < 18 ? 300 : 0) }'
} >sky.csv
{
    echo 'time (UTC),load kWh'
    awk 'BEGIN { for (d = 1; d <= 3; d++) for (h = 0; h < 24; h++) printf "2023-06-%02d %02d:00,0.4\n", d, h }'
} >load.csv
cat >village.yaml <<'EOT'
format: 1
start_date: 2023-06-02
days: 1
meters: {count: 4}
chain.protocol: ideal
series:
  sky: {file: sky.csv, align: calendar}
  town: {file: load.csv, label: start}
clouds: {series: sky}
load: {series: town}
EOT
checks() { run 0 run village.yaml --check "$@"; }
notes() { grep -qF -e "$1" "$dir/err"; }
there='--set site.latitude=41.8 --set site.longitude=-87.7 --set site.utc_offset=-6 --set site.altitude=190'

echo 1..6
checks --set site.preset=munich && notes "the weather of 'sky' is that of 41.983, -87.917 (205 m), the site is at 48.14, 11.58" &&
    notes '7272 km away' && notes 'set site.latitude, site.longitude, site.altitude and site.utc_offset'
ok 'weather of another continent is told, with both places, how far, and what to set'
# shellcheck disable=SC2086
checks $there && ! notes 'km away' && ! notes 'above the sea' && ! notes 'standard time' && ! notes header && ! notes zone
ok 'of the station of the town nothing is said, nor of a clock that a header says'
# shellcheck disable=SC2086
checks $there --set site.altitude=1500 && notes "'sky' is that of 205 m above the sea, the site lies at 1500 m: set site.altitude"
ok 'another height is told'
# shellcheck disable=SC2086
checks $there --set site.utc_offset=-5 && notes "the standard time of 'sky' is UTC-6 h, that of the site UTC-5 h"
ok 'another standard time is told'
checks --set clouds.series=none && ! notes 'km away'
ok 'of weather that nobody reads nothing is said'
# shellcheck disable=SC2086
checks $there --set series.town.zone=CET-1 && notes "the header of 'town' says that its stamps are of zone UTC0; series.town.zone, CET-1, goes before"
ok 'a zone that goes before the header is told'
