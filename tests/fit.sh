#!/bin/sh
# gridbourse fit from the shell: a file of parameters that a run takes, mistakes in words, and, where
# the data are beside the project, the fitted sets that ship with it made again.
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "$srcdir/tests/commands.sh"

for data in "$srcdir/../shared/data" "$srcdir/../../shared/data" ''; do
    [ ! -d "$data" ] || break
done

# four months of hourly wind that remembers the hour before
awk 'BEGIN { print "time,here (m/s),there (m/s)"
    for (i = 0; i < 120 * 24; i++) {
        x = (x * 16807 + 11) % 2147483647
        z = 0.9 * z + 0.75 * (x / 2147483647 - 0.5)
        speed = 4 * exp(z)
        printf "%d,%.2f,%.2f\n", 1672531200 + i * 3600, speed, speed / 2
    } }' >"$dir/wind.csv"

# again FILE: the estimates of a shipped set, made anew by the command in its head, lie within the
# errors it states
again() {
    sed -n 's/^# gridbourse //p' "$1" >"$dir/words"
    (cd "$data" && eval "gridbourse $(cat "$dir/words")") >"$dir/again.yaml" || return 1
    # a line of both: key, shipped value, its error, new value
    awk 'FNR == NR { if ($1 ~ /^[a-z_]+:$/ && NF > 1) { value[$1] = $2; error[$1] = $5 }; next }
        $1 ~ /^[a-z_]+:$/ && NF > 1 {
            seen++
            if (!($1 in value) || ($2 - value[$1]) ^ 2 > error[$1] ^ 2) { print "# " $0; bad = 1 }
        }
        END { exit bad || seen < 3 }' "$1" "$dir/again.yaml"
}

# two months and a half of speeds at moments, and what is between them, as means
awk -v dir="$dir" 'BEGIN { print "time,wind (m/s)" >(dir "/samples.csv"); print "time,wind (m/s)" >(dir "/means.csv")
    for (i = 0; i <= 75 * 24; i++) {
        x = (x * 16807 + 11) % 2147483647
        z = 0.9 * z + 0.75 * (x / 2147483647 - 0.5)
        speed = 2 * int(50 * (4 + sin(i * 3.14159265 / 12)) * exp(z) + 0.5)
        printf "%d,%.2f\n", 1672531200 + i * 3600, speed / 100 >(dir "/samples.csv")
        if (i > 0)
            printf "%d,%.2f\n", 1672531200 + (i - 1) * 3600, (speed + last) / 200 >(dir "/means.csv")
        last = speed
    } }'

echo 1..16
check 'wind is fitted' run 0 fit "$dir/wind.csv" --model wind --label start -o "$dir/wind.yaml"
[ ! -s "$dir/out" ] && [ ! -s "$dir/err" ]
ok 'with no word where it goes to a file'
grep -q '^  weibull_k: [0-9.]*  # +- [0-9.e-]*$' "$dir/wind.yaml" && grep -q '^# gridbourse fit .*wind.csv --model wind' "$dir/wind.yaml"
ok 'each value with its error, under the command that made it'
check 'a run takes it' run 0 run "$srcdir/experiments/street.yaml" --set slots=1 --parameters "$dir/wind.yaml" -o "$dir/r.h5"
key=$(sed -n 's/^  weibull_a: \([0-9.]*\) .*/\1/p' "$dir/wind.yaml")
says "wind.weibull_a $key"
ok 'and says that the key was set'
run 0 run "$srcdir/experiments/street.yaml" --set slots=1 --parameters "$dir/wind.yaml" --set wind.weibull_a=7 -o "$dir/r.h5"
says 'wind.weibull_a 7'
ok 'what is set behind it goes over it'
printf 'wind: [1, 2]\n' >"$dir/list.yaml"
check 'no file of parameters is refused by its place' run 2 run "$srcdir/experiments/street.yaml" --parameters "$dir/list.yaml"
complains 'list.yaml:1:7: wind: expected a value'
ok 'in words'
check 'a column of another kind is no wind' run 2 fit "$dir/wind.csv" --model wind --label start --unit kW
check 'what cannot be told is asked for' run 2 fit "$dir/wind.csv" --model wind
complains '--label start or --label end'
ok 'by its option'
head -n 200 "$dir/wind.csv" >"$dir/short.csv"
check 'eight days of wind are too few' run 2 fit "$dir/short.csv" --model wind --label start
complains "short.csv', here (m/s): expected wind of 8 weeks at least; the file has 8.3 d"
ok 'which is said of the file and its column, with how long it is'
run 0 fit "$dir/samples.csv" --model wind --value sample -o "$dir/of-samples.yaml"
run 0 fit "$dir/means.csv" --model wind --label start -o "$dir/of-means.yaml"
grep -v '^# gridbourse' "$dir/of-samples.yaml" >"$dir/a"
grep -v '^# gridbourse' "$dir/of-means.yaml" | cmp - "$dir/a" && grep -q diurnal_peak "$dir/a"
ok 'samples are integrated as a run does it: their means give the same'
check 'no such model' run 2 fit "$dir/wind.csv" --model sun
missed=
for set in "$srcdir"/experiments/presets/*.yaml; do
    case $set in
    */site-* | */tariff-*) continue ;;
    */load-*) [ -n "${GB_FIT_LONG-}" ] || continue ;; esac
    [ -z "$data" ] || again "$set" || missed="$missed $set"
done
if [ -n "$data" ]; then
    [ -z "$missed" ] || echo "# not made again:$missed"
    [ -z "$missed" ]
    ok 'sets that ship are made again from their data, within their errors'
else
    skip 'sets that ship are made again' '../shared/data is not there'
fi
