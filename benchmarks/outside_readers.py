"""Read public conversations that people have labelled, each in the format of its makers.

For `outside_data`. The files stay where the reader keeps them. Reads strictly: a missing column, an unknown
label or a broken line is a fault, and the faults are told together. Refuses to know what a detector says.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOLD = 20
"""So many faults are told in full."""
DIMENSIONS = ("emotional-reactions", "interpretations", "explorations")
LEVELS = ("0", "1", "2")
STRATEGIES = (
    "Questions", "Restatement or Paraphrasing", "Reflection of feelings", "Self-disclosure",
    "Affirmation and Reassurance", "Providing Suggestions", "Information", "Others",
)  # fmt: skip
ALSO_CALLED = {
    "Question": "Questions", "Restatement": "Restatement or Paraphrasing", "Other": "Others",
    "Approval and Reassurance": "Affirmation and Reassurance", "Direct Guidance": "Providing Suggestions",
}  # fmt: skip
INTENTS = (
    "acknowledging", "advising", "agreeing", "appreciating", "consoling", "disapproving", "encouraging",
    "expressing_care_concern", "expressing_relief", "questioning", "sharing_experience", "sharing_opinions",
    "suggesting", "sympathizing", "wishing",
)  # fmt: skip
ANNOMI = {
    "interlocutor": ("therapist", "client"),
    "mi_quality": ("high", "low"),
    "reflection_exists": ("True", "False", "n/a"),
    "question_exists": ("True", "False", "n/a"),
}
TSV_TURN = re.compile(r"[01]\.0 ([01]) (\d+) ?(.*)", re.DOTALL)
TSV_LABEL = re.compile(r"\[([^\]]+)\] ?(.*)", re.DOTALL)


class Unfit(ValueError):
    """A file is not what it should be; one line a fault."""


@dataclass(frozen=True)
class Reply:
    """What somebody replied to whom, and what each person who labelled it marked (a number a mark)."""

    text: str
    before: str
    group: str
    readings: tuple[Mapping[str, int], ...]

    def mark(self, name: str) -> int:
        """Return the middle reading of a mark, 0 where nobody gave it; of two in the middle the higher."""
        given = sorted(reading.get(name, 0) for reading in self.readings)
        return given[len(given) // 2]


@dataclass
class Faults:
    """Faults as they are found."""

    lines: list[str] = field(default_factory=list)

    def tell(self, line: str) -> None:
        """Keep a fault."""
        self.lines.append(line)

    def stop(self) -> None:
        """Raise Unfit where there is a fault."""
        if self.lines:
            more = len(self.lines) - TOLD
            raise Unfit("\n".join(self.lines[:TOLD] + ([f"… and {more} more"] if more > 0 else [])))


def epitome(folder: Path) -> list[Reply]:
    """Read the three files of EPITOME's Reddit part; marks: each dimension, 0-2."""
    faults = Faults()
    columns = ("sp_id", "rp_id", "seeker_post", "response_post", "level")
    files = [list(_rows(folder / f"{name}-reddit.csv", columns, faults)) for name in DIMENSIONS]
    faults.stop()
    if len({len(rows) for rows in files}) > 1:
        raise Unfit(f"{folder}: the three files differ in length; take all three from one release")
    replies = []
    for three in zip(*files, strict=True):
        place, first = three[0]
        if len({(row["sp_id"], row["rp_id"]) for _, row in three}) > 1:
            faults.tell(f"{place}: the three files hold different posts here; take them from one release")
        for where, row in three:
            _one_of(row["level"], LEVELS, "level", where, faults)
        marks = {
            name: int(row["level"]) if row["level"] in LEVELS else 0
            for name, (_, row) in zip(DIMENSIONS, three, strict=True)
        }
        replies.append(Reply(first["response_post"], first["seeker_post"], first["sp_id"], (marks,)))
    faults.stop()
    return replies


def annomi(path: Path) -> list[Reply]:
    """Read AnnoMI-full.csv; marks of a therapist's turn, 0 or 1: question, reflection, low (the session)."""
    faults = Faults()
    columns = ("transcript_id", "utterance_id", "utterance_text", "annotator_id", *ANNOMI)
    rows = list(_rows(path, columns, faults, cure="give AnnoMI-full.csv, not AnnoMI-simple.csv"))
    faults.stop()
    turns: dict[tuple[str, int], list[dict[str, str]]] = {}
    for place, row in rows:
        for name, allowed in ANNOMI.items():
            _one_of(row[name], allowed, name, place, faults)
        if not (row["utterance_id"].isascii() and row["utterance_id"].isdigit()):
            faults.tell(f"{place}: utterance_id {row['utterance_id']!r} is not a number")
            continue
        turns.setdefault((row["transcript_id"], int(row["utterance_id"])), []).append(row)
    faults.stop()
    replies, before = [], ("", "")
    for (session, _), read in sorted(turns.items()):
        text = read[0]["utterance_text"]
        if read[0]["interlocutor"] == "client":
            before = (session, text)
            continue
        marks = tuple(
            {
                "question": int(row["question_exists"] == "True"),
                "reflection": int(row["reflection_exists"] == "True"),
                "low": int(row["mi_quality"] == "low"),
            }
            for row in read
        )
        replies.append(Reply(text, before[1] if before[0] == session else "", session, marks))
    return replies


def esconv(path: Path) -> list[Reply]:
    """Read ESConv.json, or one of the older .tsv files with strategies; marks: the strategy, 1."""
    faults = Faults()
    read = _esconv_tsv if path.suffix == ".tsv" else _esconv_json
    replies = list(read(path, faults))
    faults.stop()
    return _some(replies, path)


def _esconv_json(path: Path, faults: Faults) -> Iterator[Reply]:
    try:
        talks = json.loads(_text(path))
    except json.JSONDecodeError as fault:
        raise Unfit(f"{path.name}:{fault.lineno}: no JSON ({fault.msg}); take the file anew") from None
    if not isinstance(talks, list):
        raise Unfit(f"{path.name}: not a list of conversations; give ESConv.json")
    for number, talk in enumerate(talks, 1):
        before = ""
        turns = talk.get("dialog") if isinstance(talk, dict) else None
        if not isinstance(turns, list):
            faults.tell(f"{path.name}: conversation {number} has no dialog")
            continue
        for at, turn in enumerate(turns, 1):
            place = f"{path.name}: conversation {number}, turn {at}"
            who, said, strategy = _turn(turn)
            if who in ("seeker", "speaker"):
                before = said
            elif who in ("supporter", "listener"):
                yield Reply(said, before, f"{path.name} {number}", (_strategy(strategy, place, faults),))
            else:
                faults.tell(f"{place}: a speaker is seeker or supporter, not {who!r}")


def _turn(turn: Any) -> tuple[str, str, str]:
    known = turn if isinstance(turn, dict) else {}
    marks = known.get("annotation")
    strategy = marks.get("strategy", "") if isinstance(marks, dict) else ""
    return str(known.get("speaker", "")), str(known.get("content", "")).strip(), str(strategy)


def _esconv_tsv(path: Path, faults: Faults) -> Iterator[Reply]:
    talk, last = 0, -1
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        turns = [TSV_TURN.fullmatch(part.strip()) for part in re.split(r"\s+EOS\s+", line)]
        found = [turn.groups() for turn in turns if turn]
        if len(found) < len(turns) or found[-1][0] != "1":
            faults.tell(f"{place}: no turns with a supporter's at the end; give …WithStrategy_short.tsv")
            continue
        labelled = TSV_LABEL.fullmatch(found[-1][2])
        if not labelled:
            faults.tell(f"{place}: the supporter's turn has no [strategy]")
            continue
        talk += int(found[-1][1]) <= last
        last = int(found[-1][1])
        before = next((said for who, _, said in reversed(found) if who == "0"), "")
        marks = _strategy(labelled[1], place, faults)
        yield Reply(labelled[2].strip(), before, f"{path.name} {talk}", (marks,))


def _strategy(name: str, place: str, faults: Faults) -> dict[str, int]:
    known = ALSO_CALLED.get(name, name)
    _one_of(known, STRATEGIES, "strategy", place, faults)
    return {known: 1}


def intents(folder: Path) -> list[Reply]:
    """Read EmpatheticIntents' folder manual_annotations, a file an intent; marks: the intent, 1."""
    faults = Faults()
    found = sorted(folder.glob("*.txt"))
    for path in found:
        _one_of(path.stem, INTENTS, "file", str(folder), faults)
    faults.stop()
    replies = [
        Reply(line.strip(), "", f"{path.stem} {number}", ({path.stem: 1},))
        for path in found
        for number, line in enumerate(_text(path).split("\n"), 1)
        if line.strip()
    ]
    return _some(replies, folder)


def _rows(
    path: Path, columns: Sequence[str], faults: Faults, *, cure: str = "give the file of its makers"
) -> Iterator[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise Unfit(f"{path.name}:1: no column {', '.join(missing)}; {cure}")
        empty = True
        for row in reader:
            empty = False
            place = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                faults.tell(f"{place}: {len(reader.fieldnames or ())} values are due; mend the line")
                continue
            yield place, row
    except csv.Error as fault:
        raise Unfit(f"{path.name}:{reader.line_num}: no CSV ({fault}); take the file anew") from None
    if empty:
        raise Unfit(f"{path.name}: holds no rows")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise Unfit(f"{path}: {fault.strerror}; name a file that is there") from None
    except UnicodeDecodeError as fault:
        raise Unfit(f"{path}: not UTF-8 at byte {fault.start}; take the file anew") from None


def _one_of(value: str, allowed: Collection[str], what: str, place: str, faults: Faults) -> None:
    if value not in allowed:
        faults.tell(f"{place}: {what} is one of {', '.join(allowed)}, not {value!r}")


def _some(replies: list[Reply], path: Path) -> list[Reply]:
    if not replies:
        raise Unfit(f"{path}: holds no labelled reply; give what its makers published")
    return replies


READERS: Mapping[str, Callable[[Path], list[Reply]]] = {
    "EPITOME": epitome,
    "AnnoMI": annomi,
    "ESConv": esconv,
    "EmpatheticIntents": intents,
}
