#!/usr/bin/env python3
"""Measures what a build costs after one document of many changed, against a build from nothing.

    cargo build --release
    python3 benches/rebuild.py --program target/release/groundline                          # small Markdown documents
    python3 benches/rebuild.py --program target/release/groundline ../shared/guidelines     # real ones, as often as needed

The corpus is made in a temporary folder: `--documents` versions (1,000), each with an id, a sidecar and bytes of its
own. Small ones are written here, with twenty statements each; real ones are copies of the files in the folder that is
named, each with a sentence of its own (a comment in XML and PDF, which a reader passes over and a digest does not).
Then: a build from nothing; a build with nothing changed; a build with one document changed (`--repeat` times, the
median counts); and a build of that last corpus from nothing in another index folder, whose every file must be equal to
the incremental build's, byte for byte. Exit status 1 where one is not.
"""

import argparse
import json
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ENDINGS = {".pdf", ".html", ".htm", ".xml", ".md", ".txt"}
DRUGS = "amlodipine atorvastatin metformin warfarin apixaban lisinopril salbutamol omeprazole sertraline allopurinol".split()
ILLS = "hypertension diabetes asthma gout depression stroke angina pneumonia migraine osteoporosis".split()


def small(at, chance):
    """A Markdown document of about four kilobytes."""
    lines = [f"# Guideline {at} on {ILLS[at % 10]}", ""]
    for section in range(5):
        lines += [f"## Care of {chance.choice(ILLS)}, part {section + 1}", ""]
        for _ in range(4):
            drug, ill, low = chance.choice(DRUGS), chance.choice(ILLS), chance.randint(20, 60)
            lines += [
                f"For adults aged {low} to {low + 25} years with {ill} we recommend {drug} {chance.randint(1, 80) * 5} mg "
                f"once daily, reviewed after {chance.randint(2, 12)} weeks, because it lowers the risk of {chance.choice(ILLS)} "
                f"in people such as those of group {at}.",
                "",
            ]
    return "\n".join(lines).encode()


def varied(path, at):
    """The bytes of a real document, changed so that no other copy has the same."""
    content, sentence = path.read_bytes(), f"This copy bears the number {at} and is read by nobody."
    if path.suffix == ".pdf":
        return content + f"\n% {sentence}\n".encode()
    if path.suffix == ".xml":
        return content + f"\n<!-- {sentence} -->\n".encode()
    if path.suffix in {".html", ".htm"}:
        end = content.lower().rfind(b"</body>")
        return content[:end] + f"<p>{sentence}</p>".encode() + content[end:] if end > 0 else content + sentence.encode()
    return content + f"\n\n{sentence}\n".encode()


def make(corpus, originals, count):
    chance = random.Random(7)
    for at in range(count):
        original = originals[at % len(originals)] if originals else None
        ending = original.suffix if original else ".md"
        name = f"d{at:05}"
        content = varied(original, at) if original else small(at, chance)
        (corpus / f"{name}{ending}").write_bytes(content)
        facts = f'title = "Document {at}"\nversion = "1"\npublisher = "Nobody"\npublished = "2020"\nlicence = "CC0-1.0"\n'
        (corpus / f"{name}.toml").write_text(facts)


def change(corpus, word):
    """Adds a sentence to the document in the middle that is text."""
    texts = sorted(path for path in corpus.iterdir() if path.suffix in {".md", ".html", ".txt"})
    path = texts[len(texts) // 2]
    sentence = f"A sentence with the word {word} was added here."
    content = path.read_bytes()
    end = content.lower().rfind(b"</body>")
    if end > 0:
        content = content[:end] + f"<p>{sentence}</p>".encode() + content[end:]
    else:
        content += f"\n\n{sentence}\n".encode()
    path.write_bytes(content)


def build(program, folder, index="index"):
    """Gives the seconds that a build took, those of processors that it and its children used, and what it said."""
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "index", "build", "--json", "--corpus", folder / "corpus", "--index", folder / index]
    done = subprocess.run(command, capture_output=True, check=False)
    took, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode not in (0, 3):
        sys.exit(done.stderr.decode())
    return took, cpu, json.loads(done.stdout)


def files(folder, index, answer):
    manifest = folder / index / "snapshots" / answer["snapshot"]["id"] / "MANIFEST.json"
    return json.loads(manifest.read_text())["files"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("originals", nargs="?", type=pathlib.Path, help="a folder of real documents")
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    program = given.program.resolve()
    originals = sorted(path for path in given.originals.iterdir() if path.suffix in ENDINGS) if given.originals else []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rebuild-"))
    try:
        (folder / "corpus").mkdir()
        make(folder / "corpus", originals, given.documents)
        size = sum(path.stat().st_size for path in (folder / "corpus").iterdir())
        print(f"{given.documents} documents, {size / 1e6:.0f} MB")
        def told(name, took, cpu, more=""):
            print(f"{name:<16}{took:8.2f} s {cpu:8.2f} CPU s  {more}", flush=True)

        whole, cpu, answer = build(program, folder)
        snapshot = answer["snapshot"]
        told("from nothing", whole, cpu, f"{snapshot['versions']} documents, {snapshot['passages']} passages")
        again, used, _ = build(program, folder)
        told("nothing changed", again, used)
        times = []
        for at in range(given.repeat):
            change(folder / "corpus", f"zalpha{at}")
            took, used, answer = build(program, folder)
            times.append((took, used))
            told("one changed", took, used, f"{answer['documents_read']} read, {answer['documents_kept']} kept")
        other, other_cpu, from_nothing = build(program, folder, "other")
        one, two = files(folder, "index", answer), files(folder, "other", from_nothing)
        differing = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
        equal = not differing and answer["snapshot"]["id"] == from_nothing["snapshot"]["id"]
        told("from nothing", other, other_cpu, f"{len(one)} files, " + ("all equal" if equal else f"differing: {differing[:5]}"))
        share = [100 * statistics.median(column) / least for column, least in zip(zip(*times), (min(whole, other), min(cpu, other_cpu)))]
        print(f"one changed, median: {share[0]:.1f} % of the time of a build from nothing, {share[1]:.1f} % of its CPU time")
        return 0 if equal else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
