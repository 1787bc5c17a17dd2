"""Words as two bytes: a word is found by itself, its beginning or its ending, and by nothing else."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.judging.patterns import PatternFault, families
from autograders.judging.spelling import NEGATORS, bag
from autograders.judging.vocabulary import MOST, NEGATOR, WORD, Vocabulary

ASKED = ("listen", "listen~", "list~", "red", "re~", "~ed", "~ing", "7", "won't", "never", "avoid~", "zz")
WORDS = bag(
    "listen listens listening list lists listed lis red re ed ing reed need 7 70 7th won't wont zz zzz a "
    "never avoid avoids avoiding no \x1a\x1a"
)


def found(expression: str, word: str, known: Vocabulary) -> bool:
    return bool(re.fullmatch(expression.encode("latin-1"), known.encoded([word]), re.DOTALL))


@pytest.mark.parametrize(("asked", "word"), [*product(ASKED, sorted(WORDS))])
def test_a_word_is_found_as_it_is_written(asked: str, word: str) -> None:
    known = Vocabulary(ASKED)
    plain = asked.strip("~")
    negator = word in NEGATORS
    if asked == plain:
        assert found(known.word(asked), word, known) is (word == asked)
    elif asked.endswith("~"):
        wanted = word.startswith(plain) and negator is (plain in NEGATORS)
        assert found(known.begins(plain), word, known) is wanted
    else:
        assert found(known.ends(plain), word, known) is (word.endswith(plain) and not negator)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_is_a_word_a_number_or_a_negator(word: str) -> None:
    known = Vocabulary(ASKED)
    assert found(NEGATOR, word, known) is (word in NEGATORS)
    assert found(WORD, word, known) is (word not in NEGATORS)
    assert found(known.numbers(), word, known) is word[0].isdigit()


@given(st.lists(st.text("abdeginrstl7'", min_size=1, max_size=7), max_size=12))
def test_a_text_is_two_bytes_a_word_and_no_code_begins_inside_another(words: list[str]) -> None:
    known = Vocabulary(ASKED)
    encoded = known.encoded(words)
    assert len(encoded) == 2 * len(words)
    for asked, expression in (
        ("re~", known.begins("re")),
        ("~ed", known.ends("ed")),
        ("red", known.word("red")),
    ):
        places = [at.start() for at in re.finditer(expression.encode("latin-1"), encoded, re.DOTALL)]
        fits = {"re~": str.startswith, "~ed": str.endswith, "red": str.__eq__}[asked]
        plain = asked.strip("~")
        assert places == [2 * at for at, word in enumerate(words) if fits(word, plain)]


def test_more_words_than_codes_are_told() -> None:
    Vocabulary(f"w{number}" for number in range(MOST - 100))
    with pytest.raises(PatternFault, match=r"can be told; use fewer words with ~"):
        families({"many": [f"w{number}" for number in range(MOST)]})


def test_a_word_that_is_open_at_both_ends_is_told() -> None:
    with pytest.raises(PatternFault, match="'~liste~' is open at both ends; keep one ~"):
        families({"some": ["~liste~"]})
