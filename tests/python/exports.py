"""Checks exported reviews with the real tools that they are made for.

    GROUNDLINE_EXPORTS=FOLDER cargo test every_format_is_written
    python exports.py FOLDER [ANNO.jsonld]

FOLDER holds one file a format, `reviews.*`, as the test `every_format_is_written_and_the_same_each_time` writes them where
GROUNDLINE_EXPORTS names a folder. ANNO.jsonld is the W3C's context of web annotations (w3.org/ns/anno.jsonld); without it
the terms that are in use here are taken from a list below.

Needs from PyPI: see requirements.txt beside this file.
"""

import csv
import hashlib
import io
import json
import pathlib
import sys
import tempfile
import warnings
import zipfile

ANNO = "http://www.w3.org/ns/anno.jsonld"
OA, AS, RDF = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# What the W3C's context says of the terms in use (Web Annotation Vocabulary, appendix A).
TERMS = {
    "oa": OA, "as": AS, "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/", "foaf": "http://xmlns.com/foaf/0.1/", "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": {"@id": "@id", "@type": "@id"}, "type": {"@id": "@type", "@type": "@vocab"},
    "Annotation": "oa:Annotation", "SpecificResource": "oa:SpecificResource", "TextualBody": "oa:TextualBody",
    "TextQuoteSelector": "oa:TextQuoteSelector", "TextPositionSelector": "oa:TextPositionSelector",
    "Person": "foaf:Person", "Software": "as:Application", "Text": "dctypes:Text",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "classifying": "oa:classifying", "tagging": "oa:tagging",
    "commenting": "oa:commenting", "linking": "oa:linking",
    "body": {"@type": "@id", "@id": "oa:hasBody"}, "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"}, "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "via": {"@type": "@id", "@id": "oa:via"}, "creator": {"@type": "@id", "@id": "dcterms:creator"},
    "generator": {"@type": "@id", "@id": "as:generator"}, "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"}, "first": {"@type": "@id", "@id": "as:first"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "created": {"@id": "dcterms:created", "@type": "xsd:dateTime"}, "format": "dc:format", "value": "rdf:value",
    "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix", "name": "foaf:name", "nickname": "foaf:nick",
    "label": "rdfs:label", "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "total": {"@id": "as:totalItems", "@type": "xsd:nonNegativeInteger"},
    "startIndex": {"@id": "as:startIndex", "@type": "xsd:nonNegativeInteger"},
}


class Exports:
    """The folder, and what the artifact says is right."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.zip = zipfile.ZipFile(self.folder / "reviews.zip")
        self.responses = {line["review"]: line for line in self.lines("responses.jsonl")}
        self.claims = {(line["review"], line["id"]): line for line in self.lines("claims.jsonl")}
        self.verdicts = self.lines("verdicts.jsonl")
        self.evidence = self.lines("evidence.jsonl")

    def lines(self, name):
        return [json.loads(line) for line in self.zip.read(name).decode().splitlines()]

    def text(self, ending):
        return (self.folder / f"reviews.{ending}").read_bytes().decode("utf-8")

    def json(self, ending):
        return json.loads(self.text(ending))

    def latest(self):
        """The last verdict of each person on each claim that was not taken out, without those taken back."""
        last = {}
        for verdict in self.verdicts:
            last[verdict["review"], verdict["claim"], verdict["reviewer"]["id"]] = verdict
        kept = [v for v in last.values() if v["verdict"] and not self.claims[v["review"], v["claim"]]["removed"]]
        return {(v["review"], v["claim"], v["reviewer"]["id"]): v for v in kept}

    def alive(self):
        return {key: v for key, v in self.latest().items() if not self.responses[key[0]]["erased_at"]}


def artifact(exports):
    """zipfile and hashlib: every digest of the manifest holds, nothing is compressed, and all times are the same."""
    manifest = json.loads(exports.zip.read("manifest.json"))
    names = exports.zip.namelist()
    assert manifest["schema"] == "artifact/1" and "not for patient care" in manifest["intended_use"]
    assert names == ["manifest.json"] + [entry["name"] for entry in manifest["files"]]
    for entry in manifest["files"]:
        content = exports.zip.read(entry["name"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["bytes"]), entry["name"]
    assert all(info.compress_type == zipfile.ZIP_STORED for info in exports.zip.infolist())
    assert {info.date_time for info in exports.zip.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for record in exports.evidence:
        if not exports.responses[record["review"]]["erased_at"]:
            compact = json.dumps(record["result"], ensure_ascii=False, separators=(",", ":"))
            assert hashlib.sha256(compact.encode()).hexdigest() == record["sha256"]
    return f"{len(names)} files, {len(exports.evidence)} searches"


def table(exports):
    """pandas: the rows are the verdicts, cells come back exactly, and none starts a formula."""
    import pandas

    frame = pandas.read_csv(exports.folder / "reviews.csv", dtype=str, keep_default_na=False)
    judged = frame[frame.reviewer != ""]
    latest = exports.latest()
    assert {(r.review, r.claim, r.reviewer) for r in judged.itertuples()} == set(latest)
    for row in judged.itertuples():
        verdict, claim = latest[row.review, row.claim, row.reviewer], exports.claims[row.review, row.claim]
        assert (row.verdict, row.verdict_id, int(row.seconds)) == (verdict["verdict"], verdict["id"], verdict["seconds"])
        assert row.claim_text.removeprefix("'") == claim["text"] and int(row.end) == claim["end"]
        assert row.passages == " | ".join(pin["passage"] for pin in verdict["evidence"])
        assert row.errors == " | ".join(f"{e['code']}:{e['severity']}" for e in verdict["errors"])
        assert row.what == (verdict["feedback"] or {"what": ""})["what"]
    for cell in (cell for row in frame.itertuples(index=False) for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell
    assert frame.claim_text.str.startswith("'=").any(), "the formula of the fixture was disarmed"
    assert list(frame.columns) == next(csv.reader(io.StringIO(exports.text("csv"))))
    return f"{len(frame)} rows"


def label_studio(exports):
    """label_studio_sdk: the interface parses, tasks and regions validate, and offsets are those of JavaScript."""
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(exports.text("labelstudio.xml"))
    interface.validate()
    tasks, regions = exports.json("labelstudio.json"), 0
    assert {task["data"]["review"] for task in tasks} == {key[0] for key in exports.alive()}
    for task in tasks:
        # With annotations inside, the SDK's check of a task calls its own check of annotations without one.
        assert interface.validate_task({"data": task["data"]}), task["data"]["review"]
        units = task["data"]["text"].encode("utf-16-le")
        for prediction in task["predictions"]:
            assert interface.validate_prediction(prediction, return_errors=True) == []
            assert all(region["value"]["labels"] == ["claim"] for region in prediction["result"])
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation)
        for region in (r for kind in ("annotations", "predictions") for a in task[kind] for r in a["result"]):
            claim = exports.claims[task["data"]["review"], region["id"]]
            value = region["value"]
            cut = units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le")
            assert cut == claim["text"], (cut, claim["text"])
            regions += 1
        judged = {(r["id"], a["reviewer"], r["value"]["labels"][0])
                  for a in task["annotations"] for r in a["result"] if r["type"] == "labels"}
        assert judged == {(c, who, v["verdict"]) for (review, c, who), v in exports.alive().items()
                          if review == task["data"]["review"]}
    return f"{len(tasks)} tasks, {regions} regions"


def loader(path):
    context = json.loads(pathlib.Path(path).read_text()) if path else {"@context": TERMS}

    def load(url, _options=None):
        assert url == ANNO, f"nothing else is to be fetched: {url}"
        return {"contextUrl": None, "documentUrl": url, "document": context, "contentType": "application/ld+json"}

    return load


def json_ld(exports, context):
    """PyLD: annotations and provenance expand, no term is lost, and every node has a place in the graph."""
    from pyld import jsonld

    options = {"documentLoader": loader(context)}
    collection = exports.json("annotations.jsonld")
    [expanded] = jsonld.expand(collection, options)
    [page] = expanded[AS + "first"]
    items = page[AS + "items"][0]["@list"]
    alive = exports.alive()
    assert len(items) == collection["total"] == len(alive)
    by_id = {f"urn:x-groundline:verdict:{v['id']}": v for v in alive.values()}
    for item in items:
        verdict = by_id[item["@id"]]
        assert item["@type"] == [OA + "Annotation"] and item[OA + "motivatedBy"] == [{"@id": OA + "assessing"}]
        [target] = item[OA + "hasTarget"]
        quote, place = target[OA + "hasSelector"]
        text = exports.responses[verdict["review"]]["response"]["text"]
        start, end = place[OA + "start"][0]["@value"], place[OA + "end"][0]["@value"]
        assert text[start:end] == quote[OA + "exact"][0]["@value"], "Python counts code points, and so does the model"
        bodies = item[OA + "hasBody"]
        value = RDF + "value"
        [decided] = [b[value][0]["@value"] for b in bodies if b[OA + "hasPurpose"] == [{"@id": OA + "classifying"}]]
        linked = [b for b in bodies if b[OA + "hasPurpose"] == [{"@id": OA + "linking"}]]
        assert decided == verdict["verdict"] and len(linked) == len(verdict["evidence"])
    quads = jsonld.to_rdf(collection, options)["@default"]
    provenance = jsonld.to_rdf(exports.json("prov.jsonld"), options)["@default"]
    prov = "http://www.w3.org/ns/prov#"
    kinds = {(t["subject"]["value"], t["object"]["value"]) for t in provenance if t["predicate"]["value"] == RDF + "type"}
    activities = {s for s, o in kinds if o == prov + "Activity"}
    used = {t["subject"]["value"] for t in provenance if t["predicate"]["value"] == prov + "used"}
    assert activities and used == activities, "each activity used something"
    verdicts = {s for s, o in kinds if o.endswith(":term:Verdict")}
    assert len(verdicts) == len(exports.verdicts)
    for triple in provenance:
        if triple["predicate"]["value"].startswith(prov) and triple["object"]["type"] == "IRI":
            assert any(triple["object"]["value"] == subject for subject, _ in kinds), triple["object"]["value"]
    return f"{len(items)} annotations, {len(quads)} and {len(provenance)} triples"


def pinned(exports):
    """Version ids of the pinned passages."""
    return sorted({pin["passage"].split("#")[0] for v in exports.latest().values() for pin in v["evidence"]})


def bibliography(exports):
    """citeproc-py, bibtexparser and rispy: one entry a pinned edition, with its title, year and address."""
    import bibtexparser
    import rispy
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    keys = [version.replace("@", ":") for version in pinned(exports)]
    items = exports.json("csl.json")
    assert [item["id"] for item in items] == keys
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        cited = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        cited.register(Citation([CitationItem(key) for key in keys]))
        printed = [str(entry) for entry in cited.bibliography()]
    assert len(printed) == len(keys)
    for item in items:
        year = str(item["issued"]["date-parts"][0][0])
        author = item["author"][0]["literal"]
        assert any(author in line and year in line for line in printed), (author, year)
    library = bibtexparser.parse_string(exports.text("bib"))
    assert not library.failed_blocks and [entry.key for entry in library.entries] == keys
    records = rispy.loads(exports.text("ris"))
    assert [record["id"] for record in records] == keys
    for item, entry, record in zip(items, library.entries, records):
        fields = {field.key: field.value for field in entry.fields}
        assert record["title"] == item["title"] and record["type_of_reference"] == "RPRT"
        assert record["urls"] == [item["URL"]] and fields["url"] == item["URL"]
        assert int(fields["year"]) == item["issued"]["date-parts"][0][0] == int(record["year"])
        assert fields["title"].strip("{}").count("{") == fields["title"].strip("{}").count("}") or "\\text" in fields["title"]
        assert record["notes"] == [item["note"]]
    return f"{len(keys)} editions; " + printed[-1][:60]


def trec(exports):
    """ir_measures: run and judgements are read, and a measure comes out as worked out by hand from the pins."""
    import ir_measures
    from ir_measures import P, RR

    qrels = list(ir_measures.read_trec_qrels(str(exports.folder / "reviews.qrels")))
    run = list(ir_measures.read_trec_run(str(exports.folder / "reviews.run")))
    assert {q.query_id for q in qrels} == {f"{review}:{claim}" for review, claim, _ in exports.latest()}
    pins = {}
    for verdict in exports.latest().values():
        for pin in verdict["evidence"]:
            key = f"{verdict['review']}:{verdict['claim']}", pin["passage"]
            pins[key] = max(pins.get(key, 0), 1 if pin["role"] == "context" else 2)
    assert {(q.query_id, q.doc_id): q.relevance for q in qrels if q.relevance} == pins
    shown = {}
    for record in exports.evidence:
        shown[f"{record['review']}:{record['claim']}"] = [p["id"] for p in record["result"]["passages"]]
    for topic, passages in shown.items():
        ranked = sorted((r for r in run if r.query_id == topic), key=lambda r: -r.score)
        assert [r.doc_id for r in ranked] == passages, topic
    topics = {q.query_id for q in qrels}
    first = [next((1 / (at + 1) for at, p in enumerate(shown[t]) if (t, p) in pins), 0) for t in topics]
    measured = ir_measures.calc_aggregate([RR, P @ 1], qrels, run)
    assert abs(measured[RR] - sum(first) / len(first)) < 1e-9, (measured, first)
    return f"{len(run)} lines, {len(qrels)} judgements, RR {measured[RR]:.3f}"


def health_bench(exports):
    """The shape that HealthBench's own code reads: items with signed points, and a score between 0 and 1."""
    lines = [json.loads(line) for line in exports.text("healthbench.jsonl").splitlines()]
    items = 0
    for line in lines:
        assert all(set(message) == {"role", "content"} for message in line["prompt"]) and line["prompt"]
        for item in line["rubrics"]:
            assert set(item) == {"criterion", "points", "tags"} and -10 <= item["points"] <= 10 and item["points"]
            assert any(tag.startswith("passage:") for tag in item["tags"]) and "\n" not in item["criterion"].split("“")[0]
            items += 1
        possible = sum(item["points"] for item in line["rubrics"] if item["points"] > 0)
        assert possible > 0
    return f"{len(lines)} prompts, {items} items"


def inspect_edits(exports):
    """inspect_ai: a log is made, the edits are applied and written, and the log that is read back has the scores."""
    from inspect_ai import Task, eval as run_eval
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.log import ProvenanceData, edit_score, read_eval_log, write_eval_log
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import ScoreEdit, includes
    from inspect_ai.solver import generate

    edits = json.loads((exports.folder / "decided.inspect.json").read_text())
    assert len(edits) == 1 and exports.json("inspect.json") == [], "what is in dispute has no score"
    with tempfile.TemporaryDirectory() as folder:
        samples = MemoryDataset([Sample(id=edit["sample_id"], input="?", target="!") for edit in edits])
        # With its usage told, the mock model does not fetch a tokeniser to count it.
        said = ModelOutput.from_content("mockllm/model", "A stand-in.")
        said.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        [log] = run_eval(Task(dataset=samples, solver=generate(), scorer=includes()),
                         model=get_model("mockllm/model", custom_outputs=[said]), log_dir=folder, display="none")
        assert log.status == "success", log.error.message
        log = read_eval_log(log.location)
        # The fifteen lines that a user of Inspect needs:
        for edit in edits:
            score = edit["score"]
            change = ScoreEdit(
                value=score["value"],
                explanation=score["explanation"],
                metadata=edit["metadata"],
                provenance=ProvenanceData(**edit["provenance"]),
            )
            edit_score(log, edit["sample_id"], score["name"], change, recompute_metrics=False, epoch=edit["epoch"])
        write_eval_log(log)
        [sample] = read_eval_log(log.location).samples
    score = sample.scores["groundline"]
    assert score.value == "I" and score.metadata["claims"][0]["verdict"] == "contradicted"
    assert score.history[-1].provenance.author == edits[0]["provenance"]["author"]
    assert "includes" in sample.scores, "the score of the run is still there"
    return f"{len(edits)} edit, by {score.history[-1].provenance.author}"


def report(exports):
    """lxml: the page is well formed enough to have no element that the report does not make, and quotes what was pinned."""
    from lxml import html

    page = html.fromstring(exports.text("html").encode("utf-8"))
    assert not page.xpath("//script | //link | //img | //iframe | //form | //object | //@onclick | //@onerror | //@src")
    quotes = [" ".join(quote.text_content().split()) for quote in page.xpath("//blockquote")]
    for record in exports.evidence:
        for passage in record["result"]["passages"]:
            if any(pin["passage"] == passage["id"] for v in exports.latest().values() for pin in v["evidence"]):
                if passage["id"].startswith("uspstf") and "rec-1" not in passage["id"]:
                    assert " ".join(passage["quote"].split()) in quotes, passage["id"]
    assert "not for patient care" in page.text_content()
    return f"{len(quotes)} passages"


def main():
    exports = Exports(sys.argv[1])
    context = sys.argv[2] if len(sys.argv) > 2 else None
    checks = [artifact, table, label_studio, lambda e: json_ld(e, context), bibliography, trec, health_bench, inspect_edits, report]
    names = ["artifact", "csv", "label studio", "json-ld", "bibliography", "trec", "healthbench", "inspect", "report"]
    for name, check in zip(names, checks):
        print(f"{name}: {check(exports)}", flush=True)
    print(f"exports: {len(checks)} checks passed")


if __name__ == "__main__":
    main()
