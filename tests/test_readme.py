"""What the README says, run: its commands, its pictures, its links, its example of the judge."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograders.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = sorted({link for link in re.findall(r"""(?:\]\(|src=")([^)"#]+)[)"]""", README) if "://" not in link})


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`heatproof {command}" in README


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    named = set(re.findall(r"`heatproof ([a-z-]+)", README)) | set(
        re.findall(r"^heatproof ([a-z-]+)", README, re.M)
    )
    assert named == set(main.commands)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", README))))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("link", LINKS)
def test_every_link_of_the_readme_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_readmes_example_of_the_judge_runs() -> None:
    example = re.search(r"^echo '(.+)' \| heatproof judge$", README, re.MULTILINE)
    assert example
    judged = subprocess.run(
        [sys.executable, "-m", "autograders.cli", "judge"],
        input=example[1] + "\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    verdict = json.loads(judged.stdout)
    assert verdict["id"] == 1
    assert verdict["apologise"] == 2
    assert verdict["act"] == 0
