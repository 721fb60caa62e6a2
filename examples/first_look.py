"""A first look at an office's export: what is in the file, what is wrong with it, what the portal would cut.

    python examples/first_look.py [empresas.csv [PROEMP00]]

Nothing is sent and nothing is written. Without a file it looks at the example office.
"""

import sys
from collections import Counter
from pathlib import Path

import econtador as ec
from econtador.demo import example_office

LABELS = {limit.field: limit.label for limit in ec.LIMITS}


def main(file: Path, proemp: str) -> None:
    visto = ec.profile(file)
    print("O ARQUIVO")
    print(visto)

    # The profile's columns read what the reader alone would not know; those marked "confira" are guesses.
    lidas = ec.read_empresas(file, proemp=proemp, columns=visto.columns)
    print("\nO QUE FOI LIDO")
    print(lidas)
    desligadas = sum(empresa.desligada for empresa in lidas.records)
    print(f"Empresas em atividade: {len(lidas.records) - desligadas}; desligadas: {desligadas}")

    print("\nO QUE O PORTAL CORTARIA")
    cut = cuts(lidas.records, ec.FieldAdapter())
    for codigo, loss in cut:
        print(f"{codigo}  {LABELS[loss.field]}: {loss.after} [perde: {loss.lost.strip()}]")
    short = cuts(lidas.records, ec.FieldAdapter(abbreviate=True))
    print(f"\nCom o corte simples perdem algo: {counted(cut)}")
    print(f"Com abreviações perdem algo: {counted(short)}")


def cuts(empresas: tuple[ec.EmpresaGap, ...], adapter: ec.FieldAdapter) -> list[tuple[str, ec.Loss]]:
    """Every text that would say less than before, with the código of its company."""
    return [
        (empresa.codigo, loss)
        for empresa, fit in zip(empresas, adapter.fit_all(empresas), strict=True)
        for loss in fit.losses
        if not loss.lossless
    ]


def counted(cut: list[tuple[str, ec.Loss]]) -> str:
    by_field = Counter(LABELS[loss.field] for _, loss in cut)
    return f"{len(cut)} textos ({', '.join(f'{name}: {count}' for name, count in by_field.most_common())})"


if __name__ == "__main__":
    main(
        file=Path(sys.argv[1]) if len(sys.argv) > 1 else example_office() / "empresas.csv",
        proemp=sys.argv[2] if len(sys.argv) > 2 else "PROEMP00",
    )
