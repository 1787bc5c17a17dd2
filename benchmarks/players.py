"""Time and weigh a player in a real JupyterLab: its first paint, a turn, and the memory after many turns.

    python -m benchmarks.players [--turns 200] [--runs 5]

For whoever changes the players. Prints milliseconds and megabytes as they are on this machine, and the
ratios of the last turns to the first, which say more: a ratio near 1 is flat. Refuses to judge.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.browser.conftest import FLAGS, LESSON, TOKEN, Lab, start_lab
from tests.browser.looking import ready

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CELL = 'from course import play\nfrom autograders import judge\nplay("play_1", "cold-soup", judge=judge)'
EACH = 10
"""Turns at the beginning and at the end whose medians are compared."""

MADE = """
import ipykernel.kernelapp, ipykernel.ipkernel, time
began = time.process_time()
{cell}._repr_mimebundle_()
print((time.process_time() - began) * 1_000)
"""
"""What a new kernel has to do for its first player; a kernel has loaded ipykernel before."""

PAINTED = """() => new Promise((painted) => {
    const old = document.querySelector(".hp-player");
    const look = () => {
        const player = document.querySelector(".hp-player");
        const there = player && player !== old && player.querySelector(".hp-line");
        if (!there) return requestAnimationFrame(look);
        requestAnimationFrame(() => painted(performance.now() - window.pressed));
    };
    look();
})"""
"""Milliseconds from the key that runs the cell to the frame in which the customer has spoken."""

PRESSED = """window.addEventListener(
    "keydown", (event) => event.key === "Enter" && (window.pressed = performance.now()), true)"""

TURN = """(last) => new Promise((answered) => {
    const player = document.querySelector(".hp-player");
    const options = player.querySelectorAll(".hp-option:enabled");
    const before = player.querySelectorAll(".hp-line").length;
    const began = performance.now();
    options[last ? options.length - 1 : 0].click();
    const look = () => {
        const ended = Boolean(player.querySelector(".hp-ending"));
        const ready = ended || player.querySelector(".hp-option:enabled");
        const spoken = player.querySelectorAll(".hp-line").length > before;
        if (spoken && ready) answered([performance.now() - began, ended]);
        else requestAnimationFrame(look);
    };
    look();
})"""
"""Choose an option; milliseconds until the customer has answered, and whether the talk has ended."""

AGAIN = """() => new Promise((begun) => {
    const player = document.querySelector(".hp-player");
    player.querySelector(".hp-foot button").click();
    const look = () => {
        const alone = player.querySelectorAll(".hp-line").length === 1;
        if (alone && player.querySelector(".hp-option:enabled")) begun();
        else requestAnimationFrame(look);
    };
    look();
})"""
"""Start the talk again; comes back when the customer has spoken."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5, help="how often the cell is run anew in a warm kernel")
    given = parser.parse_args(arguments)
    print(f"a new player, imports and all, processor time {made(given.runs):7.0f} ms")
    with (
        tempfile.TemporaryDirectory(prefix="heatproof-players-") as place,
        opened(Path(place)) as (lab, page),
    ):
        paints(lab, page, given.runs)
        turns(lab, page, given.turns)
    return 0


def made(runs: int) -> float:
    """Return the least processor time of a first player in a new Python: it knows no load of the machine."""
    program = [sys.executable, "-c", MADE.format(cell=CELL)]
    told = (
        subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(runs)
    )
    return min(float(one.stdout.split()[-1]) for one in told)


@contextmanager
def opened(place: Path) -> Iterator[tuple[Lab, Page]]:
    """Yield a JupyterLab with our extension and a page of a headless Chromium."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        sys.exit("no browser: on Debian, apt-get install chromium")
    for lab in start_lab(ROOT, place, extension=True):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            yield lab, browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            browser.close()


def paints(lab: Lab, page: Page, runs: int) -> None:
    """Run a player's cell in a notebook without our mark, by hand; the first run also imports everything."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = {"cells": [cell | {"source": CELL}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook["metadata"] = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    }
    (lab.folder / "paint").mkdir()
    (lab.folder / "paint/by-hand.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page.goto(f"{lab.url}/lab/tree/paint/by-hand.ipynb?token={TOKEN}&reset")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    page.evaluate(PRESSED)
    page.wait_for_timeout(3_000)  # the indicator says idle before the connection stands
    first, *warm = (painted(page) for _ in range(runs + 1))
    print(f"first paint, new kernel (with all imports)   {first:8.0f} ms")
    print(f"first paint, warm kernel, median of {runs}        {median(warm):8.0f} ms")
    print(f"ratio new to warm                            {first / median(warm):8.1f}")


def painted(page: Page) -> float:
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("Control+Enter")
    return float(page.evaluate(PAINTED))


def turns(lab: Lab, page: Page, count: int) -> None:
    """Play a lesson's customer over and over, first and last option in turn, and weigh before and after."""
    shutil.copy(ROOT / "course" / LESSON, lab.folder)
    page.goto(f"{lab.url}/lab/tree/{LESSON}?token={TOKEN}&reset")
    ready(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    kernel = process_of(lab.kernel_of(LESSON))
    taken = [turn(page, number) for number in range(2 * EACH)]  # what is made once is made now
    before = weights(session, kernel)
    taken += [turn(page, number) for number in range(2 * EACH, count)]
    after = weights(session, kernel)
    early, late = median(taken[:EACH]), median(taken[-EACH:])
    told = f"a turn, median of the first {EACH} and last {EACH}"
    print(f"{told:44} {early:8.0f} ms {late:8.0f} ms  ratio {late / early:.2f}")
    for name, unit in (("page's heap", "MB"), ("nodes", ""), ("listeners", ""), ("kernel", "MB")):
        was, now = before[name], after[name]
        told = f"{name}, turn {2 * EACH} and turn {count}"
        print(f"{told:44} {was:8.1f} {unit:2} {now:8.1f} {unit:2}  ratio {now / was:.2f}")


def turn(page: Page, number: int) -> float:
    took, ended = page.evaluate(TURN, number % 3 == 0)
    if ended:
        page.evaluate(AGAIN)
    return float(took)


def weights(session: CDPSession, kernel: int) -> dict[str, float]:
    """Return what page and kernel hold after their rubbish is collected."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    resident = next(
        line for line in Path(f"/proc/{kernel}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return {
        "page's heap": found["JSHeapUsedSize"] / 2**20,
        "nodes": found["Nodes"],
        "listeners": found["JSEventListeners"],
        "kernel": int(resident.split()[1]) / 2**10,
    }


def process_of(kernel: str) -> int:
    """Return the process of a kernel: the one whose command names its connection file."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if kernel.encode() in entry.read_bytes():
                return int(entry.parent.name)
        except OSError:
            continue
    raise LookupError(f"no process of the kernel {kernel}")


if __name__ == "__main__":
    sys.exit(main())
