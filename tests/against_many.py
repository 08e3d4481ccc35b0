"""The text of a comparison of many cells holds the rows that differ most.

against_many.py CSV TEXT QUANTITY LABEL   CSV and TEXT: of one comparison, as programs and people read it
"""
import csv
import sys


def size(row):
    """A difference beside its standard error, but for a factor that all rows share: so are the trials."""
    if row["state"] == "equal":
        return 0.0
    if row["state"] == "deterministic":
        return float("inf")
    if row["state"] != "estimated":
        return -1.0
    return abs(float(row["difference"])) / (float(row["upper"]) - float(row["lower"]))


def main(table, text, quantity, label):
    rows = [r for r in csv.DictReader(open(table)) if r["quantity"] == quantity and r["row"] == "cell"]
    keys = list(rows[0])[: list(rows[0]).index("row")]
    lines = open(text).read().split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(label)) + 1
    end = next(i for i in range(at, len(lines)) if lines[i] == "" and (not lines[i + 1].startswith("  ")))
    shown = [line for line in lines[at:end] if line.startswith("  ") and not line.startswith("  ...")]
    names = [line[2:].split("   ")[0].strip() for line in shown if line[:4] != "  of"]
    named = list(dict.fromkeys(n for n in names if n and "them, --csv" not in n))
    n = len(named)
    assert 10 <= n < len(rows), (n, len(rows))
    assert end - at <= 64, end - at
    order = sorted(range(len(rows)), key=lambda i: (-size(rows[i]), i))[:n]
    expected = [", ".join(rows[i][k] for k in keys) for i in sorted(order)]
    assert named == expected, (named, expected)
    left = f"and {len(rows) - n} of {len(rows)} rows"
    assert any(left in line for line in lines[at : end + 1]), left
    print(f"{n} of {len(rows)}")


main(*sys.argv[1:])
