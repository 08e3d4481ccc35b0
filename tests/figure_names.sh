#!/bin/sh
# Figures whose texts are long: names of homes that have no room beside each other stand upright, those
# of kinds stay on the page; and a figure asked for unasked key figures has some in every cell.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cat >"$work/homes.yaml" <<'EOF'
format: 1
start_date: 2024-06-10
slots: 24
slot: 1 h
tariff: {retail: 0.35, feed_in: 0.08}
chain: {protocol: ideal}
output: {level: meters}
households:
  flat: {count: 9, load: {yearly: 2200}}
  rooftop-with-a-large-battery: {count: 3, load: {yearly: 9500}, pv: {size: 8}, storage: {capacity: 10}}
EOF
# one whose heat pumps follow the market: its batteries do not
cat >"$work/pumps.yaml" <<'EOF'
format: 1
start_date: 2024-04-08
slots: 96
slot: 30 min
site: {preset: munich, temperature_model: process}
tariff: {feed_in: 0.08, retail_by_time: "0:00 0.25, 6:00 0.38, 22:00 0.25"}
chain: {protocol: ideal}
heat_pump: {store: 10}
households:
  warm: {count: 3, load: {yearly: 2500}, heat_pump: {}}
  roof: {count: 4, load: {yearly: 3500}, pv: {size: 8}}
EOF
# days of so few meters that a side's bill is too uncertain to divide by
cat >"$work/few.yaml" <<EOF
format: 1
scenario: $srcdir/experiments/village.yaml
set: {chain.protocol: ideal, meters.count: 8}
vary: {forecast.skill: [0, 1]}
replications: 3
EOF
figures() { gridbourse figures "$@" >"$work/out" 2>"$work/err" || { sed 's/^/# /' "$work/err"; false; }; }
has_text() { # PICTURE TEXT
    grep -qF -- ">$2</" "$1" || grep -qF -- ">$2<" "$1" || { echo "# $1 lacks $2"; false; }
}
# a text's end is at its anchor
ends_at_point() { grep -B3 -F -- "$2" "$1" | grep -q 'text-anchor="end"'; }

gridbourse run "$work/homes.yaml" --quiet -o "$work/homes.h5" >"$work/out" 2>"$work/err" || exit 99
gridbourse sweep "$work/few.yaml" --quiet -o "$work/few.h5" >"$work/out" 2>"$work/err" || exit 99

figures "$work/few.h5" -d "$work/few" --only effect --format svg &&
    grep -q 'buyers_cost (currency) sellers_revenue (currency)' "$work/few/effect.dat" &&
    ! grep -q 'no point' "$work/few/effect.txt" && grep -q '^1 [0-9-]' "$work/few/effect.dat"
ok "an effect whose shares are too uncertain is shown in money"
figures "$work/few.h5" -d "$work/asked" --only effect --format svg --y sellers_revenue,carbon &&
    grep -q 'sellers_revenue (currency) carbon (kg)' "$work/asked/effect.dat"
ok "what is asked for is shown as it is"
figures "$work/homes.h5" -d "$work/narrow" --only users,gains,kinds --format svg --width '85 mm' &&
    grep -q '^are_upright = 1$' "$work/narrow/users.gp" && grep -q '^name_step = 1$' "$work/narrow/users.gp"
ok "names of users that have no room beside each other stand upright"
figures "$work/homes.h5" -d "$work/kind" --only users --format svg --where kind=flat &&
    grep -q '^are_upright = 0$' "$work/kind/users.gp"
ok "and lie where they have it"
# 28 letters and a number take 36.4 mm of 8 pt, two thirds of what as many digits take
awk '$1 == "longest_mm" { found = 1; bad = $3 < 36 || $3 > 37 } END { exit !found || bad }' "$work/narrow/gains.gp"
ok "the room for names is that of their letters"
if command -v gnuplot >/dev/null; then
    missing=0
    for k in 1 2 3 4 5 6 7 8 9; do has_text "$work/narrow/users.svg" "flat $k" || missing=1; done
    for k in 1 2 3; do has_text "$work/narrow/users.svg" "rooftop-with-a-large-battery $k" || missing=1; done
    [ $missing -eq 0 ]
    ok "every user has its name"
    has_text "$work/narrow/gains.svg" 'Users by gain'
    ok "and so has the axis below names"
    ends_at_point "$work/narrow/kinds.svg" rooftop-with-a-large-battery && ! ends_at_point "$work/narrow/kinds.svg" '>flat<'
    ok "a kind's name that would leave the page stands left of its point"
else
    for what in "every user has its name" "and so has the axis below names" "a kind's name stays on the page"; do
        skip "$what" "no gnuplot"
    done
fi
gridbourse run "$work/pumps.yaml" --quiet -o "$work/pumps.h5" >"$work/out" 2>"$work/err" &&
    gridbourse compare "$work/pumps.h5" >"$work/out" 2>"$work/err" &&
    grep -q '^  storage, cars and heat pumps, run otherwise  *[+-][0-9.]*[1-9]' "$work/out"
ok "what heat pumps take otherwise than grid-only is not said to be storage alone"
echo "1..$n"
exit $failed
