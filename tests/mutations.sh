#!/bin/sh
# The seeded faults of tests/mutations/list.txt keep up with the code: what each takes the place of stands on
# exactly one line of its file, and the tests it names are there. (make check-mutations builds and runs
# them; that takes too long to do each time.)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$srcdir" || exit 99
. "$srcdir/tests/tap.sh"

# places LIST: what is wrong with its faults, a line each
places() {
    awk '
        /^what: / { what = substr($0, 7) }
        /^file: / { file = substr($0, 7) }
        /^find: / {
            find = substr($0, 7)
            n = 0
            while ((got = (getline line <file)) > 0) n += index(line, find) > 0
            close(file)
            if (got < 0) print what ": no file \"" file "\""
            else if (n != 1) print what ": \"" find "\" stands on " n " lines of " file ", expected one"
        }' "$1"
}

# strays LIST: tests that it names and nobody builds
strays() {
    sed -n 's/^by: //p' "$1" | tr ' ' '\n' | sort -u | while read -r test; do
        case $test in
        *.sh) [ -e "$test" ] || echo "there is no test $test" ;;
        *) [ -e "$test.c" ] || echo "there is no test $test" ;;
        esac
    done
}

# parts LIST: stanzas that lack one of their five lines, or run into the next one
parts() {
    awk -v RS= '/file: / && (gsub(/(^|\n)what: /, "&") != 1 || !(/\nfind: / && /\nput:/ && /\nby: /))' "$1"
}

list=tests/mutations/list.txt
echo 1..6
report "$(places $list)" 'what a seeded fault replaces stands on exactly one line of its file'
report "$(strays $list)" 'every test that a seeded fault names is there'
report "$(parts $list)" 'every seeded fault says what, where, how and by what it is noticed'
printf 'what: a\nfile: tests/mutations/list.txt\nfind: what: \nput: b\nby: tests/none.sh\n' >"$work/bad.txt"
places "$work/bad.txt" >"$work/out"
grep -q 'stands on [0-9]* lines' "$work/out"
ok 'text that stands on several lines is refused'
[ "$(strays "$work/bad.txt")" = 'there is no test tests/none.sh' ]
ok 'a test that is not there is refused'
printf 'what: a\nfile: b\nfind: c\nput: d\nby: e\nwhat: f\nfile: b\nfind: c\nput: d\nby: e\n' >"$work/merged.txt"
[ "$(parts "$work/merged.txt" | wc -l)" = 10 ]
ok 'two faults without a blank line between them are refused'
exit $failed
