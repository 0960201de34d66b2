"""The least errors of a planned array."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.constants import mu_0
from magneton.estimation import Planner, Readings, RotatingRig, fit_dipoles

K = mu_0 / (4 * np.pi)
MOMENT, PLACE = np.array([0.06, 0.0, 0.08]), np.array([0.01, -0.005, 0.1])


def sphere(count: int, radius: float) -> np.ndarray:
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    angle = np.pi * (1 + 5**0.5) * i
    s = np.sqrt(1 - z * z)
    return radius * np.stack([s * np.cos(angle), s * np.sin(angle), z], axis=1)


def planar() -> np.ndarray:
    x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    return np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)


@pytest.mark.parametrize("offsets", [None, 3e-9])
def test_sensors_on_a_sphere(offsets: float | None) -> None:
    n, r, m = 500, 0.3, 2.0
    sigma = np.hypot(1e-9, offsets or 0.0)
    plan = Planner(sphere(n, r), 1e-9, offsets=offsets)
    assert plan.moment_std([0, 0, m], [0, 0, 0]) == pytest.approx(
        sigma * r**3 / (K * np.sqrt(2 * n)), rel=2e-3
    )
    across, along = sigma * r**4 / (3 * K * m * np.sqrt(n)), sigma * r**4 / (K * m * np.sqrt(12 * n))
    assert plan.position_std([0, 0, m], [0, 0, 0]) == pytest.approx([across, across, along], rel=2e-3)


@pytest.mark.parametrize(
    ("background", "position", "moment"), [(None, 0.365e-3, 0.947e-2), ("uniform", 0.700e-3, 2.39e-2)]
)
def test_a_planar_array(background: str | None, position: float, moment: float) -> None:
    plan = Planner(planar(), 50e-9, background=background)
    assert plan.position_error(MOMENT, PLACE) == pytest.approx(position, rel=2e-3)
    assert plan.moment_error(MOMENT, PLACE) / 0.1 == pytest.approx(moment, rel=2e-3)


def arrays() -> dict[str, tuple[Readings, dict]]:
    points = sphere(12, 0.2)
    axes, none = np.roll(points, 1, axis=1), np.zeros(12)
    ambient = np.array([20e-6, -5e-6, 40e-6])
    B = Dipole(moment=MOMENT, position=PLACE).B(points)
    twice = np.vstack([points, 1.1 * points])
    rig = RotatingRig([[0.3, 0, 0.1], [0.25, 0.1, 0]])
    return {
        "mixed": (
            Readings.vector(points, np.zeros((12, 3)), 1e-8)
            + Readings.gradient(points, np.zeros((12, 3, 3)), 1e-7)
            + Readings.difference(points, [0, 0, 0.03], axes, none, 2e-8),
            {"background": "linear"},
        ),
        "total field": (
            Readings.total_field(points, np.linalg.norm(B + ambient, axis=1), 1e-8, ambient=ambient)
            + Readings.axis(points, axes, none, 1e-8),
            {},
        ),
        "offsets": (
            Readings.vector(twice, np.zeros((24, 3)), 1e-8, sensor=np.tile(np.arange(12), 2)),
            {"offsets": float("inf")},
        ),
        "rig": (
            rig.readings(np.radians(np.arange(0, 360, 30)), np.zeros((12, 2, 3)), 1e-8),
            {"background": "uniform", "offsets": 1e-7},
        ),
    }


@pytest.mark.filterwarnings("ignore:the linear covariance")
@pytest.mark.parametrize("kind", arrays())
def test_bounds_are_the_covariances_of_fits_without_noise(kind: str) -> None:
    readings, given = arrays()[kind]
    place = 0.5 * PLACE
    target = Dipole(moment=MOMENT, position=place)
    sums = readings.taps.sums(
        target.B(readings.taps.points), target.grad_B(readings.taps.points), readings.rows
    )
    read = Readings(readings.readout(sums), *(getattr(readings, n) for n in FIELDS))
    fit = fit_dipoles(read, start=place, **given)
    plan = Planner(readings, **given).covariance(MOMENT, [[0.0, 0.0, 0.05], place])
    assert plan[1] == pytest.approx(fit.covariance[:6, :6], rel=1e-6, abs=1e-8 * np.abs(plan[1]).min())


FIELDS = ("noise", "taps", "lab_taps", "row", "ambient", "sensor", "component")


@pytest.mark.filterwarnings("ignore:the linear covariance")
def test_far_away_no_digits_are_lost() -> None:
    plan, far = Planner(planar(), 50e-9, background="linear"), np.array([0.0, 0.0, 30.0])
    fit = fit_dipoles(
        planar(), Dipole(moment=MOMENT, position=far).B(planar()), noise=50e-9, background="linear", start=far
    )
    assert plan.position_std(MOMENT, far) == pytest.approx(fit.position_std, rel=1e-2)
    near = [Planner(planar(), 50e-9).position_error(MOMENT, [0, 0, h]) for h in (10.0, 20.0)]
    assert near[1] / near[0] == pytest.approx(2.0**5, rel=1e-3)  # a gradient is seen, which falls so


def test_what_an_array_cannot_tell_is_infinite() -> None:
    plan = Planner(np.array([[0, 0, 0.1], [0, 0, 0.1]]), 1e-9)
    assert np.isinf(plan.position_error([0, 0, 1.0], [0, 0, 0]))
    assert np.isnan(plan.position_error([0, 0, 1.0], [0, 0, 0.1]))
    on_the_axis = np.outer(np.arange(1, 9) * 0.1, [0, 0, 1])
    plan = Planner(on_the_axis, 1e-9, axes=[0, 0, 1])
    with pytest.raises(ValueError, match="sensors must be able to determine the dipoles"):
        plan.improved([0, 0, 1.0], [0, 0, 0], n_steps=1)


def test_the_error_at_the_farthest_distance_is_the_limit() -> None:
    plan = Planner(planar(), 50e-9)
    d = plan.farthest(MOMENT, [1, 0, 2], 2e-3)
    along = np.array([1, 0, 2]) / np.sqrt(5)
    assert plan.position_error(MOMENT, d * along) == pytest.approx(2e-3, rel=1e-9)
    assert plan.position_error(MOMENT, 1.01 * d * along) > 2e-3
    h = plan.farthest(MOMENT, [0, 0, 1], 1e-3, of="moment", origin=[0.01, 0, 0])
    assert plan.moment_error(MOMENT, [0.01, 0, h]) == pytest.approx(1e-3, rel=1e-9)
    assert np.isnan(plan.farthest(MOMENT, [0, 0, 1], 1e-12))


def test_predicted_errors_are_those_of_fits() -> None:
    plan, rng, runs = Planner(planar(), 50e-9, background="uniform"), np.random.default_rng(51), 100
    truth = Dipole(moment=MOMENT, position=PLACE).B(planar()) + np.array([1e-6, 0, 2e-6])
    told = np.linalg.inv(plan.covariance(MOMENT, PLACE))
    left = []
    for _ in range(runs):
        B = truth + rng.normal(size=truth.shape) * 50e-9
        fit = fit_dipoles(planar(), B, noise=50e-9, background="uniform", start=PLACE)
        off = fit.parameters[:6] - np.concatenate([PLACE, MOMENT])
        left.append(off @ told @ off)
    assert np.mean(left) == pytest.approx(6.0, abs=4 * np.sqrt(12.0 / runs))


VOLUME = [[-0.02, -0.02, 0.08], [0.02, 0.02, 0.12]]


@pytest.mark.parametrize("criterion", ["A", "worst", "D"])
def test_an_improved_array_beats_the_grid(criterion: str) -> None:
    plan = Planner(planar(), 50e-9, background="uniform")
    box = [[-0.05, -0.05, 0], [0.05, 0.05, 0]]
    better, gain, history = plan.improved(
        MOMENT, volume=VOLUME, box=box, spacing=0.005, criterion=criterion, n_steps=6, seed=3
    )
    assert gain > 1.2
    assert (np.diff(history) <= 0.0).all()
    points = better.readings.taps.points[::3]
    apart = np.linalg.norm(points[:, None] - points, axis=-1) + np.eye(16)
    assert apart.min() >= 0.005
    assert (np.abs(points) <= [0.05, 0.05, 0.0]).all()
    places = np.stack(np.meshgrid(*np.linspace(VOLUME[0], VOLUME[1], 3).T, indexing="ij"), axis=-1).reshape(
        -1, 3
    )
    if criterion == "D":
        sizes = [np.linalg.slogdet(p.covariance(MOMENT, places))[1].mean() / 12 for p in (plan, better)]
        assert gain == pytest.approx(np.exp(sizes[0] - sizes[1]), rel=1e-6)
    else:
        error = np.max if criterion == "worst" else (lambda e: np.sqrt(np.mean(e**2)))
        sizes = [error(p.position_error(MOMENT, places)) for p in (plan, better)]
        assert history[[0, -1]] == pytest.approx(sizes, rel=1e-6)
        assert gain == pytest.approx(sizes[0] / sizes[1], rel=1e-6)


def test_turning_single_axes_helps_and_a_seed_repeats() -> None:
    plan = Planner(planar(), 50e-9, axes=[0, 0, 1])
    found = [
        plan.improved(
            MOMENT, PLACE, box=[[-0.03, -0.03, 0], [0.03, 0.03, 0]], turn=turn, n_steps=3, of="moment"
        )
        for turn in (False, True, True)
    ]
    assert found[1].gain > found[0].gain > 1.0
    assert np.array_equal(found[1].planner.readings.taps.weights, found[2].planner.readings.taps.weights)
    assert np.linalg.norm(found[1].planner.readings.taps.weights, axis=1) == pytest.approx(1.0)


def test_magnitudes_and_gradients_are_moved_as_well() -> None:
    for kind in ("mixed", "total field", "offsets"):
        readings, given = arrays()[kind]
        better = Planner(readings, **given).improved(
            MOMENT, 0.5 * PLACE, box=[[-0.2] * 3, [0.2] * 3], spacing=0.02, n_steps=1
        )
        error = better.planner.position_error(MOMENT, 0.5 * PLACE)
        assert better.gain > 1.0
        assert better.history[-1] == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Planner(planar()), "noise must be given"),
        (lambda: Planner(planar()[:1], 1e-9), "as many readings as the 6 unknowns, got 3"),
        (
            lambda: Planner(Readings.vector(planar(), np.zeros((16, 3))), axes=[0, 0, 1]),
            "axes must be left out",
        ),
        (lambda: Planner(planar(), 1e-9).covariance([0, 0, 0], PLACE), "moment must not be zero"),
        (
            lambda: Planner(planar(), 1e-9).covariance(MOMENT, [0, 0]),
            r"position must have shape \(\.\.\., 3\)",
        ),
        (lambda: Planner(planar(), 1e-9).farthest(MOMENT, [0, 0, 0], 1), "direction must not be zero"),
        (lambda: Planner(planar(), 1e-9).farthest(MOMENT, [0, 0, 1], 1, of="field"), "of must be"),
        (lambda: Planner(planar(), 1e-9).improved(MOMENT), "position or volume must be given"),
        (lambda: Planner(planar(), 1e-9).improved(MOMENT, PLACE, criterion="E"), "criterion must be"),
        (
            lambda: Planner(planar(), 1e-9).improved(MOMENT, PLACE, box=[[0] * 3, [0] * 3]),
            "box must leave room",
        ),
        (lambda: Planner(arrays()["rig"][0]).improved(MOMENT, PLACE), "sensors must be at rest"),
    ],
)
def test_what_makes_no_sense_is_said(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
