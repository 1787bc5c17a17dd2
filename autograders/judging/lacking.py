"""Say what a plan has of a step and what it lacks for the next level: nobody is told to add what is there.

For `explain`. Knows the four steps of HEAT; for a step of somebody's own the rubric's own sentences speak.
Refuses to know how anything was found.
"""

from collections.abc import Collection

from autograders.judging.behaviours import FEELING, HEARING
from course.engine.words import word


def done(component: str, names: Collection[str]) -> str:
    """Return what a plan does of a step that is not whole, by the behaviours that were found."""
    match component:
        case "hear" if not set(names) & set(HEARING):
            return word("judge.done.says-so")
        case "empathise" if set(names) & set(FEELING):
            return word("judge.done.feeling")
        case "empathise" if "acknowledges" in names:
            return word("judge.done.sees")
        case "act" if "remedy" in names and "commitment" not in names:
            return word("judge.done.remedy")
        case "act" if "commitment" in names and "remedy" not in names:
            return word("judge.done.promise")
        case "act":
            return word("judge.done.nearly")
        case "apologise" if {"owned", "harm"} <= set(names):
            return word("judge.done.nearly-sorry")
        case "apologise" if "harm" in names:
            return word("judge.done.sorry-for")
        case "apologise" if "owned" in names:
            return word("judge.done.sorry-ours")
    return word(f"judge.done.{component}") if component in ("hear", "empathise", "apologise") else ""


def lacks(component: str, names: Collection[str], *, simple: bool, flag: str = "") -> str:
    """Return what would lift a step that is not whole. `flag` holds the step down, if any."""
    when = word("judge.when-now" if simple else "judge.when-news")
    match component:
        case "hear":
            return _another_way(names)
        case "empathise":
            return word("judge.lacks.tie" if set(names) & set(FEELING) else "judge.lacks.feeling")
        case "apologise" if {"owned", "harm"} <= set(names):
            return word("judge.lacks.one-breath")
        case "apologise" if "harm" in names:
            return word("judge.lacks.ours")
        case "apologise" if "owned" in names:
            return word("judge.lacks.harm")
        case "apologise":
            return word("judge.lacks.sorry")
        case "act" if flag == "overpromises":
            return word("judge.lacks.news-instead")
        case "act" if "remedy" in names and "commitment" not in names:
            return when
        case "act" if "commitment" in names and "remedy" not in names:
            return word("judge.lacks.remedy")
    return word("judge.lacks.plainer-now" if simple else "judge.lacks.plainer-news")


def _another_way(names: Collection[str]) -> str:
    """Name the ways of listening that are not there."""
    open_ = [way for way in ("takes_notes", "asks", "restates", "lets_finish") if way not in names]
    ways = [word(f"judge.way.{way}") for way in open_[:3]]
    listed = word("judge.or", some=", ".join(ways[:-1]), last=ways[-1]) if len(ways) > 1 else "".join(ways)
    if not set(names) & set(HEARING):
        return word("judge.lacks.how", ways=listed)
    several = len(set(names) & set(HEARING)) > 1
    return word("judge.lacks.plainer-way" if several else "judge.lacks.way", ways=listed)
