"""Measurements that the tests do not make: on data and machines of the reader's own.

For whoever weighs the judge against others, or its speed. Nothing that marks imports this.
"""
