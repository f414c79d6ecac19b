"""Writes triples of a claim and two passages as `groundline eval conflicts` takes them, with the corpus that holds the planted ones,
and fits `src/appraise/disagreement.json` to what that command measures of them.

    conflicts.py triples --work DIR         the corpus `DIR/planted`: starter, and each planted passage as a document of its own
    conflicts.py name --passages FILE --work DIR   `conflicts-dev.jsonl` and the others, with the ids that planted passages have
    conflicts.py fit --work DIR [--write FILE]

Sets: `conflicts-dev` and `conflicts-report` (`tests/claims/pairs/conflicts.tsv`), `direction-dev` (what one passage says, and the
same or the opposite in other words as another body's), `stance-tune` (two labelled passages of one claim: one supports it and one
contradicts it, or not), `claims-dev` (dev and tune claims with all that is held together for them). Of these the pairs in
`candidates.tsv` were read one by one; the others count as no conflict, for little. An old edition against its successor is no
conflict for the program, which never holds them together, and takes no part. Nothing that is fitted has the two documents of a report triple.
"""

import argparse
import collections
import json
import pathlib
import shutil
import tomllib

import numpy as np
from scipy.optimize import minimize

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "tests/claims"
SEED = 20261123
FOLDS = 10
# Pull of the weights to 0, of measures brought to one spread.
PULL = 30.0
# What a pair counts for: a set's pairs that disagree, and its others.
WEIGHT = {"conflicts-dev": (1.0, 1.0), "direction-dev": (0.3, 0.3), "stance-tune": (1.0, 0.5), "claims-dev": (1.0, 0.25)}
# A disagreement is told from where, on unseen documents, no more than this share of the labelled pairs that do not disagree is told, ...
FALSE = 0.03
# ... and this share of what is told of a claim's own candidates is right.
RIGHT = 0.8
# A measure that may move the likelihood one way only; the other way would be noise.
UP = ["split", "against", "claim_number_differs", "number_between", "number_apart", "number_apart_asked", "one_open", "opposed"]
UP += ["claim_between", "both_first", "denied", "about_of_one", "near", "near_rarest"]
DOWN = ["number_agrees", "people_differ", "people_of_claim", "people_beyond"]
# Likelihood from which the other side is worth showing to somebody who asks for it.
SUSPECTED = 0.5
FILL = (
    "This summary was written to measure a program with. It is the advice of an invented body of experts, which says with or without a "
    "change what another body says, and nobody should follow it. Its number among its kind is {}."
)


def table(path):
    """The rows of a TSV under its header."""
    lines = path.read_text().splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:] if line.strip()]


def document(passage):
    return passage.split("@")[0]


def versions():
    found = {}
    for path in sorted((ROOT / "corpus/starter").glob("*.toml")):
        facts = tomllib.loads(path.read_text())
        if "version" in facts:
            found[f"{facts['id']}@{facts['version']}"] = facts
    return found


def planted(text, name, title, publisher, place):
    quoted = lambda words: '"' + words.replace('"', "'") + '"'  # noqa: E731
    page = f"# {title}\n\n## Recommendations\n\n{text}\n\n## About\n\n{FILL.format(name)}\n"
    facts = f'id = "planted-{name}"\nversion = "2025"\ntitle = {quoted(title)}\npublisher = {quoted(publisher)}\n'
    return page, facts + f'jurisdiction = "{place}"\npublished = "2025-01-01"\n'


def triples():
    """Sets of triples; a planted passage is its document's name and its text."""
    facts, sets, corpus = versions(), collections.defaultdict(list), {}

    def add(name, text, beside, publisher, place):
        corpus[name] = planted(text, name, facts[beside.split("#")[0]]["title"], publisher, place)
        return (f"planted-{name}", text)

    for row in table(CLAIMS / "pairs/conflicts.tsv"):
        sides = [row["left"], row["right"]]
        for at, side in enumerate(sides):
            if side.startswith("text:"):
                text, publisher, place = side.split("|")
                sides[at] = add(row["id"], text[5:], sides[1 - at], publisher[3:], place[3:])
        line = {"id": row["id"], "claim": row["claim"], "passages": sides, "conflict": row["expected"] == "conflict"}
        sets[f"conflicts-{row['split']}"].append(line | {"cause": row["cause"], "planted": "text:" in row["left"] + row["right"]})
    of = collections.defaultdict(list)
    for row in table(CLAIMS / "pairs/direction.tsv"):
        if row["split"] == "dev" and facts[row["passage"].split("#")[0]].get("status") == "current":
            of[row["passage"]].append(row)
    for passage, rows in of.items():
        for row in rows:
            others = [other for other in rows if other is not row and other["expected"] != "other"]
            if others:
                claim = min(others, key=lambda other: other["expected"] != "same")["claim"]
                side = add(row["id"], row["claim"], passage, f"Board {row['id']}", "US")
                sets["direction-dev"].append({"id": row["id"], "claim": claim, "passages": [passage, side], "conflict": row["expected"] == "opposite"})
    texts = {row["id"]: row["claim"] for row in table(CLAIMS / "starter-gold.tsv")}
    labelled = collections.defaultdict(list)
    for row in table(CLAIMS / "stance.tsv"):
        current = facts.get(row["passage"].split("#")[0], {}).get("status") == "current"
        if row["id"] in texts and row["split"] == "tune" and current:
            labelled[row["id"]].append(row)
    for claim, rows in labelled.items():
        for at, one in enumerate(rows):
            for other in rows[at + 1 :]:
                stances = {one["stance"], other["stance"]}
                if document(one["passage"]) != document(other["passage"]) and stances != {"contradicts"}:
                    line = {"id": claim, "claim": texts[claim], "passages": [one["passage"], other["passage"]]}
                    sets["stance-tune"].append(line | {"conflict": stances == {"supports", "contradicts"}})
    dev = {row["claim"]: row["id"] for row in table(CLAIMS / "pairs/conflicts.tsv") if row["split"] == "dev"}
    dev |= {row["claim"]: row["id"] for row in table(CLAIMS / "starter-gold.tsv") if row["split"] == "tune"}
    sets["claims-dev"] = [{"id": name, "claim": claim} for claim, name in dev.items()]
    return sets, corpus


def write_corpus(work):
    folder = work / "planted"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "corpus/starter").iterdir():
        if path.suffix in (".md", ".toml") and path.name != "README.md":
            shutil.copy(path, folder / path.name)
    for name, (page, facts) in triples()[1].items():
        (folder / f"planted-{name}.md").write_text(page)
        (folder / f"planted-{name}.toml").write_text(facts)


def write_triples(work, listing):
    """`listing` is what `groundline index passages` prints: id and text."""
    held = collections.defaultdict(list)
    for line in listing.read_text().splitlines():
        passage, text = line.split("\t")[:2]
        held[document(passage)].append((passage, text))
    start = lambda text: "".join(text.split())[:30]  # noqa: E731

    def named(side):
        if isinstance(side, str):
            return side
        return next(passage for passage, text in held[side[0]] if start(text) == start(side[1]))

    for name, lines in triples()[0].items():
        lines = [line | {"passages": [named(side) for side in line["passages"]]} if "passages" in line else line for line in lines]
        (work / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def rows_of(work):
    """Measured pairs of all sets that are fitted, each with its label and what it counts for."""
    sides = lambda line: frozenset(document(passage) for passage in line["passages"])  # noqa: E731
    report = {sides(json.loads(line)) for line in (work / "conflicts-report.jsonl").read_text().splitlines()}
    key = lambda claim, passages: (claim, frozenset(passages))  # noqa: E731
    known, told, rows = {}, set(), []
    for row in table(pathlib.Path(__file__).parent / "candidates.tsv"):
        known[key(row["claim"], [row["one"], row["other"]])] = {"conflict": 1, "none": 0}.get(row["expected"])
    for name in ["conflicts-dev", "direction-dev", "stance-tune"]:
        for line in map(json.loads, (work / f"{name}.jsonl").read_text().splitlines()):
            known.setdefault(key(line["claim"], line["passages"]), int(line["conflict"]))
            if line["conflict"]:
                told.add((line["claim"], sides(line)))
    dropped = {row["id"] for row in table(CLAIMS / "pairs/conflicts.tsv") if row["cause"] == "edition" and row["expected"] == "none"}
    for name in WEIGHT:
        for line in map(json.loads, (work / f"{name}.measured").read_text().splitlines()):
            pair = key(line["claim"], line["passages"])
            label = line["conflict"] if name != "claims-dev" else known.get(pair, None if (line["claim"], sides(line)) in told or pair in known else 0)
            fits = not (name == "conflicts-dev" and line["id"] in dropped) and label is not None
            if fits:
                held_out = name != "conflicts-dev" and sides(line) in report
                documents = {one for one in sides(line) if not one.startswith("planted")}
                passed = not line["measures"]
                may = line["may_be_told"]
                rows.append((name, int(label), line, documents, held_out, passed, may))
    return rows


def fit(rows, labels, weights, bounds):
    def loss(theta):
        margin = rows @ theta[:-1] + theta[-1]
        value = (weights * (np.logaddexp(0, margin) - labels * margin)).sum() + 0.5 * PULL * (theta[:-1] ** 2).sum()
        residual = weights * (1 / (1 + np.exp(-margin)) - labels)
        return value, np.append(rows.T @ residual + PULL * theta[:-1], residual.sum())

    return minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x


def unseen(values, labels, weights, documents, usable, bounds):
    """Margins by models that saw none of a pair's documents."""
    names = sorted(set().union(*documents))
    fold = dict(zip(names, np.random.default_rng(SEED).permutation(len(names)) % FOLDS))
    of = [{fold[name] for name in each} for each in documents]
    margins = np.zeros(len(labels))
    for leave in range(FOLDS):
        test = np.array([min(each) == leave for each in of])
        seen = np.array([leave not in each for each in of]) & usable
        theta = fit(values[seen], labels[seen], weights[seen], bounds)
        margins[test] = values[test] @ theta[:-1] + theta[-1]
    return margins


def area(scores, labels):
    """Area under the curve."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    ones = labels == 1
    return (ranks[ones].sum() - ones.sum() * (ones.sum() + 1) / 2) / (ones.sum() * (~ones).sum())


def chosen(margins, labels, sets):
    """The lowest margin from which few labelled pairs are told falsely, and candidates mostly rightly."""
    own = sets == "conflicts-dev"
    others = np.sort(margins[own & (labels == 0)])[::-1]
    least = others[int(FALSE * len(others))] + 1e-3
    of = np.flatnonzero(sets == "claims-dev")
    of = of[np.argsort(-margins[of], kind="stable")]
    share = np.cumsum(labels[of]) / np.arange(1, len(of) + 1)
    good = np.flatnonzero(share >= RIGHT)
    return max(least, margins[of[good[-1]]] if len(good) else np.inf)


def main_fit(work, write):
    rows = rows_of(work)
    sets, labels = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    names = list(next(row[2]["measures"] for row in rows if row[2]["measures"]))
    passed = np.array([row[5] for row in rows])
    values = np.array([[row[2]["measures"].get(name, 0.0) for name in names] for row in rows])
    usable = ~np.array([row[4] for row in rows]) & ~passed
    weights = np.array([WEIGHT[name][1 - label] for name, label in zip(sets, labels)])
    middle, spread = values[usable].mean(axis=0), values[usable].std(axis=0) + 1e-6
    plain, values = values, (values - middle) / spread
    bounds = [(0, None) if name in UP else (None, 0) if name in DOWN else (None, None) for name in names] + [(None, None)]
    margins = unseen(values, labels, weights, [row[3] for row in rows], usable, bounds)
    # What has no name, or is of other people, is never told.
    margins_of_all, margins = margins, np.where([row[6] for row in rows], margins, -20.0)
    told = chosen(margins, labels, sets)
    for name in WEIGHT:
        of = sets == name
        ones = of & (labels == 1)
        print(
            f"{name:14} {ones.sum():4} conflicts, {(ones & (margins >= told)).sum():3} told; {(of & (labels == 0)).sum():5} others, "
            f"{(of & (labels == 0) & (margins >= told)).sum():3} told; area {area(margins_of_all[of], labels[of]):.3f}; passed over {(ones & passed).sum()} conflicts"
        )
    theta = fit(values[usable], labels[usable], weights[usable], bounds)
    theta[:-1] /= spread
    theta[-1] -= theta[:-1] @ middle
    for name, weight in sorted(zip(names, theta), key=lambda pair: -abs(pair[1])):
        print(f"  {name:22} {weight:7.3f}")
    print(f"told from {1 / (1 + np.exp(-told)):.3f}")
    if write:
        likelihood = lambda margin: round(float(1 / (1 + np.exp(-margin))), 4)  # noqa: E731
        model = {"measures": names, "weights": [round(float(one), 4) for one in theta[:-1]], "intercept": round(float(theta[-1]), 4)}
        model |= {"told": likelihood(told), "suspected": SUSPECTED}
        write.write_text(json.dumps(model, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["triples", "name", "fit"])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--passages", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    if options.step == "triples":
        write_corpus(options.work)
    elif options.step == "name":
        write_triples(options.work, options.passages)
    else:
        main_fit(options.work, options.write)


if __name__ == "__main__":
    main()
