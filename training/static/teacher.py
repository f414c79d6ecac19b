"""Embeds a sample of the texts with the teacher, bge-small-en-v1.5 int8, and keeps the vectors.

The sample is drawn by a hash of the seed and each text, so that any beginning of it is a fair
sample too, and leaving a text out moves no other. Vectors are kept by the text's hash: a second run embeds only what is new.
"""

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

import leaks
import sources

QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
MOST_TOKENS = 256
CHUNK = 4000

# How many texts of each source are embedded, by role. A source that is not named gives all it has.
QUOTA = {
    "passages": {"guidelines": 12000, "medquad": 6000},
    "sentences": {
        "guidelines": 8000,
        "scifact": 14000,
        "check_covid": 2000,
        "pubmedqa": 5000,
        "evidence_inference": 5000,
        "medquad": 22000,
    },
    "queries": {"medquad": 7000},
    "phrases": {"medquad": 9000, "doid": 8000, "drugbank": 5000},
    # Sentences asked as claims, and cut pieces of them asked as rough queries.
    "claims": {"starter": 900, "guidelines": 4000, "scifact": 3000, "medquad": 4000, "pubmedqa": 1500},
    "fragments": {
        "starter": 3000,
        "guidelines": 5000,
        "scifact": 4000,
        "medquad": 6000,
        "pubmedqa": 1000,
        "check_covid": 500,
    },
}
EDGE = set("a an the of in on at to for and or but with by from as is are was were be that this it".split())


def fragment(sentence: str, chance: random.Random) -> str:
    """A piece of two to seven words that neither begins nor ends with a function word."""
    words = sentence.split()
    length = chance.randint(2, 7)
    start = chance.randint(0, max(0, len(words) - length))
    piece = [word.strip(".,;:()[]") for word in words[start : start + length]]
    while piece and piece[0].lower() in EDGE:
        piece.pop(0)
    while piece and piece[-1].lower() in EDGE:
        piece.pop()
    return " ".join(piece)


def draw(found: list[sources.Source], seed: int) -> list[tuple[str, str]]:
    """The sample: (side, text), side `q` for a query and `p` for a passage, in the order of its hashes."""
    sample: set[tuple[str, str]] = set()

    def take(role: str, name: str, texts: list[str]) -> list[str]:
        texts = {text for text in texts if 1 < len(text) < 4000}
        ordered = sorted(texts, key=lambda text: key(f"{seed} {role}", text))
        return ordered[: QUOTA[role].get(name, len(texts))]

    for source in found:
        name = source.name
        for text in take("passages", name, source.passages):
            sample.add(("p", text))
        for text in take("sentences", name, source.sentences):
            sample.add(("p", text))
        for text in take("queries", name, source.queries):
            sample.add(("q", text))
        for text in take("phrases", name, source.phrases):
            sample.add(("p", text))
            sample.add(("q", text))
        if name in QUOTA["claims"]:
            for text in take("claims", name, source.sentences):
                sample.add(("q", text))
        if name in QUOTA["fragments"]:
            whole = take("fragments", name, source.sentences + source.passages)
            for number in range(QUOTA["fragments"][name]):  # a small source gives several pieces a text
                text = whole[number % len(whole)]
                piece = fragment(text, random.Random(f"{seed} {number // len(whole)} {text}"))
                if len(piece.split()) >= 2:
                    sample.add(("q", piece))
    return sorted(sample, key=lambda item: key(f"{seed} {item[0]}", item[1]))


class Teacher:
    """The teacher at batch 1, unpadded: int8 activations shift with what else is in a batch."""

    def __init__(self, model: Path, threads: int = 1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(model / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def embed_ids(self, ids: list[int]) -> np.ndarray:
        batch = np.array([ids], dtype=np.int64)
        hidden = self.session.run(
            None,
            {
                "input_ids": batch,
                "attention_mask": np.ones_like(batch),
                "token_type_ids": np.zeros_like(batch),
            },
        )[0]
        vector = hidden[0, 0]
        return vector / np.linalg.norm(vector)

    def embed(self, side: str, text: str) -> np.ndarray:
        ids = self.tokenizer.encode(QUERY_PREFIX + text if side == "q" else text).ids
        if len(ids) > MOST_TOKENS:
            ids = ids[: MOST_TOKENS - 1] + ids[-1:]
        return self.embed_ids(ids)

    def token(self, identifier: int, side: str) -> np.ndarray:
        """The vector of one vocabulary entry alone, the start of its row."""
        before = self.tokenizer.encode(QUERY_PREFIX).ids[:-1] if side == "q" else [101]
        return self.embed_ids([*before, identifier, 102])


def key(side: str, text: str) -> str:
    return hashlib.blake2b(f"{side}\t{text}".encode(), digest_size=12).hexdigest()


class Kept:
    """The vectors embedded so far, in numbered chunks of (texts, float16 vectors)."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def chunks(self) -> list[Path]:
        return sorted(self.folder.glob("chunk-*.npz"))

    def add(self, items: list[tuple[str, str]], vectors: list[np.ndarray]) -> None:
        path = self.folder / f"chunk-{len(self.chunks()):04}"
        part = self.folder / "part.npz"
        np.savez(
            part,
            sides=np.array([side for side, _ in items]),
            texts=np.array([text.encode() for _, text in items], dtype=object),
            vectors=np.array(vectors, dtype=np.float16),
        )
        part.rename(path.with_suffix(".npz"))

    def read(self) -> tuple[list[str], list[str], np.ndarray]:
        """All sides, texts and vectors kept, those of earlier samples too."""
        sides, texts, vectors = [], [], []
        for path in self.chunks():
            with np.load(path, allow_pickle=True) as chunk:
                sides.extend(chunk["sides"].tolist())
                texts.extend(text.decode() for text in chunk["texts"])
                vectors.append(chunk["vectors"])
        return sides, texts, np.concatenate(vectors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--dump", type=Path, required=True)
    parser.add_argument("--claims", type=Path, required=True, help="tests/claims, to leave its claims out")
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--most", type=int, help="only the first texts of the sample")
    arguments = parser.parse_args()

    teacher = Teacher(arguments.model)
    tokens = arguments.work / "tokens.npy"
    if not tokens.exists():
        started = time.time()
        count = teacher.tokenizer.get_vocab_size()
        vectors = np.array([teacher.token(i, "p") for i in range(count)], dtype=np.float16)
        np.save(tokens, vectors)
        print(f"tokens: {count} in {time.time() - started:.0f} s", flush=True)

    measured = leaks.measured_queries(arguments.shared, arguments.claims)
    found = sources.every_source(arguments.shared, arguments.dump, arguments.lexicon, set(measured))
    # A cut piece may be a measured query by chance ("breast cancer").
    sample = [item for item in draw(found, arguments.seed) if sources.plain(item[1]) not in measured]
    sample = sample[: arguments.most]
    (arguments.work / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    kept = Kept(arguments.work / "embedded")
    known = set()
    if kept.chunks():
        sides, texts, _ = kept.read()
        known = {key(side, text) for side, text in zip(sides, texts)}
    sample = [(side, text) for side, text in sample if key(side, text) not in known]
    print("to embed:", Counter(side for side, _ in sample), flush=True)
    started = time.time()
    for start in range(0, len(sample), CHUNK):
        items = sample[start : start + CHUNK]
        kept.add(items, [teacher.embed(side, text) for side, text in items])
        print(f"{start + len(items)} of {len(sample)} in {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
