"""One stem for the forms of a word, and the tables of kin and general words as stems.

For `bind` and `gates`. Refuses to know complaints.
"""

from collections.abc import Iterable
from functools import lru_cache

_IRREGULAR = {
    "paid": "pay", "pays": "pay", "payment": "pay", "payments": "pay", "slept": "sleep", "lost": "lose",
    "broke": "break", "broken": "break", "drove": "drive", "driven": "drive", "ate": "eat", "eaten": "eat",
    "bought": "buy", "sent": "send", "sold": "sell", "taken": "take", "took": "take", "given": "give",
    "gave": "give", "left": "leave", "made": "make", "came": "come", "went": "go", "gone": "go",
    "said": "say",
    "told": "tell", "felt": "feel", "kept": "keep", "found": "find", "stood": "stand", "children": "child",
    "kids": "kid", "wives": "wife", "men": "man", "women": "woman", "teeth": "tooth", "feet": "foot",
    "people": "people", "cried": "cry", "delivery": "deliver", "deliveries": "deliver", "froze": "freeze",
    "frozen": "freeze", "spilt": "spill", "spoilt": "spoil", "burnt": "burn", "woke": "wake", "flew": "fly",
    "flown": "fly", "written": "write", "wrote": "write", "cancellation": "cancel", "cancelled": "cancel",
    "stolen": "steal", "stole": "steal", "worn": "wear", "torn": "tear", "understood": "understand",
    "this": "this", "his": "his", "its": "its", "news": "news", "bus": "bus", "gas": "gas", "us": "us",
    "always": "always", "yes": "yes", "was": "was", "is": "is", "as": "as", "has": "have", "had": "have",
    "thing": "thing", "nothing": "nothing", "something": "something", "anything": "anything", "lens": "lens",
    "everything": "everything", "morning": "morning", "evening": "evening", "wedding": "wedding",
    "during": "during",
    "bring": "bring", "ring": "ring", "king": "king", "string": "string", "spring": "spring", "need": "need",
    "speed": "speed", "indeed": "indeed", "bed": "bed", "red": "red", "feed": "feed", "seed": "seed",
    "hundred": "hundred", "wednesday": "wednesday", "less": "less", "business": "business",
    "address": "address",
    "class": "class", "access": "access", "process": "process", "dress": "dress", "glass": "glass",
    "express": "express", "stress": "stress", "mess": "mess", "miss": "miss", "pass": "pass",
    "across": "across",
}  # fmt: skip
NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a plain word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in NUMBERS:
        return NUMBERS[word]
    if word[0].isdigit():
        return word.rstrip("abcdefghijklmnopqrstuvwxyz").removesuffix(",00").removesuffix(".00") or word
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _closed(word[: -len(ending)])
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _closed(base: str) -> str:
    """Return the base of -ing and -ed with its doubled consonant or mute e put right."""
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
        return base[:-1]
    return base[:-1] if base.endswith("e") and len(base) > 4 else base


def stems(words: Iterable[str]) -> frozenset[str]:
    """Return the stems of words."""
    return frozenset(stem(word) for word in words if word)
