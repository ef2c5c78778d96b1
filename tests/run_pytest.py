"""Runs pytest with the given arguments in a temporary folder of its own, of which nothing is left.

pytest's own folder is shared by all that run at the same time, and each clears away what it takes for old."""

import sys
import tempfile

import pytest

with tempfile.TemporaryDirectory(prefix="bullmq-") as folder:
    sys.exit(pytest.main(["--basetemp", f"{folder}/t", *sys.argv[1:]]))
