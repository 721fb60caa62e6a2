"""How well a file of CNAE texts fits, and how fast: plain cut, abbreviated, told apart.

    python benchmarks/fitting.py cnaes.csv                  # "0111301";"Cultivo de arroz", no header
    python benchmarks/fitting.py cnaes.csv --encoding utf-8 --seconds 2
    python benchmarks/fitting.py cnaes.csv --polars 1000000 # and that many companies of four texts, streamed

*Ambiguous* is the number of different texts (spaces apart) whose fitted form is that of another different text
too. Rates are of one process, records of this file over and over.
"""

import argparse
import csv
import itertools
import resource
import tempfile
import time
from pathlib import Path

from attrs import frozen

from econtador import LIMITS, FieldAdapter

ATIVIDADE = [limit for limit in LIMITS if limit.field == "atividade"]

WAYS = {
    "plain cut": FieldAdapter(limits=ATIVIDADE),
    "abbreviated": FieldAdapter(limits=ATIVIDADE, abbreviate=True),
    "and told apart": FieldAdapter(limits=ATIVIDADE, abbreviate=True, distinguish="tail"),
    "and by CNAE": FieldAdapter(limits=ATIVIDADE, abbreviate=True, distinguish="cnae"),
}


@frozen
class Cliente:
    """A company, as far as this goes."""

    codigo: str
    cnae: str
    atividade: str


def read(path: Path, encoding: str) -> list[Cliente]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=";")
        return [Cliente(f"{line:05}", row[0], row[1]) for line, row in enumerate(rows, 1)]


def rate(adapter: FieldAdapter, clientes: list[Cliente], seconds: float) -> float:
    """Records a second."""
    done, start = 0, time.perf_counter()
    while (taken := time.perf_counter() - start) < seconds:
        for cliente in clientes:
            adapter.fit(cliente)
        done += len(clientes)
    return done / taken


def stream(clientes: list[Cliente], count: int) -> None:
    """Companies of four texts each from a file to a file with Polars, in one process."""
    import polars as pl

    adapter = FieldAdapter(abbreviate=True)

    def fitted(field: str) -> pl.Expr:
        def fit(column: pl.Series) -> pl.Series:
            texts = (None if text is None else adapter.fit_text(field, text)[0] for text in column)
            return pl.Series(texts, dtype=pl.String)

        return pl.col(field).map_batches(fit, return_dtype=pl.String, is_elementwise=True)

    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.csv"), Path(folder, "fitted.parquet")
        with given.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("codigo", "razao_social", "endereco", "bairro", "atividade"))
            for number, cliente in zip(range(count), itertools.cycle(clientes), strict=False):
                name = f"EMPRESA MODELO {number:08} COMERCIO DE {NAMES[number % len(NAMES)]} LIMITADA"
                place = PLACES[number % len(PLACES)]
                rows.writerow((f"{number:08}", name, f"{place[0]} {number}", place[1], cliente.atividade))
        start, worked = time.perf_counter(), time.process_time()
        frame = pl.scan_csv(given, schema_overrides={"codigo": pl.String})
        frame.with_columns(map(fitted, ("razao_social", "endereco", "bairro", "atividade"))).sink_parquet(
            made
        )
        taken, worked = time.perf_counter() - start, time.process_time() - worked
        long = pl.scan_parquet(made).select(pl.col("atividade").str.len_chars().max()).collect().item()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nPolars: {count:,} rows in {taken:.1f} s, {count / taken:,.0f} rows/s, {count / worked:,.0f} a processor second, "
        f"peak {peak:,.0f} MB (longest atividade: {long})"
    )


NAMES = ("ALIMENTOS", "MAQUINAS E EQUIPAMENTOS", "ARTIGOS DO VESTUARIO", "PECAS")
PLACES = (
    ("RUA DAS FLORES", "CENTRO"),
    ("AVENIDA PRESIDENTE MODELO DE ALMEIDA E SOUZA PRADO", "JARDIM NOSSA SENHORA APARECIDA"),
    ("RODOVIA MODELO KM", "VILA NOVA"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--encoding", default="latin-1")
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--polars", type=int, default=0, metavar="ROWS")
    given = parser.parse_args()
    clientes = read(given.file, given.encoding)
    different = len({" ".join(cliente.atividade.split()) for cliente in clientes})
    print(f"{len(clientes)} rows, {different} different texts\n")
    print(
        f"{'':<16}{'fitting':>8}{'lossless':>10}{'letters lost':>14}{'words lost':>12}{'ambiguous':>11}{'records/s':>11}"
    )
    for name, adapter in WAYS.items():
        (score,) = adapter.score(clientes).fields
        tally = score.adapted
        speed = rate(adapter.among(clientes), clientes, given.seconds)
        print(
            f"{name:<16}{score.fitting / score.texts:>8.1%}{tally.lossless / score.texts:>10.1%}"
            f"{tally.characters_lost:>14}{tally.words_lost:>12}{tally.ambiguous:>11}{speed:>11,.0f}"
        )
    if given.polars:
        stream(clientes, given.polars)


if __name__ == "__main__":
    main()
