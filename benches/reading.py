#!/usr/bin/env python3
"""Measures PDF reading against poppler and PDFium: numbers and words kept, pages a CPU-second.

    pip install -r benches/requirements.txt
    cargo build --release --bench reading        # its path is printed by `cargo bench --no-run --bench reading`
    python3 benches/reading.py --program target/release/deps/reading-* ../shared/guidelines/*.pdf

A number is a run of digits. Numbers are counted page by page before any cleaning: every number that poppler or PDFium
finds on a page must stand in the stored text of that page or of its neighbours (a sentence that goes on overleaf is
stored with its beginning), or among the texts that the reader says it left out on purpose. Words are counted by
document, against poppler alone. `--lost` lists every lost number with its page. Nothing is judged about order.
"""

import argparse
import collections
import json
import os
import re
import resource
import subprocess
import sys
import time

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
NUMBER = re.compile(r"[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[₀₁₂₃₄₅₆₇₈₉]+")
WORD = re.compile(r"[^\W\d_]{2,}")
PDFIUM = "import sys,pypdfium2 as p\nfor f in sys.argv[1:]:\n d=p.PdfDocument(f)\n for i in range(len(d)): d[i].get_textpage().get_text_bounded()\n"


def numbers(text):
    return collections.Counter(found.translate(RAISED) for found in NUMBER.findall(text))


def cpu(command):
    """Runs a command; gives its output and the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pdfium_pages(path):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
    # PDFium marks a hyphen at a line's end so.
    return [page.replace("\ufffe", "-") for page in pages]


def poppler_pages(path):
    text = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], stdout=subprocess.PIPE, check=False).stdout
    return text.decode("utf-8", "replace").split("\f")


def lost_numbers(ours, others):
    """For each page the numbers that the others have and neither the page nor its neighbours hold."""
    left = [numbers(page) for page in ours]
    lost = []
    for index, wanted in enumerate(others):
        have = left[index] if index < len(left) else collections.Counter()
        missing = wanted - have
        if index < len(left):
            left[index] = have - wanted
        lost.append(missing)
    for index, missing in enumerate(lost):
        for near in (index - 1, index - 2, index - 3, index + 1):
            if 0 <= near < len(left):
                both = missing & left[near]
                missing -= both
                left[near] -= both
        lost[index] = missing
    return lost


def union(one, other):
    """What either reader finds, but for numbers that one of them made by undoing a hyphen: "1331-" and "1346"."""
    def without_joined(here, there):
        here, pieces = here.copy(), there - here
        for number in list((here - there).elements()):
            cuts = range(1, len(number))
            if any(pieces[number[:cut]] and pieces[number[cut:]] for cut in cuts):
                here[number] -= 1
        return +here

    return without_joined(one, other) | without_joined(other, one)


def words(text):
    return collections.Counter(word.lower() for word in WORD.findall(text))


def poppler_words(text, ours):
    """Poppler leaves hyphens at line ends; they are undone where the whole word is one of ours."""
    def whole(match):
        joined = match[1] + match[2]
        return joined if joined.lower() in ours else match[0]

    return words(re.sub(r"([^\W\d_]+)[-\u00ad]\n+([^\W\d_]+)", whole, text))


def quality(arguments):
    line = "{:44} {:>6} {:>8} {:>6} {:>8} {:>8} {:>5}"
    print(line.format("file", "pages", "numbers", "lost", "kept", "words", "doubt"))
    sums = collections.Counter()
    for path in arguments.files:
        output, _ = cpu([arguments.program, "groundline", path])
        read = json.loads(output)
        name = os.path.basename(path)
        if "error" in read:
            print(name, read["error"])
            continue
        ours = [stored + "\n" + left for stored, left in zip(read["pages"], read["left_out"])]
        poppler, pdfium = poppler_pages(path), pdfium_pages(path)
        poppler += [""] * (len(pdfium) - len(poppler))
        both = [union(numbers(one), numbers(other)) for one, other in zip(poppler, pdfium)]
        lost = lost_numbers(ours, both)
        wanted, missing = sum(sum(page.values()) for page in both), sum(sum(page.values()) for page in lost)
        our_words = words("\n".join(ours))
        their_words = poppler_words("\n".join(poppler), our_words)
        found = sum((their_words & our_words).values())
        sums.update(pages=len(pdfium), wanted=wanted, missing=missing, words=sum(their_words.values()), found=found)
        sums.update(doubted=len(read["doubted"]))
        shown = (1 - missing / max(wanted, 1), found / max(sum(their_words.values()), 1))
        print(line.format(name[:44], len(pdfium), wanted, missing, *(f"{share:.4f}" for share in shown), len(read["doubted"])))
        if arguments.lost:
            for index, page in enumerate(lost):
                if page:
                    print(f"    page {index + 1}: {' '.join(sorted(page.elements()))}")
        if arguments.lost_words:
            print("    " + " ".join(f"{word}:{count}" for word, count in (their_words - our_words).most_common(30)))
    shown = (1 - sums["missing"] / max(sums["wanted"], 1), sums["found"] / max(sums["words"], 1))
    print(line.format("all", sums["pages"], sums["wanted"], sums["missing"], *(f"{share:.4f}" for share in shown), sums["doubted"]))
    return sums["pages"]


def speed(arguments, pages):
    """All files one after the other, each reader in one process a file; the best of several rounds."""
    readers = {
        "groundline": lambda path: [arguments.program, "groundline", path],
        "pdf-extract": lambda path: [arguments.program, "pdf-extract", path],
        "PDFium": lambda path: [sys.executable, "-c", PDFIUM, path],
        "poppler": lambda path: ["pdftotext", "-enc", "UTF-8", path, "/dev/null"],
    }
    _, start = cpu([sys.executable, "-c", "import pypdfium2"])
    for name, command in readers.items():
        best = min(sum(cpu(command(path))[1] for path in arguments.files) for _ in range(arguments.rounds))
        if name == "PDFium":
            # Starting Python is none of PDFium's work.
            best = max(best - start * len(arguments.files), 0.001)
        print(f"{name:12} {best:8.2f} CPU-seconds {pages / best:8.0f} pages a CPU-second")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--program", required=True, help="the built `reading` bench program")
    parser.add_argument("--lost", action="store_true", help="list lost numbers with their pages")
    parser.add_argument("--lost-words", action="store_true", help="list the words lost most often")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed measurement; 0 leaves it out")
    arguments = parser.parse_args()
    print(time.strftime("%Y-%m-%d"), os.cpu_count(), "cores", arguments.program)
    pages = quality(arguments)
    if arguments.rounds:
        speed(arguments, pages)


if __name__ == "__main__":
    main()
