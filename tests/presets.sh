#!/bin/sh
# Presets: every one gives a scenario what its file says, what stands beside it goes before, and a
# stored scenario holds values, so that it runs again whatever becomes of the preset.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/commands.sh"

# sets KEY VALUE OPTION...: a run with the options has the value, as its list of settings says
sets() {
    key=$1 value=$2
    shift 2
    run 0 run "$dir/s.yaml" --set slots=1 --set meters.count=2 -o "$dir/r.h5" "$@" &&
        tr -s ' \n' ' ' <"$dir/out" | grep -qF -e "$key $value "
}
printf 'format: 1\n' >"$dir/s.yaml"
printf 'format: 1\nsite: {preset: munich, altitude: 700}\ntariff: {retail: 0.3, preset: de-2024}\n' >"$dir/given.yaml"

# what every preset says, word for word
said=
for file in "$srcdir"/experiments/presets/*.yaml; do
    name=$(basename "$file" .yaml)
    section=${name%%-*}
    run 0 run "$dir/s.yaml" --set slots=1 --set meters.count=2 -o "$dir/r.h5" --set "$section.preset=${name#*-}" ||
        said="$said $name"
    tr -s ' \n' ' ' <"$dir/out" >"$dir/said"
    sed -n 's/^  \([a-z_]*\): \("\{0,1\}\)\([^" ]*\).*/\1 \3/p' "$file" | while read -r key value; do
        grep -qF -e "$section.$key " "$dir/said" || [ "$key" = fast_time ] || [ "$key" = mean ] || echo "$key $value"
    done >"$dir/missing"
    [ ! -s "$dir/missing" ] || said="$said $name: $(tr '\n' ' ' <"$dir/missing")"
done

echo 1..15
report "$said" 'every preset gives its keys'
# Means over hours, of a latent of whose instants exp(-x) is left after one, correlate from one hour to the next by
# (1 - exp(-x))^2 / (2 (x - 1 + exp(-x))); measured ones by 0.78 to 0.88 (doc/targets.md).
said=
for file in "$srcdir"/experiments/presets/clouds-*.yaml; do
    said=$said$(awk -v name="$(basename "$file" .yaml)" '$1 == "memory_hour:" { left = $2; n++ }
        END { means = (1 - left) ^ 2 / (2 * (left - 1 - log(left)))
            if (n != 1 || means < 0.78 || means > 0.88) print name, "remembers an hour by", means }' "$file")
done
report "$said" 'fitted clouds remember an hour as measured light does'
check 'keys of a preset arrive' sets site.latitude 48.14 --set site.preset=munich
cp "$dir/given.yaml" "$dir/s.yaml"
check 'keys beside a preset go before, whatever their order' sets site.altitude 700
check 'of a tariff as well' sets tariff.retail 0.3
check 'what is set goes before both' sets site.altitude 20.5 --set site.altitude=20.5
check 'a preset that is set goes before that of the file' sets site.latitude 33.45 --set site.preset=phoenix
check 'no such preset' run 2 run "$dir/s.yaml" --check --set site.preset=atlantis
complains 'site.preset: expected one of none, berlin'
ok 'in words that name them'
printf 'format: 1\nscenario: s.yaml\nreplications: 1\nvary: {site.preset: [munich, phoenix]}\n' >"$dir/w.yaml"
check 'a sweep varies none' run 2 sweep "$dir/w.yaml" --check
printf 'format: 1\nscenario: s.yaml\nreplications: 1\nvary: {meters.count: [2, 3]}\n' >"$dir/w.yaml"
check 'nor sets one over a scenario that is read' run 2 sweep "$dir/w.yaml" --check --set site.preset=phoenix
grep -qF "stands in the scenario's file" "$dir/err"
ok 'and says where it may stand'
printf 'format: 1\nsite: {preset: madrid, utc_offset: 5}\n' >"$dir/o.yaml"
check 'an offset beside the zone of a place is told' run 2 run "$dir/o.yaml" --check
complains 'site.utc_offset: the preset'
ok 'and what makes it count'
printf 'format: 1\nsite: {preset: madrid, utc_offset: 5, time_zone: fixed}\n' >"$dir/o.yaml"
check 'which does' run 0 run "$dir/o.yaml" --check
