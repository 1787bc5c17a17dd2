"""Words as people type them, and the plain words that the rules know: contractions, chat, look-alike letters.

For `text`. Refuses to know sentences.
"""

import re
from functools import lru_cache


def bag(words: str) -> frozenset[str]:
    """Return the words of a text with spaces between them."""
    return frozenset(words.split())


NEGATORS = bag(
    "not never no nobody none nothing nor neither without avoid avoids avoiding refrain refrains "
    "refraining nowhere cannot hardly"
)

_PAIRS = {
    "a": "аɑα", "b": "Ьƅ", "c": "сϲⅽ", "d": "ԁⅾ", "e": "еҽ", "g": "ɡ", "h": "һ", "i": "іıι", "j": "ј",
    "k": "κк", "l": "ӏⅼ", "m": "ⅿм", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "т",
    "u": "υս", "v": "ѵνⅴ", "w": "ԝ", "x": "хⅹ", "y": "уγ", "z": "ᴢ",
    "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ",
}  # fmt: skip
LOOK_ALIKES = {other: plain.lower() for plain, others in _PAIRS.items() for other in others}
LOOK_ALIKES |= dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟«»″", '"')
LOOK_ALIKES |= dict.fromkeys("–—―−‐‑‒•·▪◦●■→⇒", "-") | {"…": ".", "\xa0": " ", "\t": " ", "&": "&", "ß": "ss"}
LOOK_ALIKES |= {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}

_CHAT = {
    "im": "i am", "ive": "i have", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "wont": "will not", "cant": "can not", "cannot": "can not", "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
    "havent": "have not", "hasnt": "has not", "hadnt": "had not", "thats": "that is", "whats": "what is",
    "theres": "there is", "hes": "he is", "shes": "she is", "theyre": "they are", "youre": "you are",
    "youve": "you have", "weve": "we have", "theyve": "they have", "youd": "you would", "theyd": "they would",
    "hed": "he would", "itll": "it will", "youll": "you will", "theyll": "they will", "il": "i will",
    "u": "you", "ur": "your", "r": "are", "n": "and", "w": "with", "b4": "before", "2nite": "tonight",
    "tonite": "tonight", "2day": "today", "2moro": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow",
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "pls": "please", "plz": "please",
    "thx": "thanks", "wat": "what", "wot": "what", "gonna": "going to", "gona": "going to",
    "wanna": "want to",
    "gotta": "have to", "lemme": "let me", "gimme": "give me", "cuz": "because", "cos": "because",
    "coz": "because", "bc": "because", "abt": "about", "msg": "message", "ppl": "people",
    "asap": "as soon as possible",
    "sry": "sorry", "soz": "sorry", "sory": "sorry", "sorri": "sorry", "srry": "sorry", "srsly": "seriously",
    "tbh": "to be honest", "idk": "i do not know", "dunno": "do not know", "ok": "ok", "okay": "ok",
    "yr": "your",
    "ya": "you", "yea": "yeah", "mins": "minutes", "min": "minutes", "hrs": "hours", "hr": "hour",
    "noone": "nobody", "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday",
    "thu": "thursday", "thurs": "thursday", "fri": "friday", "alot": "a lot", "&": "and",
    "everythng": "everything",
    "shan't": "shall not", "won't": "will not", "can't": "can not", "ain't": "is not", "let's": "let us",
    "y'all": "you all", "o'clock": "o'clock", "ma'am": "madam", "imma": "i will", "ima": "i will",
    "id": "i would", "ill": "i will", "teh": "the", "nite": "night", "rite": "right", "til": "till",
    "lisen": "listen", "lissen": "listen", "lsten": "listen", "listn": "listen", "lisening": "listening",
    "listning": "listening", "finishd": "finished", "evrything": "everything", "evn": "even", "dwn": "down",
    "donw": "down", "writting": "writing", "recieve": "receive", "apologyse": "apologise",
    "apologice": "apologise", "emergancy": "emergency", "imediately": "immediately", "storry": "story",
    "undrstand": "understand", "understnd": "understand", "notse": "notes", "misteak": "mistake",
}  # fmt: skip
_AFTER_DETERMINER = bag("your my the an a her his their our photo customer feel felt feels very")
_SUFFIXES = {
    "n't": "not",
    "'ll": "will",
    "'d": "would",
    "'ve": "have",
    "'re": "are",
    "'m": "am",
    "'em": "them",
}
_IS = bag(
    "it that this there here what who where how when he she one everything nothing somebody someone "
    "nobody anybody anyone everyone everybody"
)


def expand(item: str, before: str) -> tuple[str, ...]:
    """Return the plain words of one written item; `before` is the plain word in front of it."""
    if item in ("id", "ill") and before in _AFTER_DETERMINER:
        return (item,)
    return _expand(item)


_DRAWN_OUT = re.compile(r"(.)\1\1", re.DOTALL)


@lru_cache(maxsize=20_000)
def _expand(item: str) -> tuple[str, ...]:
    if item in _CHAT:
        return tuple(_CHAT[item].split())
    if item[0].isdigit():
        return (item,)
    for mark in "/@":
        if mark in item:
            return tuple(word for part in item.split(mark) if part for word in _expand(part))
    if "-" in item:
        return tuple(word for part in item.split("-") if part for word in _expand(part))
    if ":" in item or "," in item or "." in item:
        parts = item.replace(":", " ").replace(",", " ").replace(".", " ").split()
        if all(len(part) == 1 for part in parts):
            return (item,)
        return tuple(word for part in parts for word in _expand(part))
    for suffix, word in _SUFFIXES.items():
        if item.endswith(suffix) and len(item) > len(suffix):
            return (*_expand(item[: -len(suffix)]), word)
    if item.endswith("'s"):
        stem = item[:-2]
        return (stem, "is") if stem in _IS else (*_expand(stem), "'s")
    spelt = _spelt(item.strip("'"))
    return tuple(_CHAT.get(spelt, spelt).split())


def _spelt(word: str) -> str:
    """Return the word with drawn-out letters shortened and -ize written -ise."""
    if len(word) > 3 and _DRAWN_OUT.search(word):
        out: list[str] = []
        for index, letter in enumerate(word):
            run = word[index : index + 3] == letter * 3 or (index and out and _in_run(word, index))
            if run and out and out[-1] == letter:
                continue
            out.append(letter)
        word = "".join(out)
    for old, new in (("ize", "ise"), ("izes", "ises"), ("ized", "ised"), ("izing", "ising")):
        if len(word) > len(old) + 3 and word.endswith(old):
            return word[: -len(old)] + new
    return word


def _in_run(word: str, index: int) -> bool:
    """Say whether the letter belongs to a run of three or more."""
    start = index
    while start and word[start - 1] == word[index]:
        start -= 1
    end = index
    while end + 1 < len(word) and word[end + 1] == word[index]:
        end += 1
    return end - start >= 2
