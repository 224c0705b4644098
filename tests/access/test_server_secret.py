import hashlib
import hmac
import pickle
import stat
from pathlib import Path

import pytest

from isocenter.access.server_secret import FILE_NAME, ServerSecret, read_or_make_secret


def test_the_first_start_makes_a_secret_and_later_ones_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    first, is_new = read_or_make_secret(folder)
    second, is_new_again = read_or_make_secret(folder)

    assert (is_new, is_new_again) == (True, False)
    assert first.sign("a", b"b") == second.sign("a", b"b")
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_signature_is_an_hmac_of_the_parts_with_a_key_of_its_purpose() -> None:
    secret = b"s" * 64
    key = hmac.new(secret, b"isocenter:purpose", hashlib.sha256).digest()
    message = b"\0" * 7 + b"\x02" + b"ab" + b"\0" * 7 + b"\x01" + b"c"

    assert ServerSecret(secret).sign("purpose", b"ab", b"c") == (
        hmac.new(key, message, hashlib.sha256).digest()
    )


def test_purposes_parts_and_servers_have_signatures_of_their_own() -> None:
    secret = ServerSecret(b"s" * 64)

    signatures = {
        secret.sign("a", b"b", b"c"),
        secret.sign("b", b"b", b"c"),
        secret.sign("a", b"bc"),
        secret.sign("a", b"", b"bc"),
        secret.sign("a", b"bc", b""),
        ServerSecret(b"t" * 64).sign("a", b"b", b"c"),
    }

    assert len(signatures) == 6


def test_the_secret_is_never_shown() -> None:
    secret = ServerSecret(b"canary-canary-canary-canary-canary")

    assert "canary" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
