"""Coverage-guided fuzzing of what comes from outside: ``python fuzz/run.py [seconds]``, or one target by name.

Needs atheris (``pip install atheris``) beside the library. Each target runs for so many seconds (180 unless told) in a
process of its own, since libFuzzer ends the process that it runs in.
"""

import argparse
import importlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TARGETS = ("readers", "plans", "journals", "answers")
MORE_MEGABYTES = 2048
SECONDS_OF_ONE = 20
"""What takes longer hangs."""


def fuzz(name: str, arguments: list[str]) -> None:
    """Fuzz one target in this process; does not return."""
    import atheris

    with atheris.instrument_imports(include=["econtador"]):
        target = importlib.import_module(name)
        target.once(b"")  # what is imported late is instrumented too
    corpus = Path(arguments[-1])
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *arguments], target.once)
    atheris.Fuzz()


def run(name: str, seconds: int, crashes: Path) -> bool:
    """Fuzz one target in another process and print what came of it; whether nothing was found."""
    with tempfile.TemporaryDirectory() as corpus:
        command = [
            sys.executable, __file__, "--target", name, "--",
            f"-max_total_time={seconds}", f"-timeout={SECONDS_OF_ONE}", f"-rss_limit_mb={MORE_MEGABYTES}",
            "-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={crashes}/{name}-", corpus,
        ]  # fmt: skip
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    progress = re.findall(
        r"^#(\d+)\s+(?:INITED|NEW|DONE|REDUCE|pulse).*? cov: (\d+)", ended.stderr, re.MULTILINE
    )
    done = re.findall(r"^stat::number_of_executed_units:\s+(\d+)", ended.stderr, re.MULTILINE)
    first, last = (int(progress[at][1]) if progress else 0 for at in (0, -1))
    executions = done[-1] if done else (progress[-1][0] if progress else "0")
    print(
        f"{name:<9} executions {executions}, coverage {first} -> {last}, crashes {int(ended.returncode != 0)}"
    )
    if ended.returncode:
        print(ended.stdout[-4000:], "\n".join(ended.stderr.splitlines()[-8:]))
    return ended.returncode == 0


def main() -> int:
    """Every target in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=int, default=180, help="for each target")
    parser.add_argument("--only", choices=TARGETS, help="one target")
    parser.add_argument(
        "--crashes", type=Path, default=Path(tempfile.gettempdir()), help="where crashing inputs go"
    )
    chosen = parser.parse_args()
    chosen_targets = [name for name in TARGETS if chosen.only in {None, name}]
    failed = [name for name in chosen_targets if not run(name, chosen.seconds, chosen.crashes)]
    return int(bool(failed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--target"]:
        fuzz(sys.argv[2], sys.argv[4:])
    else:
        sys.exit(main())
