#!/bin/sh
# What kinds of households come to: /kinds computed anew in Python, kept at every level of output, by
# shards, merge and resume; compared and drawn without users; refused where it is damaged; and not
# there where there are no kinds.
. "$srcdir/tests/python.sh"
need_h5py
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
cd "$work" || exit 99
cat >village.yaml <<'EOT'
format: 1
start_date: 2024-06-10
slots: 40
slot: 30 min
site: {preset: munich}
tariff: {network_fee: 0.02, levies: 0.01}
households:
  flat: {count: 4, load: {yearly: 2200}, heat_pump: {}}
  terrace: {count: 3, load: {yearly: 4200}, pv: {size: 8}, ev: {days: 1, energy: 30, plugged_in: 4}}
  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25}, storage: {capacity: 10, controller: contract, wear: 0.03}, connection: 9}
  mill: {count: 1, load: {yearly: 3000}, wind: {turbine: 10}}
chain: {crypto: modelled, fee: 0.001}
output: {level: meters}
EOT
printf 'format: 1\nscenario: village.yaml\nset: {output.level: summary, slots: 24}\nvary: {households.farm.count: [0, 3], market.beta: [0.1, 0.6]}\nreplications: 4\n' >sweep.yaml
sed 's/level: summary/level: market/' sweep.yaml >users.yaml
printf 'format: 1\nscenario: village.yaml\nset: {output.level: summary, slots: 24}\nzip:\n  - {market.beta: [0.1, 0.3, 0.6, 0.9], households.farm.count: [3, 0, 2, 1]}\nreplications: 4\n' >holes.yaml
kinds() { py "$srcdir/tests/kinds.py" "$@" >said 2>&1 || { sed 's/^/# /' said; false; }; }
run() { gridbourse "$@" >out 2>err || { sed 's/^/# /' out err; false; }; }
refused() { # FILE WORDS
    ! gridbourse compare "$1" --csv >out 2>err && grep -qF -- "$2" err || { sed 's/^/# /' err; false; }
}

run run village.yaml -o one.h5 --quiet && kinds one.h5 && grep -q '^4 kinds' said
ok 'every column of every kind is what its homes come to, and all together the community'
run run village.yaml -o few.h5 --quiet --set output.level=summary && kinds --equal one.h5 few.h5 && grep -q '^4 rows' said
ok 'the least level of output keeps the same rows'
run sweep sweep.yaml -o whole.h5 --quiet && run sweep users.yaml -o users.h5 --quiet && kinds --equal whole.h5 users.h5 &&
    grep -q '^56 rows' said
ok 'a sweep keeps them of every trial: 4 replications of two cells with farms, and of two without'
run sweep sweep.yaml -o a.h5 --quiet --shard 1/2 && run sweep sweep.yaml -o b.h5 --quiet --shard 2/2 &&
    run merge -o merged.h5 a.h5 b.h5 && run diff merged.h5 whole.h5
ok 'shards merge to the same file'
gridbourse compare whole.h5 --where households.farm.count=3 --where market.beta=0.1 >of-summary 2>err &&
    gridbourse compare users.h5 --where households.farm.count=3 --where market.beta=0.1 >of-users 2>err &&
    sed -n '/^By kind/,/^  terrace/p' of-summary >a && sed -n '/^By kind/,/^  terrace/p' of-users >b &&
    [ "$(grep -cE '^  (farm|flat|mill|terrace) ' a)" -eq 4 ] && cmp a b
ok 'compare tells of kinds without users'
gridbourse compare whole.h5 --against market.beta=0.1 >of-summary 2>err && grep -qE '^ +terrace +3 ' of-summary &&
    gridbourse compare whole.h5 --against market.beta=0.1 --csv >a.csv 2>err && grep -q 'homes of farm' a.csv &&
    gridbourse compare whole.h5 --csv >b.csv 2>err && grep -q 'homes of mill' b.csv
ok 'and sets them against a reference'
run figures whole.h5 -d figures --only kinds --where households.farm.count=3 --where market.beta=0.1 && grep -q farm figures/kinds.dat
ok 'the map of kinds is drawn without users'
cp whole.h5 damaged.h5 && kinds --damage damaged.h5 n_homes &&
    refused damaged.h5 '/kinds/n_homes of trial 0 adds up to 9, and /summary/n_meters is 8'
ok 'kinds that have other homes than there are meters are refused'
cp whole.h5 damaged.h5 && kinds --damage damaged.h5 cost &&
    refused damaged.h5 '/kinds/cost of trial 0 adds up to'
ok 'and so are bills that are not those of the community'
cp whole.h5 damaged.h5 && kinds --damage damaged.h5 saving && ! run diff damaged.h5 whole.h5 && grep -q '/kinds' out
ok 'diff sees a row that differs'
run sweep holes.yaml -o holes.h5 --quiet || exit 99
lines() { # POINTS,HOLES Y [FIGURE --change]: by kind along market.beta, computed anew
    run figures holes.h5 -d lines --format svg --only "${3:-curves}" --lines kind --x market.beta ${2:+--y "$2"} &&
        kinds --lines holes.h5 "lines/${3:-curves}.dat" market.beta "${2:-saving/n_homes}" ${4:+"$4"} && grep -q "^4 lines, ${1%,*} points, ${1#*,} holes" said
}
lines 15,1 '' && grep -q "name_1 = 'farm'" lines/curves.gp && grep -q 'no point: no home of the kind' lines/curves.txt
ok 'lines by kind: what a home saves, with a hole where there is none of the kind'
lines 15,1 sold_wh && lines 15,1 cost/n_homes && lines 4,12 saving/cost_grid_only &&
    lines 8,8 self_sufficiency && lines 8,8 cost/load_wh && grep -q "currency/kWh" lines/curves.dat
ok 'and other columns of /kinds, and one over another'
lines 15,1 '' effect --change
ok 'and what the key changes, paired by draw'
run figures holes.h5 -d panels --format svg --only curves --panels kind --x market.beta && grep -q '^n_panels = 4' panels/curves.gp &&
    sed '/^#/d; /"/d; /^$/d' panels/curves.dat >a && run figures holes.h5 -d lines --format svg --lines kind --x market.beta &&
    sed '/^#/d; /"/d; /^$/d' lines/curves.dat >b && cmp a b
ok 'a panel a kind has the same points'
no_lines() { # STATUS WORDS FILE OPTION...
    status=$1 words=$2 && shift 2
    gridbourse figures "$1" -d refused --format svg --x market.beta "$2" "$3" ${4:+"$4"} ${5:+"$5"} >out 2>err
    [ $? -eq "$status" ] && grep -qF -- "$words" err || { sed 's/^/# /' err; false; }
}
no_lines 2 "/kinds has no column 'savings' of numbers (did you mean 'saving'?)" holes.h5 --lines kind --y savings &&
    no_lines 2 "'kind' is asked for twice" holes.h5 --lines kind --panels kind &&
    no_lines 1 'it shows all households together' holes.h5 --only map --lines kind
ok 'what cannot be shown by kind is refused'
run run "$srcdir/experiments/paper.yaml" -o paper.h5 --quiet && ! py -c 'import h5py,sys; sys.exit("kinds" not in h5py.File("paper.h5"))'
ok 'a result without kinds has no such table'
no_lines 1 'the result has no kinds of households: `households` of a scenario names them' paper.h5 --only curves --lines kind
ok 'and no lines of them'
# followed WORD SCENARIO: what every home's agent is said to follow
followed() {
    printf 'format: 1\nslots: 4\nchain: {protocol: ideal}\nhouseholds:\n  flat: {count: 3}\n  mill: {count: 0%s}\n' "$2" >alike.yaml
    run run alike.yaml -o alike.h5 --quiet &&
        py -c 'import h5py, sys; s = h5py.File("alike.h5")["users/strategy"]; w = s.attrs["flag_meanings"]; w = (w.decode() if isinstance(w, bytes) else w).split(); got = {w[list(s.attrs["flag_values"]).index(v)] for v in s[:]}; sys.exit(got != {sys.argv[1]})' "$1"
}
followed none '' && followed none ', agents: {strategy: paper_beta}' && followed paper_beta ', agents: {strategy: zip}'
ok 'homes have the strategy of their kind where a kind, be it without homes, has another'
echo "1..$n"
exit $failed
