"""Transitions, resonance fields and powder spectra: closed forms, eigenfields, and sums over many orientations."""

import numpy as np
import pytest
import scipy.linalg
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.quantum import powder_lines
from magneton.quantum._line_sums import line
from magneton.quantum._symmetry import patch
from magneton.quantum.levels import Levels
from magneton.quantum.nuclear_coupling import hyperfine_spin
from magneton.quantum.powder_lines import powder_spectrum
from magneton.quantum.resonance import resonance_fields, resonances, transitions
from magneton.quantum.spectroscopic import energy_from
from magneton.quantum.spin_hamiltonians import spin_hamiltonian

H, K_B, MU_B = (float(getattr(constants, name)) for name in ("h", "k_B", "mu_B"))
MHZ = energy_from(1.0, "MHz")
X_BAND = 9.5e9
TURN = Rotation.from_euler("zyz", [0.3, 0.7, 0.2]).as_matrix()
G, A = np.array([2.0, 2.1, 2.3]), np.array([50.0, 100.0, 300.0]) * MHZ
FIELDS = np.linspace(0.27, 0.37, 257)


def eigenfields(levels, frequency, axis):
    """Belford's generalized eigenvalue problem in n^2 dimensions, of which the real solutions are the fields."""
    one = np.eye(len(levels.hamiltonian))
    h, m = levels.hamiltonian / H, np.einsum("k,kij->ij", axis, levels.moment_operators) / H
    left = frequency * np.kron(one, one) - np.kron(h, one) + np.kron(one, h.T)
    found = scipy.linalg.eigvals(left, np.kron(one, m.T) - np.kron(m, one))
    found = found[np.isfinite(found)]
    return np.sort(found.real[(np.abs(found.imag) < 1e-7 * np.abs(found)) & (found.real > 0.0)])


def random_levels(rng, n=4):
    parts = rng.normal(size=(2, 4, n, n))
    made = parts[0] + 1j * parts[1]
    made = made + np.conj(np.swapaxes(made, -1, -2))
    return Levels(made[0] * H * 3e9, made[1:] * MU_B)


def summed(levels, B, fwhm, count, harmonic=1):
    """The spectrum of a powder from many directions in one octant."""
    x, w = np.polynomial.legendre.leggauss(count)
    cos, phi = 0.5 * (x + 1.0), (np.arange(count) + 0.5) / count * 0.5 * np.pi
    sin, ones = np.sqrt(1.0 - cos**2)[:, None], np.ones(count)
    n = np.stack([sin * np.cos(phi), sin * np.sin(phi), cos[:, None] * ones], axis=-1).reshape(-1, 3)
    weights = (0.5 * w[:, None] * ones / count).ravel()
    roots, (strength, _) = resonances(levels, X_BAND, n, (0.0, B[-1] + 0.05), "perpendicular", None)
    area = weights[roots.direction] * strength / np.abs(roots.slope)
    return sum(
        area[k : k + 2000] @ line(B - roots.field[k : k + 2000, None], fwhm, "gaussian", harmonic)
        for k in range(0, len(area), 2000)
    )


def off(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("seed", range(6))
def test_resonance_fields_are_belfords_eigenfields_none_missed(seed):
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=3)
    axis /= np.linalg.norm(axis)
    D = energy_from(0.3, "cm^-1")
    for levels in (random_levels(rng), spin_hamiltonian(1.5, g=[2.0, 2.1, 2.2], D=D, E=0.25 * D)):
        found = resonance_fields(levels, X_BAND, direction=3.0 * axis, B_range=(0.0, 5.0))
        expected = eigenfields(levels, X_BAND, axis)
        np.testing.assert_allclose(found.fields, expected[expected < 5.0], rtol=1e-8)


@pytest.mark.parametrize("excess", [1e-9, 1e-4, 0.5])
def test_both_fields_of_a_looping_transition_are_found_however_close(excess):
    middle, splitting = 3.0, 9e9  # at an anticrossing in 3 T, of 9 GHz
    z, x = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    zero = np.zeros((2, 2))
    levels = Levels(0.5 * H * splitting * x - middle * MU_B * z, np.array([zero, zero, -MU_B * z]))
    frequency = splitting * (1.0 + excess)
    found = resonance_fields(levels, frequency, direction=[0, 0, 1], B_range=(0.0, 10.0))
    half = 0.5 * splitting * np.sqrt(excess * (2.0 + excess)) * H / MU_B
    np.testing.assert_allclose(found.fields, [middle - half, middle + half], rtol=1e-10)
    assert found.slopes[0] < 0.0 < found.slopes[1]
    below = resonance_fields(levels, splitting * (1.0 - 1e-9), direction=[0, 0, 1], B_range=(0.0, 10.0))
    assert len(below.fields) == 0


def test_a_free_spin_has_its_larmor_frequency_intensity_and_polarization():
    g, T = 2.1, 1.5
    spin = spin_hamiltonian(0.5, g=g)
    found = transitions(spin, [[0.0, 0.0, 1.0], [0.0, 0.6, 0.8]], temperature=T)
    np.testing.assert_allclose(found.frequencies, g * MU_B / H, rtol=1e-13)
    np.testing.assert_allclose(found.intensities, 0.25 * g**2, rtol=1e-13)
    np.testing.assert_allclose(found.polarizations, np.tanh(0.5 * g * MU_B / (K_B * T)), rtol=1e-13)
    parallel = transitions(spin, 1.0, direction=[1, 2, 2], drive="parallel").intensities
    np.testing.assert_allclose(parallel, 0.0, atol=1e-15)
    at = resonance_fields(spin, X_BAND, direction=[1, 2, 2], B_range=(0.0, 1.0), drive=[2.0, 1.0, -2.0])
    np.testing.assert_allclose(at.slopes, g * MU_B / H, rtol=1e-13)
    np.testing.assert_allclose(at.weights, 0.25 * g * H / MU_B, rtol=1e-12)


def test_a_triplets_half_field_line_begins_at_the_field_of_the_closed_form():
    # 2 g mu_B B = sqrt((h nu)^2 - 4 (D^2 + 3 E^2)/3): Kottis and Lefebvre, J. Chem. Phys. 39, 393 (1963).
    D, E, g = 3000.0, 300.0, 2.0023
    expected = np.sqrt(9500.0**2 - 4.0 * (D**2 + 3.0 * E**2) / 3.0) * MHZ / (2.0 * g * MU_B)
    triplet = spin_hamiltonian(1.0, g=g, D=D * MHZ, E=E * MHZ)
    n = np.random.default_rng(1).normal(size=(3000, 3))
    roots, _ = resonances(
        triplet, X_BAND, n / np.linalg.norm(n, axis=1)[:, None], (0.0, 1.0), "perpendicular", None
    )
    outer = roots.field[(roots.lower == 0) & (roots.upper == 2)]
    assert outer.min() > expected * (1.0 - 1e-12)
    np.testing.assert_allclose(outer.min(), expected, rtol=1e-5)


def test_a_nucleus_splits_a_spin_without_field_into_singlet_and_triplet():
    levels = hyperfine_spin(0.5, 0.5, A=1420.0 * MHZ, g_nuclear=5.586)
    np.testing.assert_allclose(
        levels.energies([0.0, 0.0, 0.0]) / MHZ, [-1065.0, 355.0, 355.0, 355.0], rtol=1e-13
    )
    # Spin and nucleus both up, in any field: A/4 + (g mu_B - g_I mu_N) B/2.
    top = hyperfine_spin(0.5, 0.5, A=1420.0 * MHZ, g_nuclear=5.586, g=2.0)
    rise = MU_B - 0.5 * 5.586 * float(constants.mu_N)
    np.testing.assert_allclose(top.energies([0.0, 0.0, 1.0])[-1], 355.0 * MHZ + rise, rtol=1e-13)
    np.testing.assert_allclose(top.level_moments([0.0, 0.0, 1.0])[-1, 2], -rise, rtol=1e-13)


def test_an_isotropic_powder_is_a_single_line():
    for shape, width in (("gaussian", np.sqrt(2.0 * np.log(2.0))), ("lorentzian", np.sqrt(3.0))):
        center, pp = H * X_BAND / (2.0 * MU_B), 2e-3
        found = powder_spectrum(
            spin_hamiltonian(0.5, g=2.0), X_BAND, FIELDS, linewidth=pp, shape=shape, width="peak-to-peak"
        )
        expected = 0.5 * H / MU_B * line(FIELDS - center, pp * width, shape, 1)
        assert off(found.intensity, expected) < 2e-5
        x = np.array([-1e-6, 0.0, 1e-6]) + 0.5 * pp
        slope = line(x, pp * width, shape, 1)
        assert slope[1] < min(slope[0], slope[2])  # the extremum of the derivative


@pytest.mark.parametrize(
    ("levels", "B", "count"),
    [
        (spin_hamiltonian(0.5, g=G), FIELDS, 60),
        (hyperfine_spin(0.5, 1.0, g=[2.02, 2.06, 2.2], A=[40 * MHZ, 40 * MHZ, 400 * MHZ]), FIELDS, 35),
        # D near the quantum: transitions loop, and end where their two fields merge.
        (spin_hamiltonian(1.0, D=9000 * MHZ, E=300 * MHZ), np.linspace(0.05, 0.8, 200), 90),
    ],
    ids=["rhombic", "nitrogen", "looping"],
)
def test_a_powder_is_the_sum_over_its_directions(levels, B, count):
    fwhm = 5e-3 if B is FIELDS else 3e-2
    found = powder_spectrum(levels, X_BAND, B, linewidth=fwhm)
    assert off(found.intensity, summed(levels, B, fwhm, count)) < 1.5e-3
    assert found.error < 2e-2
    assert found.orientations < 1500


def test_the_error_of_a_powder_is_bounded_by_its_estimate_and_falls_with_the_tolerance():
    levels = spin_hamiltonian(0.5, g=[2.0, 2.05, 2.3])
    exact = powder_spectrum(levels, X_BAND, FIELDS, linewidth=2e-3, rtol=1e-5).intensity
    found = [powder_spectrum(levels, X_BAND, FIELDS, linewidth=2e-3, rtol=rtol) for rtol in (1e-1, 1e-3)]
    errors = [off(each.intensity, exact) for each in found]
    assert errors[1] < 0.1 * errors[0]
    assert errors[1] < 1e-3
    assert all(error <= each.error for error, each in zip(errors, found, strict=True))


def test_a_powder_does_not_change_when_the_axes_of_its_tensors_are_turned_together():
    plain = hyperfine_spin(0.5, 0.5, g=G, A=A)
    turned = hyperfine_spin(0.5, 0.5, g=TURN @ np.diag(G) @ TURN.T, A=TURN @ np.diag(A) @ TURN.T)
    tilted = hyperfine_spin(0.5, 0.5, g=G, A=TURN @ np.diag(A) @ TURN.T)
    back = hyperfine_spin(0.5, 0.5, g=TURN.T @ np.diag(G) @ TURN, A=A)
    azimuths = [
        patch(each.hamiltonian / K_B, each.moment_operators / K_B).azimuth for each in (plain, turned, tilted)
    ]
    assert azimuths == [0.5 * np.pi, 0.5 * np.pi, 2.0 * np.pi]
    for one, other in ((plain, turned), (tilted, back)):
        spectra = [powder_spectrum(each, X_BAND, FIELDS, linewidth=6e-3).intensity for each in (one, other)]
        assert off(*spectra) < 1e-3
    assert off(spectra[0], powder_spectrum(plain, X_BAND, FIELDS, linewidth=6e-3).intensity) > 1e-2


def test_wrong_input_is_named():
    spin = spin_hamiltonian(0.5)
    with pytest.raises(ValueError, match="levels must be Levels"):
        transitions(np.eye(2), [0, 0, 1.0])
    with pytest.raises(ValueError, match="B must not be 0 where drive refers to its direction"):
        transitions(spin, [0.0, 0.0, 0.0])
    with pytest.raises(
        ValueError, match="drive must be 'perpendicular', 'parallel' or a vector, got 'across'"
    ):
        transitions(spin, [0.0, 0.0, 1.0], drive="across")
    with pytest.raises(ValueError, match="B_range must be two fields, 0 <= lowest < highest"):
        resonance_fields(spin, X_BAND, direction=[0, 0, 1], B_range=(1.0, 0.0))
    with pytest.raises(ValueError, match="frequency must be positive, got -1"):
        resonance_fields(spin, -1.0, direction=[0, 0, 1], B_range=(0.0, 1.0))
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        resonance_fields(spin, X_BAND, direction=[0, 0, 1], B_range=(0.0, 1.0), temperature=0.0)
    with pytest.raises(ValueError, match="shape must be one of gaussian, lorentzian, got 'voigt'"):
        powder_spectrum(spin, X_BAND, FIELDS, linewidth=1e-3, shape="voigt")
    with pytest.raises(ValueError, match="B must be an axis of two or more increasing fields"):
        powder_spectrum(spin, X_BAND, FIELDS[::-1], linewidth=1e-3)
    with pytest.raises(ValueError, match="A must be a number, 3 principal values or a matrix"):
        hyperfine_spin(0.5, 0.5, A=[MHZ, 2.0 * MHZ])


def test_areas_count_the_polarization():
    spin, T = spin_hamiltonian(0.5, g=2.0), 1.5
    along = {"direction": [0, 0, 1], "B_range": (0.0, 1.0)}
    cold, hot = (resonance_fields(spin, X_BAND, temperature=t, **along) for t in (T, None))
    np.testing.assert_allclose(cold.weights, hot.weights * np.tanh(0.5 * H * X_BAND / (K_B * T)), rtol=1e-12)


def test_a_powder_meets_its_tolerance_or_says_what_it_reached(monkeypatch):
    nitroxide = hyperfine_spin(0.5, 1.0, g=[2.009, 2.006, 2.003], A=np.array([16, 16, 100]) * MHZ)
    axis = np.linspace(0.332, 0.348, 301)
    found = powder_spectrum(nitroxide, X_BAND, axis, linewidth=3e-4)
    assert found.error <= 1e-3
    exact = powder_spectrum(nitroxide, X_BAND, axis, linewidth=3e-4, rtol=3e-5).intensity
    assert off(found.intensity, exact) <= 1e-3
    monkeypatch.setattr(powder_lines, "_ROUNDS", 0)
    with pytest.warns(RuntimeWarning, match="has an estimated error of 0.00.*, not 0.001"):
        powder_spectrum(nitroxide, X_BAND, axis, linewidth=3e-4)


def test_a_powder_without_a_line_says_so():
    with pytest.warns(RuntimeWarning, match="no resonance of 9.5 Hz between 0.27 and 0.37 T"):
        found = powder_spectrum(spin_hamiltonian(0.5), 9.5, FIELDS, linewidth=1e-3)
    assert not found.intensity.any()
