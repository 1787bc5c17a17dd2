"""All hostile submissions, by family. A line here is a family; its module is a table of what is tried.

`test_p03_one_bad_submission_is_one_line.py` hands every one of them in among thirty honest learners.
"""

from tests.promises import archives, files, formats, identities, tampering, texts
from tests.promises.handing_in import Hostile

FAMILIES: dict[str, tuple[Hostile, ...]] = {
    "score tampering": tampering.FAMILY,
    "formats": formats.FAMILY,
    "files": files.FAMILY,
    "archives": archives.FAMILY,
    "identities": identities.FAMILY,
    "texts": texts.FAMILY,
}

HOSTILE: dict[str, Hostile] = {one.id: one for family in FAMILIES.values() for one in family}
"""Every hostile submission by the id it is handed in under."""
