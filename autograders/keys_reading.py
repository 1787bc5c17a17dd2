"""The key of an assignment: its questions, their right answers, and the reasons shown after marking.

For the checks, the builder of notebooks and the marking room. Knows the key file's form; refuses to look for
a key anywhere but in the course folder, so that what a learner installs never marks by a key.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from autograders.call_keys import CallQuestion
from autograders.objectives import Described, Row, blueprint_names_points, objectives_exist
from course.engine.content import Id, Reply, Text
from course.engine.faults import Fault, did_you_mean
from course.engine.labels import LabelId, OwnLabels, Scale, labels_fit, scale_holds
from course.engine.model_reading import Written, read_model
from course.engine.places import course_folder, looked_up
from course.engine.references import named_as_its_file, replies_hold, scenarios_exist
from course.engine.yaml_reading import Document

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A question's name: a Python identifier, and the nbgrader grade id of its answer cell."""

COMPONENTS = ("hear", "empathise", "apologise", "act")
PLAN_LEVEL = 2
"""The highest level that a component of a plan can reach (the rubric's levels 0, 1, 2)."""
HOUSE_RUBRIC = "heat-plan"
"""The rubric that reads a plan where nothing else is said."""
RUBRICS = Path(__file__).resolve().parent / "rubrics"


class KeyReply(Reply, Described):
    """A reply, or another item, to classify; `wrong` holds the reasons for particular wrong labels."""

    wrong: Mapping[LabelId, Text] = Field(default_factory=dict)


class LabelsQuestion(Described):
    """Replies of an agent, or other items, each to be given its label: one point an item."""

    kind: Literal["labels"]
    scenario: Id | None = Field(default=None, description="Whose customer is answered.")
    asks: Text | None = Field(default=None, description="What is asked, in a sentence or two.")
    labels: OwnLabels = Field(default_factory=dict, description="Labels of its own; else those of HEAT.")
    scale: Scale = Field(default=(), description="Its labels in order, for part credit by distance.")
    replies: tuple[KeyReply, ...] = Field(min_length=1)

    @property
    def points(self) -> int:
        """The points of the whole question."""
        return len(self.replies)


class PlanQuestion(Described):
    """A HEAT plan to be written: four components, each with the points that the rubric gives it."""

    kind: Literal["plan"]
    scenario: Id
    min_words: int = Field(default=20, ge=1, le=200)
    model: Text = Field(description="A model plan that earns full marks.")
    rubric: Id | None = Field(default=None, description="A rubric of its own; else the assignment's.")


Question = Annotated[LabelsQuestion | PlanQuestion | CallQuestion, Field(discriminator="kind")]


class Key(Written):
    """All questions of an assignment, in their order."""

    assignment: Id
    title: Text
    rubric: Id | None = None
    blueprint: Mapping[str, Row] = Field(
        default_factory=dict, description="What the items must cover: point, and its items and points."
    )
    parallel_to: Id | None = Field(default=None, description="The assignment whose parallel form this is.")
    questions: Mapping[Name, Question] = Field(min_length=1)

    @field_validator("questions", mode="after")
    @classmethod
    def _read_by_the_assignments_rubric(
        cls, questions: Mapping[str, Question], info: ValidationInfo
    ) -> Mapping[str, Question]:
        rubric = info.data.get("rubric")
        return {
            name: question.model_copy(update={"rubric": rubric})
            if isinstance(question, PlanQuestion) and question.rubric is None
            else question
            for name, question in questions.items()
        }


@looked_up
def keys_folder(start: Path | None = None) -> Path | None:
    """Return the folder of keys of the course folder around `start`; None where there is none."""
    own = course_folder(start)
    folder = own / "autograders" / "keys" if own else None
    return folder if folder and folder.is_dir() else None


def key(assignment: str, *, start: Path | None = None) -> Key | None:
    """Return the key of an assignment, or None where there is none: so it is in a learner's hands."""
    folder = keys_folder(start)
    path = folder / f"{assignment}.yaml" if folder else None
    return read_key(path) if path and path.is_file() else None


def keys(*, start: Path | None = None) -> tuple[Key, ...]:
    """Return all keys of the course folder, sorted by assignment; none for a learner."""
    folder = keys_folder(start)
    return tuple(read_key(path) for path in sorted(folder.glob("*.yaml"))) if folder else ()


def read_key(path: Path) -> Key:
    """Read a key file; raise `Faults` with all that is wrong in it."""
    return read_model(path, Key, _named_as_its_assignment, _questions_hold, _scenarios_exist, _rubrics_exist)


def _named_as_its_assignment(document: Document) -> Iterator[Fault]:
    yield from named_as_its_file(document, "assignment")


def _questions_hold(document: Document) -> Iterator[Fault]:
    for place, question in document.find("questions.*"):
        yield from replies_hold(document, f"questions.{place[-1]}.replies")
        if isinstance(question, dict) and question.get("kind") == "labels":
            yield from labels_fit(document, place, question)
            yield from scale_holds(document, place, question)
        if isinstance(question, dict) and question.get("kind") == "plan" and not document.data.get("rubric"):
            yield document.fault(
                place, f"the plan {place[-1]!r} has no rubric to be read by", "add 'rubric: heat-plan'"
            )
    yield from blueprint_names_points(document)
    yield from objectives_exist(document, "questions.*")
    yield from objectives_exist(document, "questions.*.replies.*")
    for place, reply in document.find("questions.*.replies.*"):
        wrong = reply.get("wrong") if isinstance(reply, dict) else None
        if isinstance(wrong, dict) and str(reply.get("label")) in wrong:
            what = f"{reply['label']!r} is the right label and stands in 'wrong' as well"
            yield document.fault(
                (*place, "wrong", reply["label"]), what, "delete it there, or change the label"
            )


def _scenarios_exist(document: Document) -> Iterator[Fault]:
    yield from scenarios_exist(document, "questions.*.scenario")


def _rubrics_exist(document: Document) -> Iterator[Fault]:
    own = course_folder(Path(document.file).resolve().parent)
    folders = [RUBRICS, *([own / "autograders" / "rubrics"] if own else [])]
    known = sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})
    for where in ("rubric", "questions.*.rubric"):
        for place, name in document.find(where):
            if isinstance(name, str) and name not in known:
                yield document.fault(place, f"no rubric {name!r}", did_you_mean(name, known))
