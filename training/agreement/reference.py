"""Writes tests/fixtures/review/agreement.json: tables of labels with the figures that public libraries give for them.

    python3 -m venv venv && venv/bin/pip install -r training/agreement/requirements.txt
    venv/bin/python training/agreement/reference.py tests/fixtures/review/agreement.json

Percent agreement and AC1 come from irrCAC, alpha from krippendorff, kappa from scikit-learn (mean over the pairs of raters
for which it is defined). A figure that is not defined is null. Intervals are the percentile bootstrap that the program
uses, its generator written again here, around the same libraries. Seeds are fixed: the file comes out the same each time.
"""

import json
import math
import random
import sys
import warnings

import krippendorff
import numpy
import pandas
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score

DIGITS = 12
DRAWS = 1000
MASK = (1 << 64) - 1


def percent(rows, labels):
    """Mean over units with two labels or more of the share of pairs that agree; irrCAC's observed agreement."""
    kept = [row for row in rows if any(label is not None for label in row)]
    if not any(sum(label is not None for label in row) > 1 for row in kept):
        return None
    # irrCAC divides by q - 1 on its way to the observed agreement, so it needs a second label to exist.
    cac = CAC(pandas.DataFrame(kept).astype(object), categories=labels, digits=DIGITS)
    return float(cac.gwet()["est"]["pa"])


def ac1(rows, labels):
    kept = [row for row in rows if any(label is not None for label in row)]
    if len(labels) < 2 or not any(sum(label is not None for label in row) > 1 for row in kept):
        return None
    cac = CAC(pandas.DataFrame(kept).astype(object), categories=labels, digits=DIGITS)
    return float(cac.gwet()["est"]["coefficient_value"])


def alpha(rows, labels):
    codes = [[math.nan if label is None else labels.index(label) for label in row] for row in rows]
    try:
        return float(krippendorff.alpha(numpy.array(codes, dtype=float).T, level_of_measurement="nominal"))
    except ValueError:
        return None


def kappa(rows):
    raters, found = len(rows[0]), []
    for first in range(raters):
        for second in range(first + 1, raters):
            both = [(row[first], row[second]) for row in rows if None not in (row[first], row[second])]
            if both and len({label for pair in both for label in pair}) > 1:
                found.append(float(cohen_kappa_score([a for a, _ in both], [b for _, b in both])))
    return sum(found) / len(found) if found else None


def figures(rows, labels):
    return {"percent": percent(rows, labels), "cohen_kappa": kappa(rows), "krippendorff_alpha": alpha(rows, labels), "gwet_ac1": ac1(rows, labels)}


def splitmix(state):
    """SplitMix64 (Steele, Lea and Flood 2014)."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def intervals(rows, labels):
    """Draws units in the order of what was said of them, by rater and label."""
    order = sorted(rows, key=lambda row: [(rater, labels.index(label)) for rater, label in enumerate(row) if label is not None])
    numbers, drawn = splitmix(0), []
    for _ in range(DRAWS):
        drawn.append(figures([order[next(numbers) % len(order)] for _ in order], labels))
    found = {}
    for name in drawn[0]:
        values = [figure[name] for figure in drawn if figure[name] is not None]
        found[name] = [float(edge) for edge in numpy.quantile(values, [0.025, 0.975])] if len(values) == DRAWS else None
    return found


def made(seed, units, raters, labels, agree, missing):
    """A random table: raters see the true label with probability `agree` and any label else; some say nothing."""
    source = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(labels))]
    rows = []
    for _ in range(units):
        true = source.choices(labels, weights)[0]
        said = [true if source.random() < agree else source.choice(labels) for _ in range(raters)]
        rows.append([None if source.random() < missing else label for label in said])
    return rows


VERDICTS = ["supported", "contradicted", "partly", "not_addressed", "outdated"]
TABLES = [
    # name, units, raters, labels in use, agreement, missing, labels of the scale
    ("two raters, all labelled", 40, 2, 5, 0.7, 0.0, 5),
    ("two raters, some missing", 60, 2, 4, 0.6, 0.2, 5),
    ("two labels", 50, 2, 2, 0.8, 0.0, 2),
    ("three raters", 30, 3, 5, 0.5, 0.0, 5),
    ("five raters, half missing", 80, 5, 5, 0.6, 0.5, 5),
    ("six raters, most missing", 100, 6, 3, 0.7, 0.75, 5),
    ("one label prevails", 120, 2, 2, 0.97, 0.05, 5),
    ("chance alone", 200, 3, 4, 0.0, 0.1, 4),
    ("nobody differs", 25, 3, 5, 1.0, 0.1, 5),
    ("one label", 15, 3, 1, 1.0, 0.0, 5),
    ("twelve raters", 60, 12, 5, 0.4, 0.6, 5),
]


def main():
    warnings.simplefilter("ignore")
    tables = []
    for seed, (name, units, raters, used, agree, missing, scale) in enumerate(TABLES):
        rows, labels = made(seed, units, raters, VERDICTS[:used], agree, missing), VERDICTS[:scale]
        table = {"name": name, "labels": labels, "rows": rows, "figures": figures(rows, labels)}
        if name in ("two raters, all labelled", "three raters"):
            table["ci95"] = intervals(rows, labels)
        tables.append(table)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        lines = ",\n".join(json.dumps(table, separators=(",", ":")) for table in tables)
        file.write(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
