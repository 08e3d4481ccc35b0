#!/bin/sh
# The pages name files and functions that are there: in doc/way-of-an-order.md every function stands in the
# file named before it; in all pages every file with a folder in its name exists.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$srcdir" || exit 99
. "$srcdir/tests/tap.sh"

# steps: "FILE FUNCTION" a line, as the page names them
steps() {
    grep -oE '`[a-z_0-9/]+\.[ch]`|`gb_[a-z_0-9]+\(\)`' doc/way-of-an-order.md | tr -d '`()' |
        awk '/\// { file = $0; next } { print file, $0 }'
}

# A definition begins a line with its type, or is an inline one.
strays() {
    steps | while read -r file function; do
        grep -qE "^[a-z].*[ *]$function\(" "$file" 2>/dev/null || echo "$function is not in $file"
    done
}

# words in backquotes that look like a file of the sources
missing() {
    grep -ohE '`(\.ci|base|sim|models|chain|analysis|experiments|cli|bench|tests|doc)/[a-z_0-9./-]*\.[a-z]+`' \
        README.md CONTRIBUTING.md doc/*.md doc/adr/*.md | tr -d '`' | sort -u |
        while read -r file; do [ -e "$file" ] || echo "$file"; done
}

# the columns of /summary that the page of key figures does not name
unnamed() {
    sed -n '/^TABLE(summary_fields)/,/^END/p' analysis/rows.def |
        grep -oE '^ +[A-Z_]+\([a-z_0-9]+' | sed 's/.*(//' |
        while read -r column; do grep -qF "\`$column\`" doc/kpis.md || echo "$column"; done
}

echo 1..4
[ "$(steps | wc -l)" -ge 10 ] && [ "$(grep -cE '^\| [0-9]+ \|' doc/way-of-an-order.md)" -le 10 ]
ok 'the way of an order is told in at most ten steps'
report "$(strays)" 'every function of the way of an order stands in the file named with it'
report "$(missing)" 'every file that a page names is there'
report "$(unnamed)" 'the page of key figures names every column of /summary'
exit $failed
