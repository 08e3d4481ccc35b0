"""Names in tables come out as they were written.

markdown.py PAGE NAME ...   the first cells of the tables in a page of Markdown, as a reader shows them, hold these
"""
import re
import string
import sys

MARKUP = re.compile(r"[*_`~$^|]|--|\]\(|<[A-Za-z/!?]|&[A-Za-z0-9#]")


def cells(line):
    """of a row: [[(character, is escaped)]]"""
    row, at = [[]], 0
    while at < len(line):
        is_escaped = line[at] == "\\" and line[at + 1 : at + 2] in string.punctuation and at + 1 < len(line)
        at += is_escaped
        if line[at] == "|" and not is_escaped:
            row.append([])
        else:
            row[-1].append((line[at], is_escaped))
        at += 1
    return row[1:-1]  # before the first bar and behind the last there is nothing


def shown(cell):
    """The text of a cell, in which nothing is markup but what is escaped."""
    bare = "".join("\0" if is_escaped else character for character, is_escaped in cell)
    found = MARKUP.search(bare)
    if found:
        sys.exit(f"markup {found.group()!r} in {bare!r}")
    return "".join(character for character, _ in cell).strip()


def main():
    names, widths, first = set(sys.argv[2:]), None, set()
    for line in open(sys.argv[1], encoding="utf-8"):
        if not line.startswith("|"):
            widths = None
            continue
        if re.fullmatch(r"\|(---:?\|)+\n", line):
            continue
        row = [shown(cell) for cell in cells(line.rstrip("\n"))]
        if widths not in (None, len(row)):
            sys.exit(f"{len(row)} cells in a table of {widths}: {line}")
        widths = len(row)
        first.add(row[0])
    if names - first:
        sys.exit(f"missing {sorted(names - first)} of {sorted(first)}")


main()
