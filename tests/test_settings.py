"""nbgrader's settings as nbgrader reads them: the user's count, the course folder's count more."""

from pathlib import Path

import pytest

from autograders.settings import SettingsFault, settings


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own settings."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    return folder


def test_what_the_user_set_counts_and_the_course_folder_counts_more(user: Path, course: Path) -> None:
    (user / "nbgrader_config.py").write_text(
        'c = get_config()\nc.Exchange.root = "/their/exchange"\nc.CourseDirectory.course_id = "theirs"\n'
    )
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "ours"\n')
    found = settings(course)
    assert (found.Exchange.root, found.CourseDirectory.course_id) == ("/their/exchange", "ours")


def test_settings_in_json_count_as_well(user: Path, course: Path) -> None:
    (user / "nbgrader_config.json").write_text('{"Exchange": {"root": "/their/exchange"}}')
    assert settings(course).Exchange.root == "/their/exchange"


BROKEN = [("py", "c = = 1\n"), ("py", "1 / 0\n"), ("py", "raise SystemExit\n"), ("json", "{")]


@pytest.mark.parametrize(("kind", "text"), BROKEN)
def test_settings_that_cannot_be_read_are_told(user: Path, course: Path, kind: str, text: str) -> None:
    (user / f"nbgrader_config.{kind}").write_text(text)
    with pytest.raises(SettingsFault, match=rf"nbgrader_config\.{kind}.* cannot be read .*; mend them"):
        settings(course)
