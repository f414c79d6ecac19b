"""A text as the stance classifier's signals see it: words with stems, vectors, weights, signs, negations, short forms.

Everything is computed from words, their stems, the static vectors (a word's vector is the sum of its pieces' rows, its weight the
length of that sum, which falls with how common the word is) and the word lists here and in opposites.tsv. No index, no
counts of a corpus. src/appraise/stance has the same; a fixture keeps the two equal.
"""

import json
import re
import struct
import unicodedata

import numpy as np
import Stemmer  # PyStemmer: the English (Porter 2) stemmer of Snowball, the same that src/language/stem.rs takes


STOP = set(
    "a an the and or of in on at to for from by with as is are was were be been being it its this that these those there "
    "their they them we our us i you he she his her which who whom whose what when where how than then so such into onto "
    "has have had having do does did done can could may might would should will shall must if but not no nor none never "
    "without neither cannot non also both either each any some all via per between among during after before while "
    "because however although though whereas thus therefore here very et al only more less most least s t".split()
)
NEGATION = set("no not nor none never without neither cannot non hardly barely unable nobody nothing nowhere".split())
NEGATION_STEMS = {"lack", "absenc", "absent", "fail", "failur", "unabl", "inabl"}
BOUNDARY = set("but however although though whereas while which because since despite".split())
HEDGE = set(
    "may might could possibly possible perhaps probably suggest suggests suggested suggesting appear appears appeared seem "
    "seems likely potential potentially unclear unknown hypothesis hypothesize hypothesise whether remain remains".split()
)
FINDING = set(
    "found find finding show shows showed shown demonstrate demonstrates demonstrated reveal revealed observed identified "
    "conclude concluded conclusion conclusions result results resulted confirm confirmed indicate indicated evidence".split()
)
PURPOSE = set("aim aims aimed objective objectives background purpose investigate investigated sought evaluate assess assessed determine whether methods examined".split())
NULL = re.compile(
    r"\b(?:no|not|nor|without|little|lack of|fail(?:ed|s)? to|neither)\b(?:\W+\w+){0,5}?\W+"
    r"(?:differ\w*|associat\w*|effect\w*|affect\w*|chang\w*|improv\w*|increas\w*|decreas\w*|reduc\w*|benefi\w*|correlat\w*|influenc\w*|relat\w*|impact\w*|alter\w*|link\w*|evidence|advantage\w*|significan\w*|superior\w*|prevent\w*|protect\w*|lower\w*|rais\w*|caus\w*|lead|contribut\w*|enhanc\w*|induc\w*|work\w*|help\w*)\b"
    r"|\b(?:unchanged|unaffected|unaltered|independent(?:ly)? of|irrespective of|regardless of|similar(?:ly)?|comparable|equivalent|non-?significant\w*|insignificant\w*|non-?inferior\w*|dispensable|ineffective)\b",
    re.I,
)
NUMBERS = {word: str(at) for at, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
# Words that turn a statement round without standing in opposites.tsv as such: what is taken away from an agent, and inverse relations.
TURN = "deficien deplet knockout knockdown knock null ablat silenc delet loss lost invers negat antagon blockad withdraw neutrali disrupt impair protect resist".split()
SCOPE = 6
# Words of a sentence that are read; nothing that is fitted or measured is longer.
LONGEST_SENTENCE = 200
TOKEN = re.compile(r"[^\W\d_]+(?:-?\d+[^\W_]*)+|\d+(?:[.,]\d+)*%?|[^\W\d_]+|[,;:.()]")

stemmer = Stemmer.Stemmer("english")


class Vectors:
    def __init__(self, folder):
        data = (folder / "vectors.safetensors").read_bytes()
        size = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + size])
        body = data[8 + size :]

        def part(name, kind):
            begin, end = header[name]["data_offsets"]
            return np.frombuffer(body[begin:end], dtype=kind).reshape(header[name]["shape"])

        self.rows = part("passage.rows", np.int8)
        self.scale = part("passage.scale", np.float32)
        self.place = {piece: at for at, piece in enumerate((folder / "vocabulary.txt").read_text().split("\n")) if piece}
        self.known = {}

    def pieces(self, word):
        found, at = [], 0
        while at < len(word):
            for end in range(len(word), at, -1):
                row = self.place.get(("##" if at else "") + word[at:end])
                if row is not None:
                    found.append(row)
                    at = end
                    break
            else:
                return []
        return found

    def word(self, word):
        """Unit vector and weight of a word."""
        if word not in self.known:
            total = np.zeros(256, dtype=np.float32)
            # As the program's tokenizer does: without accents.
            bare = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
            for part in re.findall(r"[^\W_]+", bare):
                for row in self.pieces(part):
                    total += self.rows[row] * self.scale[row]
            weight = float(np.linalg.norm(total))
            self.known[word] = (total / weight if weight else total, weight)
        return self.known[word]


class Opposites:
    def __init__(self, path):
        self.sign, self.pairs = {}, set()
        votes = {}
        for line in path.read_text().splitlines()[1:]:
            kind, left, right = line.split("\t")
            left, right = stemmer.stemWord(left), stemmer.stemWord(right)
            self.pairs |= {(left, right), (right, left)}
            if kind != "other":
                votes.setdefault(left, {}).setdefault(kind, []).append(1)
                votes.setdefault(right, {}).setdefault(kind, []).append(-1)
        for stem, kinds in votes.items():
            for kind, signs in kinds.items():
                if abs(sum(signs)) == len(signs):
                    self.sign.setdefault(stem, {})[kind] = signs[0]
        self.stems = {a for a, _ in self.pairs}


class Text:
    """A sentence as the signals see it: its words with stem, vector, weight, sign and whether they are negated."""

    def __init__(self, text, vectors, opposites):
        text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‐", "-").replace("–", "-")
        text = re.sub(r"n't\b", " not", text.replace("can't", "cannot"))
        self.raw = text
        self.shorts = short_forms(text)
        words, self.boundary = [], []
        cut = True
        for match in TOKEN.finditer(text):
            if match.group()[0] in ",;:.()":
                cut = True
                continue
            if len(words) == LONGEST_SENTENCE:
                break
            words.append(match.group())
            self.boundary.append(cut)
            cut = False
        self.words = words
        self.lower = [word.lower() for word in words]
        self.stems = [NUMBERS.get(w, w) if w in NUMBERS else (stemmer.stemWord(w) if len(w) > 3 and not any(c.isdigit() for c in w) else w) for w in self.lower]
        self.size = len(words)
        both = [vectors.word(w) for w in self.lower]
        self.units = np.array([one[0] for one in both]).reshape(self.size, 256)
        self.weights = np.array([one[1] for one in both])
        self.content = np.array([w not in STOP and len(w) > 1 or w[0].isdigit() for w in self.lower], dtype=bool)
        self.number = np.array([s[0].isdigit() for s in self.stems], dtype=bool)
        # A word that no piece covers is rare: it weighs as much as the heaviest.
        self.weights = np.where(self.content & (self.weights == 0), 1.0, self.weights) * self.content
        self.cue = np.array([w in NEGATION or s in NEGATION_STEMS for w, s in zip(self.lower, self.stems)], dtype=bool)
        self.negated = np.zeros(self.size, dtype=int)
        for at in np.flatnonzero(self.cue):
            for to in range(at + 1, min(at + 1 + SCOPE, self.size)):
                if self.boundary[to] or self.lower[to] in BOUNDARY:
                    break
                self.negated[to] ^= 1
        self.signed = [(at, opposites.sign.get(stem, {})) for at, stem in enumerate(self.stems) if stem in opposites.stems]
        down = [opposites.sign.get(stem, {}).get("direction", 0) for stem in self.stems]
        turn = [any(w.startswith(one) for one in TURN) for w in self.lower]
        # 1 for a word that turns round, 0 for none, and whether a word says a direction at all.
        self.turns = np.array([int(d < 0 or t or c) for d, t, c in zip(down, turn, self.cue)], dtype=int)
        self.directed = np.array([int(d != 0 or t or c) for d, t, c in zip(down, turn, self.cue)], dtype=int)
        self.verb = [at for at, d in enumerate(down) if d and self.lower[at][-1:] == "s" and self.lower[at][-2:] != "ss" and at > 0]
        self.vector = (self.units * self.weights[:, None]).sum(axis=0) if self.size else np.zeros(256)
        self.clauses = np.cumsum([int(cut or w in BOUNDARY) for cut, w in zip(self.boundary, self.lower)])
        self.finding = any(w in FINDING for w in self.lower)
        self.purpose = any(w in PURPOSE for w in self.lower)
        self.null = bool(NULL.search(text))
        self.entity = np.array([any(c.isdigit() for c in w) or sum(c.isupper() for c in w) > 1 or (at > 0 and w[0].isupper()) for at, w in enumerate(words)], dtype=bool)


SHORT = re.compile(r"\(\s*([A-Za-z][A-Za-z0-9-]{1,9})\s*[,;)]")


def short_forms(raw):
    """Short forms that a text explains, as "long form (SHORT)": in lower case, with the stems of the long form's words."""
    found = {}
    for match in SHORT.finditer(raw):
        short = match.group(1)
        letters = [c.lower() for c in short.rstrip("s") if c.isalpha()]
        if len(letters) < 2 or sum(c.isupper() for c in short) < 2:
            continue
        before = re.findall(r"[A-Za-z0-9]+", raw[max(0, match.start() - 120) : match.start()])[-len(letters) - 4 :]
        # The shortest run of words before the bracket whose letters hold the short form's in their order, and whose first
        # letter is its first.
        for begin in range(len(before) - 1, -1, -1):
            words = [w.lower() for w in before[begin:]]
            if words[0][0] == letters[0] and in_order(letters, words):
                stems = {stemmer.stemWord(w) if len(w) > 3 else w for w in words if w not in STOP}
                found.setdefault(re.sub("-", "", short.lower()).rstrip("s"), stems)
                break
    return found


def in_order(letters, words):
    """Whether each word but small ones begins with the next letter, or letters stand in order within the words."""
    joined, at = "".join(words), 0
    for letter in letters:
        at = joined.find(letter, at)
        if at < 0:
            return False
        at += 1
    return sum(any(w[0] == letter for w in words) for letter in letters) >= 0.6 * len(letters)


def split(evidence):
    """Sentences: lines, and within a long line where a full stop is followed by a capital."""
    found = []
    for line in evidence.split("\n"):
        found += re.split(r"(?<=[a-z0-9)\]%][.!?]) +(?=[A-Z])", line)
    return [one for one in found if one.strip()]
