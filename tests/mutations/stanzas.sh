# The stanzas of a list of seeded faults, read by `. tests/mutations/stanzas.sh`: what run.sh says of them.
# shellcheck shell=bash

# stanzas LIST: a line each, its own lines apart by \x1f
stanzas() { awk -v RS= '{ gsub(/\n/, "\x1f"); print }' "$1" | grep 'file: '; }

# field NAME STANZA: of a stanza whose lines are lines again
field() { sed -n "s/^$1: //p" <<<"$2"; }

# replaced FILE FIND PUT: FILE, where FIND, on one line alone, became PUT; 3: on several, 4: on none
replaced() {
    FIND=$2 PUT=$3 awk '
        BEGIN { find = ENVIRON["FIND"]; put = ENVIRON["PUT"] }
        (at = index($0, find)) > 0 { n++; $0 = substr($0, 1, at - 1) put substr($0, at + length(find)) }
        { print }
        END { exit n == 1 ? 0 : n > 1 ? 3 : 4 }' "$1"
}
