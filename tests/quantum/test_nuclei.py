"""The table of nuclei against its extracts, the laws, and published values; and the lookup."""

import dataclasses
import importlib
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from magneton import constants
from magneton.quantum import nuclei as room
from magneton.quantum.nuclei import nucleus, nuclides

TOOLS = Path(__file__).parents[2] / "tools" / "nuclear_moments"


@pytest.fixture(scope="module")
def tool():
    """Return the modules that build the table, by name."""
    sys.path.insert(0, str(TOOLS))
    try:
        return {
            name: importlib.import_module(name)
            for name in ("moment_sources", "moment_rules", "moment_report", "build")
        }
    finally:
        sys.path.remove(str(TOOLS))


@pytest.fixture(scope="module")
def decisions(tool):
    return tool["build"].built()


@pytest.fixture(scope="module")
def shipped(tool):
    return tool["moment_sources"].read(tool["build"].TABLE)


# ---- the audit


def test_the_shipped_table_and_the_report_are_what_the_extracts_give(tool, decisions):
    assert tool["moment_sources"].wrong_checksums() == []
    assert tool["build"].TABLE.read_text(encoding="utf-8") == tool["build"].table_text(decisions)
    errata = tool["moment_sources"].read(TOOLS / "errata.csv")
    assert (TOOLS / "AUDIT.md").read_text(encoding="utf-8") == tool["moment_report"].report(decisions, errata)


def test_the_table_passes_its_audit(tool, shipped, decisions):
    assert tool["build"].audit(shipped, decisions) == []
    assert tool["moment_sources"].misfits() == []


def test_every_change_of_a_row_is_found(tool, shipped, decisions):
    rng = np.random.default_rng(20)
    changes = {
        "moment": lambda text: text[:-1] + str((int(text[-1]) + 1) % 10),
        "spin": lambda text: str(int(text.split("/")[0]) + 2) + text[len(text.split("/")[0]) :],
        "sign_known": lambda text: {"yes": "no", "no": "yes"}[text],
        "parity": lambda text: "+" if text == "-" else "-",
        "uncertainty": lambda text: text + "1",
        "abundance": lambda text: text + "1" if "." in text else "0.5",
        "citation": lambda text: text + "a",
        "nuclide": lambda text: "1" + text,
    }
    for index in rng.choice(len(shipped), 40, replace=False):
        field = str(rng.choice(list(changes)))
        rows = [dict(row) for row in shipped]
        rows[index][field] = changes[field](rows[index][field])
        assert tool["build"].audit(rows, decisions), (shipped[index], field)
    for index in rng.choice(len(shipped), 10, replace=False):
        assert tool["build"].audit(shipped[:index] + shipped[index + 1 :], decisions)
        assert tool["build"].audit(shipped[: index + 1] + shipped[index:], decisions)


@pytest.mark.parametrize("name", ["mendeleev", "mrsimulator", "easyspyn", "codata", "literature"])
def test_a_change_of_an_extract_is_found(tool, tmp_path, name):
    shutil.copytree(tool["moment_sources"].EXTRACTS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:-3] + chr(ord(text[-3]) ^ 1) + text[-2:], encoding="utf-8")
    assert tool["moment_sources"].wrong_checksums(tmp_path) == [path.name]
    path.write_text(text[: text.rindex("\n", 0, -1) + 1], encoding="utf-8")  # without the last row
    assert tool["moment_sources"].wrong_checksums(tmp_path) == [path.name]
    path.unlink()
    assert tool["moment_sources"].wrong_checksums(tmp_path) == [path.name]


def test_a_row_missing_from_an_extract_is_missed_in_the_table(tool, tmp_path, shipped):
    shutil.copytree(tool["moment_sources"].EXTRACTS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "mendeleev.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("235U,")), encoding="utf-8")
    found = tool["build"].audit(shipped, tool["build"].built(tmp_path))
    assert any(each.startswith("235U:") for each in found)


@pytest.mark.parametrize(
    ("nuclide", "changed", "law"),
    [
        ("199Hg", {"spin": "1"}, "odd mass number"),
        ("14N", {"spin": "1/2"}, "odd mass number"),
        ("12C", {"spin": "2"}, "even-even"),
        ("12C", {"moment": "0.1"}, "spin 0 has no moment"),
        ("200Tl", {"moment": "20.04"}, "g-factor"),
        ("165Ho", {"moment": "7.0"}, "Schmidt"),
        ("103Rh", {"moment": "-0.883"}, "Schmidt"),
        ("129Xe", {"moment": "0.977961", "sign_known": "yes"}, "Schmidt"),
        ("52Mn", {"moment": "-3.0622"}, "unknown sign"),
        ("13C", {"uncertainty": "0"}, "uncertainty"),
        ("13C", {"parity": "?"}, "parity"),
        ("13C", {"half_life": "100"}, "lives long"),
        ("13C", {"abundance": "1.06"}, "fraction"),
    ],
)
def test_laws_find_what_is_impossible(tool, shipped, nuclide, changed, law):
    row = next(row for row in shipped if row["nuclide"] == nuclide)
    assert tool["moment_rules"].row_problems(row) == []
    found = tool["moment_rules"].row_problems(row | changed)
    assert any(law in each for each in found), found


def test_abundances_add_up(tool, shipped):
    rows = [row | {"abundance": "0.0206"} if row["nuclide"] == "13C" else row for row in shipped]
    assert any("abundances" in each for each in tool["moment_rules"].table_problems(rows))


def test_digits_tell_the_spin(tool):
    """Without the errata, what the digits of the uncertainties say against spins are the known mismatches."""
    found = tool["moment_sources"].misfits(errata=[])
    assert [each.split(":")[0] for each in found] == ["93Sr", "129Cd", "110In"]
    assert [float(spin) for spin in tool["moment_sources"].fitting_spins(0.00010909091, 129)] == [5.5]


def test_the_sources_agree_where_they_should(decisions):
    """The counts of the report: many nuclides in several sources, hardly any apart."""
    several = [each for each in decisions if each.row and each.row["spin"] != "0" and each.sources > 1]
    assert len(several) == 636
    assert sum(each.agrees for each in several) == 584
    apart = {each.nuclide: {found.kind for found in each.findings} for each in several if not each.agrees}
    assert apart["109Ag"] == {"sign"}
    assert apart["124In"] == {"spin"}
    assert apart["200Tl"] == apart["165Ho"] == apart["173Yb"] == {"value"}
    assert "103Rh" not in apart


def test_what_cannot_be_decided_is_dropped(decisions):
    assert {each.nuclide for each in decisions if each.row is None} == {"86Y", "178Ta", "190Tl"}
    for name in ("80Ga", "86Y", "178Ta", "190Tl"):
        with pytest.raises(ValueError, match="name must be a nuclide of the table"):
            nucleus(name)


# ---- published values

#: Frequencies in percent of the protons' of tetramethylsilane: Harris et al., Pure Appl. Chem. 73, 1795 (2001).
IUPAC_2001 = """
2H 15.350609  6Li 14.716086  7Li 38.863797  9Be 14.051813  10B 10.743658  11B 32.083974  13C 25.145020  14N 7.226317
15N 10.136767  17O 13.556457  19F 94.094011  21Ne 7.894296  23Na 26.451900  25Mg 6.121635  27Al 26.056859
29Si 19.867187  31P 40.480742  33S 7.676000  35Cl 9.797909  37Cl 8.155725  39K 4.666373  41K 2.561305  43Ca 6.730029
45Sc 24.291747  47Ti 5.637534  49Ti 5.639037  50V 9.970309  51V 26.302948  53Cr 5.652496  55Mn 24.789218  57Fe 3.237778
59Co 23.727074  61Ni 8.936051  63Cu 26.515473  65Cu 28.403693  67Zn 6.256803  69Ga 24.001354  71Ga 30.496704
73Ge 3.488315  75As 17.122614  77Se 19.071513  79Br 25.053980  81Br 27.006518  83Kr 3.847600  85Rb 9.654943
87Rb 32.720454  87Sr 4.333822  89Y 4.900198  91Zr 9.296298  93Nb 24.476170  95Mo 6.516926  97Mo 6.653695  99Tc 22.508326
99Ru 4.605151  103Rh 3.186447  105Pd 4.576100  107Ag 4.047819  109Ag 4.653533  111Cd 21.215480  113Cd 22.193175
113In 21.865755  115In 21.912629  115Sn 32.718749  117Sn 35.632259  119Sn 37.290632  121Sb 23.930577  123Sb 12.959217
123Te 26.169742  125Te 31.549769  127I 20.007486  129Xe 27.810186  131Xe 8.243921  133Cs 13.116142  135Ba 9.934457
137Ba 11.112928  138La 13.194300  139La 14.125641  181Ta 11.989600  183W 4.166387  185Re 22.524600  187Re 22.751600
187Os 2.282331  189Os 7.765400  195Pt 21.496784  199Hg 17.910822  201Hg 6.611583  203Tl 57.123200  205Tl 57.683838
207Pb 20.920599  209Bi 16.069288
"""
#: Compounds in which the paramagnetic shift is larger than the diamagnetic one of the free atom.
STRONGLY_SHIFTED = ("59Co", "99Ru", "103Rh")


def test_frequencies_of_nmr_are_those_published():
    """The shielding in a compound is that of the free atom, 3.19e-5 Z^(4/3) (Lamb), give or take some of it."""
    words = IUPAC_2001.split()
    proton = nucleus("1H").nmr_frequency(1.0)
    assert len(words) == 2 * 90
    for name, percent in zip(words[::2], map(float, words[1::2]), strict=True):
        each = nucleus(name)
        shielding = 3.19e-5 * each.protons ** (4.0 / 3.0)
        shift = 1.0 - 0.01 * percent * proton / each.nmr_frequency(1.0)
        if name in STRONGLY_SHIFTED:
            assert abs(shift) < 2.0 * shielding, name
        else:
            assert -0.5 * shielding < shift + 3e-5 < 1.2 * shielding + 6e-5, name


@pytest.mark.parametrize(
    ("name", "spin", "parity", "concise", "edition"),
    [
        ("13C", 0.5, "-", "0.702369(4)", "IAEA 2019"),
        ("17O", 2.5, "+", "-1.893543(10)", "IAEA 2019"),
        ("129Xe", 0.5, "+", "-0.777961(16)", "IAEA 2019"),
        ("1H", 0.5, "+", "2.79284734463(82)", "CODATA 2022"),
        ("1n", 0.5, "+", "-1.91304276(45)", "CODATA 2022"),
        ("2H", 1.0, "+", "0.8574382335(22)", "CODATA 2022"),
        ("3H", 0.5, "+", "2.9789624650(59)", "CODATA 2022"),
        ("3He", 0.5, "+", "-2.1276253498(17)", "CODATA 2022"),
        ("229mTh", 1.5, "+", "-0.37(6)", "Thielking 2018"),
        ("180mTa", 9.0, "-", "±4.825", "IAEA 2014"),
    ],
)
def test_moments_as_printed(name, spin, parity, concise, edition):
    each = nucleus(name)
    assert (each.spin, each.parity, each.concise, each.edition) == (spin, parity, concise, edition)


@pytest.mark.parametrize(
    ("name", "constant"), [("H", "mu_p"), ("n", "mu_n"), ("D", "mu_d"), ("T", "mu_t"), ("3He", "mu_h")]
)
def test_lightest_nuclei_in_si(name, constant):
    value = getattr(constants, constant)
    each = nucleus(name)
    assert each.moment == pytest.approx(float(value), rel=3.0 * value.relative_uncertainty)
    assert each.g_I == pytest.approx(float(getattr(constants, constant.replace("mu", "g"))), rel=1e-9)


def test_traps_of_published_tables():
    """Signs, spins and magnitudes that tables have wrong, and nuclides that they lack."""
    assert nucleus("109Ag").value == -0.13051
    assert nucleus("109Ag").sign_known
    assert nucleus("107Ag").value == -0.11352
    assert nucleus("199Hg").spin == 0.5
    assert nucleus("103Rh").value == pytest.approx(-0.0883, rel=1e-3)
    assert nucleus("165Ho").value == pytest.approx(4.16, rel=1e-9)
    assert nucleus("200Tl").value == 0.04
    spins = {"51V": 3.5, "57Fe": 0.5, "63Cu": 1.5, "65Cu": 1.5, "195Pt": 0.5, "209Bi": 4.5}
    assert {name: nucleus(name).spin for name in spins} == spins
    states = {"129Cd": (5.5, -0.7052), "110In": (7.0, 4.706), "93Sr": (2.5, -0.793)}
    assert {name: (nucleus(name).spin, nucleus(name).value) for name in states} == states


def test_all_natural_nuclides_with_spin_are_there():
    """Those of odd mass or odd-odd: in each element with any, they and the even-even ones make up all atoms."""
    natural = nuclides(natural=True)
    elements = {each.protons for each in natural}
    assert elements == {*range(1, 84), 90, 91, 92} - {43, 61}
    assert len([each for each in natural if each.spin]) == 120
    assert {
        each.mass_number for each in natural if each.spin and each.protons % 2 and each.mass_number % 2 == 0
    } == {*(2, 6, 10, 14, 40, 50, 138, 176, 180)}
    for Z in elements:
        assert sum(each.abundance for each in natural if each.protons == Z) == pytest.approx(1.0, abs=1e-4)


# ---- the lookup


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *(
            ("C13", "13C"),
            ("C-13", "13C"),
            ("13-C", "13C"),
            ("carbon-13", "13C"),
            ("Carbon 13", "13C"),
            ("¹³C", "13C"),
        ),
        *(
            ("13c", "13C"),
            ("co59", "59Co"),
            ("55mn", "55Mn"),
            ("52Mn", "52Mn"),
            ("242Am", "242Am"),
            ("169tm", "169Tm"),
        ),
        *(("Ta-180m", "180mTa"), ("180Tam", "180mTa"), ("tantalum-180m", "180mTa"), ("H", "1H"), ("d", None)),
        *(
            ("D", "2H"),
            ("T", "3H"),
            ("n", "1n"),
            ("p", "1H"),
            ("neutron", "1n"),
            ("n-1", "1n"),
        ),
        ("aluminum-27", "27Al"),
    ],
)
def test_names_as_people_write_them(name, wanted):
    if wanted is None:
        with pytest.raises(ValueError, match="name must be"):
            nucleus(name)
    else:
        assert nucleus(name).name == wanted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("98C", "of the table, such as 17C, 15C"),
        ("180Ta", "such as 180mTa, 179Ta, 181Ta"),
        ("178m2Hf", "such as 178Hf, 177Hf, 179Hf"),
        ("Ag", "with its mass number, such as 107Ag, 109Ag"),
        ("carbn-13", "such as 13C"),
        ("13Qq", "such as 13B, 13C"),
        (13, "got 13"),
        ("", "got ''"),
    ],
)
def test_unknown_names_are_told_the_nearest(name, said):
    with pytest.raises(ValueError, match=f"name must be a nuclide.*{said}"):
        nucleus(name)


def test_filters():
    assert [each.name for each in nuclides("silver", natural=True)] == ["107Ag", "109Ag"]
    assert [each.name for each in nuclides("C", natural=True)] == ["12C", "13C"]
    assert [each.name for each in nuclides("C", natural=True, spinless=False)] == ["13C"]
    assert len(nuclides()) == 1307
    with pytest.raises(ValueError, match=r"element must be .*carbon.*; got 'carbom'"):
        nuclides("carbom")


def test_frequency_in_a_field():
    """At 11.7433 T, 500 MHz of protons; half of |g| over a factor for arrays."""
    silver = nucleus("109Ag")
    field = np.array([[1.0, -2.0], [0.0, 0.5]])
    one = 0.26102 * constants.mu_N / constants.h
    np.testing.assert_allclose(silver.nmr_frequency(field), one * np.abs(field), rtol=1e-14)
    assert nucleus("1H").nmr_frequency(11.7433) == pytest.approx(500e6, rel=1e-5)
    assert silver.gyromagnetic_ratio == pytest.approx(-2.0 * np.pi * one, rel=1e-14)
    with pytest.raises(ValueError, match="12C has spin 0"):
        nucleus("12C").nmr_frequency(1.0)


def test_nuclei_without_spin_have_no_moment():
    for name in ("4He", "12C", "16O", "238U"):
        each = nucleus(name)
        assert (each.spin, each.moment, each.uncertainty, each.parity) == (0.0, 0.0, 0.0, "+")
        assert np.isnan(each.g_I)
        assert np.isnan(each.gyromagnetic_ratio)


def test_records_say_what_kind_of_nucleus_it_is():
    tantalum = nucleus("180mTa")
    assert (tantalum.element, tantalum.protons, tantalum.neutrons, tantalum.state) == ("Ta", 73, 107, "m")
    assert (tantalum.stable, tantalum.abundance, tantalum.sign_known) == (True, 0.00012, False)
    assert nucleus("3H").half_life == pytest.approx(12.32 * 31556926.0, rel=1e-5)
    assert nucleus("13C").g_I_uncertainty == pytest.approx(8e-6)
    with pytest.raises(dataclasses.FrozenInstanceError):
        tantalum.value = 1.0


def test_the_table_is_read_once(monkeypatch, shipped):
    room._table.cache_clear()
    read = []
    monkeypatch.setattr(room, "read_rows", lambda name: read.append(name) or shipped)
    try:
        assert nucleus("13C") is nucleus("C-13")
        assert read == ["nuclei.csv"]
    finally:
        room._table.cache_clear()


def test_an_isomer_that_is_left_out_is_said_to_be():
    with pytest.raises(ValueError, match=r"99Tc, .*; of isomers only 180mTa and 229mTh are in the table"):
        nucleus("99mTc")


def test_the_neutron_lives_ten_minutes():
    """PDG 2026: mean life 878.3(4) s."""
    assert nucleus("n").half_life == pytest.approx(878.3 * np.log(2.0), abs=0.3)


@pytest.mark.parametrize(
    ("name", "choices"),
    [("13X", "13B, 13C, 13N, 13O"), ("xyz", '"13C", "carbon-13"'), (None, '"13C", "carbon-13"')],
)
def test_a_name_without_an_element_gets_nuclides_of_its_mass(name, choices):
    with pytest.raises(ValueError, match=f"name must be a nuclide, such as {choices}"):
        nucleus(name)
