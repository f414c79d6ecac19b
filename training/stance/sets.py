"""Writes the claims that the stance classifier is fitted on and measured with: JSONL lines of claim, evidence and label.

One file a set and split under `--out`, each line `{"id","claim","evidence","label","set","split"}` with the label SUPPORT,
CONTRADICT or NEI. What may be trained on is in ../README.md; a set that may only be measured with has no `train` split here.

`part` says what the evidence of a line is: `abstract` (title and all sentences), `rationale` (the annotated sentences
alone) or `passage` (a whole answer or summary, or a few sentences of an abstract in a row). Sentences stand one a line, so that their bounds are the annotators'.
"""

import argparse
import collections
import csv
import gzip
import hashlib
import json
import pathlib
import re
import sys

SUPPORT, CONTRADICT, NEI = "SUPPORT", "CONTRADICT", "NEI"


def lines(path):
    """The objects of a JSONL file, gzip or not, in their order."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        return [json.loads(line) for line in file if line.strip()]


def tidy(text):
    """A text on one line, blanks made single."""
    return re.sub(r"\s+", " ", text).strip()


def joined(sentences):
    return "\n".join(filter(None, map(tidy, sentences)))


def row(identity, document, claim, evidence, label, split, part):
    """A line without its set; `document` names what the evidence was cut from, so that folds can keep it together."""
    return {"id": identity, "document": document, "claim": tidy(claim), "evidence": evidence, "label": label, "split": split, "part": part}


def draw(text, sides):
    """A side from 0, always the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % sides


def scifact(data):
    """Train and dev (the authors' test labels are not public). A claim stands once with each abstract it cites: labelled
    where annotators found evidence in it, NEI where not. `rationale` repeats the training pairs with the sentences of each
    evidence set alone; its NEI lines are the sentences of the abstract that are nearest to the claim by shared words."""
    corpus = {one["doc_id"]: one for one in lines(data / "scifact/original/corpus_sentences.jsonl.gz")}
    for split in ["train", "dev"]:
        for claim in lines(data / f"scifact/claims_{split}.jsonl"):
            for document in dict.fromkeys(claim["cited_doc_ids"]):
                abstract = corpus[document]
                found = claim["evidence"].get(str(document), [])
                labels = {one["label"] for one in found}
                if len(labels) > 1:
                    continue
                label = labels.pop() if labels else NEI
                whole = joined([abstract["title"], *abstract["abstract"]])
                identity, name = f"scifact-{claim['id']}-{document}", f"scifact-{document}"
                yield "scifact", row(identity, name, claim["claim"], whole, label, split, "abstract")
                if split != "train":
                    continue
                for at, chosen in enumerate(rationales(claim["claim"], abstract["abstract"], found)):
                    text = joined(abstract["abstract"][index] for index in chosen)
                    yield "scifact_rationale", row(f"{identity}-{at}", name, claim["claim"], text, label, split, "rationale")
                for at, (chosen, told) in enumerate(windows(identity, claim["claim"], abstract["abstract"], found, label)):
                    text = joined(abstract["abstract"][index] for index in chosen)
                    yield "scifact_window", row(f"{identity}-w{at}", name, claim["claim"], text, told, split, "passage")


def windows(identity, claim, sentences, found, label):
    """Parts of an abstract as long as a passage: each evidence set (or the nearest sentence where there is none) with up to two
    sentences on each side, and, where there is evidence, the longest run of two to five sentences without any of it as NEI."""
    last = len(sentences) - 1
    for at, chosen in enumerate(rationales(claim, sentences, found)[:2]):
        chosen = chosen if found else chosen[:1]
        before, after = draw(f"{identity}{at}before", 3), draw(f"{identity}{at}after", 3)
        begin, end = max(0, chosen[0] - before), min(last, chosen[-1] + after)
        if end - begin < 8:
            yield range(begin, end + 1), label
    held = {index for one in found for index in one["sentences"]}
    if held:
        edges = [-1, *sorted(held), last + 1]
        begin, end = max(((a + 1, b) for a, b in zip(edges, edges[1:])), key=lambda run: run[1] - run[0])
        if end - begin >= 2:
            yield range(max(begin, end - 5), end), NEI



def rationales(claim, sentences, found):
    """Indexes of the sentences of each evidence set; of the two nearest sentences where there is none."""
    if found:
        return [sorted(one["sentences"]) for one in found]
    words = set(re.findall(r"\w{4,}", claim.lower()))
    shared = [len(words & set(re.findall(r"\w{4,}", sentence.lower()))) for sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda index: (-shared[index], index))
    return [sorted(order[:2])] if order else []


def check_covid(data):
    """The splits as given. Its NEI labels are of the sentence, not of the abstract: each NEI claim is supported or refuted
    by another sentence of the same abstract. So the evidence is the annotated sentences; whole abstracts stand apart, and
    have no NEI."""
    corpus = {one["cord_id"]: one for one in lines(data / "check_covid/corpus.jsonl")}
    names = {"SUPPORT": SUPPORT, "REFUTE": CONTRADICT, "NOTENOUGHINFO": NEI}
    for split in ["train", "dev", "test_composed", "test_extracted"]:
        for claim in lines(data / f"check_covid/{split}.jsonl"):
            abstract = corpus[claim["cord_id"]]
            chosen = sorted({one["sent_index"] for one in claim["evidence_set"]})
            label = names[claim["label"]]
            text = joined(abstract["abstract"][index] for index in chosen if index < len(abstract["abstract"]))
            identity = f"check_covid-{claim['id']}"
            if text:
                yield "check_covid", row(identity, f"cord-{claim['cord_id']}", claim["claim"], text, label, split, "rationale")
            if label != NEI:
                whole = joined([abstract["title"], *abstract["abstract"]])
                yield "check_covid_abstract", row(identity, f"cord-{claim['cord_id']}", claim["claim"], whole, label, split, "abstract")


def healthfc(data):
    """Questions of consumers with the sentences of the checkers' explanation; measured with alone (CC BY-NC-ND)."""
    with gzip.open(data / "healthfc/Datensatz.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        for at, one in enumerate(csv.DictReader(file)):
            label = {"0": SUPPORT, "1": NEI, "2": CONTRADICT}[one["label"]]
            text = joined([one["en_top_sentences"] or one["en_explanation"]])
            yield "healthfc", row(f"healthfc-{at}", f"healthfc-{at}", one["en_claim"], text, label, "test", "passage")


def kqa(data):
    """Physicians' statements against the answers of models. The split is ours, by question: two thirds for training."""
    names = {"Entailment": SUPPORT, "Contradiction": CONTRADICT, "Neutral": NEI}
    with open(data / "kqa/NLI_medical_annotator.csv", encoding="utf-8", newline="") as file:
        for one in csv.DictReader(file):
            split = "dev" if draw(one["Question"], 3) == 0 else "train"
            label = names[one["majority_label"]]
            yield "kqa", row(f"kqa-{one['']}", f"kqa-{draw(one['Question'], 2**32)}", one["claim"], tidy(one["answer"]), label, split, "passage")


# What each answer of Evidence Inference says of the outcome, and the claims it supports; the other two are contradicted.
EFFECTS = {
    "significantly increased": [
        "{i} increases {o} compared with {c}.",
        "{o} is higher with {i} than with {c}.",
        "{i} significantly raises {o} relative to {c}.",
    ],
    "significantly decreased": [
        "{i} decreases {o} compared with {c}.",
        "{o} is lower with {i} than with {c}.",
        "{i} significantly reduces {o} relative to {c}.",
    ],
    "no significant difference": [
        "{i} does not change {o} compared with {c}.",
        "There is no difference in {o} between {i} and {c}.",
        "{i} has no significant effect on {o} relative to {c}.",
    ],
}
LONGEST_PART = 90


def evidence_inference(data):
    """Prompts made into one claim each: the effect that the doctors found (supported) or another (contradicted), drawn by
    the prompt's id, in one of three wordings. Kept where the annotators agree and the quoted evidence is prose, not a row
    of a table. NEI lines pair the claim with a sentence quoted for another outcome of the same article. The split is ours,
    by article: one in five for dev."""
    prompts = collections.OrderedDict()
    for one in lines(data / "evidence_inference/annotations_v2.jsonl.gz"):
        prompts.setdefault(one["prompt_id"], []).append(one)
    quoted = collections.defaultdict(dict)
    for identity, found in prompts.items():
        text = next((tidy(one["evidence"]) for one in found if is_prose(one["evidence"])), None)
        if text:
            quoted[found[0]["pmcid"]][identity] = text
    for identity, found in prompts.items():
        first = found[0]
        labels = {one["label"] for one in found}
        parts = {key: tidy(first[name]) for key, name in [("i", "intervention"), ("c", "comparator"), ("o", "outcome")]}
        text = quoted[first["pmcid"]].get(identity)
        sound = all(0 < len(part) <= LONGEST_PART for part in parts.values())
        if len(labels) > 1 or labels - EFFECTS.keys() or not text or not sound:
            continue
        split = "dev" if draw(first["pmcid"], 5) == 0 else "train"
        effect = labels.pop()
        others = [name for name in EFFECTS if name != effect]
        side = draw(identity + "side", 4)
        told = effect if side < 2 else others[side - 2]
        claim = EFFECTS[told][draw(identity + "wording", 3)].format(**parts)
        claim = claim[0].upper() + claim[1:]
        label = SUPPORT if side < 2 else CONTRADICT
        yield "evidence_inference", row(f"ei-{identity}", f"pmc-{first['pmcid']}", claim, text, label, split, "rationale")
        beside = [other for key, other in quoted[first["pmcid"]].items() if other != text and not names(other, parts["o"])]
        if beside and draw(identity + "nei", 2) == 0:
            other = beside[draw(identity + "beside", len(beside))]
            yield "evidence_inference", row(f"ei-{identity}-nei", f"pmc-{first['pmcid']}", claim, other, NEI, split, "rationale")


def is_prose(text):
    """Whether an annotation quotes a sentence: words of small letters, and not mostly figures."""
    words = re.findall(r"\b[a-z]{2,}\b", text)
    figures = re.findall(r"\d+(?:\.\d+)?", text)
    return "\n" not in text.strip() and len(words) >= 8 and len(words) > 1.5 * len(figures) and len(text) <= 600


def names(text, part):
    """Whether a text holds half of the longer words of a part."""
    words = {word[:6] for word in re.findall(r"\w{4,}", part.lower())}
    held = {word[:6] for word in re.findall(r"\w{4,}", text.lower())}
    return not words or 2 * len(words & held) >= len(words)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    kept, counts = collections.OrderedDict(), collections.Counter()
    for read in [scifact, check_covid, healthfc, kqa, evidence_inference]:
        for name, one in read(options.shared / "data"):
            part = one.pop("part")
            line = {**{key: one[key] for key in ["id", "claim", "evidence", "label"]}, "set": name, "split": one["split"], "part": part, "document": one["document"]}
            kept.setdefault((name, one["split"]), []).append(line)
            counts[name, one["split"], one["label"]] += 1
    for (name, split), rows in kept.items():
        with open(options.out / f"{name}.{split}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
        found = [counts[name, split, label] for label in [SUPPORT, CONTRADICT, NEI]]
        print(f"{name:22} {split:14} SUPPORT {found[0]:5} CONTRADICT {found[1]:5} NEI {found[2]:5}  all {len(rows):5}", file=sys.stderr)


if __name__ == "__main__":
    main()
