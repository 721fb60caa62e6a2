"""Size: what a library and all that it brings takes on the disk, beside Python itself."""

import marshal
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import cache_from_source
from pathlib import Path

from attrs import frozen

import econtador
from benchmarks.measuring import ROOT, Reach, Row, Table

PEERS = ("requests", "httpx", "pydantic", "stripe", "openai", "polars", "pandas")


@frozen
class Bytes:
    """What pip unpacks, and the bytecode that it writes beside."""

    files: int
    bytecode: int

    def __add__(self, other: "Bytes") -> "Bytes":
        return Bytes(self.files + other.files, self.bytecode + other.bytecode)

    @property
    def all(self) -> int:
        return self.files + self.bytecode


def brought(name: str) -> dict[str, Distribution]:
    """*name* and what it needs, without extras, by name. What is not installed is needed elsewhere."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        key = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(key)
        except PackageNotFoundError:
            continue
        needs = (need for need in found[key].requires or () if "extra ==" not in need)
        waiting += [match[0] for need in needs if (match := re.match(r"[\w.-]+", need))]
    return found


def files_of(name: str, one: Distribution) -> list[Path]:
    """What is unpacked of it: of this library the wheel's files, though it may be installed from its sources."""
    if name == "econtador":
        return [*Path(econtador.__file__).parent.rglob("*"), *(ROOT / "examples/data").glob("*")]
    return [Path(str(file.locate())) for file in one.files or ()]


def size_of(name: str, one: Distribution) -> Bytes:
    files = [file for file in files_of(name, one) if file.is_file() and "__pycache__" not in file.parts]
    unpacked = sum(file.stat().st_size for file in files)
    return Bytes(unpacked, sum(bytecode(file) for file in files if file.suffix == ".py"))


def bytecode(source: Path) -> int:
    """Of one module: as it lies there, or as it would."""
    cached = Path(cache_from_source(str(source)))
    if cached.exists():
        return cached.stat().st_size
    try:
        return 16 + len(marshal.dumps(compile(source.read_bytes(), str(source), "exec")))
    except SyntaxError:  # a template, or for another version: pip leaves it uncompiled too
        return 0


def whole(name: str) -> tuple[Bytes, int]:
    """With all that it brings, and how many distributions that is."""
    parts = brought(name)
    return sum((size_of(key, one) for key, one in parts.items()), Bytes(0, 0)), len(parts)


def installed(name: str) -> bool:
    return bool(brought(name))


def measure(quick: bool) -> Table:
    peers = tuple(peer for peer in PEERS[: 2 if quick else None] if installed(peer))
    found = {name: whole(name) for name in ("econtador", *peers)}
    alone = size_of("econtador", distribution("econtador"))
    ours = found["econtador"][0]
    rows = [Row("econtador alone", alone.all / 1e6, "MB", alone.all / ours.all)]
    for name, (size, parts) in found.items():
        told = f"{name} and the {parts - 1} that it brings"
        rows.append(Row(told, size.all / 1e6, "MB", size.all / ours.all))
        rows.append(Row(f"{name}: without bytecode", size.files / 1e6, "MB"))
    return Table(
        "size",
        "Size on the disk",
        "econtador with what it brings",
        tuple(rows),
        (
            Reach("econtador with what it brings, without bytecode", ours.files / 1e6, 4, "MB"),
            Reach("the same, with bytecode", ours.all / 1e6, 4, "MB"),
        ),
        (),
        (
            (
                "What pip puts there: the files of the wheels, and the bytecode that it writes beside them (about as much "
                "again). Extras are left out."
            ),
            *(f"{peer} is not installed and is left out." for peer in PEERS if not installed(peer)),
        ),
        PEERS,
    )
