"""Checks that no query whose figures are reported is among the texts that the table is fitted to.

Texts are compared by their lower-case letters and digits. Two ways are looked for: a fitted text that
equals a measured query, and a measured query of six words or more inside a fitted text. `sources.py`
leaves out the first; the second must not occur where the query asks something, and is listed.
The test sets are read here alone, and only to be left out.
"""

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import sources

LEAST_WORDS = 6  # a shorter query ("breast cancer") is a name, and names stand in many texts


def measured_queries(shared: Path, claims: Path) -> dict[str, str]:
    """Every measured query in its plain form, and the set it comes from."""
    data = shared / "data"
    found: dict[str, str] = {}

    def add(name: str, texts) -> None:
        for text in texts:
            if sources.plain(text):
                found.setdefault(sources.plain(text), name)

    for part in ("dev", "test"):  # the 300 queries of the published figures are the dev claims
        add(f"scifact {part}", (row["claim"] for row in sources.lines(data / f"scifact/claims_{part}.jsonl")))
        names = {row["query-id"] for row in sources.table(data / f"nfcorpus/qrels/{part}.tsv")}
        queries = sources.lines(data / "nfcorpus/queries.jsonl")
        add(f"nfcorpus {part}", (row["text"] for row in queries if row["_id"] in names))
    for row in sources.lines(data / "liveqa_med/queries.jsonl"):
        asked = row["metadata"]
        add("liveqa-med", (row["text"], asked["message"], asked["nist_paraphrase"]))
    for part in ("test", "validation", "train_liveqa", "train_alexa"):
        rows = sources.lines(data / f"mediqa2019/qa_{part}.jsonl.gz")
        add(f"mediqa {part}", (row["question"] for row in rows))
    add("pubmedqa test", (row["QUESTION"] for row in sources.pubmedqa_rows(data, test=True)))
    add("guideline claims", (row["claim"] for row in sources.table(shared / "guidelines/claims.tsv")))
    for path in sorted(claims.glob("*.tsv")):
        for row in sources.table(path):
            add(path.name, (row["claim"],))
    return found


def held_inside(texts: set[str], measured: dict[str, str]) -> list[tuple[str, str]]:
    """(query, text) where a query of `LEAST_WORDS` or more stands inside a text. All plain."""
    begins = defaultdict(list)
    for query in measured:
        words = query.split()
        if len(words) >= LEAST_WORDS:
            begins[tuple(words[:LEAST_WORDS])].append(query)
    found = []
    for text in texts:
        words = text.split()
        for window in set(zip(*(words[start:] for start in range(LEAST_WORDS)))):
            found.extend((query, text) for query in begins.get(window, ()) if f" {query} " in f" {text} ")
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--dump", type=Path, required=True)
    parser.add_argument("--claims", type=Path, required=True, help="tests/claims")
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="where teacher.py wrote sample.json")
    arguments = parser.parse_args()

    measured = measured_queries(arguments.shared, arguments.claims)
    print("measured queries:", dict(Counter(measured.values())))
    found = sources.every_source(arguments.shared, arguments.dump, arguments.lexicon)
    texts = {text for source in found for role in ("passages", "sentences", "queries", "phrases") for text in getattr(source, role)}
    texts.update(text for source in found for _, *sides in source.pairs for text in sides)
    before = {sources.plain(text) for text in texts}
    print("left out as equal:", dict(Counter(measured[text] for text in before & set(measured))))

    found = [sources.without(source, set(measured)) for source in found]
    texts = {text for source in found for role in ("passages", "sentences", "queries", "phrases") for text in getattr(source, role)}
    texts.update(text for source in found for _, *sides in source.pairs for text in sides)
    texts.update(text for _, text in json.loads((arguments.work / "sample.json").read_text(encoding="utf-8")))
    fitted = {sources.plain(text) for text in texts}
    equal = sorted(fitted & set(measured))
    inside = held_inside(fitted, measured)
    print(f"{len(fitted)} fitted texts: {len(equal)} equal a measured query, {len({query for query, _ in inside})} queries stand inside one")
    for query, text in inside:
        print(f"inside\t{measured[query]}\t{query}\t{text[:200]}")
    abstracts = {sources.plain(" ".join(row["CONTEXTS"])) for row in sources.pubmedqa_rows(arguments.shared / "data", test=True)}
    print("abstracts of PubMedQA's test half among the fitted texts:", len(abstracts & fitted))
    if equal or abstracts & fitted:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
