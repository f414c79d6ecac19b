"""Fits the hint: two multinomial logistic models, and when a hint is given.

Input is what `groundline eval hints --signals` writes, one pair a line: its signals, label, claim and passage, and the signals of
the first passages found for the claim. The first model weighs the signals of a pair alone. The second weighs what that gives
together with what the passage is beside the others (the measures of `src/appraise/company.rs`, computed here again). Of each fold
both are fitted on the other folds' documents, and all thresholds are chosen from the probabilities that come of it. A hint of a
stance is given from the lowest probability from which it is right RIGHT of the time or more, with at least FEWEST of them. A
difference that is not sure by itself is told where a contradiction is at least SUSPECTED likely (a direction: TURNED), and so much likelier than support that
of the pairs that support no more than FALSE are flagged; a number that surely differs is told from a likelihood that keeps KEPT
of those on pairs that contradict. Everything is deterministic.
"""

import argparse
import json
import pathlib

import numpy as np
from scipy.optimize import minimize

SEED = 20261122
FOLDS = 10
# Pull of the weights to 0, of signals brought to one spread; in company there are fewer of them.
PULL = 60.0
PULL_COMPANY = 20.0
# The folds flatter: of the contradictions held to 0.92 on them 0.87 were right on the report halves. That a passage settles nothing
# is told by silence: a hint that says so would hide the passage that does, where it is wrong, and help little where it is right.
RIGHT = {"SUPPORT": 0.95, "CONTRADICT": 0.97, "NEI": 2.0}
FEWEST = 15
SUSPECTED = 0.3
# A direction is named from here only: on documents that no rule was written for it is wrong far more often than a number is.
TURNED = 0.6
FALSE = 0.0125
KEPT = 0.95
LABELS = ["SUPPORT", "CONTRADICT", "NEI"]
# A signal may move a stance in one direction only; where a fit would say otherwise it is noise. Order: supports, contradicts.
SIGNS = {"opposed": (-1, 1), "accords": (1, -1), "amount_agrees": (1, 0), "people_differ": (-1, 0), "left_open": (-1, 0), "straight_near": (1, -1)}
SIGNS |= dict.fromkeys(["amount_differs", "amount_doubtful", "amount_doubted", "turned_near", "swapped", "against"], (-1, 1))
SIGNS |= dict.fromkeys(["claimed_denied", "denied_claimed", "needless_needed", "needed_needless", "first_second"], (-1, 1))
SIGNS |= dict.fromkeys(["universal_limited", "only_more", "permitted_denied", "benefit_harm"], (-1, 1))
# `src/appraise/company.rs`, in its order.
MEASURES = [
    *["supports", "contradicts", "about", "about_beside", "share_beside", "about_in_document", "supports_beside", "contradicts_beside"],
    *["another_agrees", "another_differs", "first", "among_first", "amount_doubtful", "amount_agrees", "people_differ", "turned_near"],
    *["turned_beside", "contradicts_first"],
]
NONE = -6.0
FAR = 6.0


def fit(rows, labels, weights, bounds, pull=PULL):
    """Weights and intercepts of supports and contradicts against neutral."""
    count = rows.shape[1]
    wanted = np.eye(3)[labels]

    def loss(theta):
        theta = theta.reshape(2, count + 1)
        margins = np.column_stack([rows @ theta[0, :-1] + theta[0, -1], rows @ theta[1, :-1] + theta[1, -1], np.zeros(len(rows))])
        margins -= margins.max(axis=1, keepdims=True)
        log = margins - np.log(np.exp(margins).sum(axis=1, keepdims=True))
        value = -(weights * (wanted * log).sum(axis=1)).sum() + 0.5 * pull * (theta[:, :-1] ** 2).sum()
        residual = (np.exp(log) - wanted) * weights[:, None]
        slope = np.column_stack([residual[:, :2].T @ rows + pull * theta[:, :-1], residual[:, :2].sum(axis=0)])
        return value, slope.ravel()

    found = minimize(loss, np.zeros(2 * (count + 1)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return found.x.reshape(2, count + 1)


def fitted(rows, labels, weights, bounds, pull=PULL):
    """The same of rows as they are: brought to one spread, so that one pull suits all, and back."""
    seen = weights > 0
    middle, spread = rows[seen].mean(axis=0), rows[seen].std(axis=0) + 1e-6
    theta = fit((rows[seen] - middle) / spread, labels[seen], weights[seen], bounds, pull)
    theta[:, :-1] /= spread
    theta[:, -1] -= theta[:, :-1] @ middle
    return theta


def margins(theta, rows):
    return np.column_stack([rows @ theta[0, :-1] + theta[0, -1], rows @ theta[1, :-1] + theta[1, -1]])


def probabilities(theta, rows):
    margin = np.column_stack([margins(theta, rows), np.zeros(len(rows))])
    power = np.exp(margin - margin.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def limits(names):
    """Bounds that keep each weight's sign."""
    span = {-1: (None, 0), 0: (None, None), 1: (0, None)}
    return [bound for side in (0, 1) for bound in [*(span[SIGNS.get(name, (0, 0))[side]] for name in names), (None, None)]]


def measures(theta, line):
    """What the passage of a pair is among those found for the claim."""
    document = lambda passage: passage.split("@")[0]  # noqa: E731
    own, passage = line["signals"], line["passage"]
    of = lambda signals: margins(theta, np.array([list(signals.values())]))[0]  # noqa: E731
    others = [(one["passage"], one["signals"], of(one["signals"])) for one in line["company"] if one["passage"] != passage]
    most = lambda value, none: max([none, *(value(*one) for one in others)])  # noqa: E731
    beside = lambda mine, value: float(np.clip(mine - most(value, NONE), -FAR, FAR))  # noqa: E731
    supports, contradicts = of(own)
    about = beside(own["about"], lambda _, signals, __: signals["about"])
    same = [own["about"] - signals["about"] for other, signals, _ in others if document(other) == document(passage)]
    order = [one["passage"] for one in line["company"]]
    first = float(order[:1] == [passage])
    return [
        supports,
        contradicts,
        own["about"],
        about,
        own["share"] - most(lambda _, signals, __: signals["share"], 0.0),
        min([0.0, *same]),
        beside(supports, lambda _, __, margin: margin[0]),
        beside(contradicts, lambda _, __, margin: margin[1]),
        float(any(signals["amount_agrees"] > 0 for _, signals, _ in others)),
        float(any(signals["amount_differs"] > 0 for _, signals, _ in others)),
        first,
        float(passage in order),
        own["amount_doubtful"],
        own["amount_agrees"],
        own["people_differ"],
        own["turned_near"],
        own["turned_near"] * min(about, 0.0),
        contradicts * first,
    ]


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


def read(arguments):
    """All lines with the name of their set and its two weights."""
    lines, sets, weights = [], [], []
    for text in arguments:
        name, alone, together, path = text.split(":")
        for line in map(json.loads, open(path)):
            lines.append(line)
            sets.append(name)
            weights.append((float(alone), float(together)))
    return lines, np.array(sets), np.array(weights)


def unseen_chances(lines, rows, labels, weights, names):
    """Of each pair what models say that saw neither its document nor another of its fold."""
    keys = [line["passage"].split("@")[0] for line in lines]
    distinct = sorted(set(keys))
    fold = dict(zip(distinct, np.random.default_rng(SEED).permutation(len(distinct)) % FOLDS))
    folds = np.array([fold[key] for key in keys])
    company = np.zeros((len(lines), len(MEASURES)))
    for leave in range(FOLDS):
        alone = fitted(rows, labels, np.where(folds != leave, weights[:, 0], 0), limits(names))
        for at in np.flatnonzero(folds == leave):
            company[at] = measures(alone, lines[at])
    unseen = np.zeros((len(lines), 3))
    for leave in range(FOLDS):
        together = fitted(company, labels, np.where(folds != leave, weights[:, 1], 0), None, PULL_COMPANY)
        unseen[folds == leave] = probabilities(together, company[folds == leave])
    return unseen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", action="append", required=True, metavar="NAME:WEIGHT:WEIGHT:FILE")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--company", type=pathlib.Path)
    options = parser.parse_args()
    lines, sets, weights = read(options.pairs)
    names = list(lines[0]["signals"])
    rows = np.array([list(line["signals"].values()) for line in lines], dtype=float)
    labels = np.array([LABELS.index(line["label"]) for line in lines])
    unseen = unseen_chances(lines, rows, labels, weights, names)
    number = rows[:, names.index("amount_differs")] > 0
    differs = rows[:, [names.index(name) for name in ("opposed", "amount_differs", "people_differ")]].any(axis=1)
    told = float(np.quantile(unseen[number & (labels == 1), 1], 1 - KEPT))
    sure = (number & (unseen[:, 1] >= told)) | (rows[:, names.index("people_differ")] > 0)
    against, flagged = suspicion(unseen, labels, sure)
    differs = differs | flagged
    print(f"suspected from {SUSPECTED} and {against} of both sides; a sure number told from {told:.3f}")
    found = {}
    for at, label in enumerate(LABELS):
        probability = np.where(differs, 0, unseen[:, at]) if label == "SUPPORT" else unseen[:, at]
        # On claims with what the search gives for them, and on claims written for one passage: the higher of the two.
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
    alone = fitted(rows, labels, weights[:, 0], limits(names))
    company = np.array([measures(alone, line) for line in lines])
    together = fitted(company, labels, weights[:, 1], None, PULL_COMPANY)
    for theta, of in [(alone, names), (together, MEASURES)]:
        for side, name in enumerate(["supports", "contradicts"]):
            print(name, {one: round(float(weight), 2) for one, weight in zip([*of, "intercept"], theta[side])})
    side = lambda theta, at: {"weights": [round(float(one), 4) for one in theta[at, :-1]], "intercept": round(float(theta[at, -1]), 4)}  # noqa: E731
    both = lambda theta: {"supports": side(theta, 0), "contradicts": side(theta, 1)}  # noqa: E731
    if options.write:
        options.write.write_text(json.dumps({"signals": names, **both(alone)}, indent=1) + "\n")
    if options.company:
        limit = {name: round(found[label], 3) for name, label in zip(["supports", "contradicts", "neutral"], LABELS)}
        limit |= {"suspected": SUSPECTED, "against": against, "turned": TURNED, "told": round(told, 3)}
        options.company.write_text(json.dumps({"measures": MEASURES, **both(together), "threshold": limit}, indent=1) + "\n")


if __name__ == "__main__":
    main()
