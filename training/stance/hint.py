"""Fits the hint: a multinomial logistic model over the signals of a claim and a passage, and when it is given.

Input is what `groundline eval hints --signals` writes (one pair a line: its signals, label, claim and passage). Thresholds are
chosen from probabilities by models that did not see the passage's document: the lowest from which hints of that stance are right
RIGHT of the time or more, with at least FEWEST of them. A difference that is not sure by itself is told where a contradiction is
at least SUSPECTED likely, and so much likelier than support that of the pairs that support no more than FALSE are flagged.
Everything is deterministic.
"""

import argparse
import json
import pathlib

import numpy as np
from scipy.optimize import minimize

SEED = 20261122
FOLDS = 10
# Pull of the weights to 0, of signals brought to one spread.
PULL = 60.0
# Hints that support are held to more: on pairs that were not fitted a first fit at 0.9 was right less often than on its own.
RIGHT = {"SUPPORT": 0.95, "CONTRADICT": 0.9, "NEI": 0.9}
FEWEST = 15
SUSPECTED = 0.3
FALSE = 0.0125
LABELS = ["SUPPORT", "CONTRADICT", "NEI"]
# A signal may move a stance in one direction only; where a fit would say otherwise it is noise. Order: supports, contradicts.
SIGNS = {"opposed": (-1, 1), "accords": (1, -1), "amount_agrees": (1, 0), "people_differ": (-1, 0), "left_open": (-1, 0), "straight_near": (1, -1)}
SIGNS |= dict.fromkeys(["amount_differs", "amount_doubtful", "amount_doubted", "turned_near", "swapped", "against"], (-1, 1))
SIGNS |= dict.fromkeys(["claimed_denied", "denied_claimed", "needless_needed", "needed_needless", "first_second"], (-1, 1))
SIGNS |= dict.fromkeys(["universal_limited", "only_more", "permitted_denied", "benefit_harm"], (-1, 1))


def fit(rows, labels, weights, bounds):
    """Weights and intercepts of supports and contradicts against neutral."""
    count = rows.shape[1]
    wanted = np.eye(3)[labels]

    def loss(theta):
        theta = theta.reshape(2, count + 1)
        margins = np.column_stack([rows @ theta[0, :-1] + theta[0, -1], rows @ theta[1, :-1] + theta[1, -1], np.zeros(len(rows))])
        margins -= margins.max(axis=1, keepdims=True)
        log = margins - np.log(np.exp(margins).sum(axis=1, keepdims=True))
        value = -(weights * (wanted * log).sum(axis=1)).sum() + 0.5 * PULL * (theta[:, :-1] ** 2).sum()
        residual = (np.exp(log) - wanted) * weights[:, None]
        slope = np.column_stack([residual[:, :2].T @ rows + PULL * theta[:, :-1], residual[:, :2].sum(axis=0)])
        return value, slope.ravel()

    found = minimize(loss, np.zeros(2 * (count + 1)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return found.x.reshape(2, count + 1)


def probabilities(theta, rows):
    margins = np.column_stack([rows @ theta[0, :-1] + theta[0, -1], rows @ theta[1, :-1] + theta[1, -1], np.zeros(len(rows))])
    power = np.exp(margins - margins.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def limits(names):
    """Bounds that keep each weight's sign."""
    span = {-1: (None, 0), 0: (None, None), 1: (0, None)}
    return [bound for side in (0, 1) for bound in [*(span[SIGNS.get(name, (0, 0))[side]] for name in names), (None, None)]]


def threshold(probability, right, aim):
    order = np.argsort(-probability, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((share >= aim) & (np.arange(1, len(order) + 1) >= FEWEST))
    return (float(probability[order[good[-1]]]), int(good[-1] + 1)) if len(good) else (1.0, 0)


def suspicion(unseen, labels, sure):
    """The least odds-ratio share of contradiction beside support from which a difference is suspected."""
    ratio = unseen[:, 1] / (unseen[:, 0] + unseen[:, 1])
    supports = labels == 0
    for least in np.arange(0.6, 0.96, 0.01):
        flagged = (unseen[:, 1] >= SUSPECTED) & (ratio >= least)
        if (flagged & supports).sum() <= FALSE * supports.sum():
            break
    return round(float(least), 2), flagged | sure


def calibration(chosen, right):
    bins = np.minimum((chosen * 10).astype(int), 9)
    return sum(abs(chosen[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", action="append", required=True, metavar="NAME:WEIGHT:FILE")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    names, rows, labels, weights, keys, sets = None, [], [], [], [], []
    for text in options.pairs:
        name, weight, path = text.split(":")
        lines = [json.loads(line) for line in open(path)]
        for line in lines:
            names = list(line["signals"])
            rows.append(list(line["signals"].values()))
            labels.append(LABELS.index(line["label"]))
            weights.append(float(weight))
            keys.append(line["passage"].split("@")[0])
            sets.append(name)
    rows, labels, weights, sets = np.array(rows, dtype=float), np.array(labels), np.array(weights), np.array(sets)
    # One spread for all, so that one pull suits all; the weights are brought back to the signals as they are.
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    plain, rows = rows, (rows - middle) / spread
    distinct = sorted(set(keys))
    fold = dict(zip(distinct, np.random.default_rng(SEED).permutation(len(distinct)) % FOLDS))
    folds = np.array([fold[key] for key in keys])
    unseen = np.zeros((len(rows), 3))
    for leave in range(FOLDS):
        seen = folds != leave
        unseen[~seen] = probabilities(fit(rows[seen], labels[seen], weights[seen], limits(names)), rows[~seen])
    differs = plain[:, [names.index(name) for name in ("opposed", "amount_differs", "people_differ")]].any(axis=1)
    sure = plain[:, [names.index(name) for name in ("amount_differs", "people_differ")]].any(axis=1)
    against, flagged = suspicion(unseen, labels, sure)
    differs = differs | flagged
    print(f"suspected from {SUSPECTED} and {against} of both sides")
    found = {}
    for at, label in enumerate(LABELS):
        probability = np.where(differs, 0, unseen[:, at]) if label == "SUPPORT" else unseen[:, at]
        # On claims with all their candidates, and on claims written for one passage: the higher of the two.
        own = sets == "direction"
        found[label] = max(0.5, *(threshold(probability[of], labels[of] == at, RIGHT[label])[0] for of in (own, ~own)))
        given = (probability >= found[label]).sum()
        print(f"{label:10} from {found[label]:.3f}: {given} of {len(rows)} pairs")
    for name in sorted(set(sets)):
        of = sets == name
        best = unseen[of].argmax(axis=1)
        print(f"{name:12} {of.sum():5} pairs: most likely right {(best == labels[of]).mean():.3f}, calibration error {calibration(unseen[of].max(axis=1), best == labels[of]):.3f}")
        for at, label in enumerate(LABELS):
            given = of & (unseen[:, at] >= found[label]) & ~(differs & (label == "SUPPORT"))
            print(f"  {label:10} given {given.sum():4}, right {(labels[given] == at).mean() if given.any() else float('nan'):.3f}, of {(labels[of] == at).sum()}")
        print("  flagged:", {label: f"{(flagged & of & (labels == at)).sum()} of {(of & (labels == at)).sum()}" for at, label in enumerate(LABELS)})
    theta = fit(rows, labels, weights, limits(names))
    theta[:, :-1] /= spread
    theta[:, -1] -= theta[:, :-1] @ middle
    for side, name in enumerate(["supports", "contradicts"]):
        print(name, {signal: round(float(weight), 2) for signal, weight in zip([*names, "intercept"], theta[side])})
    if options.write:
        side = lambda at: {"weights": [round(float(one), 4) for one in theta[at, :-1]], "intercept": round(float(theta[at, -1]), 4)}  # noqa: E731
        model = {"signals": names, "supports": side(0), "contradicts": side(1)}
        model["threshold"] = {name: round(found[label], 3) for name, label in zip(["supports", "contradicts", "neutral"], LABELS)}
        model["threshold"] |= {"suspected": SUSPECTED, "against": against}
        options.write.write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    main()
