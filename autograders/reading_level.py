"""How hard a text is to read, by a measure that can be worked out on paper.

For `pedagogy`. The measure is LIX (C. H. Björnsson, Läsbarhet, 1968): the words in a sentence, plus the
percentage of words with more than six letters. It needs no syllables, so it holds for other alphabets too. By
his scale under 30 is a children's book, 40 a plain story, 50 a newspaper, 60 a letter from an office.
"""

import unicodedata

LONG = 6
_ENDS = frozenset(".!?…:;؟।")
_AFTER_ENDS = "\"'”’)»*_"


def lix(text: str) -> float:
    """Return the LIX of a text; 0 for a text without words."""
    words = words_of(text)
    long = sum(1 for word in words if len(word) > LONG)
    return len(words) / _sentences(text) + 100 * long / len(words) if words else 0.0


def words_of(text: str) -> list[str]:
    """Return the words of a text as bare letters and digits."""
    chunks = ("".join(c for c in chunk if unicodedata.category(c)[0] in "LMN") for chunk in text.split())
    return [chunk for chunk in chunks if chunk]


def _sentences(text: str) -> int:
    """Count the sentences: an end of words that nothing closes is one, too."""
    count, open_ = 0, False
    for chunk in text.split():
        open_ = open_ or any(c.isalnum() for c in chunk)
        if open_ and chunk.rstrip(_AFTER_ENDS)[-1:] in _ENDS:
            count, open_ = count + 1, False
    return max(1, count + open_)
