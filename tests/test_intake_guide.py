"""docs/collect.md: its lists are read, its commands are commands, and what it says of names holds."""

import re
from pathlib import Path

import click
import pytest

from autograders.commands.intake import collect
from autograders.intake.names import read_envelope
from autograders.intake.people import people_of
from autograders.intake.platform_list import read_list
from autograders.intake.refusals import Refused
from autograders.roster import Learner
from tests.small_class import ROOT

PAGE = (ROOT / "docs" / "collect.md").read_text(encoding="utf-8")
TASK = "heat-plan-a"
CLASS = {each.id: each for each in (Learner("a.holm", "Ann", "Holm", "ann@example.org"), Learner("b.li"))}
NAMES = {
    "holmann_812_4711_heat-plan-a.ipynb": "holmann_812_4711_heat-plan-a.ipynb",
    "Ann Holm_30512_assignsubmission_file_/": "Ann Holm_30512_assignsubmission_file_/x.ipynb",
    "Ann Holm_30512_assignsubmission_file_heat-plan-a.ipynb": "",
    "a.holm/": "a.holm/x.ipynb",
    "a.holm/heat-plan-a/": "a.holm/heat-plan-a/x.ipynb",
    "ann@example.org.ipynb": "",
    "a.holm_heat-plan-a.zip": "",
    "a.holm+heat-plan-a+2026-03-02 …": "a.holm+heat-plan-a+2026-03-02 09:30:00 UTC/x.ipynb",
}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_page_is_told_to_be_hers(name: str) -> None:
    assert f"`{name}`" in PAGE
    envelope = read_envelope(tuple((NAMES[name] or name).split("/")), TASK, ())
    assert envelope
    assert people_of(CLASS).learner_of(envelope) == "a.holm"


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_the_lists_of_the_page_are_read(tmp_path: Path, kind: str) -> None:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.S)
    assert found
    path = tmp_path / f"people.{kind}"
    path.write_text(found[1], encoding="utf-8")
    people = people_of(CLASS, read_list(path, CLASS))
    for number, learner in (("812", "a.holm"), ("813", "b.li")):
        envelope = read_envelope((f"somebody_{number}_1_x.ipynb",), TASK, ())
        assert envelope
        assert people.learner_of(envelope) == learner
        with pytest.raises(Refused):
            people_of(CLASS).learner_of(envelope)


def test_every_command_and_option_of_the_page_is_there() -> None:
    typed = re.findall(r"`heatproof collect ([^`]+)`", PAGE)
    assert len(typed) == 5
    for arguments in typed:
        collect.make_context("collect", arguments.split())
    known = {name for each in collect.params if isinstance(each, click.Option) for name in each.opts}
    assert set(re.findall(r"--[a-z]+", PAGE)) == known
