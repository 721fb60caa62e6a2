"""A tour of the portal's API, read-only.

    python examples/api_tour.py

With ECONTADOR_TOKEN (ePlugin's Chave de Acesso) in the environment it reads the real portal, else a sandbox with a small
office in it. What is printed of a real portal is an office's data: mind where it goes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import econtador as ec
from econtador.sandbox import Sandbox


@contextmanager
def portal() -> Iterator[ec.Client]:
    if os.environ.get("ECONTADOR_TOKEN"):
        with ec.Client.from_env() as client:
            yield client
    else:
        with Sandbox() as sandbox, sandbox.client() as client:
            sandbox.seed(empresas=3, funcionarios=12)
            yield client


def main(client: ec.Client) -> None:
    print("O QUE O TOKEN PODE VER")
    print(client.check())

    print("\nEMPRESAS ATIVAS (as primeiras)")
    empresas = list(
        islice(client.empresas.list(ativa=True), 3)
    )  # a listing pages by itself, as far as it is read
    for empresa in empresas:
        cnpj = empresa.documento.format() if empresa.documento else "sem documento"
        print(f"  {empresa.codigo} {empresa.nome} {cnpj}")

    print("\nUMA SÓ, PELO DOCUMENTO")
    if empresas and empresas[0].documento:
        print(f"  {client.empresas.by_document(empresas[0].documento)}")

    print("\nFUNCIONÁRIOS, COM O DEPARTAMENTO DE CADA UM")
    for empresa in empresas:
        pessoas = list(client.funcionarios.list(empresa=empresa.id, include=["departamento"], sort="codigo"))
        print(f"  {empresa.nome}: {len(pessoas)}")
        for pessoa in pessoas[:2]:
            ref = pessoa.departamento
            departamento = ref.resource.nome if ref and ref.resource else "sem departamento"
            print(f"    {pessoa.codigo} {pessoa.nome}, admissão {pessoa.admissao}, {departamento}")

    print("\nDOCUMENTOS E CERTIDÕES DA PRIMEIRA")
    for empresa in empresas[:1]:
        for documento in client.documentos.list(empresa=empresa.id):
            print(f"  {documento.titulo}: vence em {documento.vencimento}")
        for certidao in islice(client.certidoes.list(), 3):
            print(f"  {certidao.nome_orgao_emissor} ({certidao.abrangencia}): vence em {certidao.vencimento}")

    print("\nTABELAS (os ids não são constantes: pergunte sempre)")
    for sexo in client.lookup("tipos-sexo").list():
        print(f"  {sexo.id}: {dict(sexo.extra)}")

    print("\nUM ERRO DIZ O QUE HOUVE")
    try:
        client.empresas.get("999999999")
    except ec.errors.NotFound as error:
        print(f"  {error.code}: {error}")


if __name__ == "__main__":
    with portal() as client:
        main(client)
