"""What there is to see of what the office has: a reading, a look at an unknown file."""

import datetime
from typing import TYPE_CHECKING, Final

from econtador.documents import Cnpj, Cpf
from econtador.gap.models import EmpresaGap, UsuarioGap
from econtador.gap.reading import Problem, Reading, Repair, in_view
from econtador.showing.page import Change, Count, Page, Row, Section, Table, Tone

if TYPE_CHECKING:
    from econtador.gap.profiling import Profile, ProfiledColumn

__all__ = ["profile_page", "reading_page"]

_EMPRESA: Final = ("Código", "Razão Social", "CNPJ/CPF", "Município", "UF", "Desligamento")
_USUARIO: Final = ("Código", "Nome", "Grupo", "Desligamento")


def reading_page(reading: Reading[object]) -> Page:
    """Problems, then what was mended, then what was read."""
    empresas = [record for record in reading.records if isinstance(record, EmpresaGap)]
    usuarios = [record for record in reading.records if isinstance(record, UsuarioGap)]
    columns = tuple(f"{header}: {field}" for field, header in reading.columns.items())
    unused = f"Sem uso: {', '.join(reading.ignored)}" if reading.ignored else ""
    return Page(
        reading.summary,
        (
            Section(
                "Problemas",
                table=Table.of(("Linha", "Campo", "Valor", "O que há"), reading.problems, _problem),
                attention=True,
            ),
            Section(
                "Corrigidos na leitura",
                table=Table.of(("Linha", "Campo", "Valor", "O que foi feito"), reading.repairs, _repair),
            ),
            Section(
                "Deixados de fora", tuple(f"linha {note.line}: {note.message}" for note in reading.notes)
            ),
            Section("Registros", table=Table.of(_EMPRESA, empresas, _empresa)),
            Section("Registros", table=Table.of(_USUARIO, usuarios, _usuario)),
            Section("Colunas", (f"Lidas: {', '.join(columns)}", *filter(None, [unused])) if columns else ()),
        ),
        (
            Count("registros lidos", len(reading.records), Tone.GOOD),
            Count("corrigidos", len(reading.repairs), Tone.WATCH),
            Count("problemas", len(reading.problems), Tone.BAD),
        ),
    )


def _problem(problem: Problem) -> Row:
    return problem.line, problem.field, in_view(problem.field, problem.value), problem.message


def _repair(repair: Repair) -> Row:
    before, after = (in_view(repair.field, value) for value in (repair.before, repair.after))
    return repair.line, repair.field, before if before == after else Change(before, after), repair.message


def _empresa(empresa: EmpresaGap) -> Row:
    documento = _document(empresa.documento)
    left = _day(empresa.data_desligamento)
    return empresa.codigo, empresa.razao_social, documento, empresa.municipio or "", empresa.uf or "", left


def _usuario(usuario: UsuarioGap) -> Row:
    return usuario.codigo, usuario.nome, usuario.grupo or "", _day(usuario.data_desligamento)


def _day(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _document(documento: Cnpj | Cpf | str) -> str:
    """A CNPJ is a company's own; a CPF is a person's, and so may be what is neither."""
    return documento.format() if isinstance(documento, Cnpj) else in_view("documento", str(documento))


def profile_page(profile: "Profile") -> Page:
    """What is wrong, then which column seems to be which field."""
    troubles = tuple(map(str, profile.troubles))
    proemps = ", ".join(f"{name} ({count})" for name, count in profile.proemps.items()) or "nenhuma"
    return Page(
        profile.summary,
        (
            Section("A conferir", troubles, attention=True),
            Section("Colunas", table=Table.of(("Coluna", "Campo", "Como"), profile.proposed, _column)),
            Section("A conferir", () if troubles else ("Nada de errado.",)),
        ),
        (
            Count("registros", profile.records, Tone.GOOD),
            Count("outras linhas", max(0, profile.rows - profile.records), Tone.WATCH),
        ),
        (f"PROEMP: {proemps}",) if profile.kind == "empresas" else (),
    )


def _column(column: "ProfiledColumn") -> Row:
    return column.header, column.field or "-", column.how
