"""Make levels.csv: the thermal moment of 200 Hamiltonians by numerical differentiation of the free energy."""

from _common import Fields, assert_close, write
from levels_cases import EACH, KINDS, Case, case
from mpmath import mp, mpc, mpf

DPS = 120
K_B = mpf(1.380649e-23)
ABOUT = (
    "Thermal magnetism of H(B) = H_0 - m.B, the cases of levels_cases.py by their number: moment [J/T], entropy and",
    "heat capacity [J/K], susceptibility dm_i/dB_j [J/T^2], and the moment without field as `rest` [J/T].",
    f"The moment is -dF/dB by central differences of F at {DPS} digits, a step of 1e-35 relative; each row is checked",
    "against the sum of p <n|m|n>, the entropy against -dF/dT",
)


def matrix(rows):
    return mp.matrix([[mpc(x) for x in row] for row in rows])


class Model:
    """H(B) and its free energy in mpmath."""

    def __init__(self, given: Case) -> None:
        self.h = matrix(given.hamiltonian)
        self.m = [matrix(each) for each in given.moments]
        self.field = [mpf(b) for b in given.field]
        self.temperature = mpf(given.temperature)

    def matrix_at(self, field):
        return self.h - sum((b * m for b, m in zip(field, self.m, strict=True)), self.h * 0)

    def free_energy(self, field, temperature):
        kT = K_B * temperature
        energies = mp.eighe(self.matrix_at(field), eigvals_only=True)
        lowest = min(energies)
        return lowest - kT * mp.log(mp.fsum(mp.exp(-(e - lowest) / kT) for e in energies))

    def moved(self, axis: int, step) -> list:
        return [b + step * (axis == k) for k, b in enumerate(self.field)]

    def moment(self, step) -> list:
        """Return -dF/dB by central differences."""
        T = self.temperature
        ends = [[self.free_energy(self.moved(k, s * step), T) for s in (1, -1)] for k in range(3)]
        return [(low - high) / (2 * step) for high, low in ends]

    def sums(self, field) -> dict[str, list]:
        """Return the thermal sums over levels: moment, energy, heat capacity and susceptibility."""
        kT = K_B * self.temperature
        energies, states = mp.eighe(self.matrix_at(field))
        lowest, n = min(energies), len(energies)
        p = [mp.exp(-(e - lowest) / kT) for e in energies]
        total = mp.fsum(p)
        p = [w / total for w in p]
        elements = [states.H * m * states for m in self.m]
        mean = [mp.fsum(p[a] * e[a, a].real for a in range(n)) for e in elements]
        energy = mp.fsum(w * e for w, e in zip(p, energies, strict=True))
        capacity = K_B * mp.fsum(w * ((e - energy) / kT) ** 2 for w, e in zip(p, energies, strict=True))

        def pair(a: int, b: int):
            gap = energies[b] - energies[a]
            same = abs(gap) <= mpf(10) ** -60 * max(abs(energies[0]), abs(energies[-1]))
            return p[a] / kT if same else (p[a] - p[b]) / gap

        kubo = [[pair(a, b) for b in range(n)] for a in range(n)]
        chi = [
            mp.fsum((x[a, b] * mp.conj(y[a, b])).real * kubo[a][b] for a in range(n) for b in range(n))
            - mean[i] * mean[j] / kT
            for i, x in enumerate(elements)
            for j, y in enumerate(elements)
        ]
        return {"moment": mean, "energy": [energy], "capacity": [capacity], "chi": chi}


def row(number: int) -> tuple[str, Fields]:
    given = case(number)
    model = Model(given)
    size = mp.sqrt(sum(b * b for b in model.field))
    moment, sums = model.moment(size * mpf(10) ** -35), model.sums(model.field)
    assert_close(moment, sums["moment"], 30)
    rest = model.sums([mpf(0)] * 3)["moment"]
    T = model.temperature
    free = model.free_energy(model.field, T)
    entropy = (sums["energy"][0] - free) / T
    step = T * mpf(10) ** -35
    slope = (model.free_energy(model.field, T - step) - model.free_energy(model.field, T + step)) / (2 * step)
    # as far as differences of F tell: with only one level occupied the entropy is too small for them
    assert_close([slope], [entropy], 30, entropy + K_B * mpf(10) ** -20)
    largest = max(max(abs(x) for x in m) for m in model.m)
    rest = [x if abs(x) > mpf(10) ** -50 * largest else mpf(0) for x in rest]
    return given.kind, {
        "number": [float(number)],
        "B": given.field,
        "temperature": [given.temperature],
        "moment": moment,
        "rest": rest,
        "entropy": [entropy],
        "heat_capacity": sums["capacity"],
        "susceptibility": sums["chi"],
    }


def main() -> None:
    with mp.workdps(DPS):
        rows = [row(number) for number in range(EACH * len(KINDS))]
    write(__file__, "levels", ABOUT, rows)


if __name__ == "__main__":
    main()
