#!/bin/sh
# Heat pumps: what each draws, gives and lacks in every slot of a week, computed anew in Python from
# the temperatures and the tariff, for each controller and two forecasts of the air; and what `run`
# says of a village whose heat pumps have no winter, or are too small.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
oracle() { py "$srcdir/tests/heat_pumps.py" "$@" >said 2>&1 || { sed 's/^/# /' said; false; }; }
run() { gridbourse run "$@" >out 2>&1 || { sed 's/^/# /' out; false; }; }
oracle --weather air.csv
cat >village.yaml <<'EOT'
format: 1
start_date: 2024-01-15
days: 7
slot: 30 min
site: {latitude: 51, longitude: 0, utc_offset: 0, temperature_series: air}
series: {air: {file: air.csv, label: start}}
market: {mechanism: grid_only}
tariff: {feed_in: 0.08, retail_by_time: "0:00 0.25, 6:00 0.38, 17:00 0.52, 20:00 0.38, 22:00 0.25"}
heat_pump: {heat_loss: 200, flow: 45, power: 3, store: 8}
households:
  atonce: {count: 1, heat_pump: {controller: at_once, store_loss: 0.01}}
  cheap: {count: 1, heat_pump: {}}
  leaky: {count: 1, heat_pump: {heat_loss: 150, flow: 35, power: 2.5, store: 12, store_loss: 0.02}}
  limit: {count: 1, heat_pump: {controller: price_limit, price_limit: 0.3, store_loss: 0.005}}
  weak: {count: 1, heat_pump: {flow: 55, power: 1.2, store: 4}}
chain: {crypto: modelled}
output: {level: meters}
EOT
run village.yaml -o perfect.h5 --set forecast.kind=perfect && oracle perfect.h5 perfect
ok "a week of five heat pumps that know the air to come is that computed anew"
run village.yaml -o mean.h5 && oracle mean.h5 yesterday
ok "and of five that expect it as it was the day before"
grep -q '^  heat  *[1-9][0-9.]* kWh that homes needed and heat pumps did not give' out
ok "run says how much heat was not given"
! grep -q 'degrees outside at all times' out
ok "and nothing of seasons where the air is measured"
run village.yaml -o none.h5 --set site.temperature_series=none &&
    grep -q 'note: it is 16 degrees outside at all times, and homes with a heat pump need no heat' out
ok "it says that nobody needs heat at a constant 16 degrees"
run village.yaml -o same.h5 --set site.temperature_series=none --set site.temperature=5 &&
    grep -q 'at all times, and homes with a heat pump need as much heat in summer as in winter' out
ok "and that a constant 5 degrees have no summer"
echo "1..$n"
exit $failed
