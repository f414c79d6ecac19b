#!/usr/bin/env python3
"""Times ranking side by side with other engines, on the same passages, in one go. Not part of the checks.

    cargo bench --no-run --bench search                               # prints the path of the bench program
    pip install -r benches/requirements.txt
    python3 benches/search.py --bench target/release/deps/search-* --dataset ../shared/data/scifact \\
        [--passages 10000 100000] [--lucene-jar anserini-*-fatjar.jar]

Each engine runs by itself, one query at a time on one thread, for the ten best: once for warmth (Lucene twenty times),
then `--rounds` times for the clock. All have one flat field of title and text, stemmed, and ask for any of the query's
words; none fetches what it stored. The bare Tantivy query has the very terms and the very index of our own lexical
ranking, in the same program.

`--passages N...` adds collections of N generated passages: sentences of the data set drawn at random with a fixed seed,
five a passage, so words are as frequent as in the data set and passages mean nothing; the queries are the data set's.
Only times are told of them. At the largest, exact searches among generated vectors of 256 and 384 dimensions are timed,
alone and beside the embedded default, which is the load of hybrid ranking without the making of the query's vector.

What is absent is said and left out:
- bm25s: `pip install bm25s PyStemmer numpy`, in the Python that runs this;
- Xapian: `apt install python3-xapian`, for the Python named by `--xapian-python` (/usr/bin/python3);
- Lucene: a JDK (`apt install default-jdk-headless`: a source file is compiled) and a jar, for example that within
  `pip download --no-deps --no-binary :all: pyserini==1.6.0`.
"""

import argparse
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261122
SENTENCES = 5
DIMENSIONS = ["256", "384"]
# Words that Lucene's EnglishAnalyzer leaves out, for the engine that has no list of its own.
STOP = """a an and are as at be but by for if in into is it no not of on or such that the their then there these they this
to was will with""".split()


def lines(path):
    zipped = path.with_name(path.name + ".gz")
    with path.open(encoding="utf-8") if path.exists() else gzip.open(zipped, "rt", encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def texts(folder, split):
    """Title and text of each document, and the judged queries."""
    documents = [f"{one.get('title') or ''} {one['text']}".strip() for one in lines(folder / "corpus.jsonl")]
    judged = {line.split("\t")[0] for line in (folder / "qrels" / f"{split}.tsv").read_text().splitlines()[1:]}
    return documents, [one["text"] for one in lines(folder / "queries.jsonl") if one["_id"] in judged]


def generate(dataset, split, number, folder):
    """A collection of generated passages in the same layout."""
    chance = random.Random(SEED)
    sentences = []
    for one in lines(dataset / "corpus.jsonl"):
        sentences += [part for part in re.split(r"(?<=[.?!])\s+", one["text"]) if len(part) > 20]
    (folder / "qrels").mkdir(parents=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for at in range(number):
            text = " ".join(chance.choices(sentences, k=SENTENCES))
            file.write(json.dumps({"_id": f"g{at}", "title": "", "text": text}) + "\n")
    _, queries = texts(dataset, split)
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"_id": f"q{at}", "text": text}) + "\n" for at, text in enumerate(queries))
    judged = "".join(f"q{at}\tg0\t1\n" for at in range(len(queries)))
    (folder / "qrels" / f"{split}.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged)
    return folder


def percentiles(millis):
    millis = sorted(millis)
    at = lambda percent: millis[min(len(millis) - 1, len(millis) * percent // 100)]
    return {"p50": at(50), "p99": at(99)}


def timed(ask, queries, rounds):
    millis = []
    for round_ in range(rounds + 1):
        for query in queries:
            started = time.perf_counter()
            ask(query)
            if round_:
                millis.append((time.perf_counter() - started) * 1e3)
    return percentiles(millis)


def bm25s_peer(documents, queries, rounds, _):
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index(bm25s.tokenize(documents, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def ask(query):
        words = bm25s.tokenize([query], stopwords="en", stemmer=stemmer, show_progress=False, return_ids=False)
        engine.retrieve(words, k=10, show_progress=False, n_threads=0)

    return timed(ask, queries, rounds)


def xapian_peer(documents, queries, rounds, scratch):
    import xapian

    stemmer = xapian.Stem("english")
    writer = xapian.WritableDatabase(scratch, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(stemmer)
    generator.set_stemming_strategy(generator.STEM_ALL)
    for text in documents:
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(text)
        writer.add_document(document)
    writer.commit()
    writer.close()
    database = xapian.Database(scratch)
    stop = set(STOP)

    def ask(query):
        words = dict.fromkeys(word for word in re.findall(r"\w+", query.lower()) if word not in stop)
        enquire = xapian.Enquire(database)
        enquire.set_weighting_scheme(xapian.BM25Weight())
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, list(dict.fromkeys(stemmer(word).decode() for word in words))))
        return [match.docid for match in enquire.get_mset(0, 10)]

    return timed(ask, queries, rounds)


PEERS = {"bm25s": bm25s_peer, "Xapian": xapian_peer}


def run(command):
    """The last lines of a program's output as JSON, or why there is none."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return None, f"{last[:200]} (exit status {done.returncode})"
    return done.stdout, None


def ours(arguments, folder, hybrid):
    """Rows of this project's engines, and of the bare query."""
    rounds = str(arguments.rounds)
    found = []
    for kind in [["text"]] + ([["hybrid"]] if hybrid else []):
        dimensions = DIMENSIONS if kind == ["hybrid"] else []
        output, why = run([arguments.bench, *kind, str(folder), arguments.split, rounds, *dimensions])
        if why:
            sys.exit(f"{arguments.bench}: {why}")
        found += [(row["engine"], row) for row in map(json.loads, output.splitlines())]
    return found


def theirs(arguments, folder, scratch):
    """Rows of other engines; in place of times why there are none."""
    for name, python in [("bm25s", sys.executable), ("Xapian", arguments.xapian_python)]:
        place = scratch / name
        command = [python, __file__, "--peer", name, "--dataset", str(folder), "--split", arguments.split]
        output, why = run([*command, "--rounds", str(arguments.rounds), "--scratch", str(place)])
        yield name, why if why else json.loads(output)
    yield "Lucene", lucene(arguments, folder, scratch)


def lucene(arguments, folder, scratch):
    if not arguments.lucene_jar:
        return "no --lucene-jar"
    if not shutil.which("java"):
        return "no java"
    documents, queries = texts(folder, arguments.split)
    for name, held in [("documents", documents), ("queries", queries)]:
        (scratch / name).write_text("".join(" ".join(text.split()) + "\n" for text in held), encoding="utf-8")
    paths = [str(scratch / name) for name in ["documents", "queries", "lucene"]]
    source = str(HERE / "Lucene.java")
    output, why = run(["java", "-Xmx4g", "-cp", arguments.lucene_jar, source, *paths, str(arguments.rounds)])
    return why if why else json.loads(output.strip().splitlines()[-1])


def table(name, rows):
    times = {engine: row for engine, row in rows if isinstance(row, dict)}
    own, bare = times["groundline lexical"]["p50"], times["bare tantivy, same index"]["p50"]
    print(f"\n{name}\n{'':34} {'p50 ms':>9} {'p99 ms':>9} {'p50 / ours':>11} {'p50 / bare':>11}")
    for engine, row in rows:
        if isinstance(row, dict):
            print(f"{engine:34} {row['p50']:9.3f} {row['p99']:9.3f} {row['p50'] / own:11.2f} {row['p50'] / bare:11.2f}")
        else:
            print(f"{engine:34} not measured: {row}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=pathlib.Path, required=True, help="a folder in the BEIR layout")
    parser.add_argument("--split", default="test")
    parser.add_argument("--bench", help="the built `search` bench program")
    parser.add_argument("--passages", type=int, nargs="*", default=[], help="sizes of generated collections")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lucene-jar")
    parser.add_argument("--xapian-python", default="/usr/bin/python3")
    parser.add_argument("--peer", choices=sorted(PEERS), help=argparse.SUPPRESS)
    parser.add_argument("--scratch", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        documents, queries = texts(arguments.dataset, arguments.split)
        print(json.dumps(PEERS[arguments.peer](documents, queries, arguments.rounds, arguments.scratch)))
        return
    if not arguments.bench:
        parser.error("--bench is needed")
    print(time.strftime("%Y-%m-%d"), os.cpu_count(), "cores, load", os.getloadavg()[0])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        collections = [(arguments.dataset.resolve().name, arguments.dataset, False)]
        for number in arguments.passages:
            folder = generate(arguments.dataset, arguments.split, number, scratch / f"generated-{number}")
            collections.append((f"{number} generated passages", folder, number == max(arguments.passages)))
        for name, folder, hybrid in collections:
            place = scratch / f"engines-{name.replace(' ', '-')}"
            place.mkdir()
            table(name, ours(arguments, folder, hybrid) + list(theirs(arguments, folder, place)))


if __name__ == "__main__":
    main()
