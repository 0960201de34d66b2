"""Contacts of rigid bodies: which two come to touch, and how they part."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np


def _pairs(constants: np.ndarray, state: np.ndarray) -> Iterator[tuple[tuple[int, int], float, float]]:
    """Yield two bodies that can touch, the gap between them, and how fast it closes."""
    able = np.flatnonzero(constants[:, 12] > 0.0)
    for second, j in enumerate(able.tolist()):
        for i in able[:second].tolist():
            apart = state[j, :3] - state[i, :3]
            distance = float(np.linalg.norm(apart))
            speed = state[j, 3:6] * constants[j, 1] - state[i, 3:6] * constants[i, 1]
            closing = -float(apart @ speed) / distance if distance else 0.0
            yield (i, j), distance - constants[i, 12] - constants[j, 12], closing


def nearest_pair(constants: np.ndarray, state: np.ndarray) -> tuple[float, tuple[int, int]]:
    """Return the smallest gap between bodies that can touch, and which two they are."""
    gap, pair = math.inf, (-1, -1)
    for two, between, _ in _pairs(constants, state):
        if between < gap:
            gap, pair = between, two
    return gap, pair


def closing_pair(constants: np.ndarray, state: np.ndarray) -> tuple[tuple[int, int], float]:
    """Return the two bodies that would touch first if all went on as they do, and how fast their gap closes."""

    def when(one: tuple[tuple[int, int], float, float]) -> tuple[float, float]:
        _, gap, closing = one
        return gap / closing if closing > 0.0 else math.inf, gap

    two, _, closing = min(_pairs(constants, state), key=when)
    return two, max(closing, 0.0)


def bounced(
    constants: np.ndarray, state: np.ndarray, pair: tuple[int, int], speed: float, restitution: float
) -> float:
    """Let two bodies that touch part, in place, with `restitution` times the speed of approach; return the heat.

    They are smooth: the impulse (1 + e) v/(1/m_i + 1/m_j) is along the line of centres, and the heat is
    (1 - e^2) v^2/(1/m_i + 1/m_j)/2, half in each.
    """
    i, j = pair
    reduced = 1.0 / (constants[i, 1] + constants[j, 1])
    apart = state[j, :3] - state[i, :3]
    impulse = (1.0 + restitution) * speed * reduced / np.linalg.norm(apart) * apart
    state[i, 3:6] -= impulse * constants[i, 13]
    state[j, 3:6] += impulse * constants[j, 13]
    heat = 0.5 * (1.0 - restitution) * (1.0 + restitution) * reduced * speed * speed
    state[[i, j], 13] += 0.5 * heat
    return float(heat)
