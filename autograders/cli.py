"""The command `heatproof`: each command is a thin call of the module that does the work.

For instructors and graders. Knows the commands and their order; refuses to decide anything. Exit status: 0
all is well, 1 it could not be done or something is wrong, 2 the command was not understood; collect,
autograde and regrade add 4 (a person must look), 8 (refused) and 16 (failed).
"""

import click

from autograders.commands.course import build, check, demo, lab, new, serve, wheel
from autograders.commands.intake import collect
from autograders.commands.keeping import regrade, restore, verify
from autograders.commands.marking import autograde, export, feedback, judge, report
from autograders.commands.people import decided, override, queue, second_reading

AGAIN = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class InOrder(click.Group):
    """Commands in the order in which a course needs them, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder, context_settings=AGAIN)
@click.version_option(package_name="heatproof", message="heatproof %(version)s")
def main() -> None:
    """Heatproof: take the heat out of a complaint. A course, its assignments, and the marking of both.

    Start with `heatproof new my-course` or look on with `heatproof demo`. Every other command works in the
    course folder around the folder you are in.
    """


for command in (
    new, demo, check, build, collect, autograde, queue, override, second_reading, decided, regrade,
    feedback, export, report, verify, restore, judge, lab, serve, wheel,
):  # fmt: skip
    main.add_command(command)


if __name__ == "__main__":
    main()
