"""Scenes of charged particles: orbits, ensembles and distributions, against closed forms; bad ones in one line."""

import contextlib
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from magneton import constants, orbits
from magneton.cli import main
from magneton.orbits import fields
from magneton.runs import load
from magneton.scene import SceneError, load_scene, read_scene, run_scene
from magneton.scene.run import make_source

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = """
[sources.earth]
type = "Dipole"
moment = [0, 0, "-8e22 A m^2"]
[sources.up]
type = "UniformField"
B = [0, 0, "1 mT"]
[sources.push]
type = "UniformE"
E = ["2 V/m", 0, 0]
"""
PROTON = """
field = "earth"
species = "proton"
kinetic_energy = "1 MeV"
L = 4
pitch_angle = "45 deg"
"""


def compute(text, name="t"):
    return run_scene(read_scene(f"{HEAD}\n[compute.{name}]\n{text}"))[name]


def built(table):
    scene = read_scene(
        f'[sources.f]\n{table}\n[compute.t]\ntype = "field"\nsource = "f"\npoints = [[0, 0, 0]]'
    )
    return make_source("f", scene.table.sources["f"], {})


@pytest.fixture(scope="module")
def centre():
    return compute(
        f'type = "orbit"\nmethod = "guiding-centre"\nat = "gyrocentre"\nbounces = 2.2\nsamples = 45{PROTON}'
    )


def test_guiding_centre_bounces_as_the_closed_form_says(centre):
    closed = orbits.bounce_period("proton", 1e6 * constants.e, 4.0, math.pi / 4)
    assert float(centre.bounce_period) == pytest.approx(float(closed), rel=1e-8)
    assert float(centre.bounce_period_formula) == pytest.approx(float(closed), rel=1e-8)
    assert np.allclose(centre.bounce, np.linspace(0, 2.2, 45), atol=0)
    assert float(centre.time[-1]) == pytest.approx(2.2 * float(closed), rel=1e-8)
    assert float(centre.energy_drift) < 1e-10
    latitude = np.arcsin(centre.position[:, 2] / np.linalg.norm(centre.position, axis=1))
    mirror = float(orbits.mirror_latitude(math.pi / 4))
    assert np.abs(latitude).max() == pytest.approx(mirror, rel=0.01)
    ends = np.arcsin(centre.mirror_point[:, 2] / np.linalg.norm(centre.mirror_point, axis=1))
    assert ends.values == pytest.approx([-mirror, mirror], rel=1e-9)


def test_full_orbit_in_a_uniform_field():
    data = compute(
        'type = "orbit"\nfield = "up"\nspecies = "electron"\nspeed = "1e6 m/s"\npitch_angle = "90 deg"\n'
        'position = [0, 0, 0]\ngyrations = 3\nsamples = 13\nstart = "1 us"\nrtol = 1e-13'
    )
    gamma = 1 / math.sqrt(1 - (1e6 / constants.c) ** 2)
    period = 2 * math.pi * gamma * constants.m_e / (constants.e * 1e-3)
    assert float(data.gyroperiod) == pytest.approx(period, rel=1e-12)
    assert data.time.values == pytest.approx(1e-6 + period * np.arange(13) / 4, rel=1e-12)
    radius = float(data.larmor_radius)
    assert np.abs(data.position[::4]).max() < 1e-10 * radius
    assert np.linalg.norm(data.position[2] - data.position[0]) == pytest.approx(2 * radius, rel=1e-10)
    mu = constants.m_e * (gamma * 1e6) ** 2 / (2 * 1e-3)
    assert data.mu.values == pytest.approx(mu, rel=1e-11)
    assert data.mu.attrs["units"] == "J/T"
    assert str(data.verdict.values).startswith("mu was conserved")
    assert np.isnan(data.bounce_period_formula)


def test_sum_of_fields_drifts_and_a_wall_ends_the_orbit():
    data = compute(
        'type = "orbit"\nfield = ["up", "push"]\ncharge = "1 e"\nmass = "1 u"\nvelocity = [0, "-1 km/s", 0]\n'
        'position = [0, 0, 0]\nduration = "10 ms"\nsamples = 101\nstart = "5 ms"\n'
        'walls = [{ type = "AbsorbingHalfSpace", point = [0, -5, 0], normal = [0, -1, 0] }]'
    )  # fmt: skip
    # E x B = 2 V/m * 1 mT along -y: at once 2 km/s on average, so that the wall is met after some 2.5 ms.
    lost = float(data.lost_time)
    assert 7.3e-3 < lost < 7.7e-3
    assert data.time.values[[0, -1]] == pytest.approx([5e-3, 15e-3])
    there = data.time.values <= lost
    assert np.isfinite(data.position[there]).all()
    assert np.isnan(data.position[~there]).all()
    assert float(data.position[there][-1, 1]) > -5.0


def test_the_period_of_a_gyrating_particle_is_that_of_its_gyrocentre():
    data = compute(
        'type = "orbit"\nfield = "donut"\nspecies = "deuteron"\nkinetic_energy = "20 keV"\nposition = [2, 0, 0]\n'
        'pitch_angle = "75 deg"\nbounces = 2.6\nsamples = 9\n'
        '[sources.donut]\ntype = "Tokamak"\nB0 = "2 T"\nmajor_radius = "1.6 m"\nq0 = 1.5'
    )  # fmt: skip
    assert float(data.bounce_period_ratio) == pytest.approx(1, abs=0.1)


def test_a_sweep_over_the_tasks_own_numbers():
    data = compute(
        f'type = "orbit"\nmethod = "guiding-centre"\nbounces = 1.2\nsamples = 2{PROTON}'
        '[compute.t.sweep.equator]\nparameter = "task.pitch_angle"\ntimes = "1 deg"\nvalues = [40, 80]'
    )
    closed = orbits.bounce_period("proton", 1e6 * constants.e, 4.0, np.radians([40, 80]))
    assert data.bounce_period_formula.values == pytest.approx(closed, rel=1e-8)
    assert data.verdict.shape == (2,)


def test_ensemble_of_gyrophases_keeps_mu_in_a_uniform_field(tmp_path):
    text = (
        'type = "ensemble"\nfield = "up"\nspecies = "proton"\nspeed = "1000 km/s"\npitch_angle = "60 deg"\n'
        'position = [1, 2, 3]\nat = "gyrocentre"\ncount = 8\ndirections = "gyrophases"\nduration = "1 us"\n'
        'samples = 3\ndt = "1 ns"\nstream = true'
    )
    with pytest.raises(SceneError, match=r"compute\.t\.stream: there is no folder"):
        compute(text)
    data = run_scene(read_scene(f"{HEAD}\n[compute.t]\n{text}"), folder=tmp_path)["t"]
    assert data.gyrophase.values == pytest.approx(np.arange(8) * math.pi / 4)
    assert data.mu.dims == ("gyrophase", "time")
    assert data.time.values == pytest.approx([0, 0.5e-6, 1e-6])
    assert data.mu_relative.values == pytest.approx(1, rel=1e-12)
    middle = data.position.isel(time=0).mean("gyrophase")
    assert middle.values == pytest.approx([1, 2, 3], abs=1e-9)
    assert data.pitch_angle.values == pytest.approx(math.pi / 3, rel=1e-12)
    assert np.array_equal(load(tmp_path / "t.stream")["position"], data.position)


def test_thermal_and_isotropic_ensembles():
    common = 'type = "ensemble"\nfield = "up"\nspecies = "electron"\nposition = [0, 0, 0]\nseed = 3\ncount = 4000\n'
    hot = compute(f'{common}temperature = "1e6 K"\nduration = "1 ns"')
    assert float(hot.energy[:, 0].mean()) == pytest.approx(1.5 * constants.k_B * 1e6, rel=0.05)
    even = compute(f'{common}speed = "1 km/s"\ndirections = "isotropic"\nduration = "1 ns"')
    assert float(np.cos(even.pitch_angle[:, 0]).mean()) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("solver", ["legendre", "finite-volume"])
def test_a_beam_scatters_as_the_closed_forms_say(solver):
    data = compute(
        f'type = "distribution"\nsolver = "{solver}"\npitch_angle = "30 deg"\nrate = "10 1/s"\nduration = "0.1 s"\n'
        "samples = 5"
    )
    assert data.xi_mean.values == pytest.approx(
        math.cos(math.pi / 6) * np.exp(-20 * data.time.values), rel=1e-9
    )
    exact = solver == "legendre"
    assert data.mu_mean.values == pytest.approx(data.mu_mean_formula.values, rel=1e-12 if exact else 2e-4)
    spread = data.mu_deviation_formula.values[1:]
    assert data.mu_deviation.values[1:] == pytest.approx(spread, rel=1e-12 if exact else 1e-3)
    assert data.f[-1].integrate("xi") == pytest.approx(1, rel=1e-3)
    assert float(data.decay_rate) == pytest.approx(20, rel=1e-3)


def test_a_mirror_empties_at_the_rate_of_the_slowest_mode():
    data = compute(
        'type = "distribution"\nsolver = "finite-volume"\nsine_power = 0\nmirror_ratio = 5\nrate = 10\nduration = 0.4\n'
        "samples = 3"
    )
    assert float(data.number[0]) == pytest.approx(orbits.trapped_fraction(5.0), rel=1e-9)
    assert float(data.loss_rate[-1] / data.number[-1]) == pytest.approx(float(data.decay_rate), rel=1e-3)
    slow = orbits.collisions.loss_cone_decay_rate(5.0, 10.0)
    assert float(data.decay_rate) == pytest.approx(float(np.ravel(slow)[0]), rel=1e-3)


TABLES = [
    ('type = "ParallelE"\nheight = "5 kV"\nwidth = 2', lambda: fields.ParallelE(5e3, 2.0)),
    ('type = "ParaxialBottle"\nB0 = "1 T"\nlength = 2', lambda: fields.ParaxialBottle(1.0, 2.0)),
    (
        'type = "MagneticBottle"\nseparation = 2\nradius = "50 cm"\ncurrent = "1 kA"\nrotation = [0, "90 deg", 0]',
        lambda: fields.magnetic_bottle(2.0, 0.5, 1e3, orientation=fields.along([1, 0, 0])),
    ),
    ('type = "LinearGradient"\nB0 = "1 T"\ngradient = "1 mT/cm"', lambda: fields.LinearGradient(1.0, 0.1)),
    (
        'type = "LinearField"\nB0 = [0, 0, 1]\ngradient = [[1, 0, 0], [0, -1, 0], [0, 0, 0]]',
        lambda: fields.LinearField([0, 0, 1.0], [[1.0, 0, 0], [0, -1.0, 0], [0, 0, 0]]),
    ),
    (
        'type = "HarrisSheet"\nB0 = "20 nT"\nthickness = "1 km"\nnormal = "1 nT"\nposition = [0, 0, "1 km"]',
        lambda: fields.HarrisSheet(20e-9, 1e3, 1e-9, position=[0, 0, 1e3]),
    ),
    (
        'type = "SheetStep"\nB1 = [1, 0, 2]\nB2 = [0, 3, 2]\nthickness = 1\nprofile = "tanh"',
        lambda: fields.SheetStep([1, 0, 2], [0, 3, 2], 1.0),
    ),
    (
        'type = "SheetRow"\ncount = 3\nspacing = 2\nthickness = 1\nnormal = 1\nfluctuation = 1\nseed = 4',
        lambda: fields.SheetRow.random(3, 2.0, 1.0, 1.0, 1.0, 4),
    ),
    ('type = "FluxTube"\nB0 = 1\nradius = 2\ntwist = "0.1 1/m"', lambda: fields.FluxTube(1.0, 2.0, 0.1)),
    ('type = "Tokamak"\nB0 = 2\nmajor_radius = 1.6\nq0 = 1', lambda: fields.Tokamak(2.0, 1.6, 1.0)),
    (
        'type = "VaryingUniformField"\nprofile = "linear"\nB0 = 1\ndB_dt = "2 mT/ms"',
        lambda: fields.VaryingUniformField.linear(1.0, 2.0),
    ),
    (
        'type = "CircularWave"\namplitude = "1 nT"\nwave_number = "1 1/km"\nangular_frequency = 3\nhand = "left"',
        lambda: fields.CircularWave(1e-9, 1e-3, 3.0, "left"),
    ),
    (
        'type = "PlaneWave"\namplitude = 1\nwave_number = 2\nangular_frequency = 3\nangle = "30 deg"',
        lambda: fields.PlaneWave.at_angle(1.0, 2.0, 3.0, math.pi / 6),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "make"), TABLES, ids=[table.split('"')[1] for table, _ in TABLES])
def test_fields_by_name(table, make):
    points = np.array([[0.3, -0.2, 0.4], [0.31, 0.1, -0.2]])
    ours, theirs = fields.as_field(built(table)), fields.as_field(make())
    assert np.allclose(ours.B(points, 0.1), theirs.B(points, 0.1), rtol=1e-14, atol=0) or theirs.electric
    assert np.allclose(ours.E(points, 0.1), theirs.E(points, 0.1), rtol=1e-14, atol=0)
    assert np.any(theirs.B(points)) or np.any(theirs.E(points))


def test_the_example_of_a_sheet():
    results = run_scene(load_scene(EXAMPLES / "mu_in_a_sheet.toml"))
    thin = results["thin"].mu_relative
    assert float(thin.min()) < 0.1 < 1.9 < float(thin.max())
    spread = np.log(results["thickness"].mu_relative_deviation.values[-5:])
    assert (
        np.diff(spread) < -0.4
    ).all()  # exponentially in the thickness, which is spaced evenly in its logarithm
    assert (np.diff(spread, 2) < 0).all()
    assert float(results["thickness"].energy_drift.max()) < 1e-12


def test_the_example_of_the_radiation_belt():
    results = run_scene(load_scene(EXAMPLES / "radiation_belt_proton.toml"))
    proton, period = results["proton"], results["period"]
    raw, centred = (np.ptp(proton[name].values) / float(proton.mu[0]) for name in ("mu", "mu_gyrocentre"))
    assert 0.2 < raw < 0.3
    assert centred < 0.01
    assert float(proton.bounce_period_ratio) == pytest.approx(1, abs=2e-3)
    assert period.bounce_period_ratio.values == pytest.approx(1, abs=1e-8)
    angles = np.radians(period.equator.values)
    closed = orbits.bounce_period("proton", 1e6 * constants.e, 3.0, angles)
    assert period.bounce_period_formula.values == pytest.approx(closed, rel=1e-8)


ORBIT = f'{HEAD}[compute.one]\ntype = "orbit"\ngyrations = 2\nsamples = 20{PROTON}'
MANY = (
    f'{HEAD}[compute.many]\ntype = "ensemble"\nfield = ["up"]\nspecies = "proton"\nspeed = 1e6\nposition = [0, 0, 0]\n'
    'count = 4\ndirections = "gyrophases"\npitch_angle = 1\nduration = "10 us"\n'
    'walls = [{ type = "EnclosingBall", radius = "1 km" }]'
)
SPREAD = '[compute.spread]\ntype = "distribution"\npitch_angle = 1\nrate = 3\nduration = 0.1\n'
ENERGY, ANGLE = 'kinetic_energy = "1 MeV"', 'pitch_angle = "45 deg"'

BROKEN = [
    (ORBIT, ENERGY, 'kinetic_energy = "10 km"', ["one.kinetic_energy", "energy", "'km'"]),
    (ORBIT, ENERGY, 'kinetic_energy = "10"', ["one.kinetic_energy", "a unit is required"]),
    (ORBIT, ENERGY, "kinetic_energy = -1", ["one.kinetic_energy", "positive"]),
    (ORBIT, ENERGY, "", ["one: exactly one of kinetic_energy, speed, velocity", "none"]),
    (ORBIT, ENERGY, 'speed = "4e8 m/s"', ["one.speed", "below the speed of light"]),
    (ORBIT, ENERGY, "velocity = [1e6, 0, 0]", ["one.pitch_angle", "a velocity has its own"]),
    (ORBIT, f"{ENERGY}\nL = 4\n{ANGLE}", "velocity = [3e8, 0, 0]\nL = 4", ["one.velocity", "light"]),
    (ORBIT, ANGLE, "", ["one.pitch_angle", "required with kinetic_energy"]),
    (ORBIT, ANGLE, "pitch_angle = 45", ["one.pitch_angle", "between 0 and 180 deg", "45 rad"]),
    (ORBIT, 'field = "earth"', 'field = "mars"', ["one.field.0", "no source is named 'mars'"]),
    (ORBIT, 'field = "earth"', "", ["one.field", "required but missing", "a list"]),
    (ORBIT, 'field = "earth"', 'field = "up"', ["one.L", "needs a source with a moment", "got up"]),
    (ORBIT, '"UniformE"', '"UniformEE"', ["sources.push.type", "did you mean 'UniformE'"]),
    (ORBIT, '"2 V/m"', '"2 V"', ["sources.push.E.0", "electric field"]),
    (ORBIT, '"proton"', '"tachyon"', ["one.species", "'proton'", "'tachyon'"]),
    (ORBIT, 'species = "proton"', "charge = 0\nmass = 1", ["one.charge", "must not be zero"]),
    (ORBIT, 'species = "proton"', 'charge = "1 e"', ["one.mass", "charge with mass"]),
    (ORBIT, "gyrations = 2", "duration = -3", ["one.duration", "positive", "-3"]),
    (ORBIT, "gyrations = 2", "", ["one: exactly one of duration, gyrations, bounces", "none"]),
    (ORBIT, "samples = 20", "samples = 1", ["one.samples", "between 2 and"]),
    (ORBIT, "samples = 20", "rtol = 0", ["one.rtol", "between 1e-15 and 1"]),
    (ORBIT, "samples = 20", 'latitude = "95 deg"', ["one.latitude", "-90 deg"]),
    (ORBIT, "samples = 20", 'pictures = ["pith"]', ["one.pictures.0", "'path'"]),
    (ORBIT, "L = 4", "position = [0, 0, 0]", ["compute.one", "B is defined and not zero"]),
    (ORBIT, "samples = 20", 'sweep.d = { parameter = "task.gyrations", values = [1] }', ["no such number"]),
    (ORBIT, "samples = 20", 'sweep.d = { parameter = "task.L", values = [2, -1] }', ["one.L", "at d = -1"]),
    (MANY, "count = 4", "count = 0", ["many.count", "between 1 and"]),
    (MANY, 'directions = "gyrophases"', 'directions = "isotropic"', ["many.pitch_angle", "isotropic"]),
    (MANY, "speed = 1e6", 'temperature = "1 keV"', ["many.temperature", "temperature", "'keV'"]),
    (MANY, "speed = 1e6", "speed = 1e6\ndt = -1", ["many.dt", "positive"]),
    (MANY, "EnclosingBall", "EnclosingBox", ["many.walls.0.type", "did you mean 'EnclosingBall'"]),
    (MANY, 'type = "EnclosingBall", ', "", ["many.walls.0.type", "missing", "valid: AbsorbingBall"]),
    (SPREAD, "rate = 3", "rate = -3", ["spread.rate", "positive"]),
    (SPREAD, "rate = 3", "density = 1e19", ["spread.speed", "required with density"]),
    (SPREAD, "rate = 3", "rate = 3\nmirror_ratio = 4", ["spread.mirror_ratio", "finite-volume"]),
]  # fmt: skip


def command(capsys, *argv):
    """Return the exit code and the lines on stderr of the command."""
    with pytest.raises(SystemExit) as stop:
        main([str(arg) for arg in argv])
    return stop.value.code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(("good", "old", "new", "words"), BROKEN)
def test_broken_scene(tmp_path, monkeypatch, capsys, good, old, new, words):
    monkeypatch.chdir(tmp_path)
    assert old in good
    (tmp_path / "scene.toml").write_text(good.replace(old, new, 1))
    code, lines = command(capsys, "run", "scene.toml")
    assert (code, len(lines)) == (2, 1), lines
    assert lines[0].startswith("magneton: scene.toml: ")
    for word in words:
        assert word in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["scene.toml"]


def test_the_command_draws_writes_and_does_not_overwrite(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pictures = 'pictures = ["path", "mu", "pitch_angle", "bounce", "page"]'
    (tmp_path / "scene.toml").write_text(ORBIT.replace("samples = 20", f"samples = 200\n{pictures}"))
    with pytest.raises(SystemExit) as stop:
        main(["run", "scene.toml"])
    assert stop.value.code == 0
    assert "verdict: mu was conserved" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "scene-results").iterdir()}
    drawn = {f"one-{what}.png" for what in ("path", "mu", "pitch_angle", "bounce")} | {"one-page.html"}
    assert names == {"one.nc", "one.csv"} | drawn
    data = xr.load_dataset(tmp_path / "scene-results" / "one.nc", engine="h5netcdf")
    assert str(data.verdict.values).startswith("mu was conserved")
    code, lines = command(capsys, "run", "scene.toml")
    assert (code, len(lines)) == (2, 1)
    assert "exists already" in lines[0]


def test_a_broken_off_ensemble_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    many = MANY.replace("count = 4", "count = 40000\nstream = true").replace('"10 us"', '"1 us"')
    (tmp_path / "scene.toml").write_text(f'{many}\n[output]\nformats = ["nc"]')
    assert command(capsys, "run", "scene.toml", "--out", "whole", "-q") == (0, [])

    class Stopped(BaseException):
        pass

    from magneton.runs import store

    saved, save = itertools.count(), store.Folder.save

    def save_one(*args, **kwargs):
        if next(saved):
            raise Stopped
        return save(*args, **kwargs)

    with monkeypatch.context() as patch, contextlib.suppress(Stopped):
        patch.setattr(store.Folder, "save", save_one)
        main(["run", "scene.toml", "--out", "broken", "-q"])
    assert [path.name for path in (tmp_path / "broken").iterdir()] == ["many.stream"]
    begun = json.loads((tmp_path / "broken" / "many.stream" / "manifest.json").read_text())
    assert len(begun["chunks"]) == 1
    assert command(capsys, "run", "scene.toml", "--out", "broken", "-q") == (0, [])
    whole, broken = (
        xr.load_dataset(tmp_path / name / "many.nc", engine="h5netcdf") for name in ("whole", "broken")
    )
    assert whole.identical(broken)
    (tmp_path / "scene.toml").write_text(many.replace("pitch_angle = 1\n", "pitch_angle = 1.1\n"))
    code, lines = command(capsys, "run", "scene.toml", "--out", "broken", "--overwrite")
    assert (code, len(lines)) == (2, 1)
    assert "delete it, or give another --out" in lines[0]
