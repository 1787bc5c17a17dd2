"""Identities: ids of dots, stars, line breaks and formulas, other people's names, and strangers.

Who somebody is says the folder that a submission lies in, and nothing inside it.
"""

from tests.promises.handing_in import PLAIN, TASK, Hostile, changed, file_of, only
from tests.small_class import notebook_with

NO_ID = ("cannot be a learner's id", "rename it")
STRANGER = ("nobody on the roster has this id", "roster.csv")

NO_IDS = {
    "an id of two words": "two words",
    "an id with a line break": "line\nbreak",
    "an id with a tab": "tab\tbed",
    "an id with a carriage return": "car\rriage",
    "an id that rings": "bell\x07",
    "an id that clears the screen": "\x1b[2J",
    "an id of three dots": "...",
    "a hidden id": ".hidden",
    "an id that is a star": "*",
    "an id that asks": "ann?",
    "an id that adds": "=1+1",
    "an id that calls a program": "=cmd|' !A0",
    "an id with a plus": "+1",
    "an id that is an option": "-rf",
    "an id that is at home": "~",
    "an id of a shell": "$(touch PWNED)",
    "an id of a database": "'; DROP TABLE student; --",
    "an id of markup": "<script>alert(1)<x>",
    "an id of a template": "{{7*7}}",
    "an id that turns around": "nna\u202e",
    "an id with nothing in it": "an\u200bn",
    "an id with an accent too many": "ann\u0301\u0301",
    "an id that smiles": "🙂",
    "an id of wide signs": "＝ann",
    "an id of 200 letters": "a" * 200,
    "an id of bytes": "\udcff\udcfe",
    "an id with a backslash": "ann\\bob",
    "an id of a comma": "ann,bob",
    "an id in quotes": '"ann"',
}
STRANGERS = {
    "a stranger": "stranger",
    "a look-alike of somebody": "аnn",
    "somebody in capitals": "ANN",
    "somebody in wide letters": "ａｎｎ",
    "somebody and a dot": "ann.",
    "somebody at home": "ann@localhost",
    "nobody": "None",
    "no number": "NaN",
    "a name of Windows": "nul",
    "a folder of the course": "autograded",
}

INSIDE = (
    Hostile(
        "somebody's name in the metadata",
        changed(lambda made: made["metadata"].update(learner="perfect", student_id="perfect", id="perfect")),
        "marked",
        like="plain",
    ),
    Hostile(
        "somebody's name in the answers file",
        only(notebook=PLAIN, answers=file_of({}).replace(b'"format"', b'"learner": "perfect", "format"')),
        "marked",
        like="plain",
    ),
    Hostile("an id like an address", only(notebook=PLAIN), "marked", like="plain", learner="ann@example.org"),
    Hostile("an id of figures", only(notebook=PLAIN), "marked", like="plain", learner="007"),
    Hostile("an id of another alphabet", only(notebook=PLAIN), "marked", like="plain", learner="سارا"),
    Hostile(
        "an id that JavaScript knows", only(notebook=PLAIN), "marked", like="plain", learner="constructor"
    ),
    Hostile("an id like a file", only(notebook=PLAIN), "marked", like="plain", learner="gradebook.db"),
    Hostile("an id of 128 letters", only(notebook=PLAIN), "marked", like="plain", learner="b" * 128),
)

FAMILY = (
    *(
        Hostile(
            tries, only(notebook=notebook_with(TASK, {})), "refused", NO_ID, learner=name, on_roster=False
        )
        for tries, name in NO_IDS.items()
    ),
    *(
        Hostile(tries, only(notebook=PLAIN), "refused", STRANGER, learner=name, on_roster=False)
        for tries, name in STRANGERS.items()
    ),
    *INSIDE,
)
