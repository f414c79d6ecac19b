"""Writes what `fit.py` is fitted on: claims with their gold from `tests/claims`, and the public claims and questions that
the static table was not fitted on (`training/static/sources.py` decides, by a hash of each item)."""

import argparse
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training/static"))
import measure  # noqa: E402
import sources  # noqa: E402


def table(path):
    """The rows of a TSV under its header."""
    lines = path.read_text().splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line.strip()]


def write(work, name, claims):
    """`claims`: id, claim and gold of each."""
    with open(work / f"{name}.tsv", "w") as texts, open(work / f"{name}.qrels", "w") as grades:
        texts.write("id\tclaim\n")
        for identity, claim, gold in claims:
            texts.write(f"{identity}\t{claim}\n")
            for one in gold.split("|") if gold != "-" else []:
                passage, grade = one.rsplit(":", 1)
                grades.write(f"{identity}\t{passage}\t{grade}\n")


def own(work):
    changed = table(ROOT / "tests/claims/robustness.tsv")
    for name in ["starter", "guidelines"]:
        gold = {
            row["id"]: row
            for row in table(ROOT / f"tests/claims/{name}-gold.tsv")
            if row["split"] == "tune"
        }
        write(work, name, [(row["id"], row["claim"], row["gold"]) for row in gold.values()])
        of = [(row["id"], row["claim"], gold[row["of"]]["gold"]) for row in changed if gold.get(row["of"], {"gold": "-"})["gold"] != "-"]
        write(work, f"{name}-changed", of)


def public(work, data):
    rows = sources.lines(data / "scifact/claims_train.jsonl")
    kept = [str(row["id"]) for row in rows if sources.scifact_is_measured(row["id"])]
    (work / "scifact-kept.txt").write_text("\n".join(kept) + "\n")
    task = measure.medquad(data)
    folder = work / "medquad"
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    with open(folder / "corpus.jsonl", "w") as out:
        for at, text in enumerate(task.texts):
            out.write(json.dumps({"_id": f"d{at}", "title": "", "text": text}) + "\n")
    with open(folder / "queries.jsonl", "w") as out, open(folder / "qrels/train.tsv", "w") as grades:
        grades.write("query-id\tcorpus-id\tscore\n")
        # Every other question: they come in families that ask the same of each topic.
        for at, (text, judged) in list(enumerate(zip(task.queries, task.grades)))[::2]:
            out.write(json.dumps({"_id": f"q{at}", "text": text}) + "\n")
            for document in judged:
                grades.write(f"q{at}\td{document}\t1\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    options = parser.parse_args()
    own(options.work)
    public(options.work, options.shared / "data")
    features = (ROOT / "src/retrieve/features.rs").read_text()
    names = re.findall(r'^    "(\w+)",$', features, re.M)
    (options.work / "names.json").write_text(json.dumps(names))


if __name__ == "__main__":
    main()
