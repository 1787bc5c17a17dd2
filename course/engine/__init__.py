"""The course's machinery: what stands behind `from course import play`. Learners never need to look in here."""
