"""What every long run shares: items computed in chunks, streamed to disk, resumed, and certified.

A run computes `count` items (particles, spins) by a function ``work(start, stop)`` that depends on nothing but the
items asked for. So chunks may be computed in any session, and an interrupted run ends with the same arrays, bit
for bit, as an unbroken one. Items that follow from each other, moments in time, are computed in sequence, each chunk
from the state that the one before has left.
"""

from __future__ import annotations

from magneton.runs.certificate import Certificate, Drift, relative_drift
from magneton.runs.driver import Chunk, execute, load
from magneton.runs.run import Run

__all__ = ["Certificate", "Chunk", "Drift", "Run", "execute", "load", "relative_drift"]
