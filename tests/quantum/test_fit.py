"""Fits of susceptibilities and magnetizations: known parameters come back, and their covariance is true."""

from functools import partial

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.quantum._orientations import powder_moment
from magneton.quantum.exchange import bleaney_bowers, exchange_dimer
from magneton.quantum.measured_magnetism import MeasuredMagnetization, MeasuredSusceptibility
from magneton.quantum.powder import powder_average
from magneton.quantum.spectroscopic import energy_from, energy_in
from magneton.quantum.spin_hamiltonians import spin_hamiltonian
from magneton.quantum.susceptibility_fit import fit_magnetism, fit_magnetization, fit_susceptibility

MU_0, N_A, MU_B = (float(getattr(constants, name)) for name in ("mu_0", "N_A", "mu_B"))
CM = energy_from(1.0, "cm^-1")
WARM = np.linspace(60.0, 300.0, 25)
COLD = np.geomspace(2.0, 300.0, 15)
NICKEL = spin_hamiltonian(1.0, g=2.2, D=5.0 * CM)
nickel = partial(spin_hamiltonian, 1.0)
copper = partial(exchange_dimer, 0.5, 0.5)


def test_a_nickel_ions_g_and_D_come_back_from_chi_T():
    chi = NICKEL.molar_susceptibility(COLD)
    found = fit_susceptibility(nickel, COLD, chi_T=chi * COLD, start={"g": 2.0, "D": 3.0 * CM})
    np.testing.assert_allclose(found.parameters["g"], 2.2, rtol=1e-11)
    np.testing.assert_allclose(energy_in(found.parameters["D"], "cm^-1"), 5.0, rtol=1e-9)
    np.testing.assert_allclose(found.calculated[0], chi * COLD, rtol=1e-10)
    assert found.undetermined == found.at_bounds == ()


def test_copper_acetate_comes_back_with_its_impurity_and_constant_part():
    # H = -2 J S1.S2: the triplet lies 2 |J| = 296 cm^-1 above the singlet.
    J, rho, constant = -148.0 * CM, 0.01, 1.5e-9
    chi = (1 - rho) * bleaney_bowers(WARM, J, 2.16) + constant
    chi += rho * spin_hamiltonian(0.5).molar_susceptibility(WARM)
    start = {"g": 2.0, "J": -100.0 * CM, "impurity": 0.03, "temperature_independent": 0.0}
    found = fit_susceptibility(copper, WARM, chi=chi, start=start)
    got = [*found.parameters.values()]
    np.testing.assert_allclose(got, [2.16, J, rho, constant], rtol=1e-6)
    np.testing.assert_allclose(np.diff(found.levels.energies([0, 0, 0]) / CM)[0], 296.0, rtol=1e-7)


def test_a_curie_weiss_law_and_susceptibility_in_a_field():
    spin = spin_hamiltonian(0.5, g=2.05)
    chi = spin.molar_susceptibility(WARM) * WARM / (WARM + 7.0)
    one = partial(spin_hamiltonian, 0.5)
    found = fit_susceptibility(one, WARM, chi=chi, start={"g": 2.0, "weiss_temperature": 0.0})
    np.testing.assert_allclose([*found.parameters.values()], [2.05, -7.0], rtol=1e-9)
    M = (
        N_A * spin.moment(3.0, COLD, direction=[0, 0, 1])[:, 2]
    )  # isotropic: the powder's, saturating when cold
    found = fit_susceptibility(one, COLD, chi=MU_0 * M / 3.0, B=3.0, start={"g": 2.3})
    np.testing.assert_allclose(found.parameters["g"], 2.05, rtol=1e-11)


def test_magnetization_decides_on_the_sign_of_D_from_two_starts():
    B, T = (each.ravel() for each in np.meshgrid([1.0, 4.0, 7.0], [2.0, 5.0]))
    starts = [{"g": 2.0, "D": sign * 3.0 * CM} for sign in (-1.0, 1.0)]
    m = powder_moment(NICKEL, B, T)
    found = fit_magnetization(nickel, B, T, m, start=starts)
    np.testing.assert_allclose([*found.parameters.values()], [2.2, 5.0 * CM], rtol=1e-8)


def test_the_moment_of_a_powder_is_the_adaptive_average():
    turn = Rotation.from_euler("zyz", [0.3, 0.7, 0.2]).as_matrix()
    g, D = np.diag([2.0, 2.1, 2.3]), np.diag([1.0 - 5.0 / 3.0, -1.0 - 5.0 / 3.0, 10.0 / 3.0]) * CM
    rhombic = spin_hamiltonian(1.0, g=turn @ g @ turn.T, D=turn @ D @ turn.T)
    easy = spin_hamiltonian(2.0, D=-10.0 * CM)
    B, T = np.array([1.0, 7.0]), np.array([2.0, 2.0])
    for levels in (rhombic, easy):
        expected = powder_average(levels, "moment", B, T, rtol=1e-7).value
        np.testing.assert_allclose(powder_moment(levels, B, T), expected, rtol=1e-6)


def test_the_covariance_is_that_of_repeated_measurements():
    rng, sigma, true = np.random.default_rng(7), 2e-10, np.array([2.16, -148.0 * CM])
    exact = bleaney_bowers(WARM, true[1], true[0])
    pulls, distances, scatter = [], [], []
    for _ in range(36):
        chi = exact + sigma * rng.normal(size=len(WARM))
        found = fit_susceptibility(
            copper, WARM, chi=chi, start={"g": 2.0, "J": -100.0 * CM}, uncertainties=sigma
        )
        away = np.array([*found.parameters.values()]) - true
        pulls.append(away / [*found.uncertainties.values()])
        # The covariance in units of the parameters themselves: their squares in J^2 are too small to invert.
        distances.append(away / true @ np.linalg.solve(found.covariance / np.outer(true, true), away / true))
        scatter.append(found.reduced_chi_squared)
    assert 0.75 < np.std(pulls) < 1.3
    assert 1.3 < np.mean(distances) < 2.8  # of 2 parameters: 2 +- 0.33
    assert 0.85 < np.mean(scatter) < 1.15
    free = fit_susceptibility(copper, WARM, chi=chi, start={"g": 2.0, "J": -100.0 * CM})
    np.testing.assert_allclose(
        free.uncertainties["g"], found.uncertainties["g"] * np.sqrt(scatter[-1]), rtol=1e-3
    )
    assert abs(found.correlation[0, 1]) < 1.0
    np.testing.assert_allclose(np.diag(found.correlation), 1.0, rtol=1e-12)


def test_data_that_cannot_determine_a_parameter_say_so():
    one = spin_hamiltonian(0.5)
    chi = one.molar_susceptibility(WARM)
    with pytest.warns(RuntimeWarning, match="the data do not determine D"):
        found = fit_susceptibility(
            partial(spin_hamiltonian, 0.5), WARM, chi=chi * 1.0001, start={"g": 2.1, "D": 3.0 * CM}
        )
    assert found.undetermined == ("D",)
    assert found.uncertainties["D"] == np.inf
    assert found.uncertainties["g"] < 1e-6
    with pytest.warns(RuntimeWarning, match="the data do not determine a, b"):
        found = fit_susceptibility(
            lambda a, b: spin_hamiltonian(0.5, g=a * b), WARM, chi=chi, start={"a": 1.0, "b": 1.9}
        )
    assert found.undetermined == ("a", "b")
    held = fit_susceptibility(
        copper, WARM, chi=bleaney_bowers(WARM, -148.0 * CM, 2.16), start={"g": 2.0, "J": -100.0 * CM},
        bounds={"g": (1.9, 2.1), "J": (None, 0.0)},
    )  # fmt: skip
    assert held.at_bounds == ("g",)
    assert np.isnan(held.uncertainties["g"])
    assert np.isfinite(held.uncertainties["J"])


def test_sets_are_fitted_together():
    chi = MeasuredSusceptibility(COLD, chi_T=NICKEL.molar_susceptibility(COLD) * COLD)
    B = np.array([2.0, 5.0])
    moments = MeasuredMagnetization(B, 2.0, powder_moment(NICKEL, B, np.full(2, 2.0)))
    found = fit_magnetism(nickel, [chi, moments], start={"g": 2.0, "D": 3.0 * CM})
    np.testing.assert_allclose([*found.parameters.values()], [2.2, 5.0 * CM], rtol=1e-8)
    assert [len(each) for each in found.residuals] == [15, 2]
    sharp = MeasuredSusceptibility(COLD, chi=COLD, uncertainties=1e-9)
    with pytest.raises(ValueError, match="uncertainties in all sets or in none"):
        fit_magnetism(nickel, [sharp, moments], start={"g": 2.0})
    with pytest.raises(ValueError, match="weiss_temperature has no meaning for magnetizations"):
        fit_magnetism(nickel, [chi, moments], start={"g": 2.0, "weiss_temperature": 1.0})


def test_wrong_input_is_named():
    chi = NICKEL.molar_susceptibility(COLD)
    start = {"g": 2.0}
    with pytest.raises(ValueError, match="either chi or chi_T, got both or none"):
        fit_susceptibility(nickel, COLD, chi=chi, chi_T=chi, start=start)
    with pytest.raises(ValueError, match="temperature must be a number or 15 numbers"):
        fit_susceptibility(nickel, COLD[1:], chi=chi, start=start)
    with pytest.raises(ValueError, match="temperature must be positive"):
        fit_susceptibility(nickel, -COLD, chi=chi, start=start)
    with pytest.raises(ValueError, match="as many values as there are parameters, 2, got 1"):
        fit_susceptibility(nickel, [5.0], chi=[1e-6], start={"g": 2.0, "D": CM})
    with pytest.raises(ValueError, match=r"start\['D'\] must not be 0, or have bounds"):
        fit_susceptibility(nickel, COLD, chi=chi, start={"g": 2.0, "D": 0.0})
    with pytest.raises(ValueError, match="bounds must be of the parameters in start, g, got 'D'"):
        fit_susceptibility(nickel, COLD, chi=chi, start=start, bounds={"D": (0.0, 1.0)})
    with pytest.raises(ValueError, match=r"start\['g'\] must lie within its bounds, 2.1 to 2.3, got 2"):
        fit_susceptibility(nickel, COLD, chi=chi, start=start, bounds={"g": (2.1, 2.3)})
    with pytest.raises(ValueError, match="uncertainties must be positive, got 0"):
        fit_susceptibility(nickel, COLD, chi=chi, start=start, uncertainties=0.0)
    with pytest.raises(ValueError, match="B must be positive, got 0"):
        fit_magnetization(nickel, [0.0], 2.0, [1e-23], start=start)
    with pytest.raises(ValueError, match="model must return Levels, got None"):
        fit_susceptibility(lambda g: None, COLD, chi=chi, start=start)


def test_a_model_and_a_start_that_do_not_fit_are_named():
    chi = NICKEL.molar_susceptibility(COLD)
    with pytest.raises(ValueError, match="start must have a value for D, which model needs"):
        fit_susceptibility(lambda g, D: spin_hamiltonian(1.0, g=g, D=D), COLD, chi=chi, start={"g": 2.0})
    with pytest.raises(ValueError, match="model must be a function of the parameters"):
        fit_susceptibility(NICKEL, COLD, chi=chi, start={"g": 2.0})  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="got 'TIP'; did you mean 'temperature_independent'"):
        fit_susceptibility(nickel, COLD, chi=chi, start={"g": 2.0, "TIP": 0.0})
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        MeasuredSusceptibility(0.0 * COLD, chi)


def test_susceptibilities_in_cgs_are_noticed_by_the_g_they_give():
    chi_T = NICKEL.molar_susceptibility(COLD) * COLD / (4e-6 * np.pi)
    with pytest.warns(RuntimeWarning, match="is no g-factor: chi is in m"):
        fit_susceptibility(nickel, COLD, chi_T=chi_T, start={"g": 2.0, "D": 3.0 * CM})
