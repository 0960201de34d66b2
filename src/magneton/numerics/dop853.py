"""The Runge-Kutta method DOP853: its coefficients, and how its steps are chosen.

Source: [HairerNorsettWanner1993]_ section II.5: the method of Dormand and Prince of order 8, with error estimates of
order 5 and 3 and a dense output of order 7; the coefficients are SciPy's.
"""

import math

import numpy as np
from scipy.integrate import DOP853

from magneton._jit import uncounted_kernel

#: Stages of a step; the row after them in the tableau is its end, and those after that are for dense output only.
STAGES = 12
#: When each row is evaluated, in steps, shape (16,).
NODES = np.concatenate([DOP853.C, [1.0], DOP853.C_EXTRA])
#: Weights of the rows before, shape (16, 16).
TABLEAU = np.zeros((16, 16))
TABLEAU[:STAGES, :STAGES] = DOP853.A
TABLEAU[STAGES, :STAGES] = DOP853.B
TABLEAU[STAGES + 1 :, :] = DOP853.A_EXTRA
#: Weights of the error estimates, and of the last four rows of dense output.
FIFTH, THIRD, DENSE = DOP853.E5, DOP853.E3, DOP853.D


@uncounted_kernel
def step_factor(error, rtol):
    """Return by how much the next step may be longer: the error grows as the eighth power."""
    if error == 0.0:
        return 6.0
    return min(6.0, max(0.2, 0.9 * math.sqrt(math.sqrt(math.sqrt(rtol / error)))))


@uncounted_kernel
def tick(clock, h):
    """Add a step to the time, a sum of two floats: the first two of `clock`."""
    change = clock[1] + h
    total = clock[0] + change
    clock[1] = change - (total - clock[0])
    clock[0] = total
