"""Folds, quantises and writes the table, and the fixture that proves another program reads it alike."""

import argparse
import hashlib
import json
import re
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

import measure
import student
import vocabulary

# Texts of the fixture: side, context (empty for none), text. They touch added words, numbers, accents,
# Greek, punctuation, repetition, a word of no known piece, and the empty text.
FIXTURE = [
    ("q", "", "Does vitamin D prevent falls in older adults?"),
    ("q", "", "My doctor put me on metformin, can I still drink wine?"),
    ("q", "", "heart attack"),
    ("q", "", "HbA1c ≥ 6.5 % means diabetes"),
    ("q", "", "naïve Behçet's café: β-blockers, β-blockers, β-blockers!"),
    ("q", "", "癌 💊"),
    ("q", "", "  Stage\tIIIB\nNSCLC -- anti-PD-1? 75\u2013100\u00a0mg/m²  "),
    ("p", "", "The USPSTF recommends against vitamin D supplementation to prevent falls in community-dwelling adults 65 years or older."),
    ("p", "Falls prevention in community-dwelling older adults. Recommendations", "The USPSTF recommends against vitamin D supplementation to prevent falls in community-dwelling adults 65 years or older."),
    ("p", "Standards of Care in Diabetes. Glycaemic targets", "In most nonpregnant adults the goal is an A1C below 7 % (53 mmol/mol)."),
    ("p", "", "Acute myocardial infarction is treated with reperfusion as soon as possible."),
    ("p", "Metformin. Use with alcohol", "Avoid excessive alcohol intake, which potentiates the effect of metformin on lactate metabolism."),
    ("p", "", "Screening for colorectal cancer is recommended in all adults aged 45 to 75 years."),
]  # fmt: skip


def quantise(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 rows and a scale a row; the largest component of a row becomes ±127."""
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-12).astype(np.float32) / np.float32(127)
    return np.clip(np.rint(rows / scale[:, None]), -127, 127).astype(np.int8), scale


class Table:
    """The written table, read back: what a text's vector is, in full."""

    def __init__(self, folder: Path, damping: str, context_weight: float):
        tensors = load_file(folder / "vectors.safetensors")
        self.rows = {}
        for letter, side in (("p", "passage"), ("q", "query")):
            name = side if f"{side}.rows" in tensors else "passage"
            self.rows[letter] = tensors[f"{name}.rows"].astype(np.float32) * tensors[f"{name}.scale"][:, None]
        self.tokenizer = student.wordpiece(vocabulary.read(folder / "vocabulary.txt"))
        self.damping, self.context_weight = damping, context_weight

    def embed(self, side: str, texts: list[str]) -> np.ndarray:
        return student.embed(student.counts(self.tokenizer, texts, self.damping, most=1 << 20), self.rows[side])

    def passages(self, texts: list[str], contexts: list[str]) -> np.ndarray:
        return student.normalise(self.embed("p", texts) + self.context_weight * self.embed("p", contexts))


def fixture(table: Table) -> dict:
    """The first 8 components of each text and all cosines. A text without a known token is all zeros."""
    vectors, texts = [], []
    for side, context, text in FIXTURE:
        vector = table.passages([text], [context])[0] if context else table.embed(side, [text])[0]
        tokens = table.tokenizer.encode(text).tokens
        vectors.append(vector)
        texts.append(
            {
                "side": "query" if side == "q" else "passage",
                "context": context,
                "text": text,
                "tokens": tokens,
                "first": [round(float(value), 5) for value in vector[:8]],
            }
        )
    vectors = np.array(vectors)
    cosines = [[round(float(value), 4) for value in row] for row in vectors @ vectors.T]
    return {"context_weight": table.context_weight, "tolerance": 0.0005, "texts": texts, "cosines": cosines}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def enter_sum(card: Path, path: Path) -> None:
    """Puts the file's size and SHA-256 in its row of the card's table."""
    if card.exists():
        row = f"| `{path.name}` | {path.stat().st_size:,} | `{sha256(path)}` |"
        text = re.sub(rf"^\| `{re.escape(path.name)}` \|.*$", row, card.read_text(encoding="utf-8"), flags=re.MULTILINE)
        card.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fitted", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--context-weight", type=float, default=student.CONTEXT_WEIGHT)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--claims", type=Path)
    arguments = parser.parse_args()

    with np.load(arguments.fitted, allow_pickle=True) as fitted:
        words = fitted["words"].tolist()
        settings = json.loads(str(fitted["settings"]))
        sides = {"passage": fitted["passage"], "query": fitted["query"]}
        if np.array_equal(sides["passage"], sides["query"]):
            del sides["query"]
        tensors = {}
        for side, rows in sides.items():
            rows = rows * fitted["weights"][:, None]
            # Only the direction of a sum counts, so one factor for the whole table keeps the scales readable.
            rows = rows / np.abs(rows).max()
            tensors[f"{side}.rows"], tensors[f"{side}.scale"] = quantise(rows)
    arguments.out.mkdir(parents=True, exist_ok=True)
    vocabulary.write(arguments.out / "vocabulary.txt", words)
    save_file(tensors, arguments.out / "vectors.safetensors")
    table = Table(arguments.out, settings["damping"], arguments.context_weight)
    (arguments.out / "fixture.json").write_text(
        json.dumps(fixture(table), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    for name in ("vectors.safetensors", "vocabulary.txt", "fixture.json"):
        path = arguments.out / name
        print(f"{name}\t{path.stat().st_size}\t{sha256(path)}")
        enter_sum(arguments.out / "CARD.md", path)
    if arguments.claims:
        for task in measure.every_task(arguments.shared, arguments.dump, arguments.claims):
            passages = table.passages(task.texts, task.contexts) if task.contexts else table.embed("p", task.texts)
            for asked in (task, task.misspelled()):
                measure.show(asked.name, {"bm25": measure.bm25_alone(asked)})
                measure.show(asked.name, measure.measure(asked, table.embed("q", asked.queries), passages))


if __name__ == "__main__":
    main()
