#!/bin/sh
# The name of a scenario's key stands in its row, a line of a .def file, and nowhere else: what sets a key
# apart is a flag of its row. The files below may name keys, each for the reason given.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$srcdir" || exit 99
. "$srcdir/tests/tap.sh"

cat >"$work/may" <<'FILES'
analysis/figure_curves_presets.c axes of the preset figure of a chain
analysis/figure_factor.c titles of axes
analysis/results_record.c the level of a trial stands in a column of its key
cli/clear.c prices that make a band, and the mechanism that is chosen before its options
cli/output.c the file in a message
cli/paper_case.c options of the published case
experiments/scenario/households.c a kind's yearly load, which stands in the place of another key
experiments/scenario/kind_agents.c checks of a kind, which say where
experiments/scenario/meters_file.c where a list of meters is wrong
experiments/scenario/meters_head.c the keys of a kind whose ranges its columns have
experiments/scenario/row_settings.c the keys of a kind that cells of a list of meters have
experiments/scenario/kind_storage.c checks of the batteries of a kind, which say where
experiments/scenario/series.c who reads a series: all homes, or a kind
experiments/scenario/tariff_series.c what prices have in place of the scale of a series
experiments/scenario/tariff_sources.c which of several keys says a price
experiments/scenario/tariffs.c where a tariff is wrong
experiments/scenario/scenario_reads.c the key that brings meters of its own
experiments/scenario/scenario_check.c checks between keys, which say where
experiments/scenario/scenario_money.c what of a scenario moves too much money
experiments/scenario/scenario_physics.c where a table in a text is wrong, and what keys need one another
experiments/scenario/scenario_orders.c where a table of orders is wrong
FILES

# a key has a dot; words without one (seed, days) are also columns and options
gridbourse list keys | grep -oE '^  [a-z_]+(\.[a-z_]+)+' | tr -d ' ' | sort -u >"$work/keys"
sed 's/\./\\./g; s/.*/"&["=]/' "$work/keys" >"$work/patterns"
grep -rnf "$work/patterns" --include='*.[ch]' base sim models chain analysis experiments cli |
    grep -vE -e '/\*.*"' -e '^[^:]*:[0-9]+: *(\*|\{"[a-z_.]*", GB_PARAM_|ROW\("[a-z_.]*",)' >"$work/found"

echo 1..3
[ "$(wc -l <"$work/keys")" -gt 100 ]
ok 'the program lists its keys'
report "$(grep -vE "^($(cut -d' ' -f1 "$work/may" | tr '\n' '|')none):" "$work/found")" \
    'no file names a key of the scenario but its row'
report "$(while read -r file why; do
    grep -q "^$file:" "$work/found" || echo "$file names no key any more: $why"
done <"$work/may")" 'every file that may name keys does'
exit $failed
