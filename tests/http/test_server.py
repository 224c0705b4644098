"""The endpoints of all faces: none twice, each documented, each reachable."""

import re

from tests.serving import Served


def test_every_endpoint_is_in_the_document_and_answers(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]
    assert {"/api/session", "/api/upload/{session_id}", "/v1/actions", "/healthz"} <= set(paths)
    for path, methods in paths.items():
        for method in methods:
            filled = re.sub(r"{[\w:]+}", "1", path)
            answer = served.call(method.upper(), filled, allow_redirects=False)
            assert answer.status_code not in {405, 500, 501}, (method, path)
            assert str(answer.status_code) in methods[method]["responses"], (method, path)
