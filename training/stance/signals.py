"""What can be read off a claim and a text without a network: the features of the stance classifier, of each set.

Those that the program computes are fit.py's SHORT; the others were tried, and fit.py's tables tell what they add.
"""

import json
import pathlib
import re
import sys

import numpy as np

from words import BOUNDARY, FINDING, HEDGE, PURPOSE, Opposites, Text, Vectors, short_forms, split

# Words over which nearness falls to a third; cosine of two words below which they say nothing of each other.
REACH = 6.0
FLOOR = 0.3


def cosine(a, b):
    size = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / size) if size else 0.0


def similarities(claim, sentence):
    """Claim words × sentence words: 1 for equal stems, otherwise the cosine of the words' vectors above a floor."""
    if not claim.size or not sentence.size:
        return np.zeros((claim.size, max(sentence.size, 1)))
    found = np.maximum(claim.units @ sentence.units.T, 0)
    found[:, ~sentence.content] = 0
    # Numbers are near each other as vectors, and yet not the same.
    either = claim.number[:, None] | sentence.number[None, :]
    found[either] = 0
    equal = np.array([[a == b for b in sentence.stems] for a in claim.stems])
    found[equal] = 1
    return found


class Pair:
    """One sentence beside the claim."""

    def __init__(self, claim, sentence, opposites, shorts=None):
        self.claim, self.sentence, self.opposites = claim, sentence, opposites
        self.sim = similarities(claim, sentence)
        for short, stems in (shorts or {}).items():
            here = [j for j, w in enumerate(sentence.lower) if w.replace("-", "").rstrip("s") == short]
            for i in range(claim.size) if here else []:
                if claim.stems[i] in stems:
                    self.sim[i, here] = np.maximum(self.sim[i, here], 0.95)
            mine = [i for i, w in enumerate(claim.lower) if w.replace("-", "").rstrip("s") == short]
            if mine and not here:
                there = [j for j, stem in enumerate(sentence.stems) if stem in stems]
                if len({sentence.stems[j] for j in there}) * 2 > len(stems):
                    for i in mine:
                        self.sim[i, there] = 0.95
        self.best = self.sim.max(axis=1) if claim.size else np.zeros(0)
        self.where = self.sim.argmax(axis=1) if claim.size else np.zeros(0, dtype=int)
        total = claim.weights.sum() or 1.0
        self.exact = float(((self.best >= 0.999) * claim.weights).sum() / total)
        self.soft = float((np.maximum(self.best - FLOOR, 0) / (1 - FLOOR) * claim.weights).sum() / total)
        self.cosine = cosine(claim.vector, sentence.vector)
        self.relevance = 0.8 * self.soft + 0.2 * self.cosine + 0.1 * sentence.finding - 0.1 * sentence.purpose

    def context(self, i, j):
        """How much of what stands around word i of the claim stands around word j of the sentence: nearer words count more, on
        both sides, and a clause boundary in between counts as four words."""
        claim, sentence = self.claim, self.sentence
        away = np.abs(np.arange(sentence.size) - j) + 4 * np.abs(sentence.clauses - sentence.clauses[j])
        reach = np.exp(-np.maximum(away - 2, 0) / REACH)
        reach[j] = 0
        held = (self.sim * reach).max(axis=1)
        weights = claim.weights * np.exp(-np.abs(np.arange(claim.size) - i) / REACH)
        weights[i] = 0
        return float(held @ weights / weights.sum()) if weights.sum() else 0.0

    def polarity(self):
        """Agreement and conflict of the claim's words that have an opposite; each in 0..1 a word, by kind."""
        claim, sentence = self.claim, self.sentence
        out = {"agree": 0.0, "conflict": 0.0, "agree_max": 0.0, "conflict_max": 0.0, "direction": 0.0, "other": 0.0, "explicit": 0.0, "silent": 0.0}
        out |= {f"{side}_{kind}": 0.0 for side in ["a", "c"] for kind in ["direction", "benefit", "relation", "degree", "other", "negation"]}
        for i, signs in claim.signed:
            strongest = (0.0, 0.0, None)
            for j, others in sentence.signed:
                a, b = claim.stems[i], sentence.stems[j]
                flip = -1 if claim.negated[i] != sentence.negated[j] else 1
                if a == b:
                    value, kind, factor = flip, "same", 1.0
                elif (a, b) in self.opposites.pairs:
                    value, kind, factor = -flip, "explicit", 1.0
                else:
                    shared = [(k, m) for k in signs for m in others if k == m or {k, m} == {"direction", "degree"}]
                    if not shared:
                        continue
                    k, m = shared[0]
                    value, kind, factor = signs[k] * others[m] * flip, k, 0.9 if k == m else 0.6
                near = self.context(i, j) * factor
                if near > strongest[0]:
                    strongest = (near, value * near, kind)
            near, value, kind = strongest
            if kind is None:
                out["silent"] += 1
                continue
            side = "agree" if value > 0 else "conflict"
            out[side] += near
            out[side + "_max"] = max(out[side + "_max"], near)
            if "direction" in signs:
                out["direction"] += value
            group = next((k for k in ["direction", "benefit", "relation", "degree"] if k in signs), "relation" if "advice" in signs else "other")
            if kind == "same" and value < 0:
                group = "negation"
            elif kind == "same" and not any(k in signs for k in ["direction", "relation"]):
                continue
            name = ("a_" if value > 0 else "c_") + group
            out[name] = max(out[name], near)
            if kind == "explicit":
                out["explicit"] += value
        out["net"] = out["agree"] - out["conflict"]
        return out

    def span(self):
        """Part of the sentence that the claim's words stand in: from the first to the last strong match, wider by two."""
        strong = [self.where[i] for i in range(self.claim.size) if self.best[i] > 0.55 and self.claim.weights[i] > 0]
        if not strong:
            return 0, self.sentence.size
        return max(0, min(strong) - 3), max(strong) + 4

    def parity(self):
        """1 where claim and the part of the sentence turn a statement round equally often (even or odd), -1 where not; 0 where
        either says no direction. Then the same for the whole sentence, for directions without negations, and for the
        clause of the part that holds most of the claim."""
        claim, sentence = self.claim, self.sentence
        mine, has = int(claim.turns.sum()) % 2, claim.directed.any()
        if not has or not sentence.directed.any():
            out = [0.0, 0.0, 0.0, 0.0]
        else:
            begin, end = self.span()
            part = 1.0 - 2 * ((int(sentence.turns[begin:end].sum()) + mine) % 2) if sentence.directed[begin:end].any() else 0.0
            whole = 1.0 - 2 * ((int(sentence.turns.sum()) + mine) % 2)
            begin, end = self.clause()
            clause = 1.0 - 2 * ((int(sentence.turns[begin:end].sum()) + mine) % 2) if sentence.directed[begin:end].any() else 0.0
            out = [part, whole, clause, part * self.soft]
        return out

    def clause(self):
        sentence = self.sentence
        edges = [0] + [at for at in range(1, sentence.size) if sentence.boundary[at] or sentence.lower[at] in BOUNDARY] + [sentence.size]
        best, chosen = -1.0, (0, sentence.size)
        for a in range(len(edges) - 1):
            for b in range(a + 1, min(a + 4, len(edges))):
                held = (np.maximum(self.sim[:, edges[a] : edges[b]].max(axis=1) - 0.3, 0) * self.claim.weights).sum() / (self.claim.weights.sum() or 1)
                value = held - 0.004 * (edges[b] - edges[a])
                if value > best:
                    best, chosen = value, (edges[a], edges[b])
        return chosen

    def predicate(self):
        """The claim's verb of direction (the first one with an ending in s) against the words of direction in the sentence."""
        claim, sentence = self.claim, self.sentence
        for i in claim.verb[:1]:
            mine = self.opposites.sign[claim.stems[i]]["direction"] * (1 - 2 * claim.negated[i])
            total = norm = strongest = 0.0
            for j, signs in sentence.signed:
                if "direction" in signs:
                    value = mine * signs["direction"] * (1 - 2 * sentence.negated[j])
                    near = self.context(i, j)
                    total, norm = total + value * near**2, norm + near**2
                    strongest = max(strongest, near)
            return (total / norm if norm else 0.0), (total / norm * strongest if norm else 0.0)
        return 0.0, 0.0

    def negation(self):
        """Share of the claim's aligned weight that is negated on one side alone, and on both."""
        claim, sentence = self.claim, self.sentence
        if not claim.size or not sentence.size:
            return 0.0, 0.0, 0.0, 0.0
        aligned = (self.best > 0.55) * self.best * claim.weights
        total = aligned.sum() or 1.0
        theirs = sentence.negated[self.where]
        xor = (claim.negated != theirs) * aligned
        both = (claim.negated & theirs) * aligned
        return float(xor.sum() / total), float(both.sum() / total), float(xor.max() / (claim.weights.max() or 1)), float(((claim.negated == 0) & (theirs == 1)).astype(float) @ aligned / total)

    def order(self):
        """Whether aligned words stand in the same order: from -1 (all exchanged) to 1."""
        chosen = [i for i in range(self.claim.size) if self.claim.weights[i] > 0 and self.best[i] > 0.6]
        ahead = behind = 0
        for x, i in enumerate(chosen):
            for k in chosen[x + 1 :]:
                step = self.where[k] - self.where[i]
                ahead, behind = ahead + (step > 0), behind + (step < 0)
        return (ahead - behind) / (ahead + behind) if ahead + behind else 0.0

    def adjacent(self):
        """Share of the claim's neighbouring content words whose matches stand within four words of each other."""
        content = np.flatnonzero(self.claim.weights > 0)
        pairs = list(zip(content, content[1:]))
        held = [self.best[a] > 0.6 and self.best[b] > 0.6 and 0 < abs(self.where[a] - self.where[b]) <= 4 for a, b in pairs]
        return sum(held) / len(held) if held else 0.0

    def numbers(self):
        """Claim numbers found, and claim numbers of which the neighbour is found beside another number."""
        claim, sentence = self.claim, self.sentence
        mine = np.flatnonzero(claim.number)
        if not len(mine):
            return 0.0, 0.0
        found = conflict = 0
        for i in mine:
            if self.best[i] >= 0.999:
                found += 1
                continue
            for p in (i - 1, i + 1, i + 2):
                if 0 <= p < claim.size and claim.weights[p] > 0 and not claim.number[p] and self.best[p] > 0.6:
                    j = self.where[p]
                    if sentence.number[max(0, j - 2) : j + 3].any():
                        conflict += 1
                        break
        return found / len(mine), conflict / len(mine)

    def than(self):
        """Where both compare with "than": whether what stands on each side is the same (1) or exchanged (-1), after the
        sign of the comparative."""
        claim, sentence = self.claim, self.sentence
        if "than" not in claim.lower or "than" not in sentence.lower:
            return 0.0
        c, s = claim.lower.index("than"), sentence.lower.index("than")
        weights = claim.weights
        left, right = self.sim[:, :s].max(axis=1) if s else np.zeros(claim.size), self.sim[:, s:].max(axis=1)
        lean = (left - right) * weights
        return float((lean[:c].sum() - lean[c:].sum()) / (weights.sum() or 1))


def features(claim, sentences, opposites):
    """The features of a claim (a Text) and the sentences of its evidence (Texts, a title first where there is one)."""
    shorts = short_forms(claim.raw)
    for sentence in sentences:
        for short, stems in sentence.shorts.items():
            shorts.setdefault(short, stems)
    pairs = [Pair(claim, sentence, opposites, shorts) for sentence in sentences if sentence.size]
    if not pairs:
        return None
    relevance = np.array([pair.relevance for pair in pairs])
    ranked = np.argsort(-relevance, kind="stable")
    top = [pairs[at] for at in ranked[:3]]
    shares = np.exp(12 * (relevance[ranked[:3]] - relevance[ranked[0]]))
    shares /= shares.sum()
    total = claim.weights.sum() or 1.0
    everywhere = np.max([pair.best for pair in pairs], axis=0)
    missing = claim.weights * (1 - np.minimum(everywhere, 1))
    first = top[0]
    first_missing = claim.weights * (1 - first.best)
    at = int(ranked[0])
    near = np.max([pairs[k].best for k in range(max(0, at - 1), min(len(pairs), at + 2))], axis=0)
    f = {}
    f["exact_best"], f["soft_best"], f["cos_best"] = first.exact, first.soft, first.cosine
    f["exact_most"] = max(pair.exact for pair in pairs)
    f["soft_most"] = max(pair.soft for pair in pairs)
    f["cos_most"] = max(pair.cosine for pair in pairs)
    f["soft_near"] = float((np.maximum(near - FLOOR, 0) / (1 - FLOOR) * claim.weights).sum() / total)
    f["exact_all"] = float(((everywhere >= 0.999) * claim.weights).sum() / total)
    f["soft_all"] = float((np.maximum(everywhere - FLOOR, 0) / (1 - FLOOR) * claim.weights).sum() / total)
    f["cos_all"] = cosine(claim.vector, np.sum([pair.sentence.vector for pair in pairs], axis=0))
    f["gap"] = float(relevance[ranked[0]] - relevance[ranked[1]]) if len(pairs) > 1 else 0.0
    f["mean_soft"] = float(np.mean([pair.soft for pair in pairs]))
    f["missing_most"] = float(missing.max() / total) if claim.size else 0
    f["missing_abs"] = float(missing.max()) if claim.size else 0
    f["missing_best"] = float(first_missing.max()) if claim.size else 0
    f["missing_entity"] = float((missing * claim.entity).max()) if claim.size else 0
    f["missing_entity_best"] = float((first_missing * claim.entity).max()) if claim.size else 0
    f["missing_count"] = float(((everywhere < 0.6) & (claim.weights > 0)).sum())
    f["missing_count_best"] = float(((first.best < 0.6) & (claim.weights > 0)).sum())
    f["adjacent_best"], f["order_best"] = first.adjacent(), first.order()
    f["adjacent_most"] = max(pair.adjacent() for pair in top)
    f["position"] = at / max(1, len(pairs) - 1)
    f["is_title"], f["is_last"] = float(at == 0 and len(pairs) > 1), float(at == len(pairs) - 1 and len(pairs) > 1)
    f["sentences"], f["claim_words"], f["best_words"] = np.log1p(len(pairs)), np.log1p(claim.size), np.log1p(first.sentence.size)
    polar = [pair.polarity() for pair in top]
    for name in ["agree", "conflict", "agree_max", "conflict_max", "net", "direction", "explicit", "silent"]:
        f["p_" + name] = polar[0][name]
        f["p3_" + name] = float(sum(share * one[name] for share, one in zip(shares, polar)))
    for name in polar[0]:
        if name[:2] in ("a_", "c_"):
            f[f"p3{name}"] = float(sum(share * one[name] for share, one in zip(shares, polar)))
    f["p_worst"] = min(one["net"] for one in polar)
    f["p_top"] = max(one["net"] for one in polar)
    negations = [pair.negation() for pair in top]
    for k, name in enumerate(["xor", "both", "xor_most", "only_there"]):
        f["n_" + name] = negations[0][k]
        f["n3_" + name] = float(sum(share * one[k] for share, one in zip(shares, negations)))
    f["n_max_xor"] = max(one[0] for one in negations)
    f["null_claim"] = float(claim.null)
    f["null_best"] = float(first.sentence.null)
    f["null3"] = float(sum(share * pair.sentence.null for share, pair in zip(shares, top)))
    f["null_xor"] = abs(f["null_claim"] - f["null_best"])
    f["null3_xor"] = abs(f["null_claim"] - f["null3"])
    counts = [pair.numbers() for pair in top]
    f["number_found"], f["number_conflict"] = counts[0]
    f["number_found3"], f["number_conflict3"] = max(one[0] for one in counts), max(one[1] for one in counts)
    f["number_claim"] = float(claim.number.sum())
    f["number_all"] = float(everywhere[claim.number].min() >= 0.999) if claim.number.any() else 0.5
    f["than"] = first.than()
    f["than_signed"] = first.than() * (np.sign(polar[0]["net"]) or 1)
    f["hedge_claim"] = float(sum(w in HEDGE for w in claim.lower))
    f["hedge_best"] = float(sum(w in HEDGE for w in first.sentence.lower))
    f["finding_best"] = float(any(w in FINDING for w in first.sentence.lower))
    f["purpose_best"] = float(any(w in PURPOSE for w in first.sentence.lower))
    f["c_negation"] = float(claim.cue.sum())
    f["c_signed"] = float(len(claim.signed))
    f["c_up"] = float(sum(signs.get("direction", 0) for _, signs in claim.signed))
    f["c_benefit"] = float(sum(signs.get("benefit", 0) for _, signs in claim.signed))
    f["x_conflict"] = f["p3_conflict"] * f["soft_best"]
    f["x_agree"] = f["p3_agree"] * f["soft_best"]
    f["x_xor"] = f["n3_xor"] * f["soft_best"]
    f["x_null"] = f["null3_xor"] * f["soft_best"]
    parities = [pair.parity() for pair in top]
    for k, name in enumerate(["part", "whole", "clause", "part_soft"]):
        f["t_" + name] = parities[0][k]
        f["t3_" + name] = float(sum(share * one[k] for share, one in zip(shares, parities)))
    predicates = [pair.predicate() for pair in top]
    for k, name in enumerate(["mean", "near"]):
        f["v_" + name] = predicates[0][k]
        f["v3_" + name] = float(sum(share * one[k] for share, one in zip(shares, predicates)))
    f["v_worst"], f["v_top"] = min(one[1] for one in predicates), max(one[1] for one in predicates)
    # Parity: conflicts of all kinds counted together, an even number cancels.
    f["parity"] = (1 if polar[0]["net"] >= 0 else -1) * (1 - 2 * f["null_xor"] * (f["n_xor"] == 0))
    return f


def main():
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--static", type=pathlib.Path, required=True, help="models/static")
    parser.add_argument("--opposites", type=pathlib.Path, required=True, help="src/appraise/opposites.tsv")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("sets", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    vectors = Vectors(options.static)
    opposites = Opposites(options.opposites)
    for path in options.sets:
        rows = [json.loads(line) for line in open(path, encoding="utf-8")]
        values, labels, ids, documents, claims, names = [], [], [], [], [], None
        texts = {}
        for one in rows:
            sentences = []
            for text in split(one["evidence"])[:60]:
                if text not in texts:
                    texts[text] = Text(text, vectors, opposites)
                sentences.append(texts[text])
            found = features(Text(one["claim"], vectors, opposites), sentences, opposites)
            if found is None:
                continue
            names = list(found)
            values.append([found[name] for name in names])
            labels.append({"SUPPORT": 0, "CONTRADICT": 1, "NEI": 2}[one["label"]])
            ids.append(one["id"])
            documents.append(one["document"])
            claims.append(re.sub(r"-(?:word|negation|number)$", "", one["id"]).rsplit("-w", 1)[0])
        options.out.mkdir(parents=True, exist_ok=True)
        np.savez(options.out / (path.stem + ".npz"), x=np.array(values, dtype=np.float64), y=np.array(labels), ids=np.array(ids), documents=np.array(documents), claims=np.array(claims), names=np.array(names))
        print(path.stem, len(labels), file=sys.stderr)


if __name__ == "__main__":
    main()
