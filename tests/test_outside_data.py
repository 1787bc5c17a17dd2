"""The readers of public data take what its makers publish and refuse everything else; samples are made up."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.ngrams import cross_predicted
from benchmarks.outside_data import TASKS, main, numbered, told
from benchmarks.outside_measuring import area_under, kappa_of_levels, scores
from benchmarks.outside_readers import ANNOMI, DIMENSIONS, Reply, Unfit, annomi, epitome, esconv, intents

POSTS = [
    ("a1", "My train was late again and I missed the funeral.", "I'm so sorry, that must have hurt.", "2"),
    ("a2", "Nobody answers my letters.", "Have you tried the blue form?", "0"),
    ("a3", "They lost my bag.", "How did that happen?", "0"),
]
TURNS = [
    ("client", "I drink three coffees and cannot sleep.", "n/a", "n/a"),
    ("therapist", "What happens when you try to sleep?", "False", "True"),
    ("client", "I lie awake.", "n/a", "n/a"),
    ("therapist", "So you lie awake for hours.", "True", "False"),
]
TALK = [
    ("seeker", {}, "My boss shouts."),
    ("supporter", {"strategy": "Question"}, "When did it start?"),
    ("seeker", {"feedback": "4"}, "In May."),
    ("supporter", {"strategy": "Other"}, "I see."),
]
TSV = (
    "1.0 0 0 My boss shouts. EOS 1.0 1 1 [Questions] When did it start?\n"
    "0.0 1 1 [Questions] When did it start? EOS 1.0 0 2 In May. EOS 1.0 1 3 [Other] I see.\n"
    "1.0 0 0 I am ill. EOS 1.0 1 1 [Reflection of feelings] You sound worn out.\n"
)


def table(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def epitome_rows() -> list[dict[str, Any]]:
    return [
        {"sp_id": id, "rp_id": f"r{id}", "seeker_post": said, "response_post": reply, "level": level}
        for id, said, reply, level in POSTS
    ]


def annomi_rows() -> list[dict[str, Any]]:
    return [
        {"mi_quality": "high", "transcript_id": "7", "utterance_id": at, "interlocutor": who,
         "utterance_text": text, "annotator_id": reader, "reflection_exists": reflection,
         "question_exists": question}
        for at, (who, text, reflection, question) in enumerate(TURNS)
        for reader in (0, 1, 2)
    ]  # fmt: skip


def esconv_talks() -> list[dict[str, Any]]:
    return [{"dialog": [{"speaker": who, "annotation": marks, "content": said} for who, marks, said in TALK]}]


@pytest.fixture
def sets(tmp_path: Path) -> dict[str, Path]:
    """A small made-up sample of each set, in the format of its makers."""
    for name in DIMENSIONS:
        table(tmp_path / f"{name}-reddit.csv", epitome_rows())
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "questioning.txt").write_text(
        "Where was that?\n\nWho told you?\n", encoding="utf-8"
    )
    (tmp_path / "manual" / "wishing.txt").write_text("Good luck!\n", encoding="utf-8")
    (tmp_path / "old.tsv").write_text(TSV, encoding="utf-8")
    (tmp_path / "new.json").write_text(json.dumps(esconv_talks()), encoding="utf-8")
    return {
        "epitome": tmp_path,
        "annomi": table(tmp_path / "full.csv", annomi_rows()),
        "esconv": tmp_path / "new.json",
        "tsv": tmp_path / "old.tsv",
        "intents": tmp_path / "manual",
    }


def test_the_three_files_of_epitome_become_one_reply_a_row(sets: dict[str, Path]) -> None:
    first = epitome(sets["epitome"])[0]
    assert (first.before, first.text) == POSTS[0][1:3]
    assert [first.mark(name) for name in DIMENSIONS] == [2, 2, 2]


def test_a_therapists_turn_has_its_readers_and_the_clients_words_before_it(sets: dict[str, Path]) -> None:
    question, reflection = annomi(sets["annomi"])
    assert (question.before, len(question.readings)) == (TURNS[0][1], 3)
    assert [question.mark(m) for m in ("question", "reflection", "low")] == [1, 0, 0]
    assert [reflection.mark(m) for m in ("question", "reflection")] == [0, 1]


@pytest.mark.parametrize(("kind", "talks"), [("esconv", 1), ("tsv", 2)])
def test_both_forms_of_esconv_give_the_same_talk(sets: dict[str, Path], kind: str, talks: int) -> None:
    replies = esconv(sets[kind])
    assert [(r.before, r.text) for r in replies[:2]] == [
        ("My boss shouts.", "When did it start?"),
        ("In May.", "I see."),
    ]
    assert [r.mark("Questions") for r in replies[:2]] == [1, 0]
    assert len({r.group for r in replies}) == talks


def test_an_intent_is_named_by_its_file(sets: dict[str, Path]) -> None:
    replies = intents(sets["intents"])
    assert [(r.text, r.mark("questioning")) for r in replies] == [
        ("Where was that?", 1),
        ("Who told you?", 1),
        ("Good luck!", 0),
    ]


def test_of_several_readers_the_middle_one_counts() -> None:
    readings = tuple({"question": mark} for mark in (0, 2, 1))
    assert Reply("", "", "", readings).mark("question") == 1


BAD_ROWS = [
    ("level", "3", "emotional-reactions-reddit.csv:2: level is one of 0, 1, 2, not '3'"),
    ("level", "²", "level is one of 0, 1, 2, not '²'"),
    ("sp_id", "zz", "the three files hold different posts here"),
]


@pytest.mark.parametrize(("column", "value", "says"), BAD_ROWS)
def test_a_wrong_row_of_epitome_is_told(sets: dict[str, Path], column: str, value: str, says: str) -> None:
    rows = epitome_rows()
    rows[0][column] = value
    table(sets["epitome"] / "emotional-reactions-reddit.csv", rows)
    with pytest.raises(Unfit, match=r"reddit\.csv:2") as fault:
        epitome(sets["epitome"])
    assert says in str(fault.value)


def test_epitomes_files_must_be_equally_long(sets: dict[str, Path]) -> None:
    table(sets["epitome"] / "explorations-reddit.csv", epitome_rows()[:1])
    with pytest.raises(Unfit, match="differ in length"):
        epitome(sets["epitome"])


def test_the_simple_annomi_is_refused_with_the_name_of_the_full_one(sets: dict[str, Path]) -> None:
    rows = [{k: v for k, v in row.items() if k != "question_exists"} for row in annomi_rows()]
    with pytest.raises(Unfit, match=r"no column question_exists; give AnnoMI-full\.csv"):
        annomi(table(sets["annomi"], rows))


@pytest.mark.parametrize("column", sorted(ANNOMI))
def test_an_unknown_value_of_annomi_is_told(sets: dict[str, Path], column: str) -> None:
    rows = annomi_rows()
    rows[4][column] = "maybe"
    with pytest.raises(Unfit, match=rf"full\.csv:6: {column} is one of .*, not 'maybe'"):
        annomi(table(sets["annomi"], rows))


BAD_FILES = [
    ("esconv", "[{]", "no JSON"),
    ("esconv", "{}", "not a list of conversations"),
    ("esconv", "[]", "holds no labelled reply"),
    ("esconv", '[{"dialog": [{"speaker": "cat", "content": "x"}]}]', "seeker or supporter, not 'cat'"),
    ("esconv", '[{"dialog": [{"speaker": "supporter", "content": "x"}]}]', "strategy is one of"),
    ("esconv", "[7]", "conversation 1 has no dialog"),
    ("tsv", "1.0 0 0 Only the seeker.\n", "old.tsv:1: no turns with a supporter's at the end"),
    ("tsv", "1.0 0 0 Hm. EOS 1.0 1 1 No strategy.\n", "old.tsv:1: the supporter's turn has no [strategy]"),
    ("tsv", "1.0 0 0 Hm. EOS 1.0 1 1 [Hugs] Ah.\n", "old.tsv:1: strategy is one of"),
    ("annomi", "", "no column transcript_id"),
]


@pytest.mark.parametrize(("kind", "written", "says"), BAD_FILES)
def test_a_file_of_another_kind_is_refused(sets: dict[str, Path], kind: str, written: str, says: str) -> None:
    sets[kind].write_text(written, encoding="utf-8")
    with pytest.raises(Unfit) as fault:
        (annomi if kind == "annomi" else esconv)(sets[kind])
    assert says in str(fault.value)


def test_a_file_that_is_not_there_or_no_utf_8_is_told(sets: dict[str, Path]) -> None:
    sets["annomi"].write_bytes(b"\xff")
    for path, says in ((sets["annomi"], "not UTF-8 at byte 0"), (sets["epitome"] / "no.csv", "No such file")):
        with pytest.raises(Unfit, match=says):
            annomi(path)


def test_an_unknown_intent_is_refused(sets: dict[str, Path]) -> None:
    (sets["intents"] / "hugging.txt").write_text("There, there.\n", encoding="utf-8")
    with pytest.raises(Unfit, match="not 'hugging'"):
        intents(sets["intents"])


def test_of_many_faults_the_first_are_told_and_the_rest_counted(sets: dict[str, Path]) -> None:
    sets["tsv"].write_text("x\n" * 25, encoding="utf-8")
    with pytest.raises(Unfit) as fault:
        esconv(sets["tsv"])
    assert str(fault.value).splitlines()[-1] == "… and 5 more"


def test_scores_count_yes_and_no() -> None:
    truth, said = np.array([1, 1, 1, 0], dtype=bool), np.array([1, 0, 0, 0], dtype=bool)
    made = scores(truth, said, np.arange(4))
    assert made.precision.value == 1.0
    assert made.recall.value == pytest.approx(1 / 3)
    assert made.macro_f1.value == pytest.approx((2 / 4 + 2 / 4) / 2)


def test_an_interval_over_one_conversation_has_no_width() -> None:
    truth, said = np.array([1, 0, 1, 0], dtype=bool), np.array([1, 1, 0, 0], dtype=bool)
    whole = scores(truth, said, np.zeros(4, dtype=np.intp)).macro_f1
    assert whole.low == whole.value == whole.high
    apart = scores(truth, said, np.arange(4)).macro_f1
    assert apart.low < apart.high


def test_levels_agree_fully_or_by_chance() -> None:
    truth = np.array([0, 1, 2, 0, 1, 2])
    assert kappa_of_levels(truth, truth, np.arange(6)).value == 1.0
    assert kappa_of_levels(truth, truth[::-1], np.arange(6)).value < 0


def test_ties_count_half_in_the_area() -> None:
    truth = np.array([1, 0, 1, 0], dtype=bool)
    assert area_under(truth, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0
    assert area_under(truth, np.zeros(4)) == 0.5


def test_a_word_that_always_marks_is_learned_from_other_conversations() -> None:
    texts = [f"{word} {at}" for at in range(40) for word in ("why", "because")]
    truth = np.array([[text.startswith("why")] for text in texts])
    told_of = cross_predicted(texts, truth, np.arange(80) // 2)
    assert ((told_of >= 0.5) == truth).all()


def test_the_detectors_answer_as_they_do_in_plans() -> None:
    asks = next(task for task in TASKS if task.called == "questions")
    question = told(Reply("What happened after the parcel was lost?", "My parcel was lost.", "", ()))
    assert question.ruled(asks)
    nothing = told(Reply("Blue.", "My parcel was lost.", "", ()))
    assert not nothing.ruled(asks)
    assert nothing.likely(asks) < question.likely(asks)
    assert not told(Reply("", "", "", ())).ruled(asks)


def test_conversations_are_numbered_as_they_come() -> None:
    assert numbered(["b", "a", "b"]).tolist() == [0, 1, 0]


def test_the_command_prints_a_line_for_each_task_and_judge(
    sets: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--epitome", sets["epitome"], "--annomi", sets["annomi"], "--intents", sets["intents"]]
    assert main([*map(str, named), "--esconv", str(sets["esconv"]), str(sets["tsv"])]) == 0
    printed = capsys.readouterr().out
    for task in TASKS:
        assert printed.count(f"| {task.of}: {task.called} (") >= 5
    assert "a person against the others (2 replies)" not in printed  # they agree in all
    assert printed.count("| emotional reactions |") == 3


def test_without_data_the_command_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "--epitome, --annomi, --esconv or --intents" in capsys.readouterr().err
