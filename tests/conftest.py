"""What holds for all tests."""

import pytest

_approx = pytest.approx


def _relative(expected, rel=None, abs=0.0, nan_ok=False):
    """Compare by the relative tolerance alone unless an absolute one is given.

    pytest adds 1e-12 by default. Moments of atoms, in SI, are a millionth of a millionth of that: any would pass.
    """
    return _approx(expected, rel=1e-6 if rel is None else rel, abs=abs, nan_ok=nan_ok)


pytest.approx = _relative
