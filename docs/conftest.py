"""Every Python block of the pages is run, from the top of a page to its end, in a folder of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a page writes is not left among the pages."""
    former, folder = Path.cwd(), tmp_path_factory.mktemp("page")
    os.chdir(folder)
    yield folder
    os.chdir(former)


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["*.md"], fixtures=["elsewhere"]
).pytest()
