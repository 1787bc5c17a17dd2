"""The rubric proves itself: every sentence that a behaviour accepts is found, every one that it rejects is
left alone."""

from pathlib import Path

import pytest

from autograders.judging.behaviours import find
from autograders.judging.bind import case
from autograders.judging.frames import frames
from autograders.judging.patterns import PatternFault, compiled, families
from autograders.judging.text import read
from autograders.rubric import FLAGS, SHIPPED, load, read_rubric, rubric, rubric_path
from course.engine.content import Complaint
from course.engine.faults import Faults

ANY = Complaint("The thing came late.", "simple", "phone", "The agent can refund it.")
RULES = rubric()
SENTENCES = [
    (name, sentence, wanted)
    for name, item in {**RULES.behaviours, **RULES.flags}.items()
    for wanted, sentences in ((True, item.accepts), (False, item.rejects))
    for sentence in sentences
]


@pytest.mark.parametrize(("name", "sentence", "wanted"), SENTENCES)
def test_a_sentence_that_a_behaviour_accepts_is_found_and_one_that_it_rejects_is_not(
    name: str, sentence: str, wanted: bool
) -> None:
    text = read(sentence)
    assert bool(find(text, frames(text), case(ANY, RULES), RULES).of(name)) is wanted


PATTERNS = [
    # pattern, text, found
    ("let .. talk|speak", "I let the poor lady speak", True),
    ("let .. talk", "I let her, as I said, for a long time talk", False),
    ("will .. refund", "we will not refund it", False),
    ("not interrupt", "I would never interrupt", True),
    ("listen~", "listening", True),
    ("[please] go on", "do go on", True),
    ("(cut in|talk over)", "I talk over him", True),
    ("^ so", "He said so.", False),
    ("^ so", "I see. So you paid?", True),
    ("<day> at #", "Monday at 5", True),
    ("sorry .", "I am sorry. But no.", True),
    ("~ed twice", "you charged twice", True),
]


@pytest.mark.parametrize(("pattern", "text", "found"), PATTERNS)
def test_the_pattern_language_reads_as_its_table_says(pattern: str, text: str, found: bool) -> None:
    known = families({"day": ["monday", "tuesday"]}, [pattern])
    encoded = known.vocabulary.encoded(read(text).words)
    assert any(compiled([pattern], known).finditer(encoded)) is found


BAD_PATTERNS = [
    ("let (her talk", "not closed"),
    ("let her) talk", "closes nothing"),
    ("<feeling> here", "no family 'feeling'"),
    ("sorry+", "is not a word"),
    ("", "empty pattern"),
]


@pytest.mark.parametrize(("pattern", "said"), BAD_PATTERNS)
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, said: str) -> None:
    with pytest.raises(PatternFault, match=said):
        compiled([pattern], families({}, [pattern]))


def test_the_shipped_rubric_reads_strictly_and_knows_every_flag() -> None:
    strict = read_rubric(rubric_path("heat-plan"))
    assert strict == RULES
    assert set(FLAGS) == set(strict.flag_words)


BROKEN = [
    # what is written in place of what, and what the author is told
    ("    says: lets the customer finish\n", "    tells: lets the customer finish\n", "unknown key 'tells'"),
    ('when: "feeling here"', 'when: "feelng here"', "did you mean 'feeling here'"),
    ("flag: minimises, at_most: 0", "flag: minimizes, at_most: 0", "did you mean 'minimises'"),
    (
        "She paraphrases the complaint.",
        "She sings.",
        "restates does not find 'She sings.'",
    ),
    ("      - in silence\n", "      - (in silence\n", "not closed"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_a_fault_in_a_rubric_is_told_with_its_place_and_cure(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    written = rubric_path("heat-plan").read_text(encoding="utf-8").replace("id: heat-plan", "id: broken")
    assert old in written
    broken = tmp_path / "broken.yaml"
    broken.write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_rubric(broken)
    assert said in str(caught.value)
    assert "broken.yaml:" in str(caught.value)


def test_a_behaviour_without_examples_does_not_load(tmp_path: Path) -> None:
    written = rubric_path("heat-plan").read_text(encoding="utf-8")
    start = written.index("    rejects:", written.index("\n  attends:"))
    end = written.index("\n  listens:", start)
    broken = tmp_path / "no-examples.yaml"
    broken.write_text(written[:start] + written[end + 1 :], encoding="utf-8")
    with pytest.raises(Faults, match="rejects"):
        read_rubric(broken)


def test_the_shipped_rubric_is_the_same_read_quickly_and_strictly() -> None:
    shipped = SHIPPED / "heat-plan.yaml"
    assert load(shipped) == read_rubric(shipped)
