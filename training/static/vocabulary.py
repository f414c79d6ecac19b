"""Chooses the table's vocabulary: the BERT tokens that our texts use, and whole words added to them.

A whole word is added when BERT cuts it into pieces and our texts use it often enough, so that
"metformin" has a row of its own and need not be guessed from met, ##form and ##in.
"""

import json
import re
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

import sources
import student

WORD = re.compile(r"[a-z][a-z0-9]{2,23}")  # hba1c and dvt too
SPECIAL = ["[UNK]"]


def teacher_vocabulary(model: Path) -> list[str]:
    with open(model / "tokenizer.json", encoding="utf-8") as file:
        vocabulary = json.load(file)["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.get)


def words_of(tokenizer: Tokenizer, texts: list[str]) -> Counter:
    """How many texts use each word, as BERT's pre-tokeniser sees it."""
    found = Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        found.update({word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)})
    return found


def texts_for_counting(found: list[sources.Source]) -> tuple[list[str], list[str]]:
    """Every running text, and every name, each once."""
    running, names = set(), set()
    for source in found:
        running.update(source.passages)
        running.update(source.sentences)
        running.update(source.queries)
        names.update(source.phrases)
    return sorted(running), sorted(names - running)


def choose(
    model: Path, found: list[sources.Source], least: int, most_words: int, pairs: list[tuple[str, str]]
) -> list[str]:
    """Kept tokens in the teacher's order, then added words, the most used first.

    A word counts by the running texts that use it; a name from a list counts for a fifth. The words of
    our own lexicon (brands, generics, lay words) are added however seldom the texts use them. Last come the
    British spellings whose American form (`pairs`) is a whole word of the table.
    """
    base = teacher_vocabulary(model)
    tokenizer = student.wordpiece(base)
    running, names = texts_for_counting(found)
    use = words_of(tokenizer, running)
    named = words_of(tokenizer, names)
    own = words_of(tokenizer, [text for source in found if source.name == "lexicon" for text in source.phrases])
    used_pieces: set[str] = set()
    cut: dict[str, float] = {}
    for word in set(use) | set(named):
        pieces = tokenizer.encode(word).tokens
        used_pieces.update(pieces)
        weight = use[word] + named[word] / 5
        if word in own:
            weight += least
        if len(pieces) > 1 and WORD.fullmatch(word) and weight >= least:
            cut[word] = weight
    added = sorted(cut, key=lambda word: (-cut[word], word))[:most_words]
    # Letters and digits stay, with and without ##, so that no plain word is unknown.
    kept = [
        token
        for token in base
        if token in SPECIAL
        or (not token.startswith("[unused") and token not in ("[PAD]", "[CLS]", "[SEP]", "[MASK]"))
        and (token in used_pieces or re.fullmatch(r"(##)?[a-z0-9]", token) or plain(token))
    ]
    whole = {*kept, *added}
    british = sorted({ours for ours, american in pairs if american in whole and ours not in whole})
    return kept + added + british


def plain(token: str) -> bool:
    """A whole English word of the teacher's: unseen here, but a claim may still use it."""
    return bool(re.fullmatch(r"[a-z]{3,}|[0-9]{1,4}", token))


def write(path: Path, vocabulary: list[str]) -> None:
    path.write_text("\n".join(vocabulary) + "\n", encoding="utf-8")


def read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]
