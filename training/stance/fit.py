"""Fits and measures the stance classifier on what signals.py computed: two gradient-boosted models, of relevance (does the
text settle the claim at all) and of polarity (if it does, does it contradict), their calibration, and when a hint is given.

P(SUPPORT) = r (1 - c), P(CONTRADICT) = r c, P(NEI) = 1 - r. Everything that is chosen (calibration, thresholds) is chosen on
five-fold cross-validation over the training sets, folds that keep a claim and a document together; the dev sets are measured.
"""

import argparse
import json
import pathlib
import warnings

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
SEED = 20261122
FOLDS = 5
# Weight of each training pair, for relevance and for polarity; the changed claims tell nothing of relevance.
RELEVANCE = {"scifact": 1.0, "scifact_window": 0.1, "check_covid": 1.0, "evidence_inference": 0.3, "kqa": 0.5}
POLARITY = {
    "scifact": 1.0, "scifact_window": 0.3, "check_covid": 1.0, "evidence_inference": 0.5, "kqa": 0.5,
    "scifact_turned": 0.3, "check_covid_turned": 0.3, "scifact_window_turned": 0.2,
}
# Counts of words in the claim alone: they tell how a data set was written, not what the text says.
CLAIM_ALONE = {"hedge_claim", "c_negation", "c_signed", "c_up", "c_benefit", "p_silent", "p3_silent"}
# What is worth writing again in the program: the first by gain (table "ranked"), which do as well as all of them.
SHORT = (
    "mean_soft sentences soft_near soft_all exact_all exact_best missing_abs soft_most missing_entity finding_best exact_most position".split(),
    "null3_xor p3_conflict t3_clause null3 null_claim p3_conflict_max p3c_direction p_top t3_part p3_direction p_conflict x_null "
    "t3_part_soft missing_abs n3_xor_most n3_xor p3a_direction p3_net p3_explicit n3_both".split(),
)
GROUPS = {
    "coverage": ("exact_", "soft_", "mean_soft", "gap", "adjacent"),
    "vectors of sentences": ("cos_",),
    "missing words": ("missing",),
    "opposites": ("p_", "p3_", "p3a_", "p3c_", "x_conflict", "x_agree"),
    "parity of turns": ("t_", "t3_", "parity"),
    "predicate": ("v_", "v3_"),
    "negation of aligned words": ("n_", "n3_", "x_xor"),
    "no effect": ("null", "x_null"),
    "numbers": ("number",),
    "order and than": ("order", "than"),
    "kind of sentence": ("finding", "purpose", "hedge_best", "position", "is_title", "is_last"),
    "lengths": ("sentences", "claim_words", "best_words"),
}


class Data:
    def __init__(self, folder):
        self.folder, self.known = folder, {}
        self.names = [str(name) for name in np.load(folder / "scifact.dev.npz")["names"]]
        self.fold = None

    def __call__(self, name):
        if name not in self.known:
            self.known[name] = dict(np.load(self.folder / f"{name}.npz"))
        return self.known[name]

    def columns(self, names):
        return np.array([self.names.index(name) for name in names])

    def folds(self, sets):
        """A fold for each claim and document: what shares either is together."""
        parent = {}

        def root(one):
            parent.setdefault(one, one)
            while parent[one] != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            return one

        for name in sets:
            data = self(f"{name}.train")
            for claim, document in zip(data["claims"], data["documents"]):
                claim = "-".join(str(claim).split("-")[:2])
                parent[root("c" + claim)] = root("d" + str(document))
        roots = sorted({root(one) for one in list(parent)})
        drawn = dict(zip(roots, np.random.default_rng(SEED).permutation(len(roots)) % FOLDS))
        self.fold = lambda document: drawn[root("d" + str(document))]

    def stacked(self, mix, leave=None):
        parts = []
        for name, weight in mix.items():
            data = self(f"{name}.train")
            kept = np.ones(len(data["y"]), dtype=bool)
            if leave is not None:
                kept = np.array([self.fold(one) != leave for one in data["documents"]])
            parts.append((data["x"][kept], data["y"][kept], np.full(kept.sum(), weight)))
        return [np.concatenate(one) for one in zip(*parts)]


def boosted(seed, trees=150, leaves=8):
    return lightgbm.LGBMClassifier(
        n_estimators=trees, num_leaves=leaves, learning_rate=0.05, min_child_samples=20, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.4, reg_lambda=5, random_state=seed, n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True,
    )


class Linear:
    def __init__(self, seed, pull=0.02):
        self.model = make_pipeline(StandardScaler(), LogisticRegression(C=pull, max_iter=2000))

    def fit(self, x, y, sample_weight):
        self.model.fit(x, y, logisticregression__sample_weight=sample_weight)
        return self

    def predict_proba(self, x):
        return self.model.predict_proba(x)


class Two:
    """The two models; `first` and `second` are names of features."""

    def __init__(self, data, first, second, relevance=RELEVANCE, polarity=POLARITY, make=boosted, seeds=(1, 2, 3)):
        self.data, self.first, self.second = data, data.columns(first), data.columns(second)
        self.mixes, self.make, self.seeds = (relevance, polarity), make, seeds
        self.models, self.scales = None, ((1.0, 0.0), (1.0, 0.0))

    def train(self, leave=None):
        x, y, w = self.data.stacked(self.mixes[0], leave)
        x2, y2, w2 = self.data.stacked(self.mixes[1], leave)
        kept = y2 < 2
        self.models = [
            (
                self.make(seed).fit(x[:, self.first], (y < 2).astype(int), sample_weight=w),
                self.make(seed).fit(x2[kept][:, self.second], y2[kept], sample_weight=w2[kept]),
            )
            for seed in self.seeds
        ]
        return self

    def raw(self, x):
        # The mean of log odds, so that the trees of all seeds are one sum.
        first = np.mean([odds(one.predict_proba(x[:, self.first])[:, 1]) for one, _ in self.models], axis=0)
        second = np.mean([odds(two.predict_proba(x[:, self.second])[:, 1]) for _, two in self.models], axis=0)
        return first, second

    def shares(self, raw):
        r, c = [1 / (1 + np.exp(-(a * one + b))) for one, (a, b) in zip(raw, self.scales)]
        return np.stack([r * (1 - c), r * c, 1 - r], axis=1)

    def predict(self, x):
        return self.shares(self.raw(x))

    def crossed(self):
        """Raw scores of every unchanged training pair by models that saw neither its claim nor its document; calibrates."""
        out = {name: [np.zeros(len(self.data(f"{name}.train")["y"])) for _ in range(2)] for name in self.mixes[0]}
        for leave in range(FOLDS):
            self.train(leave)
            for name, raw in out.items():
                data = self.data(f"{name}.train")
                at = np.flatnonzero(np.array([self.data.fold(one) == leave for one in data["documents"]]))
                for kept, found in zip(raw, self.raw(data["x"][at]) if len(at) else ([], [])):
                    kept[at] = found
        y = np.concatenate([self.data(f"{name}.train")["y"] for name in out])
        w = np.concatenate([np.full(len(self.data(f"{name}.train")["y"]), weight) for name, weight in self.mixes[0].items()])
        r, c = [np.concatenate([raw[k] for raw in out.values()]) for k in range(2)]
        self.scales = (platt(r, y < 2, w), platt(c[y < 2], y[y < 2] == 1, w[y < 2]))
        self.train()
        return {name: (self.data(f"{name}.train")["y"], self.shares(raw)) for name, raw in out.items()}


def odds(p):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def platt(raw, y, w):
    model = LogisticRegression(C=1e6).fit(raw[:, None], y, sample_weight=w)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def thresholds(crossed, target, sets=("scifact", "check_covid")):
    """For each side the lowest confidence from which on hints are right at least `target` of the time in each of the sets."""
    found = []
    for side in (0, 1):
        worst = 0.0
        for name in sets:
            y, p = crossed[name]
            mine = np.flatnonzero(p[:, :2].argmax(axis=1) == side)
            order = mine[np.argsort(-p[mine, side])]
            right = np.cumsum(y[order] == side) / np.arange(1, len(order) + 1)
            good = np.flatnonzero((right >= target) & (np.arange(len(order)) >= 9))
            worst = max(worst, p[order[good[-1]], side] if len(good) else 1.01)
        found.append(worst)
    return found


def given(p, cut):
    """The hint of each pair: a side where its confidence reaches the threshold, 2 (silent or neutral) where none does."""
    side = p[:, :2].argmax(axis=1)
    sure = p[np.arange(len(p)), side] >= np.array(cut)[side]
    return np.where(sure, side, 2)


def ece(y, p, bins=10):
    """Expected calibration error of the most likely label."""
    label, sure = p.argmax(axis=1), p.max(axis=1)
    at = np.minimum((sure * bins).astype(int), bins - 1)
    return sum(abs((label[at == k] == y[at == k]).mean() - sure[at == k].mean()) * (at == k).mean() for k in range(bins) if (at == k).any())


def spread(y, predicted, draws=1000):
    """95 % bootstrap interval of the macro-F1."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(draws):
        at = rng.integers(0, len(y), len(y))
        found.append(np.mean(f1(y[at], predicted[at])))
    return np.percentile(found, [2.5, 97.5])


def f1(y, predicted):
    out = []
    for label in range(3):
        hit = ((y == label) & (predicted == label)).sum()
        out.append(2 * hit / max(1, (y == label).sum() + (predicted == label).sum()))
    return np.array(out)


def line(tag, y, p, cut=None):
    predicted = p.argmax(axis=1)
    scores = f1(y, predicted)
    text = f"{tag:34} n {len(y):4} acc {np.mean(predicted == y):.3f} macro-F1 {scores.mean():.3f} (S {scores[0]:.2f} C {scores[1]:.2f} N {scores[2]:.2f}) ECE {ece(y, p):.3f}"
    if cut:
        hint = given(p, cut)
        told = hint < 2
        right = [(hint[hint == k] == y[hint == k]).mean() if (hint == k).any() else float("nan") for k in (0, 1)]
        both = (hint[told] == y[told]).mean() if told.any() else float("nan")
        text += f" | hints {told.sum():4} = {told.mean():.3f} right {both:.3f} (S {(hint == 0).sum()} at {right[0]:.2f}, C {(hint == 1).sum()} at {right[1]:.2f}) macro-F1 of hints {f1(y, hint).mean():.3f}"
    print(text, flush=True)


def features(data, without=(), only=None):
    names = [name for name in data.names if name not in CLAIM_ALONE]
    if only:
        return [name for name in names if name.startswith(only)]
    return [name for name in names if not (without and name.startswith(without))]


DEV = ["scifact.dev", "check_covid.dev", "check_covid_abstract.dev", "evidence_inference.dev", "kqa.dev"]


def main_table(data, options):
    names = features(data)
    first, second = SHORT if options.short else (names, names)
    two = Two(data, first, second, seeds=range(1, 1 + options.seeds) if options.short else (1, 2, 3))
    crossed = two.crossed()
    print("calibration", two.scales)
    cuts = {target: thresholds(crossed, target) for target in (0.80, 0.90)}
    cuts["both .80, contradicts .70"] = widest(*crossed["scifact"], 0.80, 0.70)
    print("thresholds", {target: [round(float(one), 4) for one in cut] for target, cut in cuts.items()})
    for target, cut in cuts.items():
        print("-- thresholds for", target)
        for name, (y, p) in crossed.items():
            line(f"crossed {name}", y, p, cut)
        for name in DEV:
            y, p = data(name)["y"], two.predict(data(name)["x"])
            line(name, y, p, cut)
            if name == "scifact.dev":
                low, high = spread(y, p.argmax(axis=1))
                settled = y < 2
                print(f"   95 % of macro-F1 {low:.3f} to {high:.3f}; AUC of relevance {roc_auc_score(settled, -p[:, 2]):.3f}, of polarity {roc_auc_score(y[settled] == 1, p[settled, 1] / (p[settled, 0] + p[settled, 1])):.3f}")
                print("   confusion (rows: gold S, C, N)", [[int(((y == a) & (p.argmax(axis=1) == b)).sum()) for b in range(3)] for a in range(3)])
    if options.write:
        if not options.short:
            raise SystemExit("the program computes the short list alone: --write goes with --short")
        write(two, cuts, options.write)
        rounding(data, two, options.write)


def widest(y, p, both, lowest):
    """The thresholds of best macro-F1 (neutral where silent) of those where hints are right `both` of the time, and those that
    contradict `lowest`."""
    best, chosen = 0.0, [1.01, 1.01]
    for first in np.arange(0.3, 0.95, 0.01):
        for second in np.arange(0.3, 0.95, 0.01):
            hint = given(p, (first, second))
            told, against = hint < 2, hint == 1
            sound = told.any() and (hint[told] == y[told]).mean() >= both and against.sum() >= 8 and (y[against] == 1).mean() >= lowest
            if sound and f1(y, hint).mean() > best:
                best, chosen = f1(y, hint).mean(), [float(first), float(second)]
    return chosen


def write(two, cuts, path):
    """The models as src/appraise/stance/model.json: rounded, and measured as they are written."""
    names = list(dict.fromkeys([*SHORT[0], *SHORT[1]]))
    found = {"features": names}
    for k, part in enumerate(["relevance", "polarity"]):
        places = [names.index(name) for name in SHORT[k]]
        dumped = [pair[k].booster_.dump_model()["tree_info"] for pair in two.models]
        trees = [flat(tree["tree_structure"], places, len(dumped)) for trees in dumped for tree in trees]
        found[part] = {"calibration": [round(one, 5) for one in two.scales[k]], "trees": trees}
    found["thresholds"] = {str(target): [round(one, 4) for one in cut] for target, cut in cuts.items() if isinstance(target, float)}
    path.write_text(json.dumps(found, separators=(",", ":")).replace("]],[[", "]],\n[[") + "\n")


def flat(root, places, seeds):
    """A tree's nodes, the root first: [value] of a leaf, otherwise [value, feature, threshold, left, right]; values are
    shared among the models of several seeds."""
    nodes = []

    def add(node):
        at = len(nodes)
        if "leaf_value" in node:
            nodes.append([round(node["leaf_value"] / seeds, 5)])
            return at
        nodes.append([round(node["internal_value"] / seeds, 5), places[node["split_feature"]], float(f"{node['threshold']:.6g}")])
        nodes[at] += [add(node["left_child"]), add(node["right_child"])]
        return at

    add(root)
    return nodes


def opinion(model, values):
    """Probabilities of SUPPORT, CONTRADICT and NEI by a written model, as the program computes them."""
    sure = []
    for part in ["relevance", "polarity"]:
        raw = 0.0
        for tree in model[part]["trees"]:
            node = tree[0]
            while len(node) > 1:
                node = tree[node[3] if values[model["features"][node[1]]] <= node[2] else node[4]]
            raw += node[0]
        factor, summand = model[part]["calibration"]
        sure.append(1 / (1 + np.exp(-(factor * raw + summand))))
    r, c = sure
    return [float(r * (1 - c)), float(r * c), float(1 - r)]


def rounding(data, two, path):
    """What rounding changes, on a set that was not fitted."""
    model, x = json.loads(path.read_text()), data("scifact.dev")["x"]
    found = np.array([opinion(model, dict(zip(data.names, row))) for row in x])
    print(f"greatest change of a probability by rounding, SciFact dev: {np.abs(found - two.predict(x)).max():.1e}")


def baselines(data, options):
    y = data("scifact.train")["y"]
    for name in ["scifact.dev", "check_covid.dev"]:
        gold = data(name)["y"]
        prior = np.bincount(y, minlength=3) / len(y)
        line(f"majority {name}", gold, np.tile(prior, (len(gold), 1)))
    print("lexical overlap from which on SUPPORT is said: best macro-F1 on SciFact train", overlap_cut(data("scifact.train"), data.names.index("exact_all")))
    tests = {"lexical overlap alone": ["exact_all"], "lexical overlap of best sentence": ["exact_best"], "soft coverage alone": ["soft_all"], "cosine of vectors alone": ["cos_most"]}
    tests |= {f"only {group}": features(data, only=starts) for group, starts in GROUPS.items()}
    tests["overlap + negation cues"] = ["exact_all", "n_xor", "null_xor"]
    tests["claim alone (artefacts)"] = sorted(CLAIM_ALONE - {"p_silent", "p3_silent"}) + ["claim_words", "null_claim", "number_claim"]
    for tag, names in tests.items():
        # The flat way: one three-way logistic regression, as in the figure to beat.
        x, y, w = data.stacked({"scifact": 1.0})
        at = data.columns(names)
        model = Linear(1, 0.1).fit(x[:, at], y, w)
        for name in ["scifact.dev", "check_covid.dev"]:
            line(f"{tag} {name.split('.')[0]}", data(name)["y"], model.predict_proba(data(name)["x"][:, at]))


def overlap_cut(data, at):
    """The share of the claim's weight from which on saying SUPPORT, and NEI below, has the best macro-F1."""
    cuts = np.arange(0.02, 1.0, 0.02)
    scores = [f1(data["y"], np.where(data["x"][:, at] >= cut, 0, 2)).mean() for cut in cuts]
    return round(float(cuts[int(np.argmax(scores))]), 2)


def without_each(data, options):
    whole = features(data)
    for tag, starts in [("nothing", ()), *GROUPS.items()]:
        names = [name for name in whole if not (starts and name.startswith(starts))]
        two = Two(data, names, names, seeds=(1, 2))
        crossed = two.crossed()
        cut = thresholds(crossed, 0.80)
        line(f"without {tag}: crossed", *crossed["scifact"], cut)
        line(f"without {tag}: dev", data("scifact.dev")["y"], two.predict(data("scifact.dev")["x"]), cut)
        line(f"without {tag}: covid", data("check_covid.dev")["y"], two.predict(data("check_covid.dev")["x"]), cut)


def variants(data, options):
    """Other models, other training sets, fewer features."""
    whole = features(data)
    tests = {
        "logistic, two stages": dict(make=Linear),
        "boosted, 1 seed": dict(seeds=(1,)),
        "boosted, 60 trees of 6": dict(make=lambda seed: boosted(seed, 60, 6)),
        "without changed claims": dict(polarity={k: v for k, v in POLARITY.items() if not k.endswith("turned")}),
        "without windows": dict(relevance={k: v for k, v in RELEVANCE.items() if "window" not in k}, polarity={k: v for k, v in POLARITY.items() if "window" not in k}),
        "SciFact alone": dict(relevance={"scifact": 1.0}, polarity={"scifact": 1.0, "scifact_turned": 0.4}),
        "SciFact, Evidence Inference (transfer)": dict(
            relevance={k: v for k, v in RELEVANCE.items() if "covid" not in k}, polarity={k: v for k, v in POLARITY.items() if "covid" not in k}
        ),
    }
    for tag, what in tests.items():
        two = Two(data, whole, whole, **what)
        crossed = two.crossed()
        cut = thresholds(crossed, 0.80, [name for name in ("scifact", "check_covid") if name in crossed])
        line(f"{tag}: crossed", *crossed["scifact"], cut)
        for name in ["scifact.dev", "check_covid.dev"]:
            line(f"{tag}: {name.split('.')[0]}", data(name)["y"], two.predict(data(name)["x"]), cut)


def ranked(data, options):
    """Features by their gain, summed over the models, and what the first of them do alone."""
    names = features(data)
    two = Two(data, names, names, seeds=(1, 2, 3, 4, 5)).train()
    orders = []
    for k, part in enumerate(["relevance", "polarity"]):
        gain = sum(pair[k].booster_.feature_importance("gain") for pair in two.models)
        order = np.argsort(-gain)
        orders.append([names[at] for at in order])
        print(part, " ".join(f"{names[at]} {gain[at] / gain.sum():.3f}" for at in order[:60]))
    for first, second in [(8, 12), (12, 20), (20, 30), (30, 45)]:
        two = Two(data, orders[0][:first], orders[1][:second])
        crossed = two.crossed()
        cut = thresholds(crossed, 0.80)
        line(f"first {first} and {second}: crossed", *crossed["scifact"], cut)
        line(f"first {first} and {second}: dev", data("scifact.dev")["y"], two.predict(data("scifact.dev")["x"]), cut)
        line(f"first {first} and {second}: covid", data("check_covid.dev")["y"], two.predict(data("check_covid.dev")["x"]), cut)


TABLES = {"main": main_table, "baselines": baselines, "without": without_each, "variants": variants, "ranked": ranked}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=pathlib.Path, required=True)
    parser.add_argument("--table", choices=TABLES, default="main")
    parser.add_argument("--short", action="store_true", help="main: the short lists of features")
    parser.add_argument("--seeds", type=int, default=2, help="main, short: models whose mean is taken")
    parser.add_argument("--write", type=pathlib.Path, help="main, short: where the models go")
    options = parser.parse_args()
    data = Data(options.features)
    data.folds(sorted(set(RELEVANCE) | set(POLARITY)))
    TABLES[options.table](data, options)


if __name__ == "__main__":
    main()
