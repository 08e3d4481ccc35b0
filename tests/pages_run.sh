#!/bin/sh
# Every `gridbourse` command in a fenced block of README.md and of the pages in doc/ runs. The commands of a
# block run in turn, each for a minute at most, in a folder of their own with experiments/, a copy of the files in
# it, and what the page shows as a file: a block whose paragraph before ends with the name of one. Lines behind
# a command with a prompt are what it says, where the page shows its files, too.
# What the reader brings is made here, as small as it can be (stand_ins).
#
# To be short, by rule: sweeps of the project have two replications; what `mpirun` would start many of is one
# process; figures are scripts and data, without gnuplot. A line with "$K" runs for K from 1 to 8. No exceptions.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"
program=$(command -v gridbourse)
# paths from here on are of other folders
case $program in /*) ;; *) program=$PWD/$program ;; esac
mkdir "$work/bin" "$work/pages"
for tool in sh timeout; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
cat >"$work/bin/gridbourse" <<EOF
#!/bin/sh
case "\$1 \$2" in 'sweep SWEEP.yaml') ;; 'sweep '*) set -- "\$@" --replications 2 ;; esac
exec timeout 60 '$program' "\$@"
EOF
printf '#!/bin/sh\nshift 2\nexec "$@"\n' >"$work/bin/mpirun"
chmod +x "$work/bin/gridbourse" "$work/bin/mpirun"

# blocks PAGE: cuts it into files here: 12.sh, the commands of the block that begins in line 12; 12.says, what they
# say; and files/NAME, what the page shows as such
blocks() {
    awk '
    !fenced && /^```/ { fenced = FNR; has_prompt = goes_on = 0; next }
    /^```/ { fenced = 0; name = ""; paragraph = ""; next }
    !fenced && NF { paragraph = was_blank ? $0 : paragraph " " $0 }
    !fenced { was_blank = !NF; next }
    goes_on || /^(\$ )?(mpirun -n [0-9]+ )?gridbourse / {
        has_prompt += sub(/^\$ /, "")
        goes_on = /\\$/
        print > (fenced ".sh")
        next
    }
    has_prompt { print > (fenced ".says"); next }
    {
        rest = paragraph
        while (match(rest, /`[a-z_-]+\.(csv|yaml)`/)) {
            name = substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH)
        }
        if (name != "")
            print > ("files/" name)
    }' "$1"
}

# hours MONTHS HEAD EXPRESSION: a series of the first months of 2013, as CSV
hours() {
    awk -v n="$1" -v head="$2" 'BEGIN { print head
        split("31 28 31 30", days)
        for (month = 1; month <= n; month++)
            for (h = 0; h < 24 * days[month]; h++) {
                x = (x * 16807 + 11) % 2147483647
                z = 0.9 * z + 0.75 * (x / 2147483647 - 0.5)
                printf "2013-%02d-%02dT%02d:00,%.2f\n", month, 1 + int(h / 24), h % 24, '"$3"'
            } }'
}

# sweep NAME WORDS: a result of the village, with what it varies
sweep() {
    printf 'format: 1\nscenario: %s\n%s\nreplications: 8\n' "$2" "$3" >given.yaml && gridbourse sweep given.yaml -q -o "$1"
}

# stand_ins PAGE BLOCK: the smallest of files that a page takes for given, for they are the reader's
stand_ins() {
    case $1 in
    clusters.md) # a sweep of eight trials; --pilot wants one with `until`
        printf 'format: 1\nscenario: village.yaml\nset: {slots: 2, chain.protocol: ideal}\nvary: {market.beta: [0.1, 0.5]}\n'
        if grep -q -- --pilot "../$2.sh"; then
            echo 'until: {kpi: gain_per_user_day, half_width: 100, pilot: 30, max: 31}'
        else
            echo 'replications: 4'
        fi
        ;;
    esac >SWEEP.yaml
    case $1 in
    figures.md) # results, and half-hours of meters
        cp load.csv london.csv &&
            gridbourse run village.yaml -q --set days=2 --set output.level=meters -o year.h5 &&
            sweep beta.h5 village.yaml 'set: {chain.protocol: ideal}
vary: {market.beta: [0.1, 0.5], meters.count: [30, 100]}' &&
            sweep chain.h5 village.yaml 'set: {slots: 2}
cases:
  - {name: ideal, set: {chain.protocol: ideal}}
  - name: pbft
    vary: {chain.delay: [constant 20 ms, constant 80 ms], chain.nodes: [4, 7], chain.flow: [classic, fisco3]}' &&
            sweep village.h5 village-of-kinds.yaml 'set: {days: 1, chain.protocol: ideal}
vary: {market.beta: [0.1, 0.5]}'
        ;;
    fit.md) hours 4 'time,LGA' '4 * exp(z)' >wind_nyc_60min_ms.csv ;;
    series.md) hours 2 'Datetime,PJME_MW' '30000' >pjm_hourly.csv ;;
    *) return 0 ;;
    esac && rm -f "../$2.says" # of other files
}

# run_block FOLDER BLOCK: its commands in a folder of their own
run_block() {
    mkdir "$1/$2" && cp -R "$srcdir/experiments" "$1/$2" && cd "$1/$2" || return
    chmod -R u+w experiments
    cp experiments/*.yaml experiments/*.csv ../files/* . 2>/dev/null
    stand_ins "$(basename "$1")" "$2" || return
    # a command that is run eight times
    awk '/[$]K/ { $0 = "for K in 1 2 3 4 5 6 7 8; do\n" $0 "\ndone" } 1' "../$2.sh" >commands
    PATH=$work/bin sh -ex commands >said 2>&1
    status=$?
    cat said
    [ $status -eq 0 ] && if [ -e "../$2.says" ]; then grep -v '^+ ' said | diff "../$2.says" -; fi
}

pages=0
for page in "$srcdir/README.md" "$srcdir"/doc/*.md; do
    folder=$work/pages/$((pages += 1))/$(basename "$page")
    mkdir -p "$folder/files" && cd "$folder" && blocks "$page"
    for commands in "$folder"/*.sh; do
        [ -e "$commands" ] || continue
        block=$(basename "$commands" .sh)
        (run_block "$folder" "$block") >"$work/out" 2>"$work/err"
        ok "$(basename "$page"): the commands of line $block run"
    done
done
[ "$n" -ge 10 ]
ok 'the pages have ten blocks of commands or more'
echo "1..$n"
exit $failed
