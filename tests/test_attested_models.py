"""One resource of every kind as the portal is attested to show it, with every attribute, and its model."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from portal_rooms import RESOURCES, linked, shown

from econtador.documents import Cpf
from econtador.portal.documentos import CategoriaDocumento, Certidao, Documento, Tarefa, TipoCertidao
from econtador.portal.pessoal import (
    ConfiguracaoEvento,
    Departamento,
    Evento,
    Funcao,
    FuncaoNoHistorico,
    Funcionario,
    HistoricoFuncao,
    StatusFuncionario,
)
from econtador.portal.values import UNSET, Ref

FUNCIONARIO = {
    "codigo": "000123",
    "nome": "PESSOA MODELO 01",
    "status": "Ativo",
    "afastamentodescricao": "Férias",
    "afastamento": "2026-01-05T03:00:00Z",
    "retorno": "2026-02-03T03:00:00Z",
    "admissao": "2015-01-05T02:00:00Z",
    "demissao": "2026-12-31T03:00:00Z",
    "nascimento": "1990-07-17T03:00:00Z",
    "dataAtualizacao": "2026-01-05T15:30:15Z",
    "nomefuncao": "000012 - CAIXA",
    "cpf": 191,
    "cpfAlfanumerico": "00000000191",
    "isCpf": True,
    "pis": "10000000001",
    "identidade": "RG1",
    "carteiradetrabalho": 1234,
    "email": "",
    "telefone": "T1",
    "telefonecelular": "T2",
    "rua": "RUA MODELO",
    "numero": 10,
    "complemento": "FUNDOS",
    "bairro": "CENTRO",
    "cidade": "SAO PAULO",
    "cep": "01000000",
    "chavePix": "CHAVE",
    "banco": 1,
    "nomeDoBanco": "BANCO MODELO",
    "agencia": "0001",
    "conta": "C1",
    "externoid": "00123",
    "matriculaESocial": "E1",
    "salarioBase": 1234.56,
    "datavencimentocontratoexperiencia": "2015-02-18T02:00:00Z",
    "dataprorrogacaocontratoexperiencia": "2015-04-04T03:00:00Z",
}
RELATED = "naturalidade estado foto estadocivil departamento sexo formadepagamento nacionalidade pais tipoDeConta tipoDeChavePix empresa"
FUNCAO = {"externoid": "K1", "codigo": "000012", "nome": "CAIXA", "cbo": "421125"}
SENT: Mapping[str, tuple[Mapping[str, object], str]] = {
    "funcionarios": (FUNCIONARIO, RELATED),
    "departamentos": ({"nome": "FISCAL", "externoid": "K1", "cei": "C1"}, ""),
    "funcoes": (FUNCAO, ""),
    "historico_funcoes": (
        {
            "dataAlteracaoFuncao": "2026-01-05T03:00:00Z",
            "externoId": "K2",
            "funcaoAtual": {"id": "3", **FUNCAO},
            "funcaoAnterior": {"id": "4", **FUNCAO},
        },
        "",
    ),
    "eventos": (
        {"codigo": "0101", "nome": "FALTAS", "descricao": "FALTAS DO MES", "tipoConfiguracao": "FT"},
        "tipomovimento",
    ),
    "documentos": (
        {
            "empresaId": 12,
            "categoria": "GUIAS",
            "valor": 99.9,
            "titulo": "GUIA MODELO",
            "departamento": "FISCAL",
            "vencimento": "2026-01-20T03:00:00Z",
            "expiracao": "2026-01-31T03:00:00Z",
            "criacao": "2026-01-05T03:00:00Z",
            "pagamento": "2026-01-19T03:00:00Z",
            "pago": True,
            "descricao": "MODELO",
            "status": "ABERTO",
        },
        "abridor categoria status empresa departamento",
    ),
    "categorias_documento": (
        {"personalizada": False, "pagavel": True, "login": "52998224725", "descricao": "GUIAS"},
        "",
    ),
    "certidoes": (
        {
            "empresaId": 12,
            "arquivo": "QQ==",
            "abrangencia": "FEDERAL",
            "mimeType": "application/pdf",
            "emissao": "2026-01-05T03:00:00Z",
            "vencimento": "2026-07-04T03:00:00Z",
            "status": "NEGATIVA",
            "nomeOrgaoEmissor": "RFB",
        },
        "tipoCertidao status",
    ),
    "tipos_certidao": ({"nome": "CND FEDERAL"}, ""),
    "historico_tarefas": (
        {
            "nome": "DCTF",
            "prazoEntrega": "2026-01-15T03:00:00Z",
            "prazoLegal": "2026-01-20T03:00:00Z",
            "responsavel": "PESSOA MODELO 01",
            "status": "Aberta",
            "dataConclusao": "2026-01-14T03:00:00Z",
            "empresa": "EMPRESA MODELO 01 LTDA",
            "departamento": "FISCAL",
        },
        "",
    ),
}


def ref(name: str) -> Any:
    """To a resource of the type *name*; the types do not matter here."""
    return Ref[Any](name, "3")


EXPECTED: Mapping[str, object] = {
    "funcionarios": Funcionario(
        id="7",
        codigo="000123",
        nome="PESSOA MODELO 01",
        status=StatusFuncionario.ATIVO,
        cpf=Cpf("00000000191"),
        nome_funcao="000012 - CAIXA",
        admissao=date(2015, 1, 5),
        demissao=date(2026, 12, 31),
        afastamento=date(2026, 1, 5),
        retorno=date(2026, 2, 3),
        afastamento_descricao="Férias",
        data_vencimento_contrato_experiencia=date(2015, 2, 18),
        data_prorrogacao_contrato_experiencia=date(2015, 4, 4),
        data_atualizacao=datetime(2026, 1, 5, 15, 30, 15, tzinfo=UTC),
        salario_base=Decimal("1234.56"),
        nascimento=date(1990, 7, 17),
        pis="10000000001",
        identidade="RG1",
        carteira_de_trabalho="1234",
        matricula_esocial="E1",
        email="",
        telefone="T1",
        telefone_celular="T2",
        rua="RUA MODELO",
        numero="10",
        complemento="FUNDOS",
        bairro="CENTRO",
        cidade="SAO PAULO",
        cep="01000000",
        banco="1",
        nome_do_banco="BANCO MODELO",
        agencia="0001",
        conta="C1",
        chave_pix="CHAVE",
        id_externo="00123",
        empresa=ref("empresa"),
        departamento=ref("departamento"),
        sexo=ref("sexo"),
        estado_civil=ref("estadocivil"),
        nacionalidade=ref("nacionalidade"),
        naturalidade=ref("naturalidade"),
        pais=ref("pais"),
        estado=ref("estado"),
        foto=ref("foto"),
        forma_de_pagamento=ref("formadepagamento"),
        tipo_de_conta=ref("tipoDeConta"),
        tipo_de_chave_pix=ref("tipoDeChavePix"),
    ),
    "departamentos": Departamento(id="7", nome="FISCAL", id_externo="K1", cei="C1"),
    "funcoes": Funcao(id="7", nome="CAIXA", cbo="421125", codigo="000012", id_externo="K1"),
    "historico_funcoes": HistoricoFuncao(
        id="7",
        data_alteracao_funcao=date(2026, 1, 5),
        funcao_atual=FuncaoNoHistorico(
            id_funcao="3", nome="CAIXA", cbo="421125", codigo="000012", id_externo="K1"
        ),
        funcao_anterior=FuncaoNoHistorico(
            id_funcao="4", nome="CAIXA", cbo="421125", codigo="000012", id_externo="K1"
        ),
        id_externo="K2",
    ),
    "eventos": Evento(
        id="7",
        codigo="0101",
        nome="FALTAS",
        descricao="FALTAS DO MES",
        tipo_configuracao=ConfiguracaoEvento.FALTA,
        tipo_movimento=ref("tipomovimento"),
    ),
    "documentos": Documento(
        id="7",
        empresa_id="12",
        titulo="GUIA MODELO",
        descricao="MODELO",
        categoria="GUIAS",
        departamento="FISCAL",
        status="ABERTO",
        valor=Decimal("99.9"),
        criacao=date(2026, 1, 5),
        vencimento=date(2026, 1, 20),
        expiracao=date(2026, 1, 31),
        pagamento=date(2026, 1, 19),
        pago=True,
        abridor=ref("abridor"),
        empresa=ref("empresa"),
        categoria_ref=ref("categoria"),
        departamento_ref=ref("departamento"),
        status_ref=ref("status"),
    ),
    "categorias_documento": CategoriaDocumento(
        id="7", descricao="GUIAS", personalizada=False, pagavel=True, login="52998224725"
    ),
    "certidoes": Certidao(
        id="7",
        empresa_id="12",
        abrangencia="FEDERAL",
        status="NEGATIVA",
        emissao=date(2026, 1, 5),
        vencimento=date(2026, 7, 4),
        nome_orgao_emissor="RFB",
        mime_type="application/pdf",
        arquivo="QQ==",
        tipo_certidao=ref("tipoCertidao"),
        status_ref=ref("status"),
    ),
    "tipos_certidao": TipoCertidao(id="7", nome="CND FEDERAL"),
    "historico_tarefas": Tarefa(
        nome="DCTF",
        empresa="EMPRESA MODELO 01 LTDA",
        departamento="FISCAL",
        responsavel="PESSOA MODELO 01",
        status="Aberta",
        prazo_entrega=date(2026, 1, 15),
        prazo_legal=date(2026, 1, 20),
        data_conclusao=date(2026, 1, 14),
    ),
}


@pytest.mark.parametrize("name", sorted(SENT))
def test_every_attested_attribute_is_in_the_model(name: str) -> None:
    attributes, related = SENT[name]
    model = shown(RESOURCES[name], attributes, {spelled: linked(spelled, "3") for spelled in related.split()})
    assert model == EXPECTED[name]
    left_out = [field.name for field in attrs.fields(type(model)) if getattr(model, field.name) is UNSET]
    assert left_out == []
