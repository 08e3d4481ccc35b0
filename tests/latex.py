"""The rows of tables for LaTeX are those of CSV.

latex.py TEX CSV cells|against QUANTITY ...   both of one comparison by these columns; `against`: with a reference
"""
import csv
import re
import sys

LABELS = {"saving": "community's saving", "peak_import_wh": "peak import of the community in a slot"}
ROUNDED = 1e-9  # beside half of the last digit


def plain(text):
    text = text.replace("\\allowbreak ", "").replace("\\pm", "±").replace("$", "")
    return re.sub(r"\\([%&_#{}])", r"\1", text).strip()


def head(text):
    inner = re.fullmatch(r"\\shortstack\[.\]\{(.*)\}", text.strip())
    words = plain(inner.group(1)).split("\\\\") if inner else [plain(text)]
    joined = words[0]
    for word in words[1:]:
        joined += word if joined.endswith(".") else " " + word
    return joined


def conditions(text):
    """{key: value} of "a = b, c = d"; a count in a caption has none"""
    return dict(part.split(" = ", 1) for part in text.split(", ") if " = " in part)


def floats(path):
    """(caption, {key: value} of it, lines of its tabulars)"""
    text = "".join(line for line in open(path) if not line.startswith("%"))
    for body in re.findall(r"\\begin\{table\*?\}(.*?)\\end\{table\*?\}", text, re.S):
        caption = plain(re.search(r"\\caption\{(.*)\}\n", body).group(1))
        caption = re.sub(r" \(\d+ of \d+\)$", "", caption)
        said = {}
        for part in caption.split("; "):
            said.update(conditions(part) if not part.startswith("paired") else {})
        for tabular in re.findall(r"\\begin\{tabular\}.*?\n(.*?)\\end\{tabular\}", body, re.S):
            yield caption, said, tabular


def rows(path, keys):
    """{(caption, values of keys): {head: cell}} of all floats, parts of a row put together"""
    found = {}
    for caption, said, tabular in floats(path):
        heads, above = None, {}
        for line in tabular.split("\\\\\n"):
            line = re.sub(r"\\(toprule|midrule|bottomrule|addlinespace)\n", "", line).strip()
            group = re.fullmatch(r"\\multicolumn\{\d+\}\{@\{\}l\}\{(.*)\}", line)
            if not line:
                continue
            if group:
                above.update(conditions(plain(group.group(1)).rstrip(",")))
            elif not heads:
                heads = [head(cell) for cell in line.split(" & ")]
            else:
                row = {**said, **above, **dict(zip(heads, map(plain, line.split(" & "))))}
                found.setdefault((caption, tuple(row.get(k) for k in keys)), {}).update(row)
    return found


def agrees(text, value):
    """Whether a shown number, in front of its interval, is that of a row for programs."""
    if value == "":
        return text in ("-", "equal")
    if text == "equal":
        return float(value) == 0
    shown = text.split(" ")[0].split(",")[0].rstrip("%")
    digits = len(shown.partition(".")[2])
    return abs(float(shown) - float(value)) <= 0.5 * 10**-digits * (1 + 1e-6) + ROUNDED


def main(tex, table, kind, *columns):
    given = [r for r in csv.DictReader(open(table)) if kind == "cells" or r["row"] == "cell"]
    keys = list(given[0])[: list(given[0]).index("who" if kind == "cells" else "row")]
    shown = rows(tex, keys)
    n = 0
    for row in given:
        quantity = row["what" if kind == "cells" else "quantity"]
        if quantity not in columns:
            continue
        label = LABELS.get(quantity, "")
        mine = [
            cells
            for (caption, values), cells in shown.items()
            if values == tuple(row[k] for k in keys)
            and (kind == "cells" or (caption.lower().startswith(label) and "Main effects" not in caption))
        ]
        assert len(mine) == 1, (row, len(mine))
        if kind == "cells":
            name = next(h for h in mine[0] if h.split(",")[0] == quantity)
            wanted = {name: row["market"]}
        else:
            scale = 1e-3 if quantity.endswith("_wh") else 1
            wanted = {
                **{k: row[k] and scale * float(row[k]) for k in ("cell", "reference", "difference")},
                "detectable": row["detectable"] and scale * float(row["detectable"]),
            }
            assert ("<" in mine[0]["p"]) == (row["p"] != "" and float(row["p"]) < 1e-4)
            if "<" not in mine[0]["p"]:
                wanted.update({"p": row["p"], "Holm's p": row["holm_p"]})
        for name, value in wanted.items():
            assert agrees(mine[0][name], value), (name, mine[0], row)
        n += 1
    assert n == len(columns) * (54 if kind == "cells" else 53), n


main(*sys.argv[1:])
