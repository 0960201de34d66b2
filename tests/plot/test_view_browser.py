"""The page in a real browser: it draws without an error, its parts are there, and its switches work."""

import os
import re
import shutil
import signal
import subprocess

import numpy as np
import pytest

import magneton
from magneton.plot import write_html

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH to open the page with")

TRIES, PATIENCE = 3, 60  # seconds

SOURCES = {
    "magnet": magneton.Cuboid((0.02, 0.02, 0.01), polarization=(0, 0, 1.3)),
    "coil": magneton.CircularLoop(0.03, 5.0, (0, 0, 0.04)),
    "needle": magneton.Dipole((0.1, 0, 0.1), (0.04, 0, 0.02)),
}

#: Turns moments off when the page has drawn, and writes what is left into the document.
PROBE = """
<pre id="probe"></pre>
<script>
const wait = setInterval(() => {
  if (!document.getElementById("drawn").textContent.startsWith("Drawn")) return;
  clearInterval(wait);
  const tell = (word) => document.getElementById("probe").textContent += word + " " + place.data
    .filter((t) => t.visible !== false).map((t) => t.meta + "=" + t.name).join(" | ") + "\\n";
  tell("before");
  const box = document.querySelector("input[data-part=moments]");
  box.click();
  tell("after");
  box.click();
}, 50);
</script>
"""


def browse(command, folder):
    """Run the browser; at times it hangs as it starts on a busy machine, so that it gets another try."""
    for attempt in range(TRIES):
        profile = f"--user-data-dir={folder / f'profile{attempt}'}"
        with subprocess.Popen(
            [*command, profile],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        ) as process:
            try:
                return process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # it has children
    pytest.fail(f"the browser did not finish in {PATIENCE} s, {TRIES} times")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return the document after its scripts ran, what the probe and the console said, and the picture's pixels."""
    from matplotlib.image import imread

    folder = tmp_path_factory.mktemp("page")
    page = write_html(SOURCES, folder / "view.html", title="A coil & a magnet", field_lines=12)
    probed = folder / "probed.html"
    text = page.read_text(encoding="utf-8")
    probed.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    options = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader",
               "--enable-unsafe-swiftshader", "--hide-scrollbars", "--window-size=1000,800",
               "--virtual-time-budget=3000", "--enable-logging=stderr"]  # fmt: skip
    shot = folder / "shot.png"
    command = [BROWSER, *options, "--dump-dom", f"--screenshot={shot}", probed.as_uri()]
    document, log = browse(command, folder)
    console = [line for line in log.splitlines() if "CONSOLE" in line]
    probe = re.search(r'<pre id="probe">(.*?)</pre>', document, re.DOTALL)
    return document, probe[1] if probe else "", console, imread(shot)[..., :3]


def test_the_console_has_no_error(opened):
    bad = [line for line in opened[2] if re.search(r"ERROR|Uncaught|Refused|violates|WARN", line)]
    assert bad == []


def test_the_parts_are_there(opened):
    document = opened[0]
    assert re.search(r'id="drawn"[^>]*>Drawn: bodies 3, moments 3, field lines \d+\.', document)
    before = re.search(r"before (.*)", opened[1])[1]
    for part in ("bodies=magnet", "bodies=coil", "bodies=needle", "moments=m of magnet: 4.138 A m²",
                 "moments=m of coil", "moments=m of needle", "lines=field lines"):  # fmt: skip
        assert part in before
    assert "<h1>A coil &amp; a magnet</h1>" in document
    assert document.count('<th scope="row">') == 3


def test_the_switch_of_moments_hides_them_alone(opened):
    after = re.search(r"after (.*)", opened[1])[1]
    assert "moments=" not in after
    assert "bodies=magnet" in after
    assert "lines=field lines" in after


@pytest.mark.parametrize(
    ("what", "colour", "least"),
    [("the coil's wire", "#d55e00", 300), ("the magnet, translucent", "#0072b2", 100)],
)
def test_bodies_are_drawn_in_their_colours(opened, what, colour, least):
    pixels = opened[3][60:560, 50:650]
    wanted = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    size = np.linalg.norm(pixels - pixels.min(axis=-1, keepdims=True), axis=-1)
    hue = (pixels - pixels.min(axis=-1, keepdims=True)) / np.where(size > 0.15, size, np.inf)[..., None]
    target = (wanted - wanted.min()) / np.linalg.norm(wanted - wanted.min())
    count = int(np.sum(np.linalg.norm(hue - target, axis=-1) < 0.12))
    assert count > least, (what, count)
