from http.cookies import SimpleCookie

import pytest

from isocenter.access.cookies import COOKIE_SECONDS, Cookies
from isocenter.access.principal import USUAL_SCOPES
from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import NotAuthenticatedError
from tests.stores import Clock


@pytest.fixture
def tokens(clock: Clock) -> SignedTokens:
    return SignedTokens(ServerSecret(b"s" * 64), clock)


@pytest.fixture
def cookies(tokens: SignedTokens) -> Cookies:
    return Cookies(tokens, is_secure=False)


def test_each_browser_is_a_principal_of_its_own(cookies: Cookies) -> None:
    found = [cookies.new() for _ in range(50)]

    assert len({principal.id for principal, _ in found}) == 50
    for principal, value in found:
        assert cookies.check(value) == principal
        assert principal.scopes == USUAL_SCOPES
        assert principal.account_id is None


def test_a_cookie_is_kept_from_scripts_and_other_sites(cookies: Cookies) -> None:
    _, value = cookies.new()

    parsed = SimpleCookie(cookies.set_cookie(value))[cookies.name]

    assert parsed.value == value
    assert parsed["httponly"]
    assert parsed["samesite"] == "Strict"
    assert parsed["path"] == "/"
    assert parsed["max-age"] == str(COOKIE_SECONDS)
    assert not parsed["secure"]
    assert not parsed["domain"]


def test_over_tls_no_neighbour_can_set_it(tokens: SignedTokens) -> None:
    cookies = Cookies(tokens, is_secure=True)
    _, value = cookies.new()

    header = cookies.set_cookie(value)

    assert header.startswith("__Host-isocenter=")
    assert header.endswith("; Secure")


def test_a_renewed_cookie_is_the_same_browser_for_longer(cookies: Cookies, clock: Clock) -> None:
    principal, value = cookies.new()
    clock.now_ms += COOKIE_SECONDS * 1000 - 1000

    renewed = cookies.renew(value)

    clock.now_ms += 2000
    assert cookies.check(renewed) == principal
    for check in (cookies.check, cookies.renew):
        with pytest.raises(NotAuthenticatedError, match="expired"):
            check(value)


def test_the_token_of_a_url_is_no_cookie(cookies: Cookies, tokens: SignedTokens) -> None:
    with pytest.raises(NotAuthenticatedError):
        cookies.check(tokens.make("view", "account:1", 60))
