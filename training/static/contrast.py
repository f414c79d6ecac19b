"""Moves the fitted rows so that the right passage comes first, and stays near the ridge solution.

Three losses share each step, all on cosines:

* pairs: softmax over the batch and its hard negatives, one right passage a query;
* lists: the teacher's own similarities over a pool of near passages, matched by cross-entropy;
* pull: the squared distance of each touched row from its ridge solution.

The model is linear up to the normalisation, so the gradients are written out; no autodiff is needed.
"""

import numpy as np
import scipy.sparse as sparse


class Rows:
    """One side's rows with Adam's moments, updated only where a batch touches them."""

    def __init__(self, rows: np.ndarray, rate: float, pull: float):
        self.rows = rows.astype(np.float32).copy()
        self.start = self.rows.copy()
        self.mean = np.zeros_like(self.rows)
        self.square = np.zeros(len(self.rows), dtype=np.float32)
        self.steps = np.zeros(len(self.rows), dtype=np.float32)
        self.rate, self.pull = rate, pull

    def update(self, touched: np.ndarray, gradient: np.ndarray, rate_now: float) -> None:
        gradient = gradient + self.pull * (self.rows[touched] - self.start[touched])
        self.steps[touched] += 1
        steps = self.steps[touched][:, None]
        mean = 0.9 * self.mean[touched] + 0.1 * gradient
        square = 0.99 * self.square[touched] + 0.01 * np.mean(gradient**2, axis=1)
        self.mean[touched] = mean
        self.square[touched] = square
        mean = mean / (1 - 0.9**steps)
        root = np.sqrt(square[:, None] / (1 - 0.99**steps)) + 1e-8
        self.rows[touched] -= self.rate * rate_now * mean / root


def compact(matrix: sparse.csr_matrix) -> tuple[np.ndarray, sparse.csr_matrix]:
    """The columns in use, and the matrix over those columns alone."""
    touched, inverse = np.unique(matrix.indices, return_inverse=True)
    small = sparse.csr_matrix((matrix.data, inverse, matrix.indptr), (matrix.shape[0], len(touched)))
    return touched, small


def forward(small: sparse.csr_matrix, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors and the lengths they had."""
    raw = small @ rows
    length = np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6)
    return raw / length, length


def backward(small: sparse.csr_matrix, unit: np.ndarray, length: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    inner = np.einsum("ij,ij->i", unit, gradient)[:, None]
    return small.T @ ((gradient - unit * inner) / length)


def softmax(logits: np.ndarray) -> np.ndarray:
    logits = logits - logits.max(axis=1, keepdims=True)
    power = np.exp(logits)
    return power / power.sum(axis=1, keepdims=True)


def step(
    queries: Rows,
    passages: Rows,
    query_counts: sparse.csr_matrix,
    passage_counts: sparse.csr_matrix,
    target: np.ndarray,
    mask: np.ndarray | None,
    temperature: float,
    weight: float,
    rate_now: float,
) -> float:
    """One step of cross-entropy between `target` and the softmax of cosines. Returns the loss."""
    touched_q, small_q = compact(query_counts)
    touched_p, small_p = compact(passage_counts)
    unit_q, length_q = forward(small_q, queries.rows[touched_q])
    unit_p, length_p = forward(small_p, passages.rows[touched_p])
    logits = unit_q @ unit_p.T / temperature
    if mask is not None:
        logits[mask] = -1e4
    found = softmax(logits)
    loss = float(-(target * np.log(found + 1e-9)).sum() / len(target))
    slope = weight * (found - target) / (temperature * len(target))
    gradient_q = backward(small_q, unit_q, length_q, slope @ unit_p)
    gradient_p = backward(small_p, unit_p, length_p, slope.T @ unit_q)
    if queries is passages:
        both = np.union1d(touched_q, touched_p)
        gradient = np.zeros((len(both), gradient_q.shape[1]), dtype=np.float32)
        gradient[np.searchsorted(both, touched_q)] += gradient_q
        gradient[np.searchsorted(both, touched_p)] += gradient_p
        queries.update(both, gradient, rate_now)
    else:
        queries.update(touched_q, gradient_q, rate_now)
        passages.update(touched_p, gradient_p, rate_now)
    return loss
