"""In the place of a package of a development tool, whose import takes seconds in each process of Ray's.

Ray imports jsonschema, which imports it where it is there, and does without it where it is not.
"""

raise ImportError("left out")
