"""What a client is made from: addresses, the environment, the account, and a token that shows nowhere."""

import base64
import copy
import json
import pickle
import re
import string
import traceback

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador import errors
from econtador.portal import config as config_module
from econtador.portal.config import HOSTS, Route, Secret
from econtador.portal.models import Ativacao, EmpresaNova, UsuarioNovo
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox

# The beginning keeps it apart from whatever a repr has of its own.
tokens = st.text(string.ascii_letters + string.digits + ".-_", max_size=40).map(lambda text: f"tOkEn-{text}")
EMPRESA = EmpresaNova(codigo="00001", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81"))
USUARIO = UsuarioNovo(nome="ANA", email="ana@exemplo.com.br", cpf=ec.Cpf("529.982.247-25"))


def jwt(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"eyJhbGciOiJIUzUxMiJ9.{payload}.c2ln"


class Never:
    """A transport that must not be used."""

    def send(self, request: Request) -> object:
        raise AssertionError("sent")

    def close(self) -> None: ...


# --------------------------------------------------------------------------- the token


@given(tokens)
def test_a_token_shows_nowhere_but_where_it_is_asked_for(token: str) -> None:
    secret = Secret(token)
    config = ec.Config(token=secret)
    for thing in (secret, config, vars(type(secret)), {"config": config}, config.account):
        assert token not in f"{thing} {thing!r} {thing!s:>5}"
    assert not hasattr(secret, "__dict__")
    assert token not in repr([getattr(secret, name) for name in Secret.__slots__])
    assert secret.reveal() == config.token.reveal() == token
    assert secret == Secret(token) and hash(secret) == hash(Secret(token))
    assert secret != token and secret != Secret(token + "x")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for holder in (secret, config, {"token": secret}):
            with pytest.raises(TypeError, match="a token is not pickled"):
                pickle.dumps(holder, protocol)
    with pytest.raises(TypeError, match="a token is not pickled"):
        copy.deepcopy(config)


@given(tokens)
def test_white_space_around_a_token_is_pasting_and_goes(token: str) -> None:
    assert ec.Config(token=f" \t{token}\r\n").token.reveal() == token


@pytest.mark.parametrize("token", ["", " ", "\n\t"])
def test_an_empty_token_is_a_missing_one(token: str) -> None:
    with pytest.raises(errors.MissingToken, match="Chave de Acesso"):
        ec.Config(token=token)


@pytest.mark.parametrize("token", ["tOkEn one", "tOkEn\none", "tOkEn\x00", "tOkEnção", "tOkEn\u200b"])
def test_a_broken_token_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        ec.Config(token=token)
    assert not isinstance(caught.value, errors.MissingToken)
    assert token not in f"{caught.value!r} {vars(caught.value)} {caught.value.args}"
    assert token not in "".join(traceback.format_exception(caught.value))


# --------------------------------------------------------------------------- the account


@given(st.integers(0, 10**9) | st.text(string.digits, min_size=1), st.text(string.ascii_lowercase), st.text())
def test_an_account_outlives_its_token(customer: int | str, issuer: str, made: str) -> None:
    old = ec.Config(token=jwt({"uc": customer, "iss": issuer, "data": "2026"}))
    new = ec.Config(token=jwt({"data": made, "iss": issuer, "uc": customer}))
    assert old.account == new.account == f"{issuer}:{customer}"
    assert ec.Config(token=jwt({"uc": customer, "iss": issuer + "x"})).account != old.account


@pytest.mark.parametrize(
    "token",
    ["opaque", "a.b", "..", "a.!!!.c", jwt([]), jwt(None), jwt({}), jwt({"uc": 1}), jwt({"uc": None, "iss": "x"}),
     jwt({"uc": [1], "iss": "x"}), jwt({"uc": "1", "iss": 2})],
)  # fmt: skip
def test_a_token_without_claims_is_an_account_by_its_digest(token: str) -> None:
    account = ec.Config(token=token).account
    assert account.startswith("token:") and token not in account
    assert account == ec.Config(token=token).account != ec.Config(token=token + "x").account
    assert ec.Config(token=token, account="escritorio").account == "escritorio"


def test_the_clients_have_the_account_of_their_token() -> None:
    with Sandbox() as one, Sandbox(token=jwt({"uc": "77", "iss": "packup"})) as other:
        first, second = one.client(), other.client()
        assert first.config.account.startswith("sandbox:")
        assert second.config.account == "packup:77"
        assert "packup:77" in repr(second) and other.token not in repr(second)


# --------------------------------------------------------------------------- addresses


def test_the_six_hosts_and_the_one_that_stands_for_all() -> None:
    vendor = ec.Config(token="t")
    mine = ec.Config(token="t", base_url="http://127.0.0.1:8000//")
    assert vendor.url(Route("dp", "/empresas")) == "https://dp.pack.alterdata.com.br/api/v1/empresas"
    for name in HOSTS:
        prefix = "/api/v1" if name == "dp" else "/api/v1/integracao"
        assert vendor.url(Route(name, "/x")) == f"https://{name}.pack.alterdata.com.br{prefix}/x"
        assert mine.url(Route(name, "/x")) == f"http://127.0.0.1:8000{prefix}/x"
    assert len(HOSTS) == 6


@pytest.mark.parametrize(
    "base_url",
    ["", "portal.test", "//portal.test", "ftp://portal.test", "http://", "http:///x", "http://:80", "http://[",
     "http://[::1", "http://portal.test:port", "http://portal.test:99999", "http://portal.test:0", "file:///etc"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_when_the_client_is_made(base_url: str) -> None:
    with pytest.raises(errors.ConfigError, match="base_url must begin with"):
        ec.Client("t", base_url=base_url)


@pytest.mark.parametrize("base_url", ["http://portal.test", "https://portal.test:8443/a", "http://[::1]:80"])
def test_an_address_that_is_one_is_taken(base_url: str) -> None:
    assert ec.Config(token="t", base_url=base_url).url(Route("dp", "/x")) == f"{base_url}/api/v1/x"


# --------------------------------------------------------------------------- writes


def test_nothing_is_sent_to_the_vendors_hosts_that_writes() -> None:
    portal = ec.Client("t", transport=Never())  # type: ignore[arg-type]
    for resource, write in (
        ("empresas", lambda: portal.empresas.create(EMPRESA)),
        ("usuarios", lambda: portal.usuarios.create(USUARIO)),
        ("usuarios", lambda: portal.usuarios.update("52998224725", Ativacao())),
    ):
        with pytest.raises(
            errors.WritesNotConfigured, match=rf"for {resource}: .*writes=econtador\.CONVENTION"
        ):
            write()


def test_writes_go_where_they_were_configured_and_nowhere_else() -> None:
    vendor = ec.Config(token="t")
    mine = evolve(vendor, base_url="http://portal.test")
    assert {name: mine.route_for_writing(name) for name in ec.CONVENTION} == dict(ec.CONVENTION)
    assert mine.route_for_writing("funcionarios") is None
    for config in (vendor, mine):
        assert not any(evolve(config, writes={}).route_for_writing(name) for name in ec.CONVENTION)
        only = evolve(config, writes={"empresas": Route("cnd", "/mine")})
        assert only.route_for_writing("empresas") == Route("cnd", "/mine")
        assert only.route_for_writing("usuarios") is None
    assert not any(vendor.route_for_writing(name) for name in ec.CONVENTION)
    with pytest.raises(TypeError):
        ec.CONVENTION["empresas"] = Route("dp", "/x")  # type: ignore[index]


# --------------------------------------------------------------------------- the environment


@pytest.mark.parametrize("environ", [{}, {"ECONTADOR_TOKEN": ""}, {"ECONTADOR_TOKEN": " \n"}])
def test_an_environment_without_a_token_says_where_to_get_one(environ: dict[str, str]) -> None:
    with pytest.raises(errors.MissingToken, match="ECONTADOR_TOKEN is not set.*Chave de Acesso"):
        ec.Config.from_env({**environ, "ECONTADOR_BASE_URL": "http://portal.test"})


def test_an_environment_is_read_whole() -> None:
    config = ec.Config.from_env({"ECONTADOR_TOKEN": " t\n"})
    assert config == ec.Config(token="t")
    assert (config.base_url, config.timeout.read) == (None, 60.0)
    assert ec.Config.from_env({"ECONTADOR_TOKEN": "t", "ECONTADOR_BASE_URL": ""}).base_url is None
    config = ec.Config.from_env(
        {
            "ECONTADOR_TOKEN": "t",
            "ECONTADOR_BASE_URL": "http://portal.test/",
            "ECONTADOR_TIMEOUT": "7.5",
            "ECONTADOR_ATTEMPTS": "2",
            "ECONTADOR_PER_SECOND": "0.5",
            "ECONTADOR_AT_ONCE": "3",
            "ECONTADOR_ACCOUNT": "escritorio",
        }
    )
    assert config == ec.Config(
        token="t",
        base_url="http://portal.test",
        timeout=ec.Timeout(read=7.5),
        retry=ec.Retry(attempts=2),
        pace=ec.Pace(per_second=0.5, at_once=3),
        account="escritorio",
    )


def test_every_variable_that_is_read_is_in_the_modules_docstring_and_empty_is_not_set() -> None:
    class Environment(dict[str, str]):
        read: set[str] = set()

        def get(self, name: str, default: str | None = None) -> str:  # type: ignore[override]
            self.read.add(name)
            return "t" if name == "ECONTADOR_TOKEN" else ""

    assert ec.Config.from_env(Environment()) == ec.Config(token="t")
    listed = set(re.findall(r"``(ECONTADOR_\w+)``", config_module.__doc__ or ""))
    assert Environment.read == listed


@pytest.mark.parametrize("count", ["2.5", "many", "0", "-1"])
@pytest.mark.parametrize("name", ["ECONTADOR_ATTEMPTS", "ECONTADOR_AT_ONCE"])
def test_a_count_that_is_none_is_refused(name: str, count: str) -> None:
    with pytest.raises(errors.ConfigError, match=name):
        ec.Config.from_env({"ECONTADOR_TOKEN": "t", name: count})


@pytest.mark.parametrize(
    "base_url",
    [
        "https://ana:segredo@portal.test",
        "https://ana@portal.test",
        "http://portal.test/?a=b",
        "http://a.test/#b",
    ],
)
def test_an_address_with_more_than_an_address_is_refused_and_not_repeated(base_url: str) -> None:
    with pytest.raises(errors.ConfigError, match="no user, password, query or fragment") as caught:
        ec.Config(token="t", base_url=base_url)
    assert "segredo" not in str(caught.value)


def test_a_host_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(errors.ConfigError, match="no host 'dpp'; there are dp, identificacao"):
        ec.Config(token="t").url(Route("dpp", "/x"))


@pytest.mark.parametrize("seconds", ["long", "7,5", "0", "-1", "nan", "inf", "1e999"])
def test_a_timeout_that_is_no_time_is_refused(seconds: str) -> None:
    with pytest.raises(errors.ConfigError, match="ECONTADOR_TIMEOUT must be a number above 0"):
        ec.Config.from_env({"ECONTADOR_TOKEN": "t", "ECONTADOR_TIMEOUT": seconds})


def test_the_environment_makes_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECONTADOR_TOKEN", raising=False)
    for make in (ec.Client.from_env, ec.AsyncClient.from_env):
        with pytest.raises(errors.MissingToken, match="ECONTADOR_TOKEN"):
            make()
    monkeypatch.setenv("ECONTADOR_TOKEN", "tOkEn")
    monkeypatch.setenv("ECONTADOR_BASE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("ECONTADOR_TIMEOUT", "7.5")
    config = ec.Client.from_env().config
    assert (config.base_url, config.timeout) == ("http://127.0.0.1:9", ec.Timeout(read=7.5))
    monkeypatch.setenv("ECONTADOR_TIMEOUT", "long")
    with pytest.raises(errors.ConfigError, match="ECONTADOR_TIMEOUT must be a number above 0"):
        ec.Client.from_env()
