"""Texts that are too long for the portal: shortened by rule, by the office's own table, and told apart.

    python examples/abbreviations.py [folder]

The table for a person to fill in goes to the folder (a new temporary one unless given). Nothing is sent.
"""

import csv
import sys
import tempfile
from pathlib import Path

import econtador as ec
from econtador.demo import example_office


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    empresas = ec.read_empresas(example_office() / "empresas.csv", proemp="PROEMP00").records

    print("1. CORTE SIMPLES E ABREVIAÇÃO, LADO A LADO")
    plain, short = ec.FieldAdapter(), ec.FieldAdapter(abbreviate=True)
    for field, text in {
        "razao_social": "MODELO 02 COMERCIO DE MAQUINAS E EQUIPAMENTOS AGRICOLAS LIMITADA",
        "bairro": "Jardim Nossa Senhora Aparecida",
        "atividade": "Comércio varejista de ferragens e ferramentas",
    }.items():
        print(f"  {text}\n    corte:      {plain.fit_text(field, text)[0]}")
        after, loss = short.fit_text(field, text)
        how = ", ".join(step.label for step in loss.steps) if loss else "cabe"
        print(f"    abreviação: {after} ({how})")

    print("\n2. NO ESCRITÓRIO INTEIRO")
    print(short.score(empresas))

    print("\n3. TEXTOS DIFERENTES QUE FICARIAM IGUAIS")
    show_collisions(short, empresas)
    apart = ec.FieldAdapter(abbreviate=True, distinguish="tail")
    print("  com distinguish='tail':")
    show_collisions(apart, empresas)

    print("\n4. A TABELA DO ESCRITÓRIO")
    table = folder / "textos.csv"
    suggestions = apart.suggest(empresas)
    suggestions.write(table)  # its column "para" is empty: somebody fills it in
    print(f"  {len(suggestions.rows)} textos a escrever melhor, em {table}")
    filled = fill_in(table, "00007", "razao_social", "BNDES")
    own = ec.FieldAdapter(abbreviate=True, distinguish="tail", overrides=table)
    print(f"  {filled} preenchido; agora: {own.fit(by_codigo(empresas, '00007')).record.razao_social}")


def show_collisions(adapter: ec.FieldAdapter, empresas: tuple[ec.EmpresaGap, ...]) -> None:
    collisions = adapter.collisions(empresas)
    for collision in collisions:
        print(f"    {collision.field}: {collision.value!r} em {', '.join(collision.codigos)}")
    print(f"    Colisões: {len(collisions)}")


def fill_in(table: Path, codigo: str, campo: str, text: str) -> int:
    """Write *text* where it is wanted, as somebody does in a spreadsheet; how many rows there were to fill."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        if (row["codigo"], row["campo"]) == (codigo, campo):
            row["para"] = text
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return sum(bool(row["para"]) for row in rows)


def by_codigo(empresas: tuple[ec.EmpresaGap, ...], codigo: str) -> ec.EmpresaGap:
    return next(empresa for empresa in empresas if empresa.codigo == codigo)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="econtador-")))
