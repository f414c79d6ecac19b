"""Fits the weights of the second stage of ranking: one linear model a ranker, by listwise softmax.

Input is what `groundline eval features` writes (one claim a line, its candidates with their features) and who settles
what (`qrels`: claim, passage, grade). The loss of a claim is the cross-entropy between the softmax of its candidates'
scores and their grades made into shares (Cao et al. 2007, ListNet's top-one form); the weights are pulled towards zero.
Everything is deterministic: full gradients, folds drawn with a seed.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
from scipy.optimize import minimize

SEED = 20261122
STEPS = 200
MOST_CANDIDATES = 60
GAIN = {0: 0.0, 1: 1.0, 2: 3.0}


class Set:
    """Claims of one source with their candidates' features and grades."""

    def __init__(self, name, weight, features, grades, kept=None):
        self.name, self.weight, self.claims = name, weight, []
        self.unjudged = 0
        for line in open(features):
            line = json.loads(line)
            if line["id"] not in grades or (kept is not None and line["id"] not in kept):
                continue
            gold = grades[line["id"]]
            ids = [one["id"] for one in line["candidates"]]
            values = np.array([one["features"] for one in line["candidates"]], dtype=np.float64)
            marks = np.array([gold.get(passage, 0) for passage in ids], dtype=np.int64)
            ideal = sorted(gold.values(), reverse=True)
            self.claims.append((line["id"], values, marks, ideal))


def read_grades(path):
    """`claim -> passage -> grade` of a qrels file (tab separated, BEIR's or ours), header or not."""
    grades = {}
    for line in open(path):
        parts = line.rstrip("\n").split("\t")
        if len(parts) < 3 or not parts[2].lstrip("-").isdigit():
            continue
        claim, passage, grade = parts[0], parts[1], int(parts[2])
        if grade > 0:
            grades.setdefault(claim, {})[passage] = grade
    return grades


def fit(claims, used, pull):
    """Weights (0 for features that are not `used`) that minimise the weighted mean loss."""
    kept = [(values[:, used], gains(marks), weight) for values, marks, weight in claims if marks.any()]
    total = sum(weight for _, _, weight in kept)
    rows = np.concatenate([values for values, _, _ in kept])
    targets = np.concatenate([target for _, target, _ in kept])
    owner = np.repeat(np.arange(len(kept)), [len(values) for values, _, _ in kept])
    first = np.searchsorted(owner, np.arange(len(kept)))
    weights = np.array([weight for _, _, weight in kept])[owner] / total
    scale = np.maximum(rows.std(axis=0), 1e-6)
    rows = rows / scale

    def loss(theta):
        scores = rows @ theta
        scores -= np.maximum.reduceat(scores, first)[owner]
        power = np.exp(scores)
        sums = np.add.reduceat(power, first)[owner]
        value = -(weights * targets * (scores - np.log(sums))).sum() + 0.5 * pull * theta @ theta
        slope = rows.T @ ((power / sums - targets) * weights) + pull * theta
        return value, slope

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    full = np.zeros(len(used))
    full[used] = found.x / scale
    return full


def gains(marks):
    gain = np.array([GAIN.get(int(mark), 3.0) for mark in marks])
    return gain / gain.sum()


def measures(one, weights):
    """nDCG@10, hit@1, recall@5, recall@10 and reciprocal rank of a claim; a hit is a passage that settles."""
    _, values, marks, ideal = one
    if len(values) == 0:
        return np.zeros(5)
    marks = marks[np.argsort(-(values @ weights), kind="stable")]
    discount = 1 / np.log2(np.arange(2, 12))
    best = sum(grade * d for grade, d in zip(ideal, discount))
    ndcg = sum(grade * d for grade, d in zip(marks, discount)) / best
    found = np.flatnonzero(marks >= min(2, max(ideal)))
    rank = found[0] + 1 if len(found) else 10**9
    return np.array([ndcg, rank <= 1, rank <= 5, rank <= 10, 1 / rank])


def hardest(values, marks):
    """The candidates that matter in training: those that settle, and the best by words or meaning of the others."""
    by = values[:, 1] + values[:, 11] + values[:, 13]
    order = np.argsort(-by, kind="stable")[:MOST_CANDIDATES]
    kept = np.union1d(order, np.flatnonzero(marks))
    return values[kept], marks[kept]


def train(sets, used, pull, leave=None, fold=None):
    claims = []
    for one in sets:
        chosen = [claim for at, claim in enumerate(one.claims) if leave is None or fold[one.name][at] != leave]
        claims += [(values, marks, one.weight / len(chosen)) for _, values, marks, _ in chosen if len(values)]
    return fit([(*hardest(values, marks), weight) for values, marks, weight in claims], used, pull)


def crossed(sets, used, pull, folds=5):
    """Each claim measured with weights that did not see it."""
    draw = np.random.default_rng(SEED)
    fold = {one.name: draw.permutation(len(one.claims)) % folds for one in sets}
    table = {one.name: np.zeros((len(one.claims), 5)) for one in sets}
    for leave in range(folds):
        weights = train(sets, used, pull, leave, fold)
        for one in sets:
            for at in np.flatnonzero(fold[one.name] == leave):
                table[one.name][at] = measures(one.claims[at], weights)
    return {name: rows.mean(axis=0) for name, rows in table.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--set",
        action="append",
        required=True,
        metavar="NAME:WEIGHT:FEATURES:QRELS[:KEPT]",
        help="one source; KEPT lists the claims that count, one a line",
    )
    parser.add_argument("--names", required=True, help="JSON list of the features' names")
    parser.add_argument("--without", default="", help="features left out, separated by commas")
    parser.add_argument("--pull", type=float, default=0.002)
    parser.add_argument("--ranker", default="lexical")
    parser.add_argument("--write", help="model.json, of which this ranker's part is replaced")
    options = parser.parse_args()
    names = json.load(open(options.names))
    used = np.array([name not in options.without.split(",") for name in names])
    sets = []
    for text in options.set:
        name, weight, features, qrels, *kept = text.split(":")
        kept = set(open(kept[0]).read().split()) if kept else None
        sets.append(Set(name, float(weight), features, read_grades(qrels), kept))
    for name, row in crossed(sets, used, options.pull).items():
        print(f"{options.ranker:8} {name:12} nDCG@10 {row[0]:.4f}  hit@1 {row[1]:.3f}  @5 {row[2]:.3f}  @10 {row[3]:.3f}  MRR {row[4]:.3f}")
    weights = train(sets, used, options.pull)
    for name, weight in zip(names, weights):
        print(f"  {name:18} {weight:8.3f}", file=sys.stderr)
    if options.write:
        path = pathlib.Path(options.write)
        model = json.loads(path.read_text()) if path.exists() else {}
        model["features"] = names
        model[options.ranker] = [round(float(weight), 4) for weight in weights]
        path.write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    main()
