"""The order of credentials of contracts.md 0, for every mixture of them."""

import base64
import logging
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.access.authenticator import (
    Authenticator,
    Credentials,
    Grant,
    read_credentials,
)
from isocenter.access.cookies import Cookies
from isocenter.access.principal import Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
)
from tests.stores import Clock

TOKENS = SignedTokens(ServerSecret(b"s" * 64), Clock())
COOKIES = Cookies(TOKENS, None, is_secure=False)  # type: ignore[arg-type]  # nobody signs in
GRANT = Grant("view", "session/name.dcm")
# Two keys of one account with different scopes, one of another account.
KEYS = {
    "k1.aaa": Principal("account:1", frozenset({"read", "write"}), "1", key_id="k1"),
    "k2.bbb": Principal("account:1", frozenset({"read", "upload"}), "1", key_id="k2"),
    "k3.ccc": Principal("account:2", frozenset({"read"}), "2", key_id="k3"),
}
WRONG = "k1.zzz"
BROWSER, COOKIE = COOKIES.new()

Pairs = list[tuple[str, str]]


def verify_key(text: str) -> Principal:
    if text not in KEYS:
        raise NotAuthenticatedError("the key is not valid")
    return KEYS[text]


AUTHENTICATOR = Authenticator(verify_key, COOKIES.check, TOKENS)


def who(headers: Pairs, query: Pairs | None = None, grant: Grant | None = None) -> Principal:
    credentials = read_credentials(headers, query or [], COOKIES.name)
    return AUTHENTICATOR.authenticate(credentials, grant=grant)


def basic(user: str, password: str) -> tuple[str, str]:
    return "Authorization", f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def view_token(owner: str = "account:1", bound_to: str = GRANT.bound_to) -> tuple[str, str]:
    return "token", TOKENS.make("view", owner, 60, bound_to=bound_to)


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([("X-API-Key", "k1.aaa")], []),
        ([("x-api-key", "  k1.aaa ")], []),
        ([("apikey", "k1.aaa")], []),
        ([("APIKEY", "k1.aaa")], []),
        ([("Authorization", "ApiKey k1.aaa")], []),
        ([("authorization", "apikey  k1.aaa")], []),
        ([("Authorization", "Bearer k1.aaa")], []),
        ([("AUTHORIZATION", "BEARER k1.aaa")], []),
        ([], [("api_key", "k1.aaa")]),
        ([basic("k1", "aaa")], []),
        ([basic("k1.aaa", "")], []),
        ([basic("anybody", "k1.aaa")], []),
        ([basic("", "k1.aaa")], []),
        ([("apikey", "k1.aaa"), ("Authorization", "Bearer k1.aaa")], []),
        ([("X-API-Key", "k1.aaa")], [("api_key", "k1.aaa")]),
        ([("X-API-Key", "k1.aaa"), ("X-API-Key", "k1.aaa")], []),
    ],
)
def test_every_documented_way_of_sending_a_key(headers: Pairs, query: Pairs) -> None:
    assert who(headers, query) == KEYS["k1.aaa"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-API-Key", "")],
        [("Authorization", "k1.aaa")],
        [("Authorization", "Token k1.aaa")],
        [("Authorization", "Bearer")],
        [("Authorization", "")],
        [("Cookie", "")],
        [("Cookie", "other=k1.aaa; isocenter2=x")],
        [("X-Api-Keys", "k1.aaa")],
    ],
)
def test_nothing_given_is_nobody(headers: Pairs) -> None:
    with pytest.raises(NotAuthenticatedError, match="required"):
        who(headers)


@pytest.mark.parametrize(
    "header",
    [
        ("X-API-Key", WRONG),
        ("X-API-Key", "k1.aaa, k1.aaa"),
        ("Authorization", f"Bearer {WRONG}"),
        basic("k1", "zzz"),
        basic("k1.aaa", "other"),
        basic("", ""),
        ("Authorization", "Basic not-base64!"),
        ("Authorization", "Basic /w=="),
        ("Cookie", "isocenter=x.1.y"),
    ],
)
def test_what_is_wrong_is_nobody(header: tuple[str, str]) -> None:
    with pytest.raises(NotAuthenticatedError):
        who([header])


def test_a_cookie_is_the_browser_that_it_was_given_to() -> None:
    assert who([("Cookie", f"a=b; isocenter={COOKIE}; c=d")]) == BROWSER


def test_two_different_cookies_of_our_name_are_nobody() -> None:
    _, other = COOKIES.new()

    with pytest.raises(NotAuthenticatedError):
        who([("Cookie", f"isocenter={COOKIE}; isocenter={other}")])


def test_two_keys_of_one_account_may_do_what_both_may() -> None:
    principal = who([("X-API-Key", "k1.aaa"), ("apikey", "k2.bbb")])

    assert principal.id == "account:1"
    assert principal.scopes == {"read"}
    with pytest.raises(NotAllowedError):
        principal.require("write")


def test_keys_of_two_accounts_are_refused_whatever_the_places() -> None:
    with pytest.raises(InvalidInputError):
        who([("X-API-Key", "k1.aaa")], [("api_key", "k3.ccc")])


def test_more_keys_than_anybody_sends_are_refused_unchecked() -> None:
    checked: list[str] = []

    def count(text: str) -> Principal:
        checked.append(text)
        return verify_key(text)

    authenticator = Authenticator(count, COOKIES.check, TOKENS)
    with pytest.raises(InvalidInputError):
        authenticator.authenticate(Credentials(keys=tuple(f"k.{n}" for n in range(5))))

    assert checked == []


def test_the_token_of_a_url_may_read_that_thing_for_its_owner() -> None:
    principal = who([], [view_token()], GRANT)

    assert (principal.id, principal.account_id) == ("account:1", "1")
    assert principal.scopes == {"read"}


def test_a_token_is_nothing_where_the_route_takes_none() -> None:
    with pytest.raises(NotAuthenticatedError, match="required"):
        who([], [view_token()])
    assert who([("X-API-Key", "k3.ccc")], [view_token()]) == KEYS["k3.ccc"]


@pytest.mark.parametrize("bound_to", ["session/other.dcm", "other/name.dcm", ""])
def test_a_token_of_another_thing_is_wrong_whatever_the_cookie(bound_to: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        who([("Cookie", f"isocenter={COOKIE}")], [view_token(bound_to=bound_to)], GRANT)


def test_a_token_and_a_key_of_others_are_two_principals() -> None:
    with pytest.raises(InvalidInputError):
        who([("X-API-Key", "k3.ccc")], [view_token()], GRANT)


@dataclass(frozen=True)
class Part:
    """One credential of a request, and whom it names: ``None`` for a wrong one."""

    kind: str
    pair: tuple[str, str]
    principal: Principal | None


def explicit_parts(text: str) -> list[Part]:
    found = KEYS.get(text)
    return [
        Part("header", ("X-API-Key", text), found),
        Part("header", ("apikey", text), found),
        Part("header", ("Authorization", f"ApiKey {text}"), found),
        Part("header", ("Authorization", f"Bearer {text}"), found),
        Part("query", ("api_key", text), found),
    ]


EXPLICIT = [part for text in (*KEYS, WRONG) for part in explicit_parts(text)]
BASIC = [Part("header", basic("any", text), KEYS.get(text)) for text in (*KEYS, WRONG)]
COOKIE_PARTS = [
    Part("header", ("Cookie", f"isocenter={COOKIE}"), BROWSER),
    Part("header", ("Cookie", f"isocenter={COOKIE}x"), None),
]


def expected(explicit: list[Part], basics: list[Part], cookies: list[Part]) -> str | type:
    """Say what contracts.md 0 says, in the shortest way."""
    strongest = explicit or basics or cookies
    if not strongest or any(part.principal is None for part in strongest):
        return NotAuthenticatedError
    names = {part.principal.id for part in strongest if part.principal}
    return InvalidInputError if len(names) > 1 else names.pop()


@given(
    explicit=st.lists(st.sampled_from(EXPLICIT), max_size=3),
    basics=st.lists(st.sampled_from(BASIC), max_size=1),
    cookies=st.lists(st.sampled_from(COOKIE_PARTS), max_size=1),
    random=st.randoms(use_true_random=False),
)
def test_the_strongest_kind_decides_in_every_mixture(
    explicit: list[Part], basics: list[Part], cookies: list[Part], random: Random
) -> None:
    parts = [*explicit, *basics, *cookies]
    random.shuffle(parts)
    headers = [part.pair for part in parts if part.kind == "header"]
    query = [part.pair for part in parts if part.kind == "query"]

    outcome: str | type
    try:
        outcome = who(headers, query).id
    except IsocenterError as error:
        outcome = type(error)

    assert outcome == expected(explicit, basics, cookies)


@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from(["X-API-Key", "apikey", "Authorization", "Cookie", "Host"]),
            st.text(max_size=60)
            | st.text(max_size=40).map(lambda text: f"Basic {text}")
            | st.binary(max_size=40).map(lambda data: f"Basic {base64.b64encode(data).decode()}"),
        ),
        max_size=4,
    )
)
def test_whatever_is_sent_is_nobody_or_refused(headers: Pairs) -> None:
    with pytest.raises((NotAuthenticatedError, InvalidInputError)):
        who(headers, [("token", "x")], GRANT)


def test_no_credential_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    canary = "k9.canarycanary"
    caplog.set_level(logging.DEBUG)
    pairs: Pairs = [
        ("X-API-Key", canary),
        ("Authorization", f"Bearer {canary}"),
        basic("any", canary),
        ("Cookie", f"isocenter={canary}"),
    ]
    credentials = read_credentials(pairs, [("api_key", canary), ("token", canary)], "isocenter")

    shown = [f"{credentials} {credentials!r}"]
    for pair in pairs:
        with pytest.raises(NotAuthenticatedError) as caught:
            who([pair])
        shown.append(f"{caught.value} {caught.value!r}")

    encoded = base64.b64encode(canary.encode()).decode()
    assert canary not in "".join(shown) + caplog.text
    assert encoded not in "".join(shown) + caplog.text
