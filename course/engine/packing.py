"""Pack files into one .zip whose bytes depend on nothing but the files.

For handing in. No clock, no owner and no compression library has a say. Refuses to know what the files are.
"""

import io
import zipfile
from collections.abc import Mapping

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a .zip can name."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a .zip of the files, by name. The same files give the same bytes, anywhere and at any time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return whole.getvalue()
