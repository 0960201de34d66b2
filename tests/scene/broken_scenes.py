"""Broken scenes: each a change to a good one, with the path and words that the one line must hold."""

GOOD = """
title = "good"
[sources.a]
type = "CircularLoop"
radius = "10 cm"
moment = [100, 0, 0]
[sources.b]
type = "Dipole"
moment = [0, 0, 1]
position = [1, 0, 0]
[sources.both]
type = "Collection"
sources = ["a", "b"]
[compute.pair]
type = "interaction"
source = "a"
target = "b"
formula = "dipole"
[compute.pair.sweep.distance]
parameter = "sources.b.position.0"
start = 1
stop = 2
count = 3
[compute.field]
type = "field"
source = "a"
grid = { x = { start = 0.5, stop = 1, count = 3 }, y = "1 cm" }
[figures.pair]
compute = "pair"
y = "force.x"
[output]
formats = ["csv"]
"""

# (what it is, text replaced, by what, words of the message)
BROKEN = [
    (
        "case of sources",
        "[sources.b]",
        '[sources.A]\ntype = "Dipole"\nmoment = [0, 0, 1]\n[sources.b]',
        ["sources.A", "more than case", "'a' and 'A'"],
    ),
    (
        "case of tasks",
        "[compute.field]",
        '[compute.PAIR]\ntype = "moment"\nsource = "a"\n[compute.field]',
        ["compute.PAIR", "'pair' and 'PAIR'"],
    ),
    (
        "case of figures",
        "[output]",
        '[figures.Pair]\ncompute = "pair"\ny = "energy"\n[output]',
        ["figures.Pair", "'pair' and 'Pair'"],
    ),
    (
        "labels twice",
        "[compute.field]",
        '[compute.pair.sweep.c]\nlabels = ["u", "u"]\nset."sources.b.moment.0" = [1, 2]\n[compute.field]',
        ["compute.pair.sweep.c.labels", "'u' twice"],
    ),
    (
        "dipole of a collection",
        'type = "field"\nsource = "a"',
        'type = "field"\nformula = "dipole"\nsource = "both"',
        ["compute.field.formula: 'dipole' needs", "'both', a Collection, without a position"],
    ),
    (
        "touching",
        'parameter = "sources.b.position.0"\nstart = 1\nstop = 2\ncount = 3',
        'labels = ["on"]\nset."sources.b.position" = [[0, 0.1, 0]]',
        ["compute.pair", "must not touch", "source 'a', target 'b'", "at distance = on"],
    ),
    ("syntax", 'title = "good"', "title = good", ["not valid TOML", "line 2"]),
    ("open string", 'title = "good"', 'title = "good', ["not valid TOML", "line 2"]),
    ("table twice", "[output]", "[sources.a]\n[output]", ["not valid TOML", "sources"]),
    ("key twice", "count = 3\n[compute.field]", "count = 3\ncount = 4\n[compute.field]", ["not valid TOML"]),
    ("deep nesting", 'title = "good"', "title = " + "[" * 5000 + "]" * 5000, ["not valid TOML"]),
    ("endless integer", "count = 3\n[", "count = " + "9" * 5000 + "\n[", ["not valid TOML"]),
    ("nothing", None, "", ["compute", "required but missing", "a table"]),
    ("no compute", None, "[compute]", ["compute", "nothing to compute"]),
    ("unknown table", "[output]", "[outputs]", ["outputs", "did you mean 'output'"]),
    ("unknown key", "radius =", "raduis =", ["sources.a.raduis", "did you mean 'radius'"]),
    ("missing key", 'radius = "10 cm"', "", ["sources.a.radius", "required but missing", "length"]),
    ("no type", 'type = "Dipole"', "", ["sources.b.type", "required but missing", "valid: Dipole, "]),
    ("unknown type", '"Dipole"', '"Dipol"', ["sources.b.type", "did you mean 'Dipole'"]),
    ("type of number", '"Dipole"', "3", ["sources.b.type", "unknown type '3'"]),
    (
        "source no table",
        "[sources.b]",
        "[sources]\nc = 1\n[sources.b]",
        ["sources.c", "must be a table", "got 1"],
    ),
    ("wrong unit", '"10 cm"', '"10 kg"', ["sources.a.radius", "length", "'kg'"]),
    ("no unit", '"10 cm"', '"10"', ["sources.a.radius", "a unit is required"]),
    ("unknown unit", '"10 cm"', '"10 cmm"', ["sources.a.radius", "unknown unit 'cmm'"]),
    ("not a number", '"10 cm"', '"ten cm"', ["sources.a.radius", "'ten cm'"]),
    ("wrong kind", '"10 cm"', "true", ["sources.a.radius", "must be a length", "got True"]),
    ("list for number", '"10 cm"', "[0.1]", ["sources.a.radius", "must be a length", "[0.1]"]),
    ("date for number", '"10 cm"', "2020-01-01", ["sources.a.radius", "must be a length", "2020"]),
    ("negative", '"10 cm"', "-0.1", ["sources.a.radius", "positive", "-0.1"]),
    ("zero", '"10 cm"', "0", ["sources.a.radius", "positive", "got 0"]),
    ("infinite", '"10 cm"', "inf", ["sources.a.radius", "finite", "inf"]),
    ("nan", "[100, 0, 0]", "[nan, 0, 0]", ["sources.a.moment.0", "finite", "nan"]),
    ("huge integer", '"10 cm"', "1" + "0" * 400, ["sources.a.radius", "finite"]),
    ("shape", "[100, 0, 0]", "[100, 0]", ["sources.a.moment", "3 numbers", "got 2"]),
    ("nested", "[100, 0, 0]", "[[100, 0, 0]]", ["sources.a.moment", "3 numbers"]),
    ("scalar for vector", "[100, 0, 0]", "100", ["sources.a.moment", "3 numbers", "got 100"]),
    ("unit in vector", "[100, 0, 0]", '[100, "0 m", 0]', ["sources.a.moment.1", "magnetic moment", "'m'"]),
    ("ambiguous unit", "[100, 0, 0]", '["1 emu", 0, 0]', ["sources.a.moment.0", "ambiguous"]),
    ("zero moment", "[100, 0, 0]", "[0, 0, 0]", ["sources.a.moment", "must not be zero"]),
    ("both", "[100, 0, 0]", "[100, 0, 0]\ncurrent = 1", ["sources.a", "exactly one of current, moment"]),
    ("neither", "moment = [100, 0, 0]", "", ["sources.a", "exactly one of current, moment", "none"]),
    ("axis", "[100, 0, 0]", "[100, 0, 0]\naxis = [0, 0, 1]", ["sources.a.axis", "current only"]),
    ("no source", 'target = "b"', 'target = "c"', ["compute.pair.target", "'c'", "valid: a, b"]),
    ("name", "[sources.both]", '[sources."a b"]', ["sources.'a b'", "a name must start with a letter"]),
    ("circle", '["a", "b"]', '["both"]', ["sources.both", "contain itself"]),
    ("empty collection", '["a", "b"]', "[]", ["sources.both.sources", "at least 1"]),
    ("member", '["a", "b"]', '["a", "x"]', ["sources.both.sources.1", "'x'"]),
    ("several", 'radius = "10 cm"', "radius = -1\nposition = 3", ["sources.a.radius", "(and 1 more)"]),
    ("no task type", 'type = "interaction"', "", ["compute.pair.type", "missing", "valid: interaction"]),
    ("no target", 'target = "b"', "", ["compute.pair.target", "required but missing", "a name"]),
    ("task type", '"interaction"', '"interactoin"', ["compute.pair.type", "did you mean 'interaction'"]),
    ("formula", '"dipole"', '"monopole"', ["compute.pair.formula", "'dipole'", "got 'monopole'"]),
    ("rtol", 'formula = "dipole"', "rtol = 2", ["compute.pair.rtol", "between 0 and 1", "got 2"]),
    ("show", 'formula = "dipole"', 'show = ["forc"]', ["compute.pair.show.0", "did you mean 'force'"]),
    (
        "component",
        'formula = "dipole"',
        'show = ["force.w"]',
        ["compute.pair.show.0", "valid: x, y, z, norm"],
    ),
    ("scalar part", 'formula = "dipole"', 'show = ["energy.x"]', ["compute.pair.show.0", "none is defined"]),
    (
        "sweep root",
        '"sources.b.position.0"',
        '"source.b.position.0"',
        ["sweep.distance.parameter", "'sources.'"],
    ),
    (
        "sweep source",
        '"sources.b.position.0"',
        '"sources.c.position.0"',
        ["sweep.distance.parameter", "valid: a, b"],
    ),
    ("sweep key", '"sources.b.position.0"', '"sources.b.positoin.0"', ["distance.parameter", "'position'"]),
    ("sweep index", '"sources.b.position.0"', '"sources.b.position.3"', ["distance.parameter", "0 to 2"]),
    ("sweep word", '"sources.b.position.0"', '"sources.b.position.x"', ["distance.parameter", "0 to 2"]),
    (
        "sweep depth",
        '"sources.b.position.0"',
        '"sources.a.radius.0"',
        ["distance.parameter", "a single number"],
    ),
    (
        "sweep vector",
        '"sources.b.position.0"',
        '"sources.b.position"',
        ["distance.parameter", "single number"],
    ),
    ("sweep unset", '"sources.b.position.0"', '"sources.a.axis.0"', ["distance.parameter", "not given"]),
    (
        "sweep type",
        '"sources.b.position.0"',
        '"sources.b.type"',
        ["distance.parameter", "valid: rotation, moment"],
    ),
    (
        "no parameter",
        'parameter = "sources.b.position.0"',
        "",
        ["sweep.distance", "exactly one of parameter, set"],
    ),
    ("no stop", "stop = 2", "", ["sweep.distance", "start, stop and count"]),
    ("sweep unit", "stop = 2", 'stop = "2 kg"', ["sweep.distance.stop", "length", "'kg'"]),
    ("log spacing", "start = 1", 'start = 0\nspacing = "log"', ["sweep.distance", "log spacing needs"]),
    (
        "spacing",
        "start = 1",
        'start = 1\nspacing = "cubic"',
        ["distance.spacing", "'linear' or 'log'", "'cubic'"],
    ),
    ("count 0", "count = 3\n[compute.f", "count = 0\n[compute.f", ["sweep.distance.count", "between 1 and"]),
    ("count text", "count = 3\n[compute.f", 'count = "3"\n[compute.f', ["distance.count", "integer", "'3'"]),
    (
        "count huge",
        "count = 3\n[compute.f",
        "count = 10000000000\n[compute.f",
        ["distance.count", "between 1 and"],
    ),
    (
        "empty sweep",
        "start = 1\nstop = 2\ncount = 3",
        "values = []",
        ["sweep.distance", "at least one value"],
    ),
    ("sweep value", "start = 1\nstop = 2\ncount = 3", 'values = [1, "x"]', ["distance.values.1", "'x'"]),
    ("both forms", "start = 1", "start = 1\nvalues = [1]", ["sweep.distance", "got both"]),
    ("sweep name", "sweep.distance", "sweep.force", ["compute.pair.sweep.force", "taken"]),
    (
        "into trouble",
        '"sources.b.position.0"',
        '"sources.a.radius"\ntimes = -1',
        ["compute.pair.sweep", "positive"],
    ),
    (
        "lengths",
        'parameter = "sources.b.position.0"\nstart = 1\nstop = 2\ncount = 3',
        'labels = ["p", "q"]\nset."sources.b.moment" = [[0, 0, 1]]',
        ["sweep.distance", "same length", "1 for sources.b.moment", "2 for labels"],
    ),
    (
        "set value",
        'parameter = "sources.b.position.0"\nstart = 1\nstop = 2\ncount = 3',
        'set."sources.b.moment" = [[0, 0, 1], [0, 0]]',
        ["compute.pair.sweep", "sources.b.moment", "3 numbers", "distance = 2"],
    ),
    ("no place", "grid = {", "line = {", ["compute.field.line", "unknown key"]),
    (
        "two places",
        "grid = {",
        "points = [[1, 1, 1]]\ngrid = {",
        ["compute.field", "exactly one of points, line, grid"],
    ),
    ("grid number", 'y = "1 cm"', 'y = "1 s"', ["compute.field.grid.y", "length", "'s'"]),
    ("grid range", "stop = 1, count = 3", "stop = 0.5, count = 3", ["compute.field.grid.x", "must differ"]),
    (
        "grid count",
        "stop = 1, count = 3",
        "stop = 1",
        ["compute.field.grid.x.count", "required but missing", "a whole number"],
    ),
    (
        "grid flat",
        "x = { start = 0.5, stop = 1, count = 3 }",
        "x = 1",
        ["compute.field.grid", "must be a range"],
    ),
    (
        "quantity",
        "grid = {",
        'quantities = ["C"]\ngrid = {',
        ["compute.field.quantities.0", "'B'", "got 'C'"],
    ),
    (
        "no capability",
        "grid = {",
        'quantities = ["scalar_potential"]\ngrid = {',
        ["compute.field.quantities", "no scalar_potential"],
    ),
    ("figure of", 'compute = "pair"', 'compute = "pear"', ["figures.pair.compute", "did you mean 'pair'"]),
    ("figure y", 'y = "force.x"', 'y = "speed"', ["figures.pair.y", "'speed'", "valid: force"]),
    ("figure x", 'y = "force.x"', 'y = "force.x"\nx = "time"', ["figures.pair.x", "'time'", "distance"]),
    (
        "figure format",
        'y = "force.x"',
        'y = "force.x"\nformats = ["bmp"]',
        ["figures.pair.formats.0", "'bmp'"],
    ),
    (
        "band",
        'y = "force.x"',
        'y = "force.x"\nband = { low = 1, high = 0 }',
        ["figures.pair.band", "low must be"],
    ),
    ("format", '["csv"]', '["xls"]', ["output.formats.0", "'nc'", "got 'xls'"]),
    ("format twice", '["csv"]', '["csv", "csv"]', ["output.formats", "once only"]),
]
