"""Write and read the tables that markers fill in with a spreadsheet.

For second readings and for the bank of what people decided. A text cannot act as a formula, whatever
separates cells where the file is opened; nobody's name stands in it. Read strictly, all faults at once.
Refuses to know what a column means.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograders.export import FORMULA
from autograders.rated_lines import Line, lines_of
from autograders.roster import Learner
from autograders.whole_files import replace_file
from course.engine.faults import Fault, Faults, did_you_mean, shown
from course.engine.queue_text import visible

MOST_BYTES = 16 * 1024 * 1024
NAME = "[name]"
_BEGINS = re.escape("".join(FORMULA).translate(dict.fromkeys(map(ord, "\t\r\n"))))
_CELL = re.compile(rf"((?:^|[,;|\n])(?:[^\S\n]|\")*)(?=[{_BEGINS}])")
"""Where a cell may begin for one who takes commas, semicolons, bars, tabs or line breaks for its border."""


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, wherever it cuts it; else as it was written."""
    return _CELL.sub(r"\1'", visible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")))


def without_names(text: str, learner: Learner, *, spare: str = "") -> str:
    """Return a text in which the writer's own name, id and address are not told.

    `spare`: a text whose words are no giveaway, as the complaint, whose customer may share a name.
    """
    names = (learner.name, learner.email, learner.id, learner.first_name, learner.last_name)
    told = [name for name in dict.fromkeys(names) if len(name) > 2 and not _holds(spare, name)]
    for name in sorted(told, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME, text)
    return text


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table as CSV (UTF-8 with its mark, so that Excel knows it), every cell in quotes."""
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([harmless(str(row.get(name, ""))) for name in columns] for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, out.getvalue().encode("utf-8-sig"))


def read_sheet(path: Path, columns: Sequence[str]) -> tuple[Line, ...]:
    """Return the rows of a table that has just these columns, numbered as a spreadsheet shows them.

    Raises Faults with all that is wrong.
    """
    file = shown(path)
    faults: list[Fault] = []

    def tell(line: int, what: str, cure: str) -> None:
        faults.append(Fault(file, line, what, cure))

    lines = list(lines_of(_text(path), ".csv", tell, by_row=True))
    head, rows = lines[:1], lines[1:]
    for name in head[0].values if head else ():
        if name not in columns:
            tell(head[0].number, f"no column {name[:40]!r} is known", did_you_mean(name, columns))
    missing = [name for name in columns if not head or name not in head[0].values]
    if missing and not faults:
        tell(1, f"the columns {', '.join(missing)} are missing", "take the sheet that was written for you")
    if faults:
        raise Faults(faults)
    return tuple(rows)


def _text(path: Path) -> str:
    file = shown(path)
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
        if len(raw) <= MOST_BYTES:
            return raw.decode("utf-8-sig")
        raise Faults([Fault(file, 0, "is larger than 16 MiB", "take the sheet that was written for you")])
    except FileNotFoundError:
        raise Faults([Fault(file, 0, "is not there", "bring it back, or draw anew")]) from None
    except OSError as fault:
        raise Faults([Fault(file, 0, f"cannot be read ({fault.strerror})", "check your rights")]) from fault
    except UnicodeDecodeError:
        cure = "save it as UTF-8 (in Excel: CSV UTF-8)"
        raise Faults([Fault(file, 0, "is not UTF-8", cure)]) from None
