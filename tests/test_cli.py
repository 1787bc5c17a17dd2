"""The command: every command is run for real, says what it did, and tells by its exit status how it went."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest

from autograders.cli import main
from tests.conftest import clean_environment

COMMANDS = (
    "new",
    "demo",
    "check",
    "build",
    "collect",
    "autograde",
    "queue",
    "override",
    "second-reading",
    "decided",
    "regrade",
    "feedback",
    "export",
    "report",
    "verify",
    "restore",
    "judge",
    "lab",
    "serve",
    "wheel",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(home: Path, root: Path) -> dict[str, str]:
    return clean_environment(home) | {"PYTHONPATH": str(root)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The folder that `heatproof demo` leaves for a class of three."""
    where = tmp_path_factory.mktemp("class")
    done = run(where, environment, "demo", "--into", "small", "--learners", "3")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    for step in (
        "Assignments released: 4",
        "Hand-ins marked: 6",
        "Feedback pages written: 6",
        "small/report.html",
    ):
        assert step in said
    assert "reading-replies" in said, "the table names what was handed in"
    return where / "small"


def run(
    where: Path, environment: dict[str, str], *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograders.cli", *arguments]
    return subprocess.run(
        command, cwd=where, env=environment, input=given, capture_output=True, text=True, check=False
    )


def test_every_command_is_listed_in_the_order_of_a_course():
    assert tuple(main.list_commands(click.Context(main))) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_says_what_it_does_in_whole_sentences(name):
    command = main.commands[name]
    first = (command.help or "").split("\n")[0]
    assert first.endswith(".")
    assert command.get_short_help_str(limit=60) == first, "the list of commands cuts nothing off"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["judge", "--help"], ["--version"]])
def test_help_and_version_are_quick_to_find(arguments, tmp_path, environment):
    done = run(tmp_path, environment, *arguments)
    assert done.returncode == 0
    assert "heatproof" in done.stdout.casefold() or "JSON" in done.stdout


@pytest.mark.parametrize("arguments", [["autograde"], ["nonsense"], ["demo", "--learners", "0"], ["new"]])
def test_a_command_not_understood_is_status_2(arguments, tmp_path, environment):
    assert run(tmp_path, environment, *arguments).returncode == 2


@pytest.mark.parametrize(
    "name", ["build", "export", "report", "check", "collect x", "autograde x", "feedback x"]
)
def test_outside_a_course_folder_a_command_says_how_to_get_one(name, tmp_path, environment):
    done = run(tmp_path, environment, *name.split())
    assert done.returncode == 2
    assert "no course folder" in done.stderr
    assert "heatproof new DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_folder_is_checked_and_a_fault_in_it_is_told(tmp_path, environment):
    assert run(tmp_path, environment, "new", "mine").returncode == 0
    well = run(tmp_path / "mine" / "source", environment, "check")
    assert (well.returncode, well.stdout.endswith("all is well.\n")) == (0, True), well.stdout
    words = tmp_path / "mine" / "course" / "scenarios" / "cold-soup.yaml"
    words.write_text(words.read_text(encoding="utf-8").replace("channel: chat", "channel: pigeon"))
    ill = run(tmp_path, environment, "check", "mine")
    assert ill.returncode == 1
    assert "cold-soup.yaml" in ill.stdout
    assert "pigeon" in ill.stdout


@pytest.mark.nbgrader
def test_build_makes_what_has_changed_and_nothing_else(tmp_path, environment):
    run(tmp_path, environment, "new", "mine")
    mine = tmp_path / "mine"
    same = run(mine, environment, "build")
    assert (same.returncode, same.stdout) == (0, "0 notebooks changed.\n")
    text = mine / "source" / "heat-plan-a" / "heat-plan-a.md"
    text.write_text(text.read_text(encoding="utf-8").replace("## Done?", "## Ready?"), encoding="utf-8")
    changed = run(mine, environment, "build")
    assert changed.stdout.splitlines() == [
        "source/heat-plan-a/heat-plan-a.ipynb",
        "assignments/heat-plan-a/heat-plan-a.ipynb",
        "2 notebooks changed.",
    ]
    text.write_text(text.read_text(encoding="utf-8") + "\nThank you.\n", encoding="utf-8")
    refused = run(mine, environment, "build")
    assert refused.returncode == 1
    assert "heat-plan-a.md:" in refused.stderr


@pytest.mark.nbgrader
def test_a_class_is_collected_marked_and_told_again(demo, environment):
    collected = run(demo, environment, "collect", "reading-replies")
    assert collected.returncode == 0
    assert collected.stdout.endswith("reading-replies: 0 collected, 3 hand-ins in submitted/.\n")
    marked = run(demo / "submitted", environment, "autograde", "reading-replies")
    assert marked.returncode == 0
    assert marked.stdout.endswith(
        "reading-replies: 3 graded, 0 for a person, 0 refused, 0 failed; 3 as before.\n"
    )
    pages = run(demo, environment, "feedback", "reading-replies")
    assert pages.returncode == 0
    assert pages.stdout.endswith("3 pages in feedback/<learner>/reading-replies/.\n")


@pytest.mark.nbgrader
def test_scores_and_report_are_written_where_it_says(demo, environment):
    exported = run(demo, environment, "export")
    assert (exported.returncode, exported.stdout.split()) == (
        0,
        ["exports/scores.csv", "exports/questions.csv"],
    )
    told = run(demo, environment, "report")
    assert (told.returncode, told.stdout.splitlines()[-1]) == (0, "report.html")
    assert all((demo / name).is_file() for name in (*exported.stdout.split(), "report.html"))


@pytest.mark.nbgrader
def test_a_refused_hand_in_is_one_line_and_status_8_and_the_others_are_marked(demo, environment):
    ill = demo / "submitted" / "nobody" / "reading-replies"
    ill.mkdir(parents=True)
    (ill / "reading-replies.ipynb").write_text("{")
    done = run(demo, environment, "autograde", "reading-replies")
    assert done.returncode == 8
    assert len(done.stderr.splitlines()) == 1
    assert "nobody" in done.stderr
    assert "1 refused" in done.stdout


@pytest.mark.parametrize("command", ["autograde", "feedback", "collect"])
def test_an_assignment_that_is_not_there_is_told(command, demo, environment):
    done = run(demo, environment, command, "heat-plan-z")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "heat-plan-z" in done.stderr


def test_demo_refuses_a_folder_in_use(tmp_path, environment):
    (tmp_path / "thesis.txt").write_text("mine")
    done = run(tmp_path.parent, environment, "demo", "--into", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path} is there already and not an empty folder; name a new folder\n"
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.nbgrader
def test_demo_makes_anew_what_it_left_itself(tmp_path, environment):
    for _ in range(2):
        done = run(tmp_path, environment, "demo", "--learners", "1")
        assert done.returncode == 0, done.stderr
        old = tmp_path / "demo" / "old"
        assert not old.exists()
        old.mkdir()
    assert done.stdout.startswith("demo was left by an earlier demonstration; it is made anew.\n")
    assert "1 learner, 2 hand-ins, 0 refused. Median score " in done.stdout


def test_nobody_handed_in_is_said_plainly(tmp_path, environment):
    run(tmp_path, environment, "new", "mine")
    done = run(tmp_path / "mine", environment, "autograde", "heat-plan-a")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "heat-plan-a: nobody has handed in yet, so there is nothing to mark; "
        "to take hand-ins from the exchange, run: heatproof collect heat-plan-a\n"
    )
    told = run(tmp_path / "mine", environment, "report")
    assert (told.returncode, told.stderr) == (
        1,
        "nothing is marked here yet; run: heatproof autograde ASSIGNMENT\n",
    )


def test_a_missing_exchange_is_one_sentence(tmp_path, environment):
    run(tmp_path, environment, "new", "mine")
    settings = tmp_path / "mine" / "nbgrader_config.py"
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'c.Exchange.root = "{settings}/exchange"\n')
    done = run(tmp_path / "mine", environment, "collect", "heat-plan-a")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "exchange is not there, or you may not write in it" in done.stderr
    assert "c.Exchange.root" in done.stderr


@pytest.mark.parametrize("command", ["collect reading-replies", "autograde reading-replies", "export"])
def test_broken_settings_are_told_with_their_line(command, tmp_path, environment):
    run(tmp_path, environment, "new", "mine")
    (tmp_path / "mine" / "nbgrader_config.py").write_text("c = get_config()\nc.Exchange.root = = 1\n")
    done = run(tmp_path / "mine", environment, *command.split())
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith("nbgrader_config.py:2: these settings cannot be read (SyntaxError")


def test_a_folder_with_a_space_in_its_name_is_quoted_in_what_to_type_next(tmp_path, environment):
    done = run(tmp_path, environment, "new", "my course")
    assert done.stdout.endswith("then: cd 'my course' && heatproof check\n")


def test_judge_reads_lines_and_writes_lines(tmp_path, environment):
    scenario = {
        "complaint": "My tea is cold.",
        "complexity": "simple",
        "channel": "counter",
        "facts": "A new cup is free.",
    }
    line = json.dumps({"id": 1, "plan": "Calm down, it is only tea.", "scenario": scenario})
    done = run(tmp_path, environment, "judge", given=f"{line}\noops\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["empathise"], "minimises" in first["flags"]) == (1, 0, True)
    assert (second["id"], done.returncode) == (None, 1)
    assert "explain" in json.loads(run(tmp_path, environment, "judge", "--explain", given=line).stdout)


@pytest.mark.browser
def test_lab_serves_the_course_folder(demo, environment, tmp_path):
    runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
    options = ["--allow-root", "--no-browser", "--ServerApp.port=0", "--IdentityProvider.token=t"]
    command = [sys.executable, "-m", "autograders.cli", "lab", str(demo), *options]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as lab:
        try:
            url = served(runtime)
            with urllib.request.urlopen(f"{url}api/contents/course?token=t") as answer:
                names = {entry["name"] for entry in json.load(answer)["content"]}
            assert "01-heat-in-fifteen-minutes.ipynb" in names
        finally:
            lab.terminate()


def served(runtime: Path) -> str:
    """Wait until a server has written its address, and answers."""
    for _ in range(240):
        for path in runtime.glob("jpserver-*.json"):
            try:
                url = str(json.loads(path.read_text())["url"])
                urllib.request.urlopen(f"{url}api?token=t").close()
            except (OSError, ValueError):
                continue
            return url
        time.sleep(0.25)
    raise AssertionError("JupyterLab did not start")
