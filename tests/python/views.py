"""Checks rendered answers against the real packages of the hosts that they are made for.

    python views.py [FOLDER [TOOLS.json ...]]

FOLDER holds answers as files, one case a stem: `CASE.native.json`, `CASE.anthropic.json`, `CASE.openai.json`,
`CASE.langchain.json`, `CASE.trec.txt`, `CASE.csl.json`, `CASE.bibtex.bib`, `CASE.ris.ris`, `CASE.webannotation.json`, all of
one answer. Further arguments are tool definitions as `groundline openapi --tools` prints them. Without any argument both
are asked of a service over the starter corpus.

Every view is read by the host's own package and compared with the native answer: no passage lost, none added, quotations
whole, what is superseded marked, results without evidence stated.

Needs from PyPI: see requirements.txt beside this file.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from service import PROGRAM, serving


class Case:
    """One answer and what it must show in every view."""

    def __init__(self, folder, stem):
        self.folder, self.stem = folder, stem
        self.native = json.loads(self.text("native.json"))
        self.results = self.native["results"]
        self.shown = [p for r in self.results for p in r["passages"] + r.get("counter", [])]
        self.old = [p for p in self.shown if p["document"]["status"] == "superseded"]
        self.bare = [r for r in self.results if not r["passages"] and not r.get("counter")]

    def text(self, ending):
        with open(self.folder / f"{self.stem}.{ending}", encoding="utf-8", newline="") as file:
            return file.read()

    def versions(self):
        seen = []
        for passage in self.shown:
            version = f"{passage['document']['id']}@{passage['document']['version']}"
            if version not in seen:
                seen.append(version)
        return seen


def marked(passage, *texts):
    """Superseded in words, and by what where that is known."""
    if passage["document"]["status"] == "superseded":
        whole = " ".join(texts)
        assert "SUPERSEDED" in whole, passage["id"]
        by = passage["document"]["superseded_by"]
        assert by is None or by in whole, (passage["id"], by)


def no_verdict(text):
    assert "verdict" not in text.replace("not a verdict", "").replace("never a verdict", ""), "a hint is no verdict"


def anthropic_view(case):
    from anthropic.types import MessageParam, SearchResultBlockParam, TextBlockParam, ToolResultBlockParam
    from pydantic import TypeAdapter

    blocks = json.loads(case.text("anthropic.json"))
    kinds = {"text": TypeAdapter(TextBlockParam), "search_result": TypeAdapter(SearchResultBlockParam)}
    for block in blocks:
        kinds[block["type"]].validate_python(block)
    # Whole, as a user turn and as what a tool gave back.
    TypeAdapter(MessageParam).validate_python({"role": "user", "content": blocks})
    TypeAdapter(ToolResultBlockParam).validate_python({"type": "tool_result", "tool_use_id": "t", "content": blocks})
    found = [block for block in blocks if block["type"] == "search_result"]
    assert [block["content"][0]["text"] for block in found] == [passage["quote"] for passage in case.shown]
    for block, passage in zip(found, case.shown):
        assert block["citations"] == {"enabled": True} and block["source"] and block["title"]
        marked(passage, block["title"])
        marked(passage, block["content"][1]["text"])
    said = [block["text"] for block in blocks if block["type"] == "text"]
    assert len(said) == 1 + len(case.results)
    stated(case, said[1:])


def stated(case, said):
    """Each result's text gives status and coverage; without evidence it says what that means."""
    for result, text in zip(case.results, said, strict=True):
        assert result["status"] in text, text
        if result["status"] == "ok":
            assert f"coverage: {result['coverage']}" in text, text
            if result["coverage"] in ("not_addressed", "out_of_scope"):
                assert "no evidence" in text, text
        if result["status"] == "no_evidence":
            assert f"coverage: {result['coverage']}" in text and "neither support nor contradiction" in text, text
        if result["status"] == "error":
            assert "not checked" in text, text
        if result.get("conflict"):
            assert "disagree" in text, text


def openai_view(case):
    from openai.types.responses import ResponseOutputMessage

    message = ResponseOutputMessage.model_validate_json(case.text("openai.json"), strict=True)
    assert len(message.content) == len(case.results)
    stated(case, [part.text for part in message.content])
    for part, result in zip(message.content, case.results):
        passages = result["passages"] + result.get("counter", [])
        assert len(part.annotations) == len(passages)
        for annotation, passage in zip(part.annotations, passages):
            assert annotation.type == "url_citation"
            # The unit is the code point: Python's own.
            assert part.text[annotation.start_index : annotation.end_index] == passage["quote"]
            assert annotation.unit == "codepoint"
            marked(passage, annotation.title)
            marked(passage, part.text)


def langchain_view(case):
    from langchain_core.documents import Document
    from langchain_core.vectorstores.utils import maximal_marginal_relevance  # noqa: F401  the package is whole

    documents = [Document(**document) for document in json.loads(case.text("langchain.json"))]
    again = [json.loads(document.model_dump_json()) for document in documents]
    assert again == json.loads(case.text("langchain.json")), "the package changes what it reads"
    passages = [document for document in documents if document.metadata["evidence"]]
    assert [document.page_content for document in passages] == [passage["quote"] for passage in case.shown]
    for document, passage in zip(passages, case.shown):
        assert all(isinstance(value, (str, int, float, bool)) for value in document.metadata.values()), document.metadata
        assert document.id == passage["id"]
        assert document.metadata["document_status"] == passage["document"]["status"]
        marked(passage, document.metadata["remarks"])
    statements = [document for document in documents if not document.metadata["evidence"]]
    assert len(statements) == len(case.bare)
    stated_bare = [document.page_content for document in statements]
    for result, text in zip(case.bare, stated_bare):
        assert result["status"] in text and ("neither support" in text or "not checked" in text), text


def trec_view(case):
    import ir_measures

    text = case.text("trec.txt")
    lines = text.splitlines()
    assert all(len(line.split()) == 6 for line in lines)
    run = list(ir_measures.read_trec_run(text))
    assert len(run) == len(lines)
    queries = list(dict.fromkeys(line.query_id for line in run))
    assert len(queries) == len(case.results), "every claim is in the run"
    for query, result in zip(queries, case.results):
        mine = [line for line in run if line.query_id == query]
        scores = [line.score for line in mine]
        assert all(first > second for first, second in zip(scores, scores[1:])), scores
        if result["passages"]:
            assert [line.doc_id for line in mine] == [passage["id"] for passage in result["passages"]]
        else:
            assert [line.doc_id for line in mine] == [f"groundline:none/{result['status']}"]
    for line in lines:
        document, tag = line.split()[2], line.split()[5]
        assert "/status=" in tag and "/coverage=" in tag
        old = [passage for passage in case.old if passage["id"] == document]
        assert not old or "superseded" in tag, line
    # An ideal judgement of the order gives a perfect score: a package that sorts by score sees our order.
    graded = [
        ir_measures.Qrel(query, passage["id"], len(result["passages"]) - at)
        for query, result in zip(queries, case.results)
        for at, passage in enumerate(result["passages"])
    ]
    if graded:
        measured = ir_measures.calc_aggregate([ir_measures.nDCG @ 10], graded, run)
        assert math.isclose(measured[ir_measures.nDCG @ 10], 1.0), measured


def references(case):
    """Title by key of every edition that must be cited, and the entries that state that there is nothing to cite."""
    nothing = [at + 1 for at, result in enumerate(case.results) if result in case.bare]
    return [version.replace("@", ":") for version in case.versions()] + [f"groundline-nothing-to-cite-{at}" for at in nothing]


def old_keys(case):
    return {f"{passage['document']['id']}:{passage['document']['version']}" for passage in case.old}


def csl_view(case):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    items = json.loads(case.text("csl.json"))
    assert [item["id"] for item in items] == references(case)
    for item in items:
        if item["id"] in old_keys(case):
            assert "SUPERSEDED" in item["note"], item
        if item["id"].startswith("groundline-nothing"):
            assert "Nothing to cite" in item["title"]
    with tempfile.NamedTemporaryFile("w", suffix=".csl", encoding="utf-8") as file:
        file.write(STYLE)
        file.flush()
        style = CitationStylesStyle(file.name, validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"]) for item in items]))
    printed = [str(entry) for entry in bibliography.bibliography()]
    assert len(printed) == len(items)
    whole = " ".join(printed)
    for item in items:
        assert item["title"][:30].rstrip(" .") in whole, item["title"]


def bibtex_view(case):
    import bibtexparser

    library = bibtexparser.parse_string(case.text("bibtex.bib"))
    assert not library.failed_blocks, library.failed_blocks
    assert [entry.key for entry in library.entries] == references(case)
    for entry in library.entries:
        if entry.key in old_keys(case):
            assert "SUPERSEDED" in entry["note"], entry.key


def ris_view(case):
    import rispy

    entries = rispy.loads(case.text("ris.ris").replace("\r\n", "\n"))
    assert [entry["id"] for entry in entries] == references(case)
    for entry in entries:
        assert entry["type_of_reference"] == "RPRT"
        if entry["id"] in old_keys(case):
            assert any("SUPERSEDED" in note for note in entry["notes"]), entry


def webannotation_view(case):
    from pyld import jsonld

    page = json.loads(case.text("webannotation.json"))
    # The context is not fetched: what is used of it is written down here, as the recommendation defines it.
    page_local = {**page, "@context": ANNOTATION_CONTEXT}
    expanded = jsonld.expand(page_local)
    assert len(expanded) == 1
    whole = json.dumps(expanded)
    for key in ("motivatedBy", "hasTarget", "hasBody", "hasSelector", "exact"):
        assert key in whole or not case.shown, key
    graph = jsonld.to_rdf(page_local)
    assert graph["@default"], "triples"
    items = page["items"]
    assert len(items) == len(case.shown) + len(case.bare)
    assert len({item["id"] for item in items}) == len(items)
    quotes = []
    for item in items:
        assert set([item["motivation"]] if isinstance(item["motivation"], str) else item["motivation"]) <= {"linking", "assessing"}
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        if isinstance(targets[0], dict):
            quote, position = targets[0]["selector"]
            assert quote["type"] == "TextQuoteSelector" and position["type"] == "TextPositionSelector"
            assert position["end"] - position["start"] == len(quote["exact"])
            quotes.append((quote["exact"], " ".join(body["value"] for body in item["body"])))
    assert sorted(quote for quote, _ in quotes) == sorted(passage["quote"] for passage in case.shown)
    if case.old:
        assert sum("SUPERSEDED" in said for _, said in quotes) >= len(case.old)


OA = "http://www.w3.org/ns/oa#"
ANNOTATION_CONTEXT = {
    "id": "@id",
    "type": "@type",
    "Annotation": f"{OA}Annotation",
    "AnnotationPage": "http://www.w3.org/ns/activitystreams#OrderedCollectionPage",
    "Software": "http://www.w3.org/ns/activitystreams#Application",
    "Text": "http://purl.org/dc/dcmitype/Text",
    "TextualBody": f"{OA}TextualBody",
    "SpecificResource": f"{OA}SpecificResource",
    "TextQuoteSelector": f"{OA}TextQuoteSelector",
    "TextPositionSelector": f"{OA}TextPositionSelector",
    "linking": f"{OA}linking",
    "assessing": f"{OA}assessing",
    "commenting": f"{OA}commenting",
    "items": {"@id": "http://www.w3.org/ns/activitystreams#items", "@container": "@list"},
    "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
    "body": {"@id": f"{OA}hasBody", "@type": "@id"},
    "target": {"@id": f"{OA}hasTarget", "@type": "@id"},
    "source": {"@id": f"{OA}hasSource", "@type": "@id"},
    "selector": {"@id": f"{OA}hasSelector", "@type": "@id"},
    "exact": f"{OA}exact",
    "prefix": f"{OA}prefix",
    "suffix": f"{OA}suffix",
    "start": {"@id": f"{OA}start", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"},
    "end": {"@id": f"{OA}end", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"},
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "http://purl.org/dc/elements/1.1/format",
    "generator": {"@id": "http://www.w3.org/ns/activitystreams#generator", "@type": "@id"},
    "name": "http://xmlns.com/foaf/0.1/name",
}

# The least style that prints what an entry holds.
STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
  <info><title>Plain</title><id>urn:groundline:plain</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout><group delimiter=". ">
    <names variable="author"><name/></names>
    <text variable="title"/>
    <date variable="issued"><date-part name="year"/></date>
    <text variable="note"/>
  </group></layout></bibliography>
</style>
"""

VIEWS = [
    ("anthropic", anthropic_view),
    ("openai", openai_view),
    ("langchain", langchain_view),
    ("trec", trec_view),
    ("csl", csl_view),
    ("bibtex", bibtex_view),
    ("ris", ris_view),
    ("webannotation", webannotation_view),
]


def tools(path):
    """Tool definitions are what the hosts' packages take, and their schemas are JSON Schema without references."""
    from anthropic.types import ToolParam
    from jsonschema import Draft202012Validator
    from openai.types.chat import ChatCompletionFunctionToolParam
    from openai.types.responses import FunctionToolParam
    from pydantic import TypeAdapter

    definitions = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    assert [d.get("name") or d["function"]["name"] for d in definitions] == ["search", "check_claims", "citations_check"]
    for definition in definitions:
        if "input_schema" in definition:
            TypeAdapter(ToolParam).validate_python(definition)
            schema = definition["input_schema"]
        elif "function" in definition:
            TypeAdapter(ChatCompletionFunctionToolParam).validate_python(definition)
            schema = definition["function"]["parameters"]
        else:
            TypeAdapter(FunctionToolParam).validate_python(definition)
            schema = definition["parameters"]
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object" and "$ref" not in json.dumps(schema)
        validator = Draft202012Validator(schema)
        good = {
            "search": {"claim": "Statins lower risk."},
            "check_claims": {"items": [{"id": "a", "claim": "Statins lower risk."}]},
            "citations_check": {"text": "USPSTF (2018)."},
        }[definition.get("name") or definition["function"]["name"]]
        assert validator.is_valid(good), list(validator.iter_errors(good))
        assert not validator.is_valid({"nonsense": 1}), "required fields are required"


# What is asked of a service: an edition and what replaced it, two that disagree, items of every status, nothing at all.
ASKED = {
    "aspirin": {"claim": "Adults over 60 should start low-dose aspirin to prevent a first heart attack.", "k": 8},
    "other-side": {"claim": "Women should start screening mammography at 50, every year.", "k": 10, "include": ["counter"]},
    "before": {"claim": "Aspirin is recommended for adults aged 50 to 59 years.", "k": 5, "as_of": "2018-01-01"},
    "silence": {"claim": "The best wallpaper for a waiting room is green.", "k": 3},
    "mixed": {
        "items": [
            {"id": "a b", "claim": "Screen adults for colorectal cancer from 45 to 75 years."},
            {"id": "empty", "claim": ""},
            {"id": "é/2", "claim": "Statins for adults aged 40 to 75 with a 10-year risk of 10% or more."},
            {"id": "none", "claim": "Zorblaxine cures gribbles in a fortnight."},
        ],
        "k": 4,
        "include": ["counter", "trace"],
    },
}
ENDINGS = {"trec": "txt", "bibtex": "bib", "ris": "ris"}


def ask(address, folder):
    """Writes each case as a service answers it, native and in every view."""
    for stem, body in ASKED.items():
        for name in ["native", *(name for name, _ in VIEWS)]:
            url = f"{address}/v1/evidence" + ("" if name == "native" else f"?view={name}")
            sent = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
            with urllib.request.urlopen(sent, timeout=60) as answer:
                (folder / f"{stem}.{name}.{ENDINGS.get(name, 'json')}").write_bytes(answer.read())


def definitions(folder):
    """Tool definitions in each flavour, as the program prints them."""
    for flavour in ("openai", "openai-chat", "anthropic"):
        path = folder / f"tools-{flavour}.json"
        printed = subprocess.run([str(PROGRAM), "openapi", "--tools", flavour], capture_output=True, check=True)
        path.write_bytes(printed.stdout)
        yield path


def check(folder, paths):
    """Checks every case of a folder and every file of tool definitions."""
    stems = sorted(path.name.removesuffix(".native.json") for path in folder.glob("*.native.json"))
    if not stems:
        sys.exit(f"{folder} holds no *.native.json")
    for stem in stems:
        case = Case(folder, stem)
        for name, view in VIEWS:
            no_verdict(case.text(f"{name}.{ENDINGS.get(name, 'json')}"))
            view(case)
        print(f"{stem}: {len(case.shown)} passages, {len(case.old)} superseded, {len(case.bare)} without: {len(VIEWS)} views")
    for path in paths:
        tools(path)
        print(f"{path}: tools")
    print(f"views: {len(stems)} answers in {len(VIEWS)} views and {len(paths)} files of tools passed")


def main():
    if len(sys.argv) > 1:
        return check(pathlib.Path(sys.argv[1]), sys.argv[2:])
    with tempfile.TemporaryDirectory() as base:
        answers = pathlib.Path(base) / "answers"
        answers.mkdir()
        with serving(base) as address:
            ask(address, answers)
        check(answers, list(definitions(pathlib.Path(base))))
        covered = [Case(answers, stem) for stem in ASKED]
        assert any(case.old for case in covered) and any(case.bare for case in covered), "the cases show every state"
        assert any(result.get("counter") for case in covered for result in case.results), "and the other side"


if __name__ == "__main__":
    main()
