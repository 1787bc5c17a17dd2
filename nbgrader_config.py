"""How nbgrader sees this course folder. Change the course's name here; leave the rest unless you know why."""

import os

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "heatproof"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.release_directory = "assignments"
# The .md beside a master holds its model answers: it never goes into a release. (What is ignored here is
# ignored by collect as well: an answers file, `*.answers.json`, is part of what a learner hands in and must
# not stand here.)
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.md"]

# A release is made anew from its master each time, also where one was there already: so the gradebook always
# knows it.
c.GenerateAssignment.force = True

# Where learners fetch and hand in: a folder that you and they can write in. nbgrader's own place is
# /usr/local/share/nbgrader/exchange; if you have no rights there, name another one here.
# c.Exchange.root = "/srv/nbgrader/exchange"

# What stands in an answer cell until the learner answers; it must be valid Python.
c.ClearSolutions.code_stub = {"python": "# Your answer is kept here for you."}
c.ClearSolutions.text_stub = "Your answer"
c.Execute.shutdown_kernel = "immediate"
c.OverwriteCells.add_missing_cells = True

# Of what a learner hands in, only the answers are taken; no code of a learner is ever executed.
c.Autograde.sanitize_preprocessors = [
    "autograders.nbgrader_door.OnlyAnswers",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# After the scores are saved, what the judge was unsure of is put in the queue for a person.
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograders.nbgrader_door.AskAPerson",
    "autograders.late_door.KnowDeadlines",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What late work loses is written in deadlines.yaml; without that file, or for an assignment that it does not
# name, nbgrader's own settings hold.
c.AssignLatePenalties.plugin_class = "autograders.late_door.LateByDeadlines"
