"""British spellings that share a row with the American one, and misspelled copies of queries.

The program folds spellings and corrects typing errors for its words; the table has to stand both by itself.
"""

import random
import re
from pathlib import Path

import numpy as np

import sources

# Letters beside each other on the keyboard, and letters that sound alike.
BESIDE = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok", "j": "hku",
    "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg",
    "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xa",
}  # fmt: skip
SOUND = [("ph", "f"), ("ae", "e"), ("oe", "e"), ("y", "i"), ("rrh", "r"), ("ei", "ie"), ("ie", "ei"), ("th", "t"), ("ch", "k")]
LONG = re.compile(r"[A-Za-z]{6,}")  # a shorter word misspelled is often another word


def spellings(folder: Path) -> list[tuple[str, str]]:
    """British and American forms of one word each."""
    path = folder / "spelling.tsv"
    if not path.exists():
        return []
    rows = [(row["british"].lower(), row["american"].lower()) for row in sources.table(path)]
    return [row for row in rows if all(re.fullmatch(r"[a-z]{3,}", word) for word in row) and row[0] != row[1]]


def twins(words: list[str], pairs: list[tuple[str, str]]) -> np.ndarray:
    """For every row the row it shares: a British word's is the American word's, any other's its own."""
    place = {word: number for number, word in enumerate(words)}
    shared = np.arange(len(words), dtype=np.int32)
    for british, american in pairs:
        if british in place and american in place:
            shared[place[british]] = place[american]
    return shared[shared]


def misspelled_word(word: str, chance: random.Random) -> str:
    """One slip: a letter dropped, doubled, swapped with the next, a neighbour's key, or a sound written otherwise."""
    heard = [pair for pair in SOUND if pair[0] in word[1:].lower()]
    slip = chance.choice(["drop", "double", "swap", "beside"] + ["sound"] * 2 * bool(heard))
    if slip == "sound":
        old, new = chance.choice(heard)
        at = word.lower().index(old, 1)
        return word[:at] + new + word[at + len(old) :]
    at = chance.randrange(1, len(word) - 1)
    letter = word[at]
    if slip == "swap" and word[at + 1] == letter:
        slip = "drop"
    return {
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + letter + word[at:],
        "swap": word[:at] + word[at + 1] + letter + word[at + 2 :],
        "beside": word[:at] + chance.choice(BESIDE[letter.lower()]) + word[at + 1 :],
    }[slip]


def misspelled(text: str, seed: int = 0) -> str:
    """The text with one of its long words misspelled, or the text itself where it has none."""
    chance = random.Random(f"{seed} {text}")
    found = list(LONG.finditer(text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + misspelled_word(match.group(), chance) + text[match.end() :]
