"""Tokens, CPFs and e-mails show nowhere: logs at any level, reprs, tracebacks, pickles, ``vars()``."""

import copy
import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from datetime import date

import pytest

import econtador as ec
from econtador import errors
from econtador.portal import CandidatoNovo, Httpx2Transport, HttpxTransport, Usuario, UsuarioNovo
from econtador.portal.transport import Transport
from econtador.sandbox import Sandbox

CPF, EMAIL = "52998224725", "ana@exemplo.com.br"
FORMS = (CPF, "529.982.247-25", EMAIL)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, by anyone, at every level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
    root = logging.getLogger()
    former = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(former)


def nowhere(text: str, *secrets: str) -> None:
    for secret in (*FORMS, *secrets):
        assert secret not in text


def outlines(error: BaseException) -> str:
    """What tools show of an error: itself, its attributes, where it came from."""
    chain: list[BaseException] = [error]
    while following := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(following)
    shown = [f"{link!r} {link} {vars(link)}" for link in chain]
    return "\n".join([*shown, *traceback.format_exception(error)])


def calls(client: ec.Client) -> list[Callable[[], object]]:
    novo = UsuarioNovo(nome="ANA", email=EMAIL, cpf=ec.Cpf(CPF))
    return [
        lambda: client.usuarios.create(novo),
        lambda: client.usuarios.get(CPF),
        lambda: client.usuarios.by_document(CPF),
        lambda: list(client.usuarios.list()),
        lambda: list(client.empresas_do_usuario.list(usuario=CPF)),
        lambda: list(client.empresas.list(documento=CPF)),
        lambda: list(client.categorias_documento.list(login=CPF)),
        lambda: client.empresas_simplificadas.get(CPF),
        lambda: client.usuarios.get_many([CPF, CPF]),
        lambda: client.request("GET", "identificacao", f"/usuarios/{CPF}", query={"q": EMAIL}),
        lambda: client.check(),
    ]


@pytest.mark.parametrize("transport", [HttpxTransport, Httpx2Transport])
def test_no_log_line_shows_any_at_any_level(transport: Callable[[], Transport], log: io.StringIO) -> None:
    with Sandbox() as sandbox, sandbox.serve() as server:
        with ec.Client(sandbox.token, base_url=server.url, transport=transport()) as client:
            for call in calls(client):
                try:
                    call()
                except errors.PortalError:
                    logging.getLogger("an application").exception("it went wrong")
        nobody = "http://127.0.0.1:9"
        once = ec.Retry(attempts=1)
        with ec.Client(sandbox.token, base_url=nobody, retry=once, transport=transport()) as client:
            for call in calls(client):
                try:
                    call()
                except errors.PortalError:
                    logging.getLogger("an application").exception("it went wrong")
        text = log.getvalue()
        nowhere(text, sandbox.token)
    assert "receive_response_headers.complete" in text, "the library beneath said nothing: is its name right?"
    assert "econtador DEBUG GET http://127.0.0.1" in text
    assert "/usuarios/***" in text
    assert ": 404 in 0." in text
    assert "econtador INFO" in text and "not-sent after" in text


def test_the_library_is_silent_unless_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox() as sandbox, sandbox.client() as client, pytest.raises(errors.NotFound):
        client.empresas.get("9")
    assert capsys.readouterr() == ("", "")


class Echo:
    """A portal that repeats whatever it was sent, as portals do."""

    def __init__(self, status: int) -> None:
        self.status = status

    def send(self, request: object) -> object:
        said = f"login {CPF} ({EMAIL}) {vars_of(request)} já existe"
        fault = {
            "title": said,
            "detail": said,
            "code": said,
            "source": {"pointer": f"/data/{CPF}"},
            "meta": {"a": said},
        }
        self.content = json.dumps({"errors": [fault], "data": said}).encode()
        self.headers: dict[str, str] = {}
        return self

    def close(self) -> None: ...


def vars_of(request: object) -> str:
    return f"{getattr(request, 'url', '')} {dict(getattr(request, 'headers', {}))}"


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 422, 429, 500])
def test_what_the_portal_repeats_stays_in_the_raw_body_alone(status: int) -> None:
    token = "eyJhbGciOiJIUzUxMiJ9.c2VjcmV0LWNsYWltcw.c2lnbmF0dXJl"
    client = ec.Client(token, transport=Echo(status), retry=ec.Retry(attempts=1), writes=ec.CONVENTION)  # type: ignore[arg-type]
    for call in calls(client)[:1]:
        with pytest.raises(errors.PortalError) as caught:
            call()
        error = caught.value
        nowhere(outlines(error), token)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.dumps(error, protocol)
            nowhere(again.decode("latin-1"), token)
            nowhere(outlines(pickle.loads(again)), token)
        assert isinstance(error, errors.StatusError | errors.UnexpectedAnswer)
        assert CPF in error.raw.decode()  # the programmer who asks for it gets it whole
        nowhere(repr(copy.deepcopy(vars(error))), token)


def test_no_repr_of_what_is_read_or_sent_shows_any() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        sandbox.seed()
        novo = UsuarioNovo(nome=f"ANA {CPF}", email=EMAIL, cpf=ec.Cpf(CPF))
        client.usuarios.create(novo)
        people = list(client.funcionarios.list(include=["empresa", "departamento"]))
        assert people
        shown = [
            novo,
            *client.usuarios.list(),
            *people,
            *client.usuarios.pages(),
            CandidatoNovo(
                nome=f"ANA {CPF}", cpf=ec.Cpf(CPF), admissao=date(2026, 1, 5), nome_cargo="X",
                empresa="1", email=EMAIL,
            ),
            client,
            client.config,
            client.usuarios,
        ]  # fmt: skip
        text = f"{shown!r}"
        nowhere(text, sandbox.token)
        for person in people:
            cpf = person.cpf
            assert isinstance(cpf, ec.Cpf)
            assert cpf.value not in text
        assert isinstance(client.usuarios.get(CPF), Usuario)
