from http.cookies import SimpleCookie

import pytest

from isocenter.access.cookies import COOKIE_SECONDS, Cookies
from isocenter.access.principal import USUAL_SCOPES
from isocenter.access.server_secret import ServerSecret
from isocenter.access.sign_ins import SignIns
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import NotAuthenticatedError
from isocenter.limits import DEFAULT
from isocenter.store.database import Database
from tests.access.conftest import Account
from tests.stores import Clock


@pytest.fixture
def tokens(clock: Clock) -> SignedTokens:
    return SignedTokens(ServerSecret(b"s" * 64), clock)


@pytest.fixture
def sign_ins(database: Database, secret: ServerSecret, clock: Clock) -> SignIns:
    return SignIns(database, secret, clock, DEFAULT)


@pytest.fixture
def cookies(tokens: SignedTokens, sign_ins: SignIns) -> Cookies:
    return Cookies(tokens, sign_ins, is_secure=False)


def test_each_browser_is_a_principal_of_its_own(cookies: Cookies) -> None:
    found = [cookies.new() for _ in range(50)]

    assert len({principal.id for principal, _ in found}) == 50
    for principal, value in found:
        assert cookies.check(value) == principal
        assert principal.scopes == USUAL_SCOPES
        assert principal.account_id is None
        assert principal.is_browser


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


def test_over_tls_no_neighbour_can_set_it(tokens: SignedTokens, sign_ins: SignIns) -> None:
    cookies = Cookies(tokens, sign_ins, is_secure=True)
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


def test_a_signed_in_browser_acts_for_the_account_and_then_is_itself_again(
    cookies: Cookies, sign_ins: SignIns, account: Account
) -> None:
    browser, own = cookies.new()
    value = cookies.of_sign_in(sign_ins.begin(account.principal, cookies.browser_of(own)))

    found = cookies.check(value)

    assert (found.id, found.scopes) == (account.principal.id, account.principal.scopes)
    assert found.is_browser
    assert cookies.check(cookies.renew(value)) == found
    assert cookies.check(cookies.of_browser(cookies.browser_of(value))) == browser
    cookies.sign_out(value)
    for call in (cookies.check, cookies.renew, cookies.browser_of):
        with pytest.raises(NotAuthenticatedError):
            call(value)
    assert cookies.check(own) == browser


def test_the_cookie_of_a_revoked_key_becomes_the_browser_s_own(
    cookies: Cookies, sign_ins: SignIns, account: Account
) -> None:
    browser, own = cookies.new()
    value = cookies.of_sign_in(sign_ins.begin(account.principal, cookies.browser_of(own)))
    account.revoke()

    with pytest.raises(NotAuthenticatedError):
        cookies.check(value)

    assert cookies.check(cookies.renew(value)) == browser


def test_no_browser_can_name_a_sign_in_by_itself(cookies: Cookies) -> None:
    for _ in range(20):
        assert ":" not in cookies.new()[0].id.removeprefix("cookie:")
