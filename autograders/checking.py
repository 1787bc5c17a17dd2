"""Check every file that people write in a course folder: `heatproof check`.

For instructors, and for the project's own tests. Knows which files there are and who reads them; refuses
to know what any of them says. Reads strictly first; what can be read then proves itself: scenarios by their
walks, keys by their model plans, notebooks by being built.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from autograders.blueprints import blueprint_holds
from autograders.call_keys import CallQuestion
from autograders.call_proofs import table_holds
from autograders.deadlines import FILE as DEADLINES
from autograders.deadlines import read_deadlines
from autograders.keys_reading import LabelsQuestion, PlanQuestion, read_key
from autograders.masters import built, notebook_texts
from autograders.model_plans import shortcomings
from autograders.objectives import points_exist
from autograders.pedagogy import HARDEST_LIX, lint, reads_easily
from autograders.proving import walks_hold
from autograders.reading_level import lix, words_of
from autograders.releases import stale
from autograders.roster import roster
from autograders.rubric import read_rubric
from course.engine.content import read_exercise, read_scenario
from course.engine.faults import Fault, Faults, did_you_mean, shown
from course.engine.markdown_cells import read_notebook_text
from course.engine.words import all_words, read_words, values_of
from course.engine.yaml_reading import Document, read_document

Proof = Callable[[Path], Iterator[Fault]]

LONGEST_CELL = 90
COMMENT = re.compile("<!--.*?-->", re.DOTALL)

LANGUAGE = "en"
"""The language that every other words file is compared with."""


def check(folder: Path) -> tuple[Fault, ...]:
    """Return all faults of a course folder, sorted by file and line; none if all is well."""
    faults = [fault for path, kind in written_files(folder) for fault in check_file(path, kind)]
    faults += [fault for path in notebook_texts(folder) for fault in _text_faults(path)]
    faults += _notebook_faults(folder)
    faults += _roster_faults(folder)
    if not faults and not list(written_files(folder)):
        faults = [Fault(shown(folder), 0, "there is nothing to check here", "go to a course folder")]
    return tuple(sorted(set(faults)))


def check_file(path: Path, kind: str) -> tuple[Fault, ...]:
    """Return all faults of one file of a kind, such as "scenario" or "key"; `_PROOFS` has them all."""
    try:
        return tuple(sorted(set(_PROOFS[kind](path))))
    except Faults as wrong:
        return wrong.faults


def written_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the YAML files that people write in a course folder, each with its kind."""
    for place, kind in _PLACES.items():
        for path in sorted((folder / place).glob("*.yaml")):
            yield path, kind
    if (folder / DEADLINES).is_file():
        yield folder / DEADLINES, "deadlines"


def _prove_scenario(path: Path) -> Iterator[Fault]:
    scenario, document = read_scenario(path), read_document(path)
    yield from walks_hold(scenario, document)
    yield from lint(scenario, document)


def _prove_exercise(path: Path) -> Iterator[Fault]:
    exercise, document = read_exercise(path), read_document(path)
    yield from _replies_differ(document, "replies")
    yield from points_exist(document, (), exercise.objective)
    yield from reads_easily(document, ("replies.*.text", "replies.*.why"))
    if len({reply.label for reply in exercise.replies}) < 2:
        yield document.fault(("replies",), "every reply has the same label", "add one that is different")


def _prove_words(path: Path) -> Iterator[Fault]:
    words, document = read_words(path), read_document(path)
    yield from reads_easily(document, ("*",))
    if path.stem == LANGUAGE:
        return
    known = all_words(LANGUAGE, start=path.resolve().parent)
    for id_, text in words.items():
        if id_ not in known:
            yield document.fault((id_,), f"no word {id_!r} in {LANGUAGE}.yaml", did_you_mean(id_, known))
        elif values_of(text) != values_of(known[id_]):
            wanted = ", ".join(sorted(values_of(known[id_]))) or "none"
            yield document.fault(
                (id_,), f"{id_!r} fills in other values than {LANGUAGE}.yaml", f"use {wanted}"
            )


def _prove_key(path: Path) -> Iterator[Fault]:
    key, document = read_key(path), read_document(path)
    yield from reads_easily(document, ("questions.*.replies.*.text", "questions.*.replies.*.why"))
    yield from blueprint_holds(key, document)
    for name, question in key.questions.items():
        if isinstance(question, LabelsQuestion):
            yield from _replies_differ(document, f"questions.{name}.replies")
        elif isinstance(question, CallQuestion):
            yield from table_holds(name, question, path, document)
        else:
            yield from _model_earns_all(name, question, path, document)


def _model_earns_all(name: str, question: PlanQuestion, path: Path, document: Document) -> Iterator[Fault]:
    for what in shortcomings(question, start=path.resolve().parent):
        yield document.fault(("questions", name, "model"), f"the model plan of {name!r} {what}", "improve it")


def _prove_deadlines(path: Path) -> Iterator[Fault]:
    read_deadlines(path)
    yield from ()


def _prove_rubric(path: Path) -> Iterator[Fault]:
    read_rubric(path)
    yield from ()


def _replies_differ(document: Document, where: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, text in document.find(f"{where}.*.text"):
        line = first.setdefault(" ".join(str(text).lower().split()), document.line(place))
        if line != document.line(place):
            yield document.fault(place, f"the same reply stands in line {line}", "write another one")


def _text_faults(path: Path) -> Iterator[Fault]:
    """Yield what makes a notebook's text hard to read; whether it can be built at all is told elsewhere."""
    try:
        texts = [piece for piece in read_notebook_text(path).pieces if not piece.word]
    except Faults:
        return
    for piece in texts:
        words = len(words_of(_visible(piece.body)))
        if words > LONGEST_CELL:
            cure = f"say it in {LONGEST_CELL}, or divide it by a line '+++'"
            yield Fault(shown(path), piece.line, f"{words} words in one text cell", cure)
    level = lix("\n".join(_visible(piece.body) for piece in texts))
    if level > HARDEST_LIX:
        cure = f"use shorter words and sentences, up to LIX {HARDEST_LIX}"
        yield Fault(shown(path), 0, f"is hard to read (LIX {level:.0f})", cure)


def _visible(text: str) -> str:
    return COMMENT.sub("", text)


def _notebook_faults(folder: Path) -> list[Fault]:
    """Return what keeps the notebooks from being built, or which of them are older than their text."""
    try:
        notebooks = built(folder)
    except Faults as wrong:
        return list(wrong.faults)
    cure = "run 'heatproof build'"
    old = [path for path, content in notebooks.items() if not path.is_file() or path.read_bytes() != content]
    return [
        *(Fault(shown(path), 0, "the notebook is not what its text says", cure) for path in old),
        *(Fault(shown(path), 0, "the release is not what its master says", cure) for path in stale(folder)),
    ]


def _roster_faults(folder: Path) -> tuple[Fault, ...]:
    try:
        roster(folder)
    except Faults as wrong:
        return wrong.faults
    return ()


_PROOFS: dict[str, Proof] = {
    "scenario": _prove_scenario,
    "exercise": _prove_exercise,
    "words": _prove_words,
    "key": _prove_key,
    "rubric": _prove_rubric,
    "deadlines": _prove_deadlines,
}
_PLACES = {
    "course/scenarios": "scenario",
    "course/exercises": "exercise",
    "course/words": "words",
    "autograders/keys": "key",
    "autograders/rubrics": "rubric",
}
