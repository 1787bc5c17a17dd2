"""Formats: what is no notebook, or nearly one: encodings, cuts, depth, size, keys twice, no numbers."""

import json
import pickle

from tests.promises.handing_in import (
    ANSWERS,
    EMPTY,
    FILE,
    NOTEBOOK,
    PLAIN,
    TASK,
    Hostile,
    answering,
    cell,
    changed,
    file_of,
    only,
)

TEXT = PLAIN.decode("utf-8")
LARGEST = 2 * 1024 * 1024
DEEP = 5_000


def metadata(text: str) -> bytes:
    """Return the ordinary notebook with some JSON, as it stands, in its metadata."""
    assert '"metadata": {' in TEXT
    head, _, tail = TEXT.rpartition('"metadata": {')
    return f'{head}"metadata": {{"odd": {text}, {tail}'.encode("utf-8", "surrogatepass")


def refused(tries: str, notebook: bytes, *says: str) -> Hostile:
    return Hostile(tries, only(notebook=notebook), "refused", (NOTEBOOK, *says))


def read(tries: str, notebook: bytes) -> Hostile:
    return Hostile(tries, only(notebook=notebook), "marked", like="plain")


def unread(tries: str, source: str, *says: str) -> Hostile:
    return Hostile(tries, cell(source), "needs_person", ("plan_1", *says))


NO_NOTEBOOK = (
    refused("nothing at all", b"", "empty"),
    refused("spaces", b" \n\t" * 99, "empty"),
    refused("zeroes", bytes(5_000), "JSON"),
    refused("UTF-16", TEXT.encode("utf-16"), "UTF-8"),
    refused("UTF-16 without a mark", TEXT.encode("utf-16-le"), "JSON"),
    refused("Latin letters of another table", PLAIN.replace(b"cut", b"c\xfct", 1), "UTF-8"),
    refused("overlong UTF-8", PLAIN.replace(b"cut", b"c\xc0\xaft", 1), "UTF-8"),
    refused("a surrogate as UTF-8", PLAIN.replace(b"cut", b"c\xed\xa0\x80t", 1), "UTF-8"),
    refused("two byte order marks", b"\xef\xbb\xbf" * 2 + PLAIN, "half-written"),
    refused("cut at a quarter", PLAIN[: len(PLAIN) // 4], "half-written"),
    refused("cut at a half", PLAIN[: len(PLAIN) // 2], "half-written"),
    refused("cut before the last bracket", PLAIN.rstrip()[:-1], "half-written"),
    refused("two notebooks in a row", PLAIN + PLAIN, "half-written"),
    refused("single quotes", repr(json.loads(PLAIN)).encode(), "half-written"),
    refused("a comma too many", PLAIN.rstrip()[:-1] + b",}", "half-written"),
    refused("a comment", b"// mine\n" + PLAIN, "half-written"),
    refused("a web page", b"<!doctype html><title>Sign in</title>", "half-written"),
    refused("a pickle", pickle.dumps({"cells": []}), "UTF-8"),
    refused("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "UTF-8"),
    refused("a program", b"#!/bin/sh\ntouch PWNED\n", "half-written"),
    refused("a list", b"[1, 2]", "not a notebook"),
    refused("a text", b'"plan_1"', "not a notebook"),
    refused("a null", b"null", "not a notebook"),
    refused("cells that are a number", b'{"cells": 7}', "not a notebook"),
    refused("cells that are an object", b'{"cells": {"0": {}}}', "not a notebook"),
    refused("an old format", b'{"nbformat": 3, "worksheets": [{"cells": []}]}', "old format"),
    refused("nothing in a notebook of lists", b"[" * 1_000_000, "nested too deeply"),
    refused("objects in objects", b'{"a":' * 300_000, "nested too deeply"),
    refused("depth in the metadata", metadata("[" * 80 + "]" * 80), "nested too deeply"),
    refused("one byte too large", PLAIN + b" " * (LARGEST + 1 - len(PLAIN)), "larger than 2 MiB"),
    refused("ten times too large", PLAIN + b" " * (9 << 20), "larger than 2 MiB"),
    refused("cells twice", PLAIN.rstrip()[:-1] + b', "cells": []}', "stands twice"),
    refused(
        "a source twice", PLAIN.replace(b'"source":', b'"source": "x = 1", "source":', 1), "stands twice"
    ),
    refused("a number that is none", metadata("NaN"), "NaN is no number"),
    refused("a number without end", metadata("-Infinity"), "-Infinity is no number"),
    refused("a raw line break in a text", PLAIN.replace(b"cut", b"c\nut", 1), "half-written"),
)

NEARLY = (
    read("one byte order mark", b"\xef\xbb\xbf" + PLAIN),
    read("as large as it may be", PLAIN + b" " * (LARGEST - len(PLAIN))),
    read("line breaks of Windows", PLAIN.replace(b"\n", b"\r\n")),
    read("a number of a million digits", metadata("9" * 1_000_000)),
    read("a number too large for any machine", metadata("1e999999")),
    read("half a letter in the metadata", metadata(r'"\ud800"')),
    read("a zero in the metadata", metadata(r'"\u0000"')),
    read("a hundred thousand keys", metadata(json.dumps(dict.fromkeys(map(str, range(99_999)), 0)))),
    Hostile(
        "cells that are none",
        changed(lambda made: made["cells"].extend([None, 7, "x", [], {}, {"metadata": []}, {"source": {}}])),
        "marked",
        like="plain",
    ),
    Hostile("a version of tomorrow", changed(lambda made: made.update(nbformat=99)), "marked", like="plain"),
    Hostile("no version", changed(lambda made: made.pop("nbformat")), "marked", like="plain"),
    Hostile(
        "twenty thousand cells",
        changed(lambda made: made["cells"].extend({"source": "x"} for _ in range(20_000))),
        "marked",
        like="plain",
    ),
)

ONE_ANSWER = (
    unread("an answer cell of 17 KiB", 'plan_1 = "' + "x" * 17_000 + '"', "larger than 16 KiB"),
    unread("a text of 4,001 letters", 'plan_1 = "' + "x" * 4_001 + '"', "4,001 characters"),
    unread("two thousand and one parts", "plan_1 = [" + "1," * 2_001 + "]", "more than 2,000 parts"),
    unread("nine lists deep", "plan_1 = " + "[" * 9 + "]" * 9, "more than 8 deep"),
    unread("brackets by the thousand", "plan_1 = " + "(" * DEEP + ")" * DEEP, "more than 8 deep"),
    unread("minus by the thousand", "plan_1 = " + "-" * DEEP + "1", "the sign '-'"),
    unread("points by the thousand", "plan_1 = None" + ".x" * DEEP, "the sign '.'"),
    unread("not by the thousand", "plan_1 = " + "not " * 3_000, "the word 'not'"),
    unread("functions by the thousand", "plan_1 = " + "lambda: " * 2_000, "a function"),
    unread("a number of 16,000 digits", "plan_1 = " + "9" * 16_000, "a number that is too long"),
    unread("two to the power of 63", "plan_1 = 9223372036854775808", "a number is too large"),
    unread("a number past all numbers", "plan_1 = 1e400", "a number is too large"),
    unread("half a quote", "plan_1 = 'half", "closing quote is missing"),
    unread("half a list", "plan_1 = [1, 2", "incomplete"),
    unread("an entry twice", 'plan_1 = {"a": 1, "a": 2}', "stands twice"),
    unread("an escape for half a letter", 'plan_1 = "\\ud800"', "broken"),
    unread("an escape for a zero", 'plan_1 = "a\\0b"', "broken"),
    unread("a zero in a cell", 'plan_1 = "a\0b"', "broken letter"),
    unread("an escape that Python does not know", 'plan_1 = "\\N{NO SUCH LETTER}"', "incomplete"),
    Hostile(
        "a source that is a list of numbers",
        changed(
            lambda made: next(
                one
                for one in made["cells"]
                if one["metadata"].get("nbgrader", {}).get("grade_id") == "plan_1"
            ).update(source=[1, 2])
        ),
        "marked",
    ),
    Hostile("a tower of empty answers", answering(replies_1=[[[[[[[[]]]]]]]]), "marked", ("replies_1",)),
)


def file_alone(tries: str, data: bytes, *says: str) -> Hostile:
    """Nothing in the cells, and a spoilt answers file: a person must look what was lost."""
    return Hostile(tries, only(notebook=EMPTY, answers=data), "needs_person", (FILE, "without it", *says))


HALF = file_of(ANSWERS)
THE_FILE = (
    file_alone("half an answers file", HALF[:90], "half-written"),
    file_alone("an empty answers file", b"", "empty"),
    file_alone("an answers file of bytes", b'{"a": "\xff"}', "UTF-8"),
    file_alone("an answers file in depth", b"[" * 100_000, "nested too deeply"),
    file_alone("an answers file with a key twice", b'{"format": 1, "format": 1}', "stands twice"),
    file_alone("an answers file with no number", HALF.replace(b'"format": 1', b'"format": NaN'), "NaN"),
    file_alone("an answers file that is a list", b"[]"),
    file_alone("an answers file of tomorrow", HALF.replace(b'"format": 1', b'"format": 99')),
    Hostile(
        "a spoilt answers file beside full cells",
        only(notebook=PLAIN, answers=HALF[:90]),
        "marked",
        (FILE, "half-written"),
        like="plain",
    ),
    Hostile(
        "an answers file too large",
        only(notebook=PLAIN, answers=HALF + b" " * (256 << 10)),
        "refused",
        (FILE, "256 KiB", "delete it"),
    ),
    Hostile("an answers file alone", only(answers=HALF), "marked", ("only the answers file",), like="plain"),
    Hostile("half an answers file alone", only(answers=HALF[:90]), "refused", (FILE, "half-written")),
    Hostile(
        "entries that are none",
        only(
            notebook=EMPTY,
            answers=json.dumps(
                {"format": 1, "notebook": TASK, "answers": {"plan_1": 7, "plan_2": {"replaces": 3}}}
            ).encode(),
        ),
        "needs_person",
        ("plan_1", "no value"),
    ),
)

FAMILY = (*NO_NOTEBOOK, *NEARLY, *ONE_ANSWER, *THE_FILE)
