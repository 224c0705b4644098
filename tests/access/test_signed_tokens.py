import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import NotAuthenticatedError
from tests.stores import Clock

SECRET = ServerSecret(b"s" * 64)
IDS = st.text("ABCxyz019:._-", min_size=1, max_size=120)


@pytest.fixture
def tokens(clock: Clock) -> SignedTokens:
    return SignedTokens(SECRET, clock)


@given(subject=IDS, purpose=st.text(max_size=20), bound_to=st.text(max_size=60))
def test_a_token_gives_its_subject_back(subject: str, purpose: str, bound_to: str) -> None:
    tokens = SignedTokens(SECRET, Clock())

    token = tokens.make(purpose, subject, 60, bound_to=bound_to)

    assert tokens.check(token, purpose, bound_to=bound_to) == subject
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)


def test_what_it_is_bound_to_is_not_in_it(tokens: SignedTokens) -> None:
    short = tokens.make("view", "account:1", 60, bound_to="")
    long = tokens.make("view", "account:1", 60, bound_to="DOE^JOHN.dcm" * 100)

    assert len(short) == len(long)


@pytest.mark.parametrize(
    ("purpose", "bound_to"), [("cookie", "session/a.dcm"), ("view", "session/b.dcm"), ("view", "")]
)
def test_a_token_is_good_for_one_thing(tokens: SignedTokens, purpose: str, bound_to: str) -> None:
    token = tokens.make("view", "account:1", 60, bound_to="session/a.dcm")

    with pytest.raises(NotAuthenticatedError, match="not valid"):
        tokens.check(token, purpose, bound_to=bound_to)


def test_a_token_ends(tokens: SignedTokens, clock: Clock) -> None:
    token = tokens.make("view", "account:1", 60)

    clock.now_ms += 59_000
    tokens.check(token, "view")
    clock.now_ms += 1_000
    with pytest.raises(NotAuthenticatedError, match="expired"):
        tokens.check(token, "view")


def test_a_token_of_another_server_is_none(tokens: SignedTokens, clock: Clock) -> None:
    token = SignedTokens(ServerSecret(b"t" * 64), clock).make("view", "account:1", 60)

    with pytest.raises(NotAuthenticatedError):
        tokens.check(token, "view")


def test_a_token_that_is_changed_anywhere_is_none(tokens: SignedTokens) -> None:
    token = tokens.make("view", "account:1", 60)

    for place, character in enumerate(token):
        for other in "AZaz09._-":
            changed = token[:place] + other + token[place + 1 :]
            if other != character:
                with pytest.raises(NotAuthenticatedError):
                    tokens.check(changed, "view")


@given(text=st.text(max_size=100))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        SignedTokens(SECRET, Clock()).check(text, "view")


def test_a_subject_is_an_id(tokens: SignedTokens) -> None:
    for subject in ("", "DOE^JOHN", "a/b", "x" * 121):
        with pytest.raises(AssertionError):
            tokens.make("view", subject, 60)
