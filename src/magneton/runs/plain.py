"""A run's specification as plain JSON, its digest, and the words for what differs between two."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from magneton._check import shown

#: Arrays of more elements belong into a run's inputs: a manifest is meant to be read.
LARGEST_ARRAY = 1000
#: Kinds of dtype that are data: numbers, texts and times, not Python's objects.
KINDS = "biufcSUmM"
#: What is kept of an input array.
_IDENTITY = {"shape", "dtype", "sha256"}


def plain(name: str, value: Any) -> Any:
    """Return a value as JSON has it: numpy's scalars and arrays as numbers and lists, nan and infinity as text.

    Raises
    ------
    ValueError
        For what JSON does not have, naming where it is.
    """
    try:
        return _plain(name, value)
    except RecursionError:
        raise ValueError(f"{name} must not contain itself") from None


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        if value.size > LARGEST_ARRAY:
            raise ValueError(
                f"{name} must have at most {LARGEST_ARRAY} elements, got {value.size}; "
                "larger arrays belong into inputs"
            )
        value = value.tolist()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ValueError(f"{name} must have texts for keys, got {shown(key)}")
        return {str(key): _plain(f"{name}.{key}", item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(f"{name}[{i}]", item) for i, item in enumerate(value)]
    raise ValueError(f"{name} must be a number, text, list or dict, got {shown(value)}")


def text_of(value: Any) -> str:
    """Return a plain value as text that is the same for the same value."""
    return json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a plain value."""
    return hashlib.sha256(text_of(value).encode()).hexdigest()


def array_identity(name: str, value: Any) -> dict[str, Any]:
    """Return the shape, dtype and SHA-256 of an input array."""
    array = np.asarray(value)
    if array.dtype.kind not in KINDS:
        raise ValueError(f"{name} must be an array of numbers or texts, got {shown(value)}")
    digest = hashlib.sha256(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data).hexdigest()
    return {"shape": list(array.shape), "dtype": array.dtype.str, "sha256": digest}


def differences(name: str, there: Any, here: Any) -> Iterator[str]:
    """Yield, in words, where two plain values differ."""
    if isinstance(there, dict) and isinstance(here, dict):
        for key in there | here:
            if key == "sha256" and there.keys() == here.keys() == _IDENTITY:
                if there[key] != here[key] and there["shape"] == here["shape"]:
                    yield f"{name} has other values here than there"
            elif key not in here or key not in there:
                yield f"{name}.{key} is only {'there' if key in there else 'here'}"
            else:
                yield from differences(f"{name}.{key}", there[key], here[key])
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for i, pair in enumerate(zip(there, here, strict=True)):
            yield from differences(f"{name}[{i}]", *pair)
    elif text_of(there) != text_of(here):
        yield f"{name} is {shown(there)} there and {shown(here)} here"
