"""Fits the table: ridge to the teacher, then the contrastive steps.

Takes what `teacher.py` embedded and gives `fitted.npz` in the work folder: the vocabulary's rows for
queries and passages in float32, token weights not yet folded in.
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sparse

import contrast
import leaks
import measure
import sources
import spelling
import student
import teacher
import vocabulary

MOST_PAIR_WORDS = 160


class Sample:
    """The embedded texts: sides, texts, and the teacher's vectors centred by side and unit long."""

    def __init__(self, work: Path, most: int | None = None):
        drawn = [tuple(item) for item in json.loads((work / "sample.json").read_text(encoding="utf-8"))][:most]
        sides, texts, vectors = teacher.Kept(work / "embedded").read()
        place = {item: number for number, item in enumerate(zip(sides, texts))}
        missing = sum(item not in place for item in drawn)
        if missing:
            raise SystemExit(f"fit: {missing} of {len(drawn)} drawn texts are not embedded; run teacher.py first")
        self.sides, self.texts = np.array([side for side, _ in drawn]), [text for _, text in drawn]
        vectors = vectors[[place[item] for item in drawn]].astype(np.float32)
        self.is_query = self.sides == "q"
        self.mean = {"q": vectors[self.is_query].mean(axis=0), "p": vectors[~self.is_query].mean(axis=0)}
        vectors -= np.where(self.is_query[:, None], self.mean["q"], self.mean["p"])
        self.vectors = student.normalise(vectors)

    def axes(self, dims: int) -> np.ndarray:
        """The `dims` directions that hold most of the centred vectors."""
        _, axes = np.linalg.eigh(self.vectors.T @ self.vectors)
        return np.ascontiguousarray(axes[:, ::-1][:, :dims])


def starting_rows(words: list[str], model: Path, work: Path) -> np.ndarray:
    """The teacher's vector of every vocabulary entry alone; added words are embedded once and kept."""
    base = {token: number for number, token in enumerate(vocabulary.teacher_vocabulary(model))}
    tokens = np.load(work / "tokens.npy").astype(np.float32)
    kept = work / "words.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    missing = [word for word in words if word not in base and word not in known]
    if missing:
        embedder = teacher.Teacher(model)
        for word in missing:
            known[word] = [round(float(value), 5) for value in embedder.embed("p", word)]
        kept.write_text(json.dumps(known))
    return np.array([tokens[base[word]] if word in base else known[word] for word in words], dtype=np.float32)


class Pairs:
    """Query and passage pairs with lexical hard negatives, one pool a kind.

    A share `slips` of the pairs stands a second time, with a word of the query misspelled.
    """

    def __init__(self, found: list[sources.Source], count, weights: np.ndarray, slips: float, seed: int):
        chance = random.Random(seed)
        self.kinds: dict[str, dict] = {}
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for source in found:
            for kind, query, passage in source.pairs:
                passage = sources.first_words(passage, MOST_PAIR_WORDS)
                if query and passage:
                    by_kind.setdefault(kind, []).append((sources.first_words(query, 60), passage))
        for kind, pairs in by_kind.items():
            pairs = set(pairs)
            for query, passage in sorted(pairs):
                if slips and sources.share(f"{query} {passage}") < slips:
                    pairs.add((spelling.misspelled(query, seed), passage))
            pairs = sorted(pairs)
            chance.shuffle(pairs)
            queries = sorted({query for query, _ in pairs})
            passages = sorted({passage for _, passage in pairs})
            query_place = {text: number for number, text in enumerate(queries)}
            passage_place = {text: number for number, text in enumerate(passages)}
            right: dict[int, set[int]] = {}
            for query, passage in pairs:
                right.setdefault(query_place[query], set()).add(passage_place[passage])
            self.kinds[kind] = {
                "pairs": np.array([(query_place[q], passage_place[p]) for q, p in pairs]),
                "right": right,
                "queries": scaled(count(queries), weights),
                "passages": scaled(count(passages), weights),
                "hard": hard_negatives(queries, passages, right),
            }

    def batch(self, kind: str, size: int, negatives: int, chance: np.random.Generator):
        """Counts of queries and of passages, the target and the mask of other right passages."""
        held = self.kinds[kind]
        chosen = held["pairs"][chance.choice(len(held["pairs"]), min(size, len(held["pairs"])), replace=False)]
        _, first = np.unique(chosen[:, 0], return_index=True)  # one pair a query
        chosen = chosen[first]
        hard = [
            chance.choice(held["hard"][query], min(negatives, len(held["hard"][query])), replace=False)
            for query in chosen[:, 0]
            if len(held["hard"][query])
        ]
        pool = np.unique(np.concatenate([chosen[:, 1], *hard]))
        place = {passage: number for number, passage in enumerate(pool.tolist())}
        target = np.zeros((len(chosen), len(pool)), dtype=np.float32)
        mask = np.zeros_like(target, dtype=bool)
        for row, (query, passage) in enumerate(chosen.tolist()):
            for other in held["right"][query]:
                if other in place:
                    mask[row, place[other]] = True
            mask[row, place[passage]] = False
            target[row, place[passage]] = 1
        return held["queries"][chosen[:, 0]], held["passages"][pool], target, mask


def hard_negatives(queries: list[str], passages: list[str], right: dict[int, set[int]], count: int = 8):
    """For each query the passages that BM25 ranks highest and that are not right."""
    index = measure.Bm25(passages)
    found = []
    for number, query in enumerate(queries):
        scores = index.scores(query)
        depth = min(count + len(right[number]) + 2, len(scores) - 1)
        best = np.argpartition(-scores, depth)[:depth]
        best = best[np.argsort(-scores[best], kind="stable")]
        # The two best that are not right are often right all the same: they are passed over.
        found.append(np.array([one for one in best if one not in right[number] and scores[one] > 0][2 : count + 2]))
    return found


def scaled(matrix: sparse.csr_matrix, weights: np.ndarray) -> sparse.csr_matrix:
    matrix = matrix.copy()
    matrix.data = matrix.data * weights[matrix.indices]
    return matrix


class Lists:
    """Queries with near passages of the sample: what the teacher and the student rank highest."""

    def __init__(self, sample: Sample, design, rows_q, rows_p, count: int, near: int, seed: int):
        chance = np.random.default_rng(seed)
        long_enough = np.array([len(text.split()) >= 5 for text in sample.texts])
        queries = np.where(sample.is_query & np.array([len(text.split()) >= 2 for text in sample.texts]))[0]
        passages = np.where(~sample.is_query & long_enough)[0]
        self.queries = chance.choice(queries, min(count, len(queries)), replace=False)
        self.passages = passages
        self.near = []
        teacher_p = sample.vectors[passages]
        student_p = student.embed(design[passages], rows_p)
        for start in range(0, len(self.queries), 512):
            part = self.queries[start : start + 512]
            by_teacher = sample.vectors[part] @ teacher_p.T
            by_student = student.embed(design[part], rows_q) @ student_p.T
            best = [np.argpartition(-scores, near, axis=1)[:, :near] for scores in (by_teacher, by_student)]
            self.near.extend(passages[np.union1d(a, b)] for a, b in zip(*best))

    def batch(self, size: int, chance: np.random.Generator):
        chosen = chance.choice(len(self.queries), size, replace=False)
        return self.queries[chosen], np.unique(np.concatenate([self.near[one] for one in chosen]))


def contrastive(settings, sample, design, pairs, lists, queries, passages, report) -> None:
    """Runs the steps: lists and each kind of pairs in turn, the rate falling linearly to zero."""
    chance = np.random.default_rng(settings.seed)
    kinds = [kind for kind in settings.kinds if kind in pairs.kinds]
    shares = np.array([settings.kinds[kind] for kind in kinds], dtype=float)
    losses: dict[str, list[float]] = {}
    for number in range(settings.steps):
        rate_now = 1 - number / settings.steps
        if settings.lists:
            part, pool = lists.batch(settings.list_size, chance)
            target = contrast.softmax(sample.vectors[part] @ sample.vectors[pool].T / settings.teacher_temperature)
            loss = contrast.step(
                queries, passages, design[part], design[pool], target, None,
                settings.temperature, settings.lists, rate_now,
            )  # fmt: skip
            losses.setdefault("lists", []).append(loss)
        if kinds and settings.pairs:
            kind = kinds[chance.choice(len(kinds), p=shares / shares.sum())]
            batch = pairs.batch(kind, settings.pair_size, settings.negatives, chance)
            loss = contrast.step(queries, passages, *batch, settings.temperature, settings.pairs, rate_now)
            losses.setdefault(kind, []).append(loss)
        if (number + 1) % settings.report == 0:
            print(number + 1, {name: round(float(np.mean(values[-50:])), 3) for name, values in losses.items()})
            report(queries.rows, passages.rows)


DEFAULTS = dict(
    seed=20261122,
    dims=256,
    least_use=8,
    added_words=16500,
    damping="none",
    pull=0.3,
    ridge_steps=15,
    split_pull=0.0,  # pull of the separate query rows towards the joint fit; 0 keeps one table
    steps=1500,
    rate=0.003,
    row_pull=0.0,
    temperature=0.1,
    teacher_temperature=0.05,
    lists=1.5,
    list_count=24000,
    list_size=64,
    near=10,
    pairs=1.0,
    slips=0.06,
    pair_size=192,
    negatives=3,
    kinds={
        "heading": 1,
        "title": 1,
        "claim": 2,
        "question": 2,
        "synonym": 1,
        "lexicon": 1,
        "said": 2,
        "cloze": 2,
        "topic": 2,
    },
    report=500,
)


def fit(settings, shared: Path, dump: Path, claims: Path, lexicon: Path | None, model: Path, work: Path, tasks, most=None):
    """The whole fit. Returns vocabulary, token weights, query rows and passage rows."""
    started = time.time()

    def say(*what):
        print(f"[{time.time() - started:5.0f} s]", *what, flush=True)

    found = sources.every_source(shared, dump, lexicon, set(leaks.measured_queries(shared, claims.parent)))
    spelled = spelling.spellings(lexicon) if lexicon else []
    chosen = work / f"vocabulary-{settings.least_use}-{settings.added_words}.txt"
    if not chosen.exists():
        vocabulary.write(chosen, vocabulary.choose(model, found, settings.least_use, settings.added_words, spelled))
    words = vocabulary.read(chosen)
    tokenizer, twins = student.wordpiece(words), spelling.twins(words, spelled)

    def count(texts, most=256):
        return student.counts(tokenizer, texts, settings.damping, most, twins)

    sample = Sample(work, most)
    axes = sample.axes(settings.dims)
    start = student.normalise(starting_rows(words, model, work) - sample.mean["p"]) @ axes
    say(f"{len(words)} tokens, {len(sample.texts)} texts, {sample.is_query.sum()} of them queries")

    matrix = count(sample.texts)
    weights = student.token_weights(matrix)
    design = student.weighted_mean(matrix, weights)
    target = sample.vectors @ axes
    rows = student.ridge(design, target, start, settings.pull, settings.ridge_steps)
    rows_q = rows_p = rows
    if settings.split_pull:
        is_query = sample.is_query
        rows_q = student.ridge(design[is_query], target[is_query], rows, settings.split_pull, settings.ridge_steps)
        rows_p = student.ridge(design[~is_query], target[~is_query], rows, settings.split_pull, settings.ridge_steps)
    say("ridge fitted")

    def report(rows_q, rows_p):
        def vectors(texts, side):
            return student.embed(scaled(count(texts, most=1 << 20), weights), side)

        for task in tasks:
            passages = vectors(task.texts, rows_p)
            if task.contexts:
                passages = student.normalise(passages + student.CONTEXT_WEIGHT * vectors(task.contexts, rows_p))
            figures = measure.measure(task, vectors(task.queries, rows_q), passages, (0.3, 0.6, 1.0))
            line = " | ".join(f"{way} " + " ".join(f"{x:.3f}" for x in v.values()) for way, v in figures.items())
            say(f"  {task.name:22} {line}")

    report(rows_q, rows_p)
    if settings.steps:
        lists = settings.lists and Lists(
            sample, design, rows_q, rows_p, settings.list_count, settings.near, settings.seed
        )
        say("lists drawn")
        pairs = Pairs(found, count, weights, settings.slips, settings.seed)
        say("pairs", {kind: len(held["pairs"]) for kind, held in pairs.kinds.items()})
        passages = contrast.Rows(rows_p, settings.rate, settings.row_pull)
        queries = contrast.Rows(rows_q, settings.rate, settings.row_pull) if settings.split_pull else passages
        contrastive(settings, sample, design, pairs, lists, queries, passages, report)
        rows_q, rows_p = queries.rows, passages.rows
        say("contrastive steps done")
    return words, weights[twins], rows_q[twins], rows_p[twins]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--dump", type=Path, required=True)
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", default="fitted.npz")
    parser.add_argument("--most", type=int, help="only the first texts of the sample (for a quick look)")
    for name, value in DEFAULTS.items():
        parser.add_argument(f"--{name}", type=json.loads if isinstance(value, dict) else type(value), default=value)
    settings = parser.parse_args()
    tasks = measure.every_task(settings.shared, settings.dump, settings.claims)
    words, weights, rows_q, rows_p = fit(
        settings, settings.shared, settings.dump, settings.claims, settings.lexicon, settings.model, settings.work, tasks, settings.most
    )  # fmt: skip
    np.savez(
        settings.work / settings.out,
        words=np.array(words, dtype=object),
        weights=weights,
        query=rows_q.astype(np.float32),
        passage=rows_p.astype(np.float32),
        settings=json.dumps({name: getattr(settings, name) for name in DEFAULTS}),
    )


if __name__ == "__main__":
    main()
