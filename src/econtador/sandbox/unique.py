"""A portal that takes each document once.

Assumed: attested is the contrary, of another resource (one integrator: the same candidate twice makes two).
"""

from http import HTTPStatus

from econtador.overriding import override
from econtador.sandbox.jsonapi import refuse
from econtador.sandbox.rows import EmpresaRow, UsuarioRow
from econtador.sandbox.store import Columns, Store

__all__ = ["UniqueStore"]


class UniqueStore(Store):
    """Refuses a second company, or user, with the document of another: 409, and the change is not kept.

    Two processes with one file are held to it as well, since it looks inside the transaction of the change.
    """

    @override
    def add_empresa(self, values: Columns) -> EmpresaRow:
        row = super().add_empresa(values)
        self._alone("empresas", "documento", row.documento)
        return row

    @override
    def change_empresa(self, key: int, values: Columns) -> EmpresaRow:
        row = super().change_empresa(key, values)
        if "documento" in values:
            self._alone("empresas", "documento", row.documento)
        return row

    @override
    def add_usuario(self, values: Columns) -> UsuarioRow:
        row = super().add_usuario(values)
        self._alone("usuarios", "login", row.login)
        return row

    def _alone(self, table: str, column: str, document: str) -> None:
        if self.count(table, [(column, document)]) > 1:
            pointer = "/data/attributes/cpfCnpjAlfanumerico"
            raise refuse(HTTPStatus.CONFLICT, "já existe um registro com este documento", pointer=pointer)
