"""The lines that `--json` writes, for programs: one JSON object a line, each with its kind and the format.

For `--json`. The models give the lines and their JSON Schema (autograders/schemas/lines.json), so
that neither can drift from the other. New fields may come; what is there keeps its name and meaning.
"""
