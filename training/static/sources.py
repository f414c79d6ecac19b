"""Reads every text source that `data.tsv` allows and gives its texts and its pairs.

One function a source; each returns a `Source`. Nothing here samples, embeds or fits.
What is held out for measuring (a hash of the item decides, never chance) is left out here,
so that no later step can use it by mistake.
"""

import csv
import gzip
import hashlib
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

csv.field_size_limit(1 << 24)

MEASURED_CLAIMS = 0.37  # share of SciFact's train claims kept for measuring
MEASURED_TOPICS = 0.05  # share of MedQuAD's topics kept for measuring, with all their answers

SENTENCE_END = re.compile(r"(?<=[a-z0-9)%\]][.!?])\s+(?=[A-Z0-9(])")
SPACE = re.compile(r"\s+")
WORD = re.compile(r"[a-z0-9]+")

FUNCTION = set(
    "the and for with from that this are was were been has have had does did can could should would may will not what "
    "which who whom whose how why when where into than then there their its our your they them his her after before "
    "between among during under over about also using based".split()
)
# MeSH headings that stand on nearly every abstract.
GENERAL = re.compile(
    r"(Adult|Aged|Aged, 80 and over|Middle Aged|Young Adult|Adolescent|Child|Child, Preschool|Infant|Female|Male|"
    r"Humans|Animals|.* Studies|Time Factors|.*Outcome|Questionnaires|Surveys.*)$"
)

# Guideline licences that let text be used for a file we publish. WHO's CC BY-NC-SA is not among them.
OPEN_LICENCES = ("US Government work", "CC0", "CC BY", "Apache-2.0")


@dataclass
class Source:
    """Texts of one source by the role they play, and the pairs it knows."""

    name: str
    passages: list[str] = field(default_factory=list)  # whole passages, as they are searched
    sentences: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)  # questions and claims
    phrases: list[str] = field(default_factory=list)  # titles, headings and names
    pairs: list[tuple[str, str, str]] = field(default_factory=list)  # kind, query, passage


def share(identifier: str) -> float:
    """A number in [0, 1) that depends on the identifier alone."""
    digest = hashlib.sha256(identifier.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def tidy(text: str) -> str:
    return SPACE.sub(" ", text or "").strip()


def plain(text: str) -> str:
    """The text's lower-case letters and digits, for comparison."""
    return " ".join(WORD.findall((text or "").lower()))


def sentences(text: str, least: int = 5, most: int = 60) -> list[str]:
    """Sentences of `least` to `most` words."""
    found = []
    for piece in SENTENCE_END.split(tidy(text)):
        piece = piece.strip(" -•*")
        if least <= len(piece.split()) <= most:
            found.append(piece)
    return found


def cloze(passage: str, found: list[str]) -> list[tuple[str, str, str]]:
    """One sentence of a passage asks for the rest of it."""
    if len(found) < 3:
        return []
    asked = found[int(share(passage) * len(found))]
    return [("cloze", asked, tidy(passage.replace(asked, " ")))]


def keywords(text: str) -> str:
    """A rough query: two to four of the text's words in their order, function words left out."""
    words = [word for word in re.findall(r"[\w-]+", text) if len(word) > 2 and word.lower() not in FUNCTION]
    chance = random.Random(text)
    kept = sorted(chance.sample(range(len(words)), min(len(words), chance.randint(2, 4))))
    return " ".join(words[place] for place in kept)


def first_words(text: str, count: int) -> str:
    return " ".join(tidy(text).split()[:count])


def lines(path: Path):
    """The objects of a JSON Lines file, gzipped or plain."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def table(path: Path):
    """The rows of a tab-separated file with a header, gzipped or plain."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


# --- our own passages and the guidelines -------------------------------------------------


def context_of(passage: dict) -> str:
    """Title, then the headings below it, then the line that leads into a list or a table."""
    title = tidy(passage.get("title") or "")
    parts = [title]
    for heading in passage.get("path") or []:
        heading = tidy(heading)
        if heading and heading.lower() not in (part.lower() for part in parts):
            parts.append(heading)
    lead = tidy(passage.get("lead") or "")
    if lead:
        parts.append(lead)
    return ". ".join(part.rstrip(".:") for part in parts if part)


def of_passages(name: str, passages) -> Source:
    """A source made of passages with title, heading path and lead."""
    source = Source(name)
    for passage in passages:
        text = tidy(passage["text"])
        if len(text.split()) < 4:
            continue
        context = context_of(passage)
        source.passages.append(text)
        source.passages.append(first_words(f"{context}. {text}", 160))
        found = sentences(text)
        if len(found) > 1:
            source.sentences.extend(found)
            source.pairs.extend(cloze(text, found))
        if passage["kind"] in ("recommendation", "list"):
            source.queries.append(first_words(text, 40))
        source.phrases.append(tidy(passage.get("title") or ""))
        source.phrases.extend(tidy(heading) for heading in passage.get("path") or [])
        if passage["kind"] != "table_row" and len(text.split()) >= 8:
            source.pairs.append(("heading", context, text))
    return source


def starter(dump: Path) -> Source:
    return of_passages("starter", lines(dump / "starter.jsonl"))


def guidelines(dump: Path, shared: Path) -> Source:
    licences = {row["file"]: row["licence"] for row in table(shared / "guidelines/MANIFEST.tsv")}

    def is_open(file: str) -> bool:
        licence = licences.get(file, "")
        return licence.startswith(OPEN_LICENCES) and "-NC" not in licence

    return of_passages(
        "guidelines",
        (passage for passage in lines(dump / "guidelines.jsonl") if is_open(passage["file"])),
    )


# --- research abstracts and claims -------------------------------------------------------


def scifact_is_measured(claim_id) -> bool:
    return share(f"scifact {claim_id}") < MEASURED_CLAIMS


def scifact(data: Path) -> Source:
    source = Source("scifact")
    abstracts = {}
    for row in lines(data / "scifact/corpus.jsonl.gz"):
        title, text = tidy(row["title"]), tidy(row["text"])
        abstracts[row["_id"]] = f"{title} {text}"
        source.passages.append(first_words(f"{title} {text}", 190))
        source.sentences.extend(sentences(text))
        source.phrases.append(title)
        source.pairs.append(("title", title, text))
        source.pairs.append(("topic", keywords(title), text))
    for row in lines(data / "scifact/claims_train.jsonl"):
        if scifact_is_measured(row["id"]):
            continue
        source.queries.append(tidy(row["claim"]))
        for cited in row["cited_doc_ids"]:
            source.pairs.append(("claim", tidy(row["claim"]), abstracts[str(cited)]))
    return source


def check_covid(data: Path) -> Source:
    source = Source("check_covid")
    abstracts = {}
    for row in lines(data / "check_covid/corpus.jsonl"):
        text = " ".join(row["abstract"])
        abstracts[row["cord_id"]] = tidy(f"{row['title']} {text}")
        source.passages.append(first_words(abstracts[row["cord_id"]], 190))
        source.sentences.extend(sentence for piece in row["abstract"] for sentence in sentences(piece))
        source.phrases.append(tidy(row["title"]))
    for row in lines(data / "check_covid/train.jsonl"):
        source.queries.append(tidy(row["claim"]))
        if row["label"] != "NOTENOUGHINFO":
            source.pairs.append(("claim", tidy(row["claim"]), abstracts[row["cord_id"]]))
    return source


def pubmedqa_rows(data: Path, test: bool) -> list[dict]:
    """PubMedQA's 500 official test questions, or the 500 others."""
    with gzip.open(data / "pubmedqa/ori_pqal.json.gz", "rt", encoding="utf-8") as file:
        rows = json.load(file)
    measured = set(json.loads((data / "pubmedqa/test_ground_truth.json").read_text(encoding="utf-8")))
    if not measured <= set(rows):
        raise SystemExit("pubmedqa: test_ground_truth.json names questions that ori_pqal.json.gz does not hold")
    return [row for name, row in rows.items() if (name in measured) == test]


def pubmedqa(data: Path) -> Source:
    source = Source("pubmedqa")
    for row in pubmedqa_rows(data, test=False):
        question, context = tidy(row["QUESTION"]), tidy(" ".join(row["CONTEXTS"]))
        source.queries.append(question)
        source.passages.append(first_words(context, 190))
        source.passages.append(tidy(row["LONG_ANSWER"]))
        source.sentences.extend(sentences(context))
        source.phrases.extend(tidy(mesh) for mesh in row.get("MESHES") or [])
        source.pairs.append(("question", question, context))
        source.pairs.append(("question", question, tidy(row["LONG_ANSWER"])))
        source.pairs.append(("topic", keywords(question), context))
        source.pairs.extend(
            ("topic", tidy(mesh), context) for mesh in (row.get("MESHES") or []) if not GENERAL.match(mesh)
        )
    return source


def evidence_inference(data: Path) -> Source:
    source = Source("evidence_inference")
    abstracts = {}
    for row in lines(data / "evidence_inference/abstracts.jsonl.gz"):
        text = tidy(re.sub(r"\b(TITLE|ABSTRACT)\b[.:]*|\b[A-Z]{5,}::?", " ", row["text"]))
        abstracts[row["_id"].removeprefix("PMC")] = text
        source.passages.append(first_words(text, 190))
        source.sentences.extend(sentences(text))
    seen = set()
    for row in lines(data / "evidence_inference/annotations_v2.jsonl.gz"):
        prompt = tidy(f"{row['intervention']} versus {row['comparator']}: {row['outcome']}")
        if row["prompt_id"] in seen or len(prompt) > 300:
            continue
        seen.add(row["prompt_id"])
        source.phrases.append(tidy(row["outcome"]))
        source.phrases.append(tidy(row["intervention"]))
        if row["pmcid"] in abstracts:
            source.pairs.append(("claim", prompt, abstracts[row["pmcid"]]))
    return source


# --- questions ---------------------------------------------------------------------------


def medquad_is_measured(topic: str) -> bool:
    return share(f"medquad {topic.lower()}") < MEASURED_TOPICS


def medquad(data: Path) -> Source:
    source = Source("medquad")
    seen = set()
    for row in lines(data / "medquad/qa.jsonl.gz"):
        if medquad_is_measured(row["focus"]):
            continue
        question = tidy(row["question"]).replace("(are) ", "").replace(" ?", "?")
        answer = first_words(row["answer"], 120)
        if len(answer.split()) < 6:
            continue
        source.queries.append(question)
        if answer not in seen:  # GHR and GARD repeat their answers
            seen.add(answer)
            source.passages.append(answer)
            source.sentences.extend(sentences(first_words(row["answer"], 400)))
            source.pairs.extend(cloze(answer, sentences(answer)))
            source.pairs.append(("question", question, answer))
            source.pairs.append(("topic", keywords(question), answer))
        source.phrases.append(tidy(row["focus"]))
    for row in table(data / "medquad/focus_synonyms.tsv.gz"):
        if medquad_is_measured(row["focus"]):
            continue
        for synonym in (row["synonyms"] or "").split("|")[:4]:
            synonym = tidy(synonym)
            if synonym and synonym.lower() != row["focus"].lower():
                source.phrases.append(synonym)
                source.pairs.append(("synonym", synonym, tidy(row["focus"])))
    return source


def kqa(data: Path) -> Source:
    source = Source("kqa")
    for row in lines(data / "kqa/questions.jsonl"):
        source.queries.append(tidy(row["Question"]))
        source.phrases.extend(tidy(entity) for entity in row.get("entity_text") or [])
    for row in lines(data / "kqa/questions_w_answers.jsonl"):
        question, answer = tidy(row["Question"]), tidy(row["Free_form_answer"])
        source.passages.append(first_words(answer, 150))
        source.sentences.extend(sentences(answer))
        source.pairs.append(("question", question, answer))
        for statement in (row.get("Must_have") or []) + (row.get("Nice_to_have") or []):
            source.sentences.append(tidy(statement))
            source.queries.append(tidy(statement))
            source.pairs.append(("question", question, tidy(statement)))
            source.pairs.append(("claim", tidy(statement), answer))
    return source


# --- names -------------------------------------------------------------------------------


def doid(data: Path) -> Source:
    source = Source("doid")
    label, synonyms = {}, []
    for row in table(data / "vocab/disease_ontology/doid_names.tsv.gz"):
        text = tidy(row["text"])
        if len(text) > 120:
            continue
        source.phrases.append(text)
        if row["type"] == "LABEL":
            label[row["doid"]] = text
        elif row["type"] == "EXACT":
            synonyms.append((row["doid"], text))
    for doid_id, text in synonyms:
        if doid_id in label and label[doid_id].lower() != text.lower():
            source.pairs.append(("synonym", text, label[doid_id]))
    return source


def drugbank(data: Path) -> Source:
    """Names of one or two plain words; the rest are chemists' names that nobody types."""
    source = Source("drugbank")
    plain = re.compile(r"[A-Za-z]{4,}( [A-Za-z]{3,})?$")
    path = data / "vocab/drugbank_vocabulary/drugbank_vocabulary.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = tidy(row["Common name"])
            if not plain.fullmatch(name):
                continue
            source.phrases.append(name)
            for synonym in (row["Synonyms"] or "").split(" | ")[:3]:
                if plain.fullmatch(synonym) and synonym.lower() != name.lower():
                    source.pairs.append(("synonym", synonym, name))
    return source


def lexicon_rows(folder: Path):
    """(left, right) of our own lexicon: lay to clinical, brand to generic, short to long."""
    columns = {
        "abbreviations.tsv": ("short", "long"),
        "drugs.tsv": ("name", "target"),
        "lay.tsv": ("lay", "clinical"),
    }
    for file, (left, right) in columns.items():
        if not (folder / file).exists():
            continue
        for row in table(folder / file):
            for each in (row[right] or "").split("|"):
                if tidy(row[left]) and tidy(each) and tidy(row[left]).lower() != tidy(each).lower():
                    yield tidy(row[left]), tidy(each)


def lexicon(folder: Path, others: list[Source], each: int = 6, seed: int = 20261122) -> Source:
    """The lexicon's pairs, and sentences of the other sources with the clinical word said the other way.

    "Aspirin after myocardial infarction ..." gives the query "Aspirin after heart attack ..." and the
    passage as it stands, so that lay words learn their meaning among other words.
    """
    source = Source("lexicon")
    chance = random.Random(seed)
    rows = list(lexicon_rows(folder))
    said: dict[str, list[str]] = {}
    for left, right in rows:
        source.phrases.extend((left, right))
        source.pairs.append(("lexicon", left, right))
        said.setdefault(right.lower(), []).append(left)
    if (folder / "spelling.tsv").exists():  # names only: the two forms share a row
        for row in table(folder / "spelling.tsv"):
            source.phrases.extend((tidy(row["british"]), tidy(row["american"])))
    longest = max((len(right.split()) for right in said), default=0)
    holding: dict[str, list[tuple[str, str]]] = {}
    for other in others:
        passages = [passage for passage in other.passages if 8 <= len(passage.split()) <= 190]
        chance.shuffle(passages)
        for passage in passages[:12000]:
            words = WORD.findall(passage.lower())
            found = set()
            for start in range(len(words)):
                for length in range(1, min(longest, 5) + 1):
                    phrase = " ".join(words[start : start + length])
                    if phrase in said and phrase not in found:
                        found.add(phrase)
                        holding.setdefault(phrase, []).append(passage)
    for phrase in sorted(holding):
        pattern = re.compile(r"\b" + r"\W+".join(map(re.escape, phrase.split())) + r"\b", re.IGNORECASE)
        for left in said[phrase]:
            passages = holding[phrase]
            for passage in chance.sample(passages, min(each, len(passages))):
                match = pattern.search(passage)
                if not match:
                    continue
                before, after = passage[: match.start()].split(), passage[match.end() :].split()
                reach = chance.choice((3, 8, 15))
                query = " ".join([*before[-reach:], left, *after[:reach]])
                source.pairs.append(("said", pattern.sub(left, query), passage))
    return source


def without(source: Source, measured: set[str]) -> Source:
    """The source without the texts, and the pairs with a side, that equal a measured query."""

    def kept(texts: list[str]) -> list[str]:
        return [text for text in texts if plain(text) not in measured]

    return Source(
        source.name,
        kept(source.passages),
        kept(source.sentences),
        kept(source.queries),
        kept(source.phrases),
        [pair for pair in source.pairs if plain(pair[1]) not in measured and plain(pair[2]) not in measured],
    )


def every_source(
    shared: Path, dump: Path, lexicon_folder: Path | None = None, measured: set[str] = frozenset()
) -> list[Source]:
    """All sources; `measured` holds the queries (`plain`) that figures are reported on, left out wherever they stand."""
    data = shared / "data"
    found = [
        starter(dump),
        guidelines(dump, shared),
        scifact(data),
        check_covid(data),
        pubmedqa(data),
        evidence_inference(data),
        medquad(data),
        kqa(data),
        doid(data),
        drugbank(data),
    ]
    if lexicon_folder and any(lexicon_folder.glob("*.tsv")):
        found.append(lexicon(lexicon_folder, found))
    return [without(source, measured) for source in found] if measured else found
