"""Scenes of moments in motion: the examples against closed forms, tasks against the library, bad ones in one line."""

import math
from pathlib import Path

import numpy as np
import pytest

from magneton import constants, dynamics
from magneton.cli import main
from magneton.runs import load
from magneton.scene import SceneError, load_scene, read_scene, run_scene
from magneton.scene.run import make_source
from magneton.scene.tasks import Context

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name):
    return run_scene(load_scene(EXAMPLES / f"{name}.toml"))


def compute(text, folder=None):
    return run_scene(read_scene(f"[compute.t]\n{text}"), folder=folder)["t"]


@pytest.fixture(scope="module")
def moments():
    return example("moments_in_motion")


@pytest.fixture(scope="module")
def magnets():
    return example("magnets_in_motion")


@pytest.fixture(scope="module")
def resonance():
    return example("magnetic_resonance")


def test_larmor_precession_ends_where_the_closed_form_says(moments):
    data = moments["larmor"]
    expected = (0.0525707, -0.3353586, 0.9406226)
    assert data.reduced_moment[-1].values == pytest.approx(expected, abs=1e-7)
    assert data.final_moment.values == pytest.approx(np.array(expected) * constants.mu_B, rel=1e-6)
    closed = dynamics.larmor_solution(data.moments[0, 0], [0, 0, 1], data.time.values, alpha=0.1)
    assert data.moments[:, 0].values == pytest.approx(closed, abs=1e-9 * constants.mu_B)
    assert data.energy.values == pytest.approx(-data.moments[:, 0, 2].values, rel=1e-12)
    assert float(data.magnitude_drift) < 1e-13
    assert np.isnan(data.energy_drift)
    assert str(data.certificate.values).startswith("kept |m| to ")


def test_a_ramp_switches_a_moment_against_its_anisotropy(moments):
    z = moments["switching"].reduced_moment[:, 2].values
    assert z[0] > 0.99
    assert z[-1] < -0.98
    held = moments["switching"].energy
    assert float(held[0]) == pytest.approx(-0.2e-18 * z[0] - 2.5e-20 * z[0] ** 2, rel=1e-12)


def test_a_paramagnet_follows_langevin(moments):
    data = moments["paramagnet"]
    x = data.x.values
    langevin = [0.0 if at == 0 else 1 / math.tanh(at) - 1 / at for at in x]
    assert data.reduced_average[:, 2].values == pytest.approx(langevin, abs=0.02)
    assert "moments" not in data
    assert data.attrs["constants"] == constants.EDITION


def test_a_chain_winds_into_a_helix(moments):
    u = moments["helix"].moments[-1].values / (2 * constants.mu_B)
    bonds = slice(3, 8)  # away from the ends
    cosines = np.einsum("ij,ij->i", u[:-1], u[1:])[bonds]
    assert cosines == pytest.approx(math.cos(math.pi / 4), abs=0.01)
    turn = np.cross(u[:-1], u[1:])[bonds, 0]
    assert turn == pytest.approx(-math.sin(math.pi / 4), abs=0.01)  # against D, which is along +x


def test_a_compass_turns_its_energy_into_heat(magnets):
    data = magnets["compass"]
    assert float(data.heat[-1]) == pytest.approx(0.1 * 20e-6 * (1 - math.cos(math.pi / 3)), rel=1e-3)
    assert (data.energy + data.heat).values == pytest.approx(float(data.energy[0]), rel=2e-4)
    assert data.position.dims == ("time", "component")


def test_swings_have_the_periods_of_the_elliptic_integral(magnets):
    data = magnets["swing"]
    for amplitude in (30, 90, 150):
        angle = data.rotation.sel(amplitude=amplitude, component="z").values
        i = int(np.argmax(angle < 0))
        share = angle[i - 1] / (angle[i - 1] - angle[i])
        quarter = float(data.time[i - 1]) + share * float(data.time[i] - data.time[i - 1])
        period = dynamics.compass_period(math.radians(amplitude), 0.1, 20e-6, 2e-7)
        assert 4 * quarter == pytest.approx(float(period), rel=1e-4)


def test_magnets_attract_until_contact(magnets):
    data = magnets["attraction"]
    near, far = 0.01, 0.05
    released = constants.mu_0 * 0.5**2 / (2 * math.pi) * (near**-3 - far**-3)
    assert float(data.approach_speed) == pytest.approx(math.sqrt(2 * released / 0.005), rel=1e-5)
    after = data.time.values > float(data.contact_time)
    assert np.isnan(data.position.values[after]).all()
    assert np.isfinite(data.position.values[~after]).all()
    assert str(data.contact.values).startswith("bodies 1 and 2 after 0.09")


def test_echoes_decay_with_T2_and_free_induction_faster(resonance):
    echoes, induction = resonance["echoes"], resonance["induction"]
    assert echoes.time.values == pytest.approx(0.02 * np.arange(1, 9))
    assert echoes.signal.values == pytest.approx(np.exp(-echoes.time.values / 0.1), rel=1e-9)
    early = induction.time.values < 0.02
    t = induction.time.values[early]
    assert induction.signal.values[early] == pytest.approx(np.exp(-t / 0.1 - math.pi * 10 * t), abs=0.01)
    turned = np.unwrap(induction.signal_phase.values[early])
    assert turned - turned[0] == pytest.approx(2 * math.pi * 30 * t, abs=0.02)


def test_recovery_and_a_line_follow_their_closed_forms(resonance):
    recovery, line = resonance["recovery"], resonance["line"]
    expected = 1 - 2 * np.exp(-recovery.delay.values)
    assert recovery.magnetization[:, 0, 1].values == pytest.approx(expected, abs=1e-12)
    assert recovery.time[:, 0].values == pytest.approx(recovery.delay.values)
    w1, w = constants.gamma_p * 1e-9, 2 * math.pi * line.offset.values
    assert line.magnetization[:, 1].values == pytest.approx(w1 / (1 + w**2 + w1**2), rel=1e-12)


def test_a_rod_turns_when_its_moment_reverses():
    results = example("einstein_de_haas")
    jump = float(results["reversal"].velocity_jump)
    assert 2 * math.pi / jump / 60 == pytest.approx(20.8, abs=0.05)
    assert float(results["reversal"].velocity_jump_ratio) == pytest.approx(1, abs=1e-9)
    driven = results["driven"]
    total = (driven.spin + driven.lattice - driven.from_support).values
    assert total == pytest.approx(total[0], abs=1e-14 * float(abs(driven.spin).max()))
    assert float(driven.amplitude_ratio) == pytest.approx(1, abs=1e-3)


def test_a_ferromagnet_loses_its_order():
    data = example("ferromagnet")["cooling"]
    m = data.magnetization.values
    assert (np.diff(m) < -5 * data.magnetization_error.values[1:]).all()
    assert m[0] > 0.9
    assert m[-1] < 0.2
    assert float(data.binder_cumulant[0]) == pytest.approx(2 / 3, abs=1e-3)
    assert (data.energy.values > -3 * 6**3 * 10e-3 * constants.e).all()


def test_loops_of_small_magnets():
    results = example("hysteresis")
    particle, pair, driven = (results[name] for name in ("particle", "pair", "driven"))
    switching = 0.1 * dynamics.stoner_wohlfarth_switching_field(np.radians([10, 45]))
    assert particle.coercive_field.values == pytest.approx(switching, rel=3e-4)
    assert particle.remanent_moment.values == pytest.approx(1e-18 * np.cos(np.radians([10, 45])), rel=1e-6)
    assert particle.jumps.values.tolist() == [2, 2]
    down, up = particle.moment_along[0].transpose("branch", "field").values
    assert down == pytest.approx(-up[::-1], rel=1e-6)
    assert (down >= up - 1e-24).all()
    assert float(pair.jumps) == 4
    assert float(driven.area) > 1.1 * float(particle.area[1])
    assert driven.field.values[[0, 64, 128]] == pytest.approx([0.12, -0.12, 0.12])


SOURCES = '[sources.loop]\ntype = "CircularLoop"\nradius = "1 um"\nmoment = [0, 0, "1e-12 A m^2"]\n'
LATTICE = dynamics.Lattice((2, 2, 1), 2.5e-10)
TERMS = [
    ('type = "Zeeman", B = [0, "1 T", 0]', lambda _: dynamics.Zeeman([0, 1, 0])),
    ('type = "FieldOf", source = "loop"', dynamics.FieldOf),
    (
        'type = "Ramp", first = [1, 0, 0], last = [0, 1, 0], stop = 2',
        lambda _: dynamics.Zeeman(dynamics.Ramp([1, 0, 0], [0, 1, 0], 0, 2)),
    ),
    (
        'type = "Sine", amplitude = [1, 0, 0], frequency = "100 mHz", phase = 1',
        lambda _: dynamics.Zeeman(dynamics.Sine([1, 0, 0], 0.1, 1)),
    ),
    (
        'type = "FieldPulse", amplitude = [1, 0, 0], centre = 2, width = 1',
        lambda _: dynamics.Zeeman(dynamics.FieldPulse([1, 0, 0], 2, 1)),
    ),
    (
        'type = "Rotating", amplitude = 1, frequency = 0.1, axis = [1, 1, 0]',
        lambda _: dynamics.Zeeman(dynamics.Rotating(1, 0.1, [1, 1, 0])),
    ),
    (
        'type = "UniaxialAnisotropy", K = "1 meV", axis = [1, 1, 0]',
        lambda _: dynamics.UniaxialAnisotropy(1e-3 * constants.e, [1, 1, 0]),
    ),
    ('type = "CubicAnisotropy", K1 = 1e-22', lambda _: dynamics.CubicAnisotropy(1e-22)),
    (
        'type = "ShapeAnisotropy", N = [0.2, 0.3, 0.5], volume = "0.01 nm^3"',
        lambda _: dynamics.ShapeAnisotropy([0.2, 0.3, 0.5], 1e-29),
    ),
    (
        'type = "Exchange", J = 2e-21, further = [-1e-21]',
        lambda _: dynamics.Exchange([2e-21, -1e-21], LATTICE),
    ),
    (
        'type = "Exchange", J = 2e-21, pairs = [[0, 3], [1, 2]]',
        lambda _: dynamics.Exchange(2e-21, pairs=([0, 1], [3, 2])),
    ),
    (
        'type = "DzyaloshinskiiMoriya", D = 1e-21, normal = [0, 0, 1]',
        lambda _: dynamics.DzyaloshinskiiMoriya(1e-21, LATTICE, normal=[0, 0, 1]),
    ),
    (
        'type = "DzyaloshinskiiMoriya", D = 5e-21, direction = [0, 3, 4], pairs = [[0, 1]]',
        lambda _: dynamics.DzyaloshinskiiMoriya([0, 3e-21, 4e-21], pairs=([0], [1])),
    ),
    ('type = "Dipolar"', lambda _: dynamics.Dipolar(LATTICE)),
]


@pytest.mark.parametrize(("table", "make"), TERMS, ids=[table.split('"')[1] for table, _ in TERMS])
def test_terms_by_name(table, make):
    scene = read_scene(
        f'{SOURCES}[compute.t]\ntype = "spins"\nmagnitude = "1 mu_B"\ndirection = [1, 2, 3]\nduration = 1\ndt = 1\n'
        f'lattice = {{ shape = [2, 2, 1], spacing = "0.25 nm" }}\nterms = [{{ {table} }}]'
    )
    loop = make_source("loop", scene.table.sources["loop"], {})
    ours = scene.table.compute["t"].system(Context({"loop": loop}))
    start = np.tile(np.array([1, 2, 3]) * constants.mu_B / math.sqrt(14), (4, 1))
    theirs = dynamics.SpinSystem(start, LATTICE.positions, [make(loop)])
    assert np.any(theirs.field(t=0.3))
    assert ours.field(t=0.3) == pytest.approx(theirs.field(t=0.3), rel=1e-12)


def test_gyromagnetic_ratios_by_name_and_number():
    def turned(key):
        data = compute(
            f'type = "spins"\nmoments = [[1e-26, 0, 0]]\n{key}\nduration = "1 us"\ndt = "10 ns"\n'
            'terms = [{ type = "Zeeman", B = [0, 0, "1 mT"] }]\nsamples = 2'
        )
        return float(np.arctan2(data.final_moment[1], data.final_moment[0]))

    proton = constants.gamma_p * 1e-9
    assert turned('species = "proton"') == pytest.approx(-proton, rel=1e-9)
    assert turned('species = "neutron"') == pytest.approx(-constants.gamma_n * 1e-9, rel=1e-9)
    assert turned('species = "13C"') == pytest.approx(-0.2515 * proton, rel=1e-3)
    assert turned("gamma = -2e8") == pytest.approx(0.2, rel=1e-9)


THERMAL = """
type = "spins"
magnitude = "1 mu_B"
direction = [0, 0, 1]
count = 3
alpha = 0.1
duration = "10 ps"
dt = "1 ps"
samples = 6
temperature = 4
seed = 5
stream = true
terms = [{ type = "Zeeman", B = [0, 0, 1] }]
"""


def test_a_thermal_run_streams_and_says_that_steps_are_long(tmp_path):
    with pytest.raises(SceneError, match=r"compute\.t\.stream: there is no folder"):
        compute(THERMAL)
    data = compute(THERMAL, tmp_path)
    assert data.moments.dims == ("time", "moment", "component")
    assert data.time.values == pytest.approx(2e-12 * np.arange(6), rel=1e-12)
    assert np.array_equal(load(tmp_path / "t.stream")["moments"], data.moments)
    assert "warning: |gamma| B dt is 0.18" in str(data.certificate.values)
    assert data.identical(compute(THERMAL, tmp_path))
    with pytest.raises(SceneError, match="delete it, or give another --out"):
        compute(THERMAL.replace("seed = 5", "seed = 6"), tmp_path)


def test_adaptive_steps_and_long_ones():
    text = THERMAL.replace('dt = "1 ps"', "").replace(
        "temperature = 4\nseed = 5\nstream = true", "rtol = 1e-9"
    )
    data = compute(text)
    z = math.tanh(0.5 * math.log(3) + 0.1 * 1.76085962784e11 / 1.01 * 10e-12)
    tilted = compute(text.replace("[0, 0, 1]\ncount", "[0.8660254037844386, 0, 0.5]\ncount"))
    assert float(data.reduced_moment[-1, 2]) == 1.0
    assert float(tilted.reduced_moment[-1, 2]) == pytest.approx(z, rel=1e-8)
    coarse = compute(text.replace("rtol = 1e-9", 'dt = "10 ps"').replace("samples = 6", "samples = 2"))
    assert "moments turn by 1.8 rad in a step" in str(coarse.certificate.values)


def test_a_source_fixed_in_a_body_bounces_and_a_drive_does_work():
    data = compute(
        'type = "rigid_magnets"\nduration = "40 ms"\ndt = "0.2 ms"\nsamples = 5\nrestitution = 0.5\n'
        'drive = [{ type = "Sine", amplitude = [0, "1 mT", 0], frequency = "10 Hz" }]\n'
        'bodies = [{ mass = "1 g", shape = "ball", radius = "5 mm", source = "needle" },\n'
        '{ mass = "1 g", shape = "ball", radius = "5 mm", position = ["2 cm", 0, 0], velocity = [-0.9, 0, 0] }]\n'
        '[sources.needle]\ntype = "Dipole"\nmoment = [0.1, 0, 0]'
    )
    budget = data.energy + data.heat - data.work
    assert budget.values == pytest.approx(float(budget[0]), abs=1e-4 * float(data.kinetic_energy[0]))
    assert float(data.work[-1]) > 1e-6
    assert data.velocity[-1, :, 0].values == pytest.approx([-0.675, -0.225], rel=1e-9)
    assert np.isnan(data.contact_time)
    assert str(data.contact.values) == "none"


SPINS = (
    f'{SOURCES}[compute.one]\ntype = "spins"\nmagnitude = "1 mu_B"\ndirection = [1, 0, 0]\nalpha = 0.1\n'
    'duration = "10 ps"\ndt = "1 ps"\nterms = [{ type = "Zeeman", B = [0, 0, "1 T"] }]'
)
ZEEMAN, ALONG = '{ type = "Zeeman", B = [0, 0, "1 T"] }', "direction = [1, 0, 0]"
BODY = '{ mass = "1 g", shape = "ball", radius = "5 mm", moment = [0.1, 0, 0] }'
RIGID = f'[compute.one]\ntype = "rigid_magnets"\nduration = "10 ms"\ndt = "1 ms"\nbodies = [{BODY}]'
ECHO = '[compute.one]\ntype = "bloch"\nT1 = 1\nT2 = 0.1\nsequence = [{ type = "SpinEcho", echo_time = 0.1 }]'
ROD = '[compute.one]\ntype = "hanging_rod"\nmoment = 0.5\ninertia = 1e-9\nreversal = 1\nduration = 2\ndt = "10 ms"'
LOOP = SPINS.replace('"spins"', '"hysteresis"\namplitude = "1 T"').replace(
    'duration = "10 ps"\ndt = "1 ps"\n', ""
)
DRIVEN = SPINS.replace('"spins"', '"driven_loop"\namplitude = "1 T"').replace("duration =", "frequency = 1 #")
CHAIN = (
    '[compute.one]\ntype = "monte_carlo"\nlattice = { shape = [4, 4, 4], spacing = "0.3 nm" }\nJ = "1 meV"\n'
    'magnitude = "1 mu_B"\ntemperature = 10\nseed = 1'
)
BROKEN = [
    (SPINS, '"1 mu_B"', '"1 T"', ["one.magnitude", "magnetic moment", "'T'"]),
    (SPINS, 'magnitude = "1 mu_B"', "", ["one: exactly one of moments, magnitude", "none"]),
    (SPINS, ALONG, "", ["one.direction", "required with magnitude", "random = true"]),
    (SPINS, ALONG, "random = true", ["one.seed", "required where directions are random"]),
    (SPINS, ALONG, f"{ALONG}\nmoments = [[1, 0, 0]]", ["exactly one of moments, magnitude", "and"]),
    (SPINS, ALONG, f"{ALONG}\ncount = 2\npositions = [[0, 0, 0]]", ["at most one of", "positions and count"]),
    (SPINS, ALONG, f"{ALONG}\ncount = 0", ["one.count", "between 1 and"]),
    (SPINS, "alpha = 0.1", "alpha = -0.1", ["one.alpha", "not be negative", "-0.1"]),
    (SPINS, "alpha = 0.1", "aplha = 0.1", ["one.aplha", "did you mean 'alpha'"]),
    (SPINS, "alpha = 0.1", 'species = "electon"', ["one.species", "did you mean 'electron'"]),
    (SPINS, "alpha = 0.1", 'species = "12C"', ["one.species", "no particle or nuclide with a moment"]),
    (SPINS, "alpha = 0.1", 'species = "proton"\ngamma = 1', ["one.gamma", "got both"]),
    (SPINS, "alpha = 0.1", "gamma = 0", ["one.gamma", "must not be zero"]),
    (SPINS, "alpha = 0.1", "temperature = 4", ["one.seed", "required with a temperature"]),
    (SPINS, "alpha = 0.1", "seed = 4", ["one.seed", "goes with a temperature"]),
    (SPINS, "alpha = 0.1", 'method = "rk4"', ["one.method", "'lie-rk4'", "'rk4'"]),
    (SPINS, "alpha = 0.1", "rtol = 1e-9", ["one.rtol", "adaptive steps"]),
    (SPINS, "alpha = 0.1", 'average_from = "1 s"', ["one.average_from", "between 0 and the duration"]),
    (SPINS, 'dt = "1 ps"', 'method = "gauss4"', ["one.dt", "required with the method 'gauss4'"]),
    (SPINS, 'dt = "1 ps"', "stream = true", ["one.stream", "needs fixed steps"]),
    (SPINS, 'dt = "1 ps"', "dt = 0", ["one.dt", "positive"]),
    (SPINS, f"[{ZEEMAN}]", "[]", ["one.terms", "at least 1"]),
    (SPINS, '"Zeeman"', '"Zeemann"', ["one.terms.0.type", "did you mean 'Zeeman'"]),
    (SPINS, 'type = "Zeeman", ', "", ["one.terms.0.type", "missing", "valid: Zeeman, FieldOf"]),
    (SPINS, 'B = [0, 0, "1 T"]', "B = [0, 0]", ["one.terms.0.B", "3 numbers", "got 2"]),
    (SPINS, ZEEMAN, '{ type = "FieldOf", source = "lop" }', ["terms.0.source.0", "did you mean 'loop'"]),
    (SPINS, ZEEMAN, '{ type = "FieldOf", source = "loop" }', ["one: positions must be given"]),
    (SPINS, ZEEMAN, '{ type = "Exchange", J = 1 }', ["one.terms.0.pairs", "required without a lattice"]),
    (SPINS, ZEEMAN, '{ type = "Exchange", J = 1, pairs = [[0, 0]] }', ["one.terms.0", "0 with itself"]),
    (SPINS, ZEEMAN, '{ type = "Exchange", J = 1, pairs = [[0]] }', ["terms.0.pairs", "list of pairs"]),
    (SPINS, ZEEMAN, '{ type = "Exchange", J = 1, pairs = [[0, 9]] }', ["compute.one", "got 9"]),
    (
        SPINS,
        ALONG,
        f"{ALONG}\nlattice = {{ shape = [2, 2], spacing = 1 }}",
        ["one.lattice.shape", "must be 3 values"],
    ),
    (
        SPINS,
        ALONG,
        f"{ALONG}\nlattice = {{ shape = [2, 2, 2] }}",
        ["one.lattice: exactly one of spacing, vectors"],
    ),
    (
        SPINS,
        "alpha = 0.1",
        'sweep.B = { parameter = "task.terms.1.B.2", values = [1] }',
        ["sweep.B.parameter", "terms has indices 0 to 0"],
    ),
    (
        SPINS,
        "alpha = 0.1",
        'sweep.B = { parameter = "task.terms.0.b.2", values = [1] }',
        ["sweep.B.parameter", "'task.terms.0.b.2'; valid: B"],
    ),
    (
        SPINS,
        "alpha = 0.1",
        'sweep.B = { parameter = "task.duration", values = [1] }',
        ["no such number", "alpha"],
    ),
    (LOOP, "alpha = 0.1", "refine = 0", ["one.refine", "between 0 and 1"]),
    (LOOP, "alpha = 0.1", "seed = 0", ["one.seed", "random directions only"]),
    (LOOP, "alpha = 0.1", "points = 2", ["one.points", "between 3 and"]),
    (DRIVEN, "alpha = 0.1", "temperature = 3", ["one.seed", "required with a temperature"]),
    (DRIVEN, "alpha = 0.1", "periods = 0", ["one.periods", "between 1 and"]),
    (RIGID, 'mass = "1 g"', 'mass = "0 g"', ["one.bodies.0.mass", "positive"]),
    (RIGID, 'shape = "ball", ', "", ["one.bodies.0: exactly one of inertia, shape", "none"]),
    (RIGID, '"ball"', '"bull"', ["one.bodies.0.shape", "'ball'", "'bull'"]),
    (RIGID, '"ball"', '"rod"', ["one.bodies.0.length", "required with the shape 'rod'"]),
    (RIGID, '"ball"', '"ball", hole = 1', ["one.bodies.0.hole", "does not go with the shape 'ball'"]),
    (RIGID, "moment = [", 'source = "x", moment = [', ["one.bodies.0.source", "got both"]),
    (RIGID, ", moment = [0.1, 0, 0]", "", ["one.bodies", "a moment or a source"]),
    (
        RIGID,
        f"[{BODY}]",
        f"[{BODY}, {BODY}]",
        ["compute.one", "bodies[0] and bodies[1] must not touch at the start"],
    ),
    (RIGID, "duration", "restitution = 2\nduration", ["one.restitution", "between 0 and 1"]),
    (RIGID, "duration", 'external = ["x"]\nduration', ["one.external.0", "no source is named 'x'"]),
    (ECHO, "T2 = 0.1", "T2 = 3", ["one.T2", "at most 2 T1 = 2 s", "got 3 s"]),
    (ECHO, "T2 = 0.1", "B1 = 1", ["one: exactly one of sequence, B1"]),
    (ECHO, '"SpinEcho", echo_time = 0.1', '"Delay", time = 1', ["one.sequence", "must record something"]),
    (ECHO, "echo_time = 0.1", "echo_time = -1", ["one.sequence.0.echo_time", "positive"]),
    (ECHO, '"SpinEcho"', '"SpinEko"', ["one.sequence.0.type", "did you mean 'SpinEcho'"]),
    (ECHO, 'type = "SpinEcho", ', "", ["one.sequence.0.type", "missing", "valid: Pulse"]),
    (ROD, "reversal = 1", "reversal = 3", ["one.reversal", "between 0 and the duration", "got 3"]),
    (ROD, "reversal = 1", "frequency = 1", ["one.stiffness", "required with frequency"]),
    (ROD, "reversal = 1", "", ["one: exactly one of reversal, frequency", "none"]),
    (ROD, '"10 ms"', '"1 ns"', ["one.dt", "steps at most"]),
    (CHAIN, "seed = 1", "", ["one.seed", "required but missing", "a whole number"]),
    (CHAIN, "seed = 1", "seed = 1\nsamples = 4", ["one.samples", "between 32 and"]),
    (CHAIN, '"1 meV"', '"1 mT"', ["one.J", "energy", "'mT'"]),
]


@pytest.mark.parametrize(("good", "old", "new", "words"), BROKEN)
def test_broken_scene(tmp_path, monkeypatch, capsys, good, old, new, words):
    monkeypatch.chdir(tmp_path)
    assert old in good
    (tmp_path / "scene.toml").write_text(good.replace(old, new, 1))
    with pytest.raises(SystemExit) as stop:
        main(["run", "scene.toml"])
    lines = capsys.readouterr().err.splitlines()
    assert (stop.value.code, len(lines)) == (2, 1), lines
    assert lines[0].startswith("magneton: scene.toml: ")
    for word in words:
        assert word in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["scene.toml"]


def test_the_centre_of_mass_of_a_free_body_is_refused():
    from pydantic import ValidationError

    from magneton.scene.tasks.rigid_bodies import RigidBodyTable

    table = {"mass": 1.0, "shape": "ball", "radius": 0.1, "centre_of_mass": [0.0, 0.0, 0.3]}
    assert RigidBodyTable(**table, fixed=True).make({}).centre_of_mass[2] == 0.3
    with pytest.raises(ValidationError, match="goes with fixed"):
        RigidBodyTable(**table)
