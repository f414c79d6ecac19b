"""Measures a table on train, dev and held-out data: alone and fused with BM25.

Nothing here is a test set: SciFact's train claims that were held out, NFCorpus dev, MEDIQA
validation, the `dev` rows of our own claims over the starter passages, and MedQuAD's held-out topics.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
import Stemmer

import sources
import spelling

STOP = set(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with".split()
)
WORD = re.compile(r"[a-z0-9]+")


class Bm25:
    """BM25 with English stemming, k1 0.9 and b 0.4: the plain baseline of the published figures."""

    def __init__(self, texts: list[str], k1: float = 0.9, b: float = 0.4):
        self.stemmer = Stemmer.Stemmer("english")
        self.terms: dict[str, int] = {}
        rows, columns, values = [], [], []
        lengths = np.zeros(len(texts))
        for row, text in enumerate(texts):
            counts = defaultdict(int)
            for term in self.analyse(text):
                counts[self.terms.setdefault(term, len(self.terms))] += 1
            lengths[row] = sum(counts.values())
            rows.extend([row] * len(counts))
            columns.extend(counts)
            values.extend(counts.values())
        matrix = sparse.csr_matrix((values, (rows, columns)), (len(texts), len(self.terms)), dtype=np.float64)
        frequency = np.bincount(matrix.indices, minlength=len(self.terms))
        idf = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
        norm = k1 * (1 - b + b * lengths / lengths.mean())
        norm = np.repeat(norm, np.diff(matrix.indptr))
        matrix.data = idf[matrix.indices] * matrix.data * (k1 + 1) / (matrix.data + norm)
        self.matrix = matrix.tocsc()

    def analyse(self, text: str) -> list[str]:
        return self.stemmer.stemWords([word for word in WORD.findall(text.lower()) if word not in STOP])

    def scores(self, query: str) -> np.ndarray:
        found = np.zeros(self.matrix.shape[0])
        for term in self.analyse(query):
            column = self.terms.get(term)
            if column is not None:
                piece = slice(self.matrix.indptr[column], self.matrix.indptr[column + 1])
                found[self.matrix.indices[piece]] += self.matrix.data[piece]
        return found


@dataclass
class Task:
    """Queries, documents and grades. `group` maps documents to what a hit is counted on."""

    name: str
    queries: list[str]
    texts: list[str]
    contexts: list[str] | None
    grades: list[dict[int, float]]
    group: list[int] | None = None
    bm25: list[np.ndarray] | None = None
    index: Bm25 | None = None

    def prepare(self) -> "Task":
        whole = self.texts
        if self.contexts:
            whole = [f"{context}. {text}" for context, text in zip(self.contexts, self.texts)]
        self.index = Bm25(whole)
        self.bm25 = [self.index.scores(query) for query in self.queries]
        return self

    def misspelled(self, seed: int = 1) -> "Task":
        """The same task with a long word of every query misspelled, as `spelling.py` does it for fitting."""
        queries = [spelling.misspelled(query, seed) for query in self.queries]
        bm25 = [self.index.scores(query) for query in queries]
        return replace(self, name=f"{self.name}, slips", queries=queries, bm25=bm25)


def ndcg(ranked: list[int], grades: dict[int, float], depth: int = 10) -> float:
    discount = 1 / np.log2(np.arange(2, depth + 2))
    gained = [grades.get(item, 0.0) for item in ranked[:depth]]
    best = sorted(grades.values(), reverse=True)[:depth]
    return float(np.dot(gained, discount[: len(gained)]) / np.dot(best, discount[: len(best)]))


def fuse(lexical: np.ndarray, meaning: np.ndarray, weight: float, depth: int = 100) -> np.ndarray:
    """Candidate documents, best first: BM25 over its maximum + weight × cosine scaled 0 to 1."""
    depth = min(depth, len(lexical) - 1)
    union = np.union1d(np.argpartition(-lexical, depth)[:depth], np.argpartition(-meaning, depth)[:depth])
    cosine = meaning[union]
    scaled = (cosine - cosine.min()) / max(cosine.max() - cosine.min(), 1e-9)
    score = lexical[union] / max(lexical.max(), 1e-9) + weight * scaled
    return union[np.argsort(-score, kind="stable")]


def figures(task: Task, rankings: list[np.ndarray]) -> dict[str, float]:
    found = defaultdict(list)
    for ranked, grades in zip(rankings, task.grades):
        if task.group:
            seen = list(dict.fromkeys(task.group[item] for item in ranked[:100]))
            first = [task.group[item] for item in ranked[:5]]
            found["hit@1"].append(float(first[0] in grades))
            found["hit@5"].append(float(any(item in grades for item in first)))
            found["ndcg@10"].append(ndcg(seen, grades))
        else:
            top = ranked[:100].tolist()
            found["ndcg@10"].append(ndcg(top, grades))
            found["recall@100"].append(sum(item in grades for item in top) / len(grades))
    return {name: float(np.mean(values)) for name, values in found.items()}


def measure(task: Task, query_vectors, passage_vectors, weights=(0.3, 0.6, 1.0, 1.5)) -> dict[str, dict[str, float]]:
    """Figures of the vectors alone and of the fusion at each weight."""
    cosine = query_vectors @ passage_vectors.T
    found = {"alone": figures(task, [np.argsort(-row, kind="stable")[:100] for row in cosine])}
    for weight in weights:
        found[f"w{weight}"] = figures(task, [fuse(lexical, row, weight) for lexical, row in zip(task.bm25, cosine)])
    return found


def bm25_alone(task: Task) -> dict[str, float]:
    return figures(task, [np.argsort(-row, kind="stable")[:100] for row in task.bm25])


# --- tasks -------------------------------------------------------------------------------


def scifact(data: Path) -> Task:
    rows = list(sources.lines(data / "scifact/corpus.jsonl.gz"))
    place = {row["_id"]: number for number, row in enumerate(rows)}
    queries, grades = [], []
    for row in sources.lines(data / "scifact/claims_train.jsonl"):
        if sources.scifact_is_measured(row["id"]):
            queries.append(row["claim"])
            grades.append({place[str(cited)]: 1.0 for cited in row["cited_doc_ids"]})
    texts = [f"{row['title']} {row['text']}" for row in rows]
    return Task("scifact-train-heldout", queries, texts, None, grades)


def nfcorpus(data: Path) -> Task:
    rows = list(sources.lines(data / "nfcorpus/corpus.jsonl.gz"))
    place = {row["_id"]: number for number, row in enumerate(rows)}
    text = {row["_id"]: row["text"] for row in sources.lines(data / "nfcorpus/queries.jsonl")}
    grades = defaultdict(dict)
    for row in sources.table(data / "nfcorpus/qrels/dev.tsv"):
        if row["corpus-id"] in place and float(row["score"]) > 0:
            grades[row["query-id"]][place[row["corpus-id"]]] = float(row["score"])
    names = [name for name in grades if name in text]
    return Task(
        "nfcorpus-dev",
        [text[name] for name in names],
        [f"{row['title']} {row['text']}" for row in rows],
        None,
        [grades[name] for name in names],
    )


def mediqa(data: Path) -> Task:
    queries, texts, grades = [], [], []
    for row in sources.lines(data / "mediqa2019/qa_validation.jsonl.gz"):
        good = {}
        for answer in row["answers"]:
            if answer["reference_score"] >= 3:
                good[len(texts)] = float(answer["reference_score"] - 2)
            texts.append(answer["text"])
        if good:
            queries.append(row["question"])
            grades.append(good)
    return Task("mediqa-validation", queries, texts, None, grades)


def starter(dump: Path, claims: Path, split: str = "dev") -> Task:
    passages = [row for row in sources.lines(dump / "starter.jsonl") if row["status"] == "current"]
    names = [row["id"].split("@")[0] for row in passages]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    queries, grades = [], []
    for row in sources.table(claims):
        settled = [name for name in row["document"].split("|") if name in numbers]
        if row["split"] == split and settled:
            queries.append(row["claim"])
            grades.append({numbers[name]: 1.0 for name in settled})
    return Task(
        f"starter-{split}",
        queries,
        [row["text"] for row in passages],
        [sources.context_of(row) for row in passages],
        grades,
        [numbers[name] for name in names],
    )


def medquad(data: Path, others: int = 4000) -> Task:
    """Questions on the held-out topics against their answers and `others` answers on other topics."""
    queries, texts, grades = [], [], []
    seen: dict[str, int] = {}
    rest = []
    for row in sources.lines(data / "medquad/qa.jsonl.gz"):
        answer = sources.first_words(row["answer"], 120)
        if sources.medquad_is_measured(row["focus"]):
            place = seen.setdefault(answer, len(seen))
            if place == len(texts):
                texts.append(answer)
            queries.append(row["question"].replace("(are) ", ""))
            grades.append({place: 1.0})
        elif len(answer.split()) > 5:
            rest.append((sources.share(row["_id"]), answer))
    rest.sort()
    texts.extend(answer for _, answer in rest[:others])
    return Task("medquad-heldout", queries, texts, None, grades)


def every_task(shared: Path, dump: Path, claims: Path) -> list[Task]:
    data = shared / "data"
    tasks = [scifact(data), nfcorpus(data), mediqa(data), starter(dump, claims), medquad(data)]
    return [task.prepare() for task in tasks]


def show(name: str, found: dict[str, dict[str, float]]) -> None:
    for way, values in found.items():
        print(f"{name:24} {way:8}", "  ".join(f"{key} {value:.3f}" for key, value in values.items()), flush=True)
