"""Take hand-ins in: from nbgrader's exchange, a learning platform's download, or folders of learners.

`taking` is where it begins. Who handed in is told by the envelope (a file's or a folder's name) and the
roster; when, by the receiving side. Nothing inside a hand-in is asked either, and nothing of it is run.
"""
