"""Measure the judge's detectors, unchanged, on public conversations that people have labelled.

    python -m benchmarks.outside_data --epitome FOLDER --annomi FILE --esconv FILE… --intents FOLDER

For whoever asks whether the judge holds outside its own bank. What each set calls a thing and which detectors
answer to it stands in TASKS and docs/outside-data.md. Learns nothing from these files, except in the line
"n-grams", which shows how far a bag of words comes that did. Refuses to know how the detectors work.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import case
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.marks import rows
from autograders.judging.learned.model import model
from autograders.judging.levels import flags_of, level_of
from autograders.judging.reading import judge_plan
from autograders.judging.ruling import found_in
from autograders.rubric import rubric
from benchmarks.ngrams import cross_predicted
from benchmarks.outside_measuring import area_under, kappa_of_levels, scores
from benchmarks.outside_readers import DIMENSIONS, READERS, Reply, Unfit
from course.engine.content import Complaint

FLAGS = (
    "interrupts", "argues", "minimises", "blames_customer", "blames_others", "non_apology", "overpromises",
    "passes_the_buck", "policy_shield", "hostile",
)  # fmt: skip
"""That a single reply can show."""
SURE_FROM = 0.5
"""From which likelihood a model's word is a yes."""
Answers = NDArray[np.bool_]
Groups = NDArray[np.intp]


@dataclass(frozen=True)
class Task:
    """What people marked, and the rules and labels that should answer to it: any of them is a yes."""

    of: str
    called: str
    marks: tuple[str, ...]
    rules: tuple[str, ...]
    labels: tuple[str, ...]

    def truth(self, replies: Sequence[Reply]) -> Answers:
        """Return where any of the marks stands."""
        return np.array([any(reply.mark(mark) > 0 for mark in self.marks) for reply in replies])


FEELING = (("feeling", "perspective"), ("names_feeling", "takes_perspective"))
EMPATHY = (("formula", *FEELING[0]), ("generic_empathy", *FEELING[1]))
RESTATED = (("restates", *FEELING[0]), ("restates", *FEELING[1]))
TASKS = (
    Task("EPITOME", "emotional reactions", DIMENSIONS[:1], *EMPATHY),
    Task("EPITOME", "interpretations", DIMENSIONS[1:2], *RESTATED),
    Task("EPITOME", "explorations", DIMENSIONS[2:], ("asks",), ("asks",)),
    Task("AnnoMI", "question", ("question",), ("asks",), ("asks",)),
    Task("AnnoMI", "reflection", ("reflection",), *RESTATED),
    Task("AnnoMI", "turn of a poor session", ("low",), FLAGS, FLAGS),
    Task("ESConv", "questions", ("Questions",), ("asks",), ("asks",)),
    Task("ESConv", "restatement", ("Restatement or Paraphrasing",), ("restates",), ("restates",)),
    Task("ESConv", "reflection of feelings", ("Reflection of feelings",), *FEELING),
    Task("EmpatheticIntents", "questioning", ("questioning",), ("asks",), ("asks",)),
    Task(
        "EmpatheticIntents", "acknowledging, sympathy, care",
        ("acknowledging", "sympathizing", "consoling", "expressing_care_concern"), *EMPATHY,
    ),
)  # fmt: skip
LEVELS = (
    ("emotional reactions", DIMENSIONS[:1]),
    ("the higher of emotional reactions and interpretations", DIMENSIONS[:2]),
)
"""EPITOME's levels 0-2 that the judge's levels of Empathise are held against."""


@dataclass(frozen=True)
class Told:
    """What the detectors say of one reply; `empathise` is the level by the rules."""

    rules: frozenset[str]
    shown: Mapping[str, float]
    empathise: int

    def ruled(self, task: Task) -> bool:
        """Say whether a rule of the task found something."""
        return any(name in self.rules for name in task.rules)

    def likely(self, task: Task) -> float:
        """Return how likely a label of the task is in the model's eyes, 0-1."""
        return max(self.shown[label] for label in task.labels)


def told(reply: Reply) -> Told:
    """Read one reply with the detectors, without the judge's gates: a reply is no plan."""
    law, complaint = rubric(), _complaint(reply)
    findings, seen = found_in(reply.text, complaint, law)
    this, text = case(complaint, law), findings.text
    shown = np.zeros(len(LABELS)) if not text.words else model().shown(rows(text, seen, this)).max(0)
    return Told(
        frozenset(name for name, hits in findings.found.items() if hits),
        dict(zip(LABELS, map(float, shown), strict=True)),
        level_of(law.components["empathise"], findings, flags_of(findings, law)).level,
    )


def _complaint(reply: Reply) -> Complaint:
    return Complaint(reply.before, "complex", "chat", "")


def report(name: str, replies: Sequence[Reply], said: Sequence[Told]) -> Iterator[str]:
    """Yield the lines of a set's table."""
    tasks = [task for task in TASKS if task.of == name]
    groups = numbered([reply.group for reply in replies])
    truth = np.stack([task.truth(replies) for task in tasks], axis=1)
    learned = cross_predicted([reply.text for reply in replies], truth, groups)
    for at, task in enumerate(tasks):
        called, real = f"{name}: {task.called}", truth[:, at]
        ruled = np.array([one.ruled(task) for one in said])
        likely = np.array([one.likely(task) for one in said])
        by: dict[str, tuple[Answers, NDArray[np.floating] | None]] = {
            "majority": (np.full(len(replies), real.mean() > 0.5), None),
            "rules": (ruled, None),
            "model": (likely >= SURE_FROM, likely),
            "either": (ruled | (likely >= SURE_FROM), None),
            "n-grams, trained on it": (learned[:, at] >= SURE_FROM, learned[:, at]),
        }
        for judge, (given, ranked) in by.items():
            area = "" if ranked is None else f"{area_under(real, ranked):.2f}"
            yield _line(called, real, judge, given, groups, area)
        if people := _people(task, replies, groups):
            yield _line(called, *people, "")


def levels(replies: Sequence[Reply], said: Sequence[Told]) -> Iterator[str]:
    """Yield the lines of the levels of Empathise against EPITOME's."""
    groups = numbered([reply.group for reply in replies])
    by_rules = np.array([one.empathise for one in said])
    by_judge = [judge_plan(r.text, _complaint(r)).components["empathise"].level for r in replies]
    for called, marks in LEVELS:
        truth = np.array([max(reply.mark(mark) for mark in marks) for reply in replies])
        steps = cross_predicted([r.text for r in replies], np.stack([truth > 0, truth > 1], axis=1), groups)
        by = {"rules": by_rules, "the whole judge, gates too": np.array(by_judge)}
        by["n-grams, trained on it"] = (steps >= SURE_FROM).sum(axis=1)
        for judge, given in by.items():
            yield f"| {called} | {judge} | {kappa_of_levels(truth, given, groups)} |"


def numbered(names: Sequence[str]) -> Groups:
    """Number names in the order in which they first stand."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.intp)


def _people(
    task: Task, replies: Sequence[Reply], groups: Groups
) -> tuple[Answers, str, Answers, Groups] | None:
    """Return each of several people against the others, where a reply has three readings or more."""
    several = [
        (reply, group) for reply, group in zip(replies, groups, strict=True) if len(reply.readings) > 2
    ]
    others, own, where = [], [], []
    for reply, group in several:
        for at, reading in enumerate(reply.readings):
            rest = Reply(reply.text, "", "", (*reply.readings[:at], *reply.readings[at + 1 :]))
            others.append(any(rest.mark(mark) > 0 for mark in task.marks))
            own.append(any(reading.get(mark, 0) > 0 for mark in task.marks))
            where.append(str(group))
    if own == others:
        return None
    judge = f"a person against the others ({len(several)} replies)"
    return np.array(others), judge, np.array(own), numbered(where)


def _line(called: str, truth: Answers, judge: str, given: Answers, groups: Groups, area: str) -> str:
    made = scores(truth, given, groups)
    cells = (f"{called} ({truth.mean():.0%})", judge, made.precision, made.recall, made.macro_f1, area)
    return "| " + " | ".join(map(str, cells)) + " |"


def read_all(options: argparse.Namespace) -> dict[str, list[Reply]]:
    """Read what the command line names; raise Unfit."""
    given = {"EPITOME": options.epitome, "AnnoMI": options.annomi, "EmpatheticIntents": options.intents}
    sets = {name: READERS[name](path) for name, path in given.items() if path}
    if options.esconv:
        sets["ESConv"] = [reply for path in options.esconv for reply in READERS["ESConv"](path)]
    if not sets:
        raise Unfit("no data named; give --epitome, --annomi, --esconv or --intents (docs/outside-data.md)")
    return sets


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--epitome", type=Path, help="the folder of EPITOME's three …-reddit.csv")
    parser.add_argument("--annomi", type=Path, help="AnnoMI-full.csv")
    parser.add_argument("--esconv", type=Path, nargs="+", help="ESConv.json or …WithStrategy_short.tsv")
    parser.add_argument("--intents", type=Path, help="EmpatheticIntents' folder manual_annotations")
    try:
        sets = read_all(parser.parse_args(arguments))
    except Unfit as fault:
        print(fault, file=sys.stderr)
        return 1
    for name, replies in sets.items():
        talks = len({reply.group for reply in replies})
        print(f"{name}: {len(replies):,} replies of {talks:,} conversations")
    heads = ("what people marked (share)", "who", "precision", "recall", "macro-F1", "AUC")
    print("\n| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    said = {name: [told(reply) for reply in replies] for name, replies in sets.items()}
    for name, replies in sets.items():
        for line in report(name, replies, said[name]):
            print(line, flush=True)
    if "EPITOME" in sets:
        print("\n| levels 0-2 | who | quadratic weighted kappa |\n|---|---|---|")
        for line in levels(sets["EPITOME"], said["EPITOME"]):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
