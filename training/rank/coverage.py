"""Fits the weights by which an answer says whether the corpus speaks about a claim: one logistic model a ranker.

Input is what `groundline eval features` writes for the tune claims, and their gold. Three kinds of claims are learned
from: those that a passage settles; those that none does; and each settled claim once more with every document taken
away that holds a passage of its gold, which stands for a corpus that lacks the guideline in question. A claim's
probability is the highest of its first passages, so the model is fitted on one passage a claim, which it chooses itself
(multiple-instance learning: Andrews et al. 2002). Only features that mean the same for every claim are used; those
measured against the best passage of the answer are not. Thresholds come from probabilities by models that did not see
the claim. Everything is deterministic.
"""

import argparse
import json
import pathlib

import numpy as np
from scipy.optimize import minimize

from fit import SEED, read_grades

FIRST = 5
FOLDS = 10
PULL = 0.1
ROUNDS = 6
# Claims that none settles are few and surely unsettled; the others may be settled by what is left.
WEIGHT = {"settled": 1.0, "unsettled": 2.0, "without": 1.0}
# Shares of settled claims that may be called not addressed, and of unsettled ones that may be called addressed.
LOST, FALSE = 0.05, 0.05
FEATURES = ["words", "share", "share_of_rare", "rarest", "inside", "title", "heading", "alternatives"]
MEANING = {"lexical": [], "static": ["meaning"], "hybrid": ["meaning", "dense"]}


def cases(path, gold, weights):
    """(claim, kind, features of the first passages) of each case."""
    grades = read_grades(gold)
    for line in open(path):
        line = json.loads(line)
        judged = grades.get(line["id"], {})
        ranked = [(one["id"], np.array(one["features"])) for one in line["candidates"]]
        ranked.sort(key=lambda one: -(one[1] @ weights))
        first = lambda of: np.array([features for _, features in of[:FIRST]])  # noqa: E731
        if not judged and ranked:
            yield line["id"], "unsettled", first(ranked)
        if not judged or not ranked:
            continue
        # Claims of which a passage says only a part are neither.
        if max(judged.values()) == 2:
            yield line["id"], "settled", first(ranked)
        documents = {passage.split("@")[0] for passage in judged}
        others = [one for one in ranked if one[0].split("@")[0] not in documents]
        if others:
            yield line["id"], "without", first(others)


def logistic(rows, labels, weights):
    """Weights and intercept, pulled towards zero."""

    def loss(theta):
        margin = rows @ theta[:-1] + theta[-1]
        signed = np.where(labels, margin, -margin)
        value = (weights * np.logaddexp(0, -signed)).sum() + 0.5 * PULL * theta[:-1] @ theta[:-1]
        slope = weights * (1 / (1 + np.exp(-margin)) - labels)
        return value, np.append(rows.T @ slope + PULL * theta[:-1], slope.sum())

    return minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def fit(found):
    theta = None
    labels = np.array([kind == "settled" for _, kind, _ in found])
    weights = np.array([WEIGHT[kind] for _, kind, _ in found])
    for _ in range(ROUNDS):
        margin = (lambda rows: rows.sum(axis=1)) if theta is None else (lambda rows: rows @ theta[:-1])
        theta = logistic(np.array([rows[np.argmax(margin(rows))] for _, _, rows in found]), labels, weights)
    return theta


def probability(theta, rows):
    return float(1 / (1 + np.exp(-(rows @ theta[:-1] + theta[-1]).max())))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", required=True, metavar="FEATURES:QRELS")
    parser.add_argument("--names", required=True, help="JSON list of the features' names")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="weights of the ranking")
    parser.add_argument("--ranker", required=True)
    parser.add_argument("--write", type=pathlib.Path, help="coverage.json, of which this ranker's part is replaced")
    options = parser.parse_args()
    names = json.load(open(options.names))
    ranking = np.array(json.loads(options.model.read_text())[options.ranker])
    used = FEATURES + MEANING[options.ranker]
    columns = [names.index(name) for name in used]
    found = []
    for at, text in enumerate(options.set):
        features, gold = text.split(":")
        found += [((at, claim), kind, rows[:, columns]) for claim, kind, rows in cases(features, gold, ranking)]
    claims = sorted({claim for claim, _, _ in found})
    fold = dict(zip(claims, np.random.default_rng(SEED).permutation(len(claims)) % FOLDS))
    unseen = {kind: [] for kind in WEIGHT}
    for leave in range(FOLDS):
        theta = fit([one for one in found if fold[one[0]] != leave])
        for claim, kind, rows in found:
            if fold[claim] == leave:
                unseen[kind].append(probability(theta, rows))
    partly = float(np.quantile(unseen["settled"], LOST))
    addressed = max(partly, float(np.quantile(unseen["unsettled"], 1 - FALSE, method="higher")) + 0.005)
    for kind, values in unseen.items():
        values = np.array(values)
        shares = (values >= addressed).mean(), (values < partly).mean()
        print(f"{options.ranker:8} {kind:10} {len(values):4} claims: addressed {shares[0]:.3f}, not addressed {shares[1]:.3f}")
    theta = fit(found)
    if options.write:
        model = json.loads(options.write.read_text()) if options.write.exists() else {}
        model[options.ranker] = {
            "weights": {name: round(float(weight), 4) for name, weight in zip(used, theta)},
            "intercept": round(float(theta[-1]), 4),
            "partly": round(partly, 3),
            "addressed": round(addressed, 3),
        }
        options.write.write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    main()
