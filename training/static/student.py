"""The table's arithmetic: words to tokens to counts, and the ridge fit to the teacher.

A text's vector is the L2-normalised sum over its distinct tokens of damp(count) × row.
"""

import numpy as np
import scipy.sparse as sparse
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

# How much a passage's context (title, headings, lead) counts beside its text. Tuned on our `dev` claims: 0.25 to 0.5 are equal.
CONTEXT_WEIGHT = 0.4

DAMPING = {
    "none": lambda count: count,
    "log": lambda count: 1 + np.log(count),
    "sqrt": np.sqrt,
    "once": np.ones_like,
}


def wordpiece(vocabulary: list[str]) -> Tokenizer:
    """BERT's lower-cased, accent-stripped WordPiece, greedy longest match, over our vocabulary."""
    tokenizer = Tokenizer(
        models.WordPiece(
            {token: number for number, token in enumerate(vocabulary)},
            unk_token="[UNK]",
            max_input_chars_per_word=100,
        )
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def counts(
    tokenizer: Tokenizer, texts: list[str], damping: str, most: int = 256, twins: np.ndarray | None = None
) -> sparse.csr_matrix:
    """One row a text: damped counts of its first `most` tokens, [UNK] left out.

    `twins` gives for every token the token that it counts as (`spelling.twins`).
    """
    unknown = tokenizer.token_to_id("[UNK]")
    columns, values, ends = [], [], [0]
    total = 0
    for start in range(0, len(texts), 4096):
        for encoded in tokenizer.encode_batch(texts[start : start + 4096]):
            ids = np.array(encoded.ids[:most], dtype=np.int32)
            if twins is not None:
                ids = twins[ids]
            ids, count = np.unique(ids[ids != unknown], return_counts=True)
            columns.append(ids)
            values.append(DAMPING[damping](count.astype(np.float32)))
            total += len(ids)
            ends.append(total)
    return sparse.csr_matrix(
        (np.concatenate(values).astype(np.float32), np.concatenate(columns), np.array(ends)),
        (len(texts), tokenizer.get_vocab_size()),
    )


def normalise(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def embed(matrix: sparse.csr_matrix, rows: np.ndarray) -> np.ndarray:
    return normalise(matrix @ rows)


def token_weights(matrix: sparse.csr_matrix, a: float = 1e-3) -> np.ndarray:
    """sqrt(a / (a + share of texts with the token)): frequent tokens say little."""
    share = np.bincount(matrix.indices, minlength=matrix.shape[1]) / matrix.shape[0]
    return np.sqrt(a / (a + share)).astype(np.float32)


def weighted_mean(matrix: sparse.csr_matrix, weights: np.ndarray) -> sparse.csr_matrix:
    """Rows of the design: each text's token weights, summing to one."""
    design = matrix.copy()
    design.data = design.data * weights[design.indices]
    sums = np.maximum(np.asarray(design.sum(axis=1)).ravel(), 1e-9)
    design.data /= np.repeat(sums, np.diff(design.indptr)).astype(np.float32)
    return design


def ridge(design, target, start, pull: float, steps: int = 25, importance=None, report=None) -> np.ndarray:
    """Minimises |design × rows − target|² + pull × |rows − start|² by conjugate gradients."""
    if importance is not None:
        root = np.sqrt(importance).astype(np.float32)
        design = sparse.diags(root) @ design
        target = target * root[:, None]
    design = sparse.csr_matrix(design, dtype=np.float32)
    transposed = design.T.tocsr()
    change = np.zeros_like(start)
    residual = transposed @ (target - design @ start)
    direction = residual.copy()
    size = np.einsum("ij,ij->j", residual, residual)
    for step in range(steps):
        image = transposed @ (design @ direction) + pull * direction
        length = size / np.maximum(np.einsum("ij,ij->j", direction, image), 1e-20)
        change += direction * length
        residual -= image * length
        after = np.einsum("ij,ij->j", residual, residual)
        direction = residual + direction * (after / np.maximum(size, 1e-20))
        size = after
        if report and (step + 1) % 5 == 0:
            report(step + 1, start + change)
    return start + change
