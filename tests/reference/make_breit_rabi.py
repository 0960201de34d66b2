"""Make breit_rabi.csv: hyperfine levels in a field, their moments and transitions, from whole matrices."""

import random

from _common import log_uniform, write
from mpmath import mp, mpf

DPS = 90
H, MU_B, MU_N = mpf(6.62607015e-34), mpf(9.2740100657e-24), mpf(5.0507837393e-27)
ABOUT = (
    "Levels (F, m) of J and I in a field B [T] along z, of the Hamiltonian A I.J + (g_J mu_B J_z - g_I mu_N I_z) B",
    "+ Q [3 (I.J)^2 + 3/2 I.J - I(I + 1) J(J + 1)]/[2I (2I - 1) J (2J - 1)], A and Q in J:",
    "energy [J], shift from B = 0 [J] and moment -dE/dB [J/T] of the upper level; of the transition",
    "frequency (E_upper - E_lower)/h [Hz], its first [Hz/T] and second [Hz/T^2] derivative by B",
    f"eigenvalues and states of the matrices of one m at {DPS} digits (Jacobi), derivatives by perturbation theory;",
    "each row checked by the trace of its matrices; h, mu_B and mu_N are those of CODATA 2022",
)


def ladder(j, m):
    """Return <m + 1|J_+|m>."""
    return mp.sqrt(j * (j + 1) - m * (m + 1))


class Block:
    """The states |m_J, m - m_J>, and H_0 and dH/dB among them."""

    def __init__(self, atom, m):
        j, i, a, q, g_j, g_i = (mpf(value) for value in atom)
        self.atom, m = (j, i, a, q), mpf(m)
        self.states = [j - k for k in range(int(2 * j) + 1) if abs(m - j + k) <= i]
        n = len(self.states)
        dot = mp.matrix(n)
        for k, m_j in enumerate(self.states):
            dot[k, k] = m_j * (m - m_j)
            if k + 1 < n:  # the next has m_J less by one
                dot[k, k + 1] = dot[k + 1, k] = ladder(j, m_j - 1) * ladder(i, m - m_j) / 2
        self.rest = a * dot
        if q:
            shape = 3 * dot * dot + mpf(3) / 2 * dot - i * (i + 1) * j * (j + 1) * mp.eye(n)
            self.rest += q * shape / (2 * i * (2 * i - 1) * j * (2 * j - 1))
        self.zeeman = mp.diag([g_j * MU_B * m_j - g_i * MU_N * (m - m_j) for m_j in self.states])
        self.F = sorted([j + i - k for k in range(n)], key=self.interval)

    def interval(self, F):
        """Return the energy of F without field, from I.J = [F(F + 1) - J(J + 1) - I(I + 1)]/2."""
        j, i, a, q = self.atom
        dot = (F * (F + 1) - j * (j + 1) - i * (i + 1)) / 2
        if not q:
            return a * dot
        shape = 3 * dot**2 + mpf(3) / 2 * dot - i * (i + 1) * j * (j + 1)
        return a * dot + q * shape / (2 * i * (2 * i - 1) * j * (2 * j - 1))

    def level(self, F, B):
        """Return energy, shift, first and second derivative."""
        matrix = self.rest + mpf(B) * self.zeeman
        energies, states = mp.eigsy(matrix)
        assert abs(sum(energies) - sum(matrix[k, k] for k in range(len(energies)))) < mpf(
            10
        ) ** -70 * mp.norm(matrix)
        k = self.F.index(F)
        elements = states.T * self.zeeman * states
        second = sum(
            2 * elements[k, other] ** 2 / (energies[k] - energies[other])
            for other in range(len(energies))
            if other != k
        )
        return energies[k], energies[k] - self.interval(F), elements[k, k], mpf(second)


def row(atom, lower, upper, B):
    """Return the row of one transition."""
    with mp.workdps(DPS):
        below = Block(atom, lower[1]).level(lower[0], B)
        above = Block(atom, upper[1]).level(upper[0], B)
        names = ("J", "I", "A", "Q", "g_J", "g_I", "F_lower", "m_lower", "F_upper", "m_upper", "B")
        out = {name: [float(v)] for name, v in zip(names, (*atom, *lower, *upper, B), strict=True)}
        out |= {"energy": [above[0]], "shift": [above[1]], "moment": [-above[2]]}
        differences = ((above[k] - below[k]) / H for k in (0, 2, 3))
        return out | {
            name: [d] for name, d in zip(("frequency", "first", "second"), differences, strict=True)
        }


def labels(j, i):
    """Return all (F, m)."""
    values = [abs(j - i) + k for k in range(int(2 * min(j, i)) + 1)]
    return [(F, F - k) for F in values for k in range(int(2 * F) + 1)]


def atoms(rng):
    """Yield kind and (J, I, A, Q, g_J, g_I)."""

    def coupling(low, high):
        return float(log_uniform(rng, low, high)) * rng.choice((1, -1))

    for spin in (0.5, 1.0, 1.5, 3.5, 4.0):
        yield "half_J", (0.5, spin, coupling(-26, -24), 0.0, 2.0023, 1.7)
    for j in (1.0, 1.5, 3.0):
        yield "half_I", (j, 0.5, coupling(-26, -24), 0.0, 1.3341, -4.2)
    for j, i in ((1.0, 1.0), (1.5, 1.5), (2.0, 3.5)):
        yield "general", (j, i, coupling(-26, -25), coupling(-27, -26), 1.3341, 1.1)


def main() -> None:
    rng = random.Random(6)
    rows = []
    for kind, atom in atoms(rng):
        for exponent in (-12, -8, -5, -3, -2, -1, 0, 1, 3, 6):
            pair = rng.sample(labels(atom[0], atom[1]), 2)
            rows.append(
                (kind, row(atom, pair[0], pair[1], float(log_uniform(rng, exponent - 0.5, exponent + 0.5))))
            )
        if kind != "general":
            zero = [(F, -m) for F, m in labels(atom[0], atom[1]) if abs(m) <= 0.5][:2]
            rows.append((kind, row(atom, zero[0], zero[1], 1e-9)))
    write(__file__, "breit_rabi", ABOUT, rows)


if __name__ == "__main__":
    main()
