"""An endpoint is a value that documents itself."""

from isocenter.http.endpoints import Endpoint
from isocenter.http.native import NativeApi
from tests.serving import GENEROUS


def test_endpoints_are_values() -> None:
    native = NativeApi(None, GENEROUS)  # type: ignore[arg-type]  # nobody calls
    (first, *_) = native.endpoints()
    assert isinstance(first, Endpoint)
    assert first == native.endpoints()[0]
