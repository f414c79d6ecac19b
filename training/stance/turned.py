"""Makes claims that say the contrary from the training claims: a word exchanged for its opposite, a negation put in or taken out,
a number changed. A supported claim becomes a contradicted one, and the other way round (numbers: from supported alone).

One changed form at most of each kind a pair; everything is drawn by a hash of the pair's id, so that a run repeats.
"""

import argparse
import hashlib
import json
import pathlib
import re
import sys

FLIP = {"SUPPORT": "CONTRADICT", "CONTRADICT": "SUPPORT"}
# Only words that say what happens: "early" for "late" changes who is meant, and may be true as well.
KINDS = {"direction", "benefit", "advice"}
AUXILIARY = r"\b(is|are|was|were|can|could|may|will|should|has|have)\b(?! not)"


def draw(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def opposites(path):
    """word -> opposites, with the regular inflections of both."""
    found = {}
    for line in path.read_text().splitlines()[1:]:
        kind, left, right = line.split("\t")
        if kind not in KINDS:
            continue
        for a, b in zip(inflected(left), inflected(right)):
            found.setdefault(a, []).append(b)
            found.setdefault(b, []).append(a)
    return found


def inflected(word):
    if word.endswith("e"):
        return [word, word + "s", word + "d", word[:-1] + "ing"]
    return [word, word + "s", word + "ed", word + "ing"]


def exchanged(claim, words, key):
    """The claim with one of its words exchanged for an opposite."""
    places = [m for m in re.finditer(r"[A-Za-z]+", claim) if m.group().lower() in words]
    if not places:
        return None
    place = places[draw(key) % len(places)]
    others = words[place.group().lower()]
    other = others[draw(key + "other") % len(others)]
    other = other.capitalize() if place.group()[0].isupper() else other
    return claim[: place.start()] + other + claim[place.end() :]


def negated(claim):
    """The claim with its first negation taken out, or one put in."""
    without = re.sub(r"\b(?:does|do|did) not (\w+)", r"\1s", claim, count=1)
    without = without if without != claim else re.sub(r"\b(is|are|was|were|can|may|should|has|have) not\b", r"\1", claim, count=1)
    without = without if without != claim else re.sub(r"\bcannot\b", "can", claim, count=1)
    if without != claim:
        return without
    put = re.sub(AUXILIARY, r"\1 not", claim, count=1)
    if put != claim:
        return put
    put = re.sub(r"\b([a-z]{3,}[a-z])s\b(?=(?: \w+){1,})", lambda m: f"does not {m.group(1)}" if m.group(0) in VERBS else m.group(0), claim)
    return put if put != claim else None


VERBS = set(
    "increases decreases reduces promotes inhibits induces enhances improves prevents causes affects regulates activates "
    "suppresses impairs leads plays results protects mediates controls requires contributes raises lowers provides shows "
    "stimulates blocks drives correlates predicts decreases triggers facilitates limits delays extends influences modulates".split()
)


def renumbered(claim, key):
    """The claim with one of its numbers changed by a factor that no rounding explains."""
    places = [m for m in re.finditer(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-]|\.\d)", claim) if not re.fullmatch(r"(?:19|20)\d\d", m.group())]
    if not places:
        return None
    place = places[draw(key) % len(places)]
    factor = [0.5, 2, 3, 1.5, 0.2][draw(key + "factor") % 5]
    number = float(place.group()) * factor
    text = f"{number:.0f}" if number >= 1 and "." not in place.group() else f"{number:.2g}"
    return claim[: place.start()] + text + claim[place.end() :] if text != place.group() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opposites", type=pathlib.Path, required=True)
    parser.add_argument("sets", type=pathlib.Path, nargs="+", help="NAME.train.jsonl; NAME_turned.train.jsonl is written beside it")
    options = parser.parse_args()
    words = opposites(options.opposites)
    for path in options.sets:
        name, counts, rows = path.name.split(".")[0], {}, []
        for line in open(path, encoding="utf-8"):
            one = json.loads(line)
            if one["label"] not in FLIP:
                continue
            forms = {"word": exchanged(one["claim"], words, one["id"]), "negation": negated(one["claim"])}
            if one["label"] == "SUPPORT":
                forms["number"] = renumbered(one["claim"], one["id"])
            for kind, claim in forms.items():
                if claim and claim != one["claim"]:
                    counts[kind] = counts.get(kind, 0) + 1
                    rows.append({**one, "id": f"{one['id']}-{kind}", "claim": claim, "label": FLIP[one["label"]], "set": name + "_turned"})
        with open(path.with_name(f"{name}_turned.train.jsonl"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(name, len(rows), counts, file=sys.stderr)


if __name__ == "__main__":
    main()
