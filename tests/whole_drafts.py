"""One whole draft of every kind, for the tests to send or to spoil."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import attrs

from econtador.documents import Cnpj, Cpf
from econtador.portal.envios import (
    AgendamentoFeriasNovo,
    AtendimentoNovo,
    CandidatoNovo,
    Falta,
    LancamentosContabeis,
    MovimentoNovo,
    NotificacaoRescisaoNova,
    Parecer,
)
from econtador.portal.pessoal import TipoMovimento

DAY, LATER = date(2026, 1, 5), date(2026, 1, 31)
MOMENT = datetime(2026, 1, 5, 12, 30, 15, 999, tzinfo=timezone(timedelta(hours=-3)))

FALTA = Falta(empresa="12", funcionario="7", inicio=DAY, fim=DAY, dia=DAY)
MOVIMENTO = MovimentoNovo(
    empresa="12",
    funcionario="7",
    tipo_movimento=TipoMovimento.FOLHA,
    evento="55",
    valor=timedelta(hours=7, minutes=45),
    inicio=DAY,
    fim=LATER,
    criado=MOMENT,
    comentario="HORAS",
    faltas=(FALTA,),
)
CANDIDATO = CandidatoNovo(
    empresa="12", nome="PESSOA MODELO 01", cpf=Cpf("00000000191"), admissao=DAY, nome_cargo="CAIXA"
)
FERIAS = AgendamentoFeriasNovo(funcionario="7", de=DAY, ate=LATER)
RESCISAO = NotificacaoRescisaoNova(funcionario="7", empresa="12")
PARECER = Parecer(texto="ABRIR", data=MOMENT)
ATENDIMENTO = AtendimentoNovo(descricao="MODELO", empresa="12", parecer_inicial=PARECER)
LANCAMENTOS = LancamentosContabeis(
    arquivo=b"0001;\xe7\n", inicio=DAY, fim=LATER, categoria_id="9", cnpj_remetente=Cnpj("12ABC34501DE35")
)

DRAFTS: dict[str, Any] = {
    draft.RESOURCE: draft for draft in (MOVIMENTO, CANDIDATO, FERIAS, RESCISAO, ATENDIMENTO, LANCAMENTOS)
}
"""By the resource that each goes to."""


def changed(draft: Any, **fields: Any) -> Any:
    """*draft* with other values, of whatever type a notebook might hand over."""
    return attrs.evolve(draft, **fields)
