"""What holds for all tests."""

import os

from hypothesis import settings

# No deadline: how long an example takes says something about the machine, not about the code.
settings.register_profile("here", deadline=None)
# In CI always the same examples: a change is judged by what it changes.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
