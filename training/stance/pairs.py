"""Writes labelled pairs of a claim and a passage as `groundline eval hints --pairs` takes them, from `tests/claims`.

`starter-tune`, `starter-report`, `guidelines-tune`, `guidelines-report`: which way the gold passages of our claims point, and
candidates that settle nothing. `direction-dev`, `direction-report`: same, opposite or another matter. `neighbours-dev`,
`neighbours-report`: what the search gives for claims with one wrong detail; claims of odd numbers are dev.
"""

import argparse
import json
import pathlib

CLAIMS = pathlib.Path(__file__).resolve().parents[2] / "tests/claims"
STANCE = {"supports": "SUPPORT", "contradicts": "CONTRADICT", "neutral": "NEI"}
DIRECTION = {"same": "SUPPORT", "opposite": "CONTRADICT", "other": "NEI"}


def table(path):
    """The rows of a TSV under its header."""
    lines = path.read_text().splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    work = parser.parse_args().work
    sets = {}
    for corpus in ["starter", "guidelines"]:
        texts = {row["id"]: row["claim"] for row in table(CLAIMS / f"{corpus}-gold.tsv")}
        for row in table(CLAIMS / "stance.tsv"):
            if row["id"] in texts:
                pair = {"id": row["id"], "claim": texts[row["id"]], "passage": row["passage"], "label": STANCE[row["stance"]]}
                sets.setdefault(f"{corpus}-{row['split']}", []).append(pair)
    for row in table(CLAIMS / "pairs/direction.tsv"):
        pair = {"id": row["id"], "claim": row["claim"], "passage": row["passage"], "label": DIRECTION[row["expected"]]}
        sets.setdefault(f"direction-{row['split']}", []).append(pair)
    for row in table(CLAIMS / "neighbours/labels.tsv"):
        split = "dev" if int(row["id"][1:]) % 2 else "report"
        pair = {"id": row["id"], "claim": row["claim"], "passage": row["passage id"], "label": STANCE[row["label"]]}
        sets.setdefault(f"neighbours-{split}", []).append(pair)
    for name, pairs in sorted(sets.items()):
        (work / f"{name}.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
        print(f"{name:18} {len(pairs):5} pairs")


if __name__ == "__main__":
    main()
