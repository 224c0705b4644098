"""Tokens that stand for a key for an hour (OAuth2 client credentials): what clients show instead.

A token names its key and no more scopes than the key has; it ends with its hour, and with its key:
whoever revokes the key has ended all its tokens.

References
----------
RFC 6749 4.4 (client credentials grant), RFC 6750 (bearer tokens).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from isocenter.access.api_keys import ApiKeys
from isocenter.access.principal import SCOPES, Principal
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import InvalidInputError, NotAuthenticatedError

TOKEN_SECONDS = 3600
_PURPOSE = "bearer"
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[0-9]{1,12}\.[A-Za-z0-9_-]{43}")
_BETWEEN = ":"


class BearerToken(NamedTuple):
    """A token, for how long, and for what."""

    text: str
    seconds: int
    scopes: tuple[str, ...]


class BearerTokens:
    """Makes and checks tokens of keys.

    Parameters
    ----------
    keys
        Those that tokens stand for.
    tokens
        What signs them.
    verify_key
        Checks what is no token of ours, by default the keys.
    """

    def __init__(
        self,
        keys: ApiKeys,
        tokens: SignedTokens,
        verify_key: Callable[[str], Principal] | None = None,
    ) -> None:
        self._keys = keys
        self._tokens = tokens
        self._verify_key = verify_key or keys.verify

    def make(self, key: str, scopes: Iterable[str] = ()) -> BearerToken:
        """Return a token for a key, with some of its scopes; with all of them where none is named.

        Raises
        ------
        NotAuthenticatedError
            If the key is not good.
        InvalidInputError
            If the key has not these scopes.
        """
        principal = self._keys.verify(key)
        wanted = frozenset(scopes) or principal.scopes
        if not wanted <= principal.scopes:
            raise InvalidInputError("the key has not all of these scopes")
        assert principal.key_id is not None
        named = sorted(wanted)
        subject = _BETWEEN.join((principal.key_id, *named))
        return BearerToken(
            self._tokens.make(_PURPOSE, subject, TOKEN_SECONDS), TOKEN_SECONDS, tuple(named)
        )

    def verify(self, text: str) -> Principal:
        """Return who shows a token or a key.

        Raises
        ------
        NotAuthenticatedError
            If it is not good.
        """
        if _FORM.fullmatch(text) is None:
            return self._verify_key(text)
        key_id, *scopes = self._tokens.check(text, _PURPOSE).split(_BETWEEN)
        principal = self._keys.owner_of(key_id)
        if not SCOPES.keys() >= set(scopes):
            raise NotAuthenticatedError("the token is not valid")
        return replace(principal, scopes=principal.scopes.intersection(scopes))
