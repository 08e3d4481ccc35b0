#!/bin/sh
# Re-quote factors of agents' own (agents.beta) in whole runs: by the time of day, and those that
# follow what was matched, each against the books and trades that the run printed (tests/betas.py).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/python.sh"

cat >"$work/small.yaml" <<'END'
format: 1
slot: 1 h
slots: 20
meters.count: 12
output.level: market
END

# run NAME OPTION ...: NAME.h5
run() {
    name=$1
    shift
    gridbourse run --quiet "$work/small.yaml" -o "$work/$name.h5" "$@" 2>"$work/err"
}

# betas NAME SLOT: the factors that orders carry, each once
betas() {
    gridbourse book "$work/$1.h5" --slot "$2" | sed '/^#/d' | cut -d, -f9 | sort -u | tr '\n' ' '
}

# follows NAME SLOT: those of the next slot follow from this one's trades
follows() {
    gridbourse book "$work/$1.h5" --slot "$2" >"$work/book.csv" &&
        gridbourse book "$work/$1.h5" --slot $(($2 + 1)) >"$work/next.csv" || return
    rules=$(sed -n 's/.*gridbourse clear BOOK.csv//p' "$work/book.csv")
    # shellcheck disable=SC2086
    gridbourse clear "$work/book.csv" $rules >"$work/trades.csv" &&
        "$python" "$srcdir/tests/betas.py" 0.5 0.25 "$work/book.csv" "$work/trades.csv" \
            "$work/next.csv" >"$work/out" 2>"$work/err"
}

# refused WORDS OPTION ...: the scenario is refused with these words
refused() {
    words=$1
    shift
    gridbourse run --check "$work/small.yaml" "$@" >"$work/out" 2>"$work/err"
    [ $? -eq 2 ] && grep -qF -- "$words" "$work/err"
}

echo 1..6
run times --set agents.beta=by_time --set "agents.beta_by_time=6:00 0.25, 17:30 0.8" &&
    [ "$(betas times 5)" = "0.8 beta " ] && [ "$(betas times 6)" = "0.25 beta " ] &&
    [ "$(betas times 17)" = "0.25 beta " ] && [ "$(betas times 18)" = "0.8 beta " ]
ok "by the time of day, orders carry the factor that holds when their slot begins"
run plain && gridbourse book "$work/plain.h5" --slot 12 | sed '/^#/d' | cut -d, -f1-8,10- >"$work/plain" &&
    gridbourse book "$work/times.h5" --slot 12 | sed '/^#/d' | cut -d, -f1-8,10- | cmp -s - "$work/plain"
ok "and are the same orders as without it but for that"
up_and_down="--set agents.beta=adaptive --set agents.beta_up=0.5 --set agents.beta_down=0.25"
# shellcheck disable=SC2086
run call $up_and_down && follows call 11 && follows call 12
ok "an adaptive factor follows what a market at its gate has matched of a meter's energy"
# shellcheck disable=SC2086
run trading $up_and_down --set market.mechanism=continuous && follows trading 11 && follows trading 12
ok "and what orders have traded as they came"
refused "expected times of day, ascending" --set agents.beta=by_time --set "agents.beta_by_time=6:00 0.1, 6:00 0.2" &&
    refused "expected times of day, ascending" --set agents.beta=by_time --set "agents.beta_by_time=24:00 0.1" &&
    refused "expected times of day, ascending" --set agents.beta=by_time --set "agents.beta_by_time=6:00 1.5" &&
    refused "agents.beta_up" --set agents.beta_up=0.5
ok "what is no list of times, and rates of a factor that is not adaptive, are refused"
cat >"$work/sweep.yaml" <<'END'
format: 1
scenario: small.yaml
vary:
  agents.beta: [by_time]
  agents.beta_by_time: ["0:00 0.1", "0:00 0.1, 17:00 0.9"]
END
gridbourse sweep "$work/sweep.yaml" -o "$work/sweep.h5" --quiet --set slots=2 >"$work/out" 2>"$work/err" &&
    gridbourse compare "$work/sweep.h5" --csv >"$work/out" 2>"$work/err" &&
    grep -q "0:00 0.1, 17:00 0.9" "$work/out"
ok "a sweep varies them"
exit $failed
