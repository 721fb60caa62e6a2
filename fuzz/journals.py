"""Any bytes as the journal's file, and as the ``-wal`` beside it: an error of the library, and nothing is sent again."""

import tempfile
from pathlib import Path

import econtador as ec
from econtador.errors import EcontadorError
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00")
EMPRESAS = tuple(
    ec.EmpresaGap(f"0000{number}", "PROEMP00", f"EMPRESA MODELO 0{number} LTDA", documento)
    for number, documento in enumerate(("11.222.333/0001-81", "00.000.000/0001-91", "12ABC34501DE35"), 1)
)
FOLDER = Path(tempfile.mkdtemp())
PORTAL = Sandbox()


def _office(path: Path) -> ec.Integrator:
    client = ec.Client(PORTAL.token, transport=PORTAL.transport(), writes=ec.CONVENTION, account="conta")
    return ec.Integrator(client, policy=POLICY, journal=path, operador="ADMIN")


def _made() -> tuple[bytes, bytes, bytes]:
    """A journal with three companies: the file of one that was closed; file and ``-wal`` of one that was not."""
    path = FOLDER / "modelo"
    with _office(path) as office:
        plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
        office.apply(plan)
        office.journal.begin(plan)
        begun = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    return path.read_bytes(), *begun


CLOSED, OPEN, WAL = _made()
EDITS = 8
"""Bytes of one edit: what is edited (0 file, 1 wal, 2 cut), three of the place, four of what is put there."""


def seeds() -> list[bytes]:
    """Edits at the places that matter, and none."""
    return [
        b"",
        *(bytes([2, 0, page * 16, 0, 0, 0, 0, 0]) for page in range(9)),
        *(bytes([0, 0, 0, place, 1, 2, 3, 4]) for place in range(16, 100, 4)),
        *(bytes([1, 0, 0, place, 1, 2, 3, 4]) for place in range(0, 60, 4)),
    ]


def _edited(whole: bytes, edits: list[bytes]) -> bytes:
    data = bytearray(whole)
    for edit in edits:
        place = int.from_bytes(edit[1:4]) % (len(whole) + 1)
        if edit[0] % 3 == 2:
            del data[place:]
        else:
            data[place : place + 4] = edit[4:]
    return bytes(data)


def once(data: bytes) -> None:
    """Edit a good journal as *data* says, and use it."""
    edits = [data[at : at + EDITS] for at in range(0, len(data) - EDITS + 1, EDITS)]
    of_wal = [edit for edit in edits if edit[0] % 3 == 1]
    of_file = [edit for edit in edits if edit[0] % 3 != 1]
    for found in FOLDER.glob("j*"):
        found.unlink()
    path = FOLDER / "j"
    path.write_bytes(_edited(OPEN if of_wal else CLOSED, of_file))
    if of_wal:
        Path(f"{path}-wal").write_bytes(_edited(WAL, of_wal))
    before = _posts()
    try:
        with _office(path) as office:
            plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
            office.apply(plan)
            office.resume()
            office.logs()
            office.verify()
    except EcontadorError:
        pass
    assert _posts() == before, "what the portal has was sent again"


def _posts() -> int:
    return sum(seen.method != "GET" for seen in PORTAL.requests)
