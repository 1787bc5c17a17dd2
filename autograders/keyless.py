"""Take out of a record what a key holds, for feedback on an assignment that will be used again.

For the feedback page. Expected labels with their reasons go, and so do better lines in a call and example
sentences in a plan's next step; points, signs, and the learner's own words with what was found in them stay.
Works on what the log holds, so that nothing is judged again. Refuses to know whether a page is without keys.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograders.keys_reading import Key, LabelsQuestion
from autograders.labels import label_title
from autograders.record import Mark, Record
from autograders.results import CannotMark
from autograders.settings import settings
from course.engine.labels import known_labels
from course.engine.places import MARK
from course.engine.words import all_words, word

SETTING = "keys_in_feedback"
SAID_OF = ("right", "near", "wrong")
"""The signs of an item that was given one of its labels."""


def keys_in_feedback(folder: Path) -> bool:
    """Return whether pages show what keys hold, as `c.Heatproof.keys_in_feedback` says; else they do."""
    shown = settings(folder).Heatproof.get(SETTING, True)
    if not isinstance(shown, bool):
        raise CannotMark(f"{MARK}: c.Heatproof.{SETTING} is {shown!r}; write True or False")
    return shown


def without_keys(record: Record, key: Key) -> Record:
    """Return the record as a learner may see it who must not learn the key from it."""
    cells = {}
    for name, mark in record.cells.items():
        question = max((q for q in key.questions if name.startswith(f"{q}_")), key=len, default="")
        cells[name] = replace(mark, html="", detail=_detail(mark, question, record, key))
    return replace(record, cells=cells)


def _detail(mark: Mark, name: str, record: Record, key: Key) -> dict[str, Any]:
    question = key.questions.get(name)
    if isinstance(question, LabelsQuestion):
        given = record.answers.get(name)
        return _labels(mark.detail, question, given if isinstance(given, dict) else {})
    detail = dict(mark.detail)
    if "next_step" in detail:
        detail["next_step"] = _without_example(detail["next_step"])
    if "talk" in detail:
        detail["talk"] = [{**line, "better": ""} if "better" in line else line for line in detail["talk"]]
    return detail


def _labels(detail: Mapping[str, Any], question: LabelsQuestion, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reasons of labels that name no label but the learner's own."""
    chosen = {reply.text: given.get(reply.id) for reply in question.replies}
    known = known_labels(question.labels)
    reasons = []
    for reason in detail.get("reasons", ()):
        label = chosen.get(reason["quote"])
        if reason["sign"] in SAID_OF and label in known:
            verdict = word(f"feedback.{reason['sign']}")
            said = word("score.you-chose", label=label_title(question, str(label)), verdict=verdict)
            reason = reason | {"said": said}
        reasons.append(reason)
    return {**detail, "reasons": reasons}


def _without_example(step: str) -> str:
    """Return a next step without the example sentence that the judge puts at its end."""
    before = all_words()["judge.example"].partition("{model}")[0]
    return step.partition(before)[0].rstrip() if before.strip() else step
