"""The course's machinery, behind `from course import play`. Learners never need to look in here."""
