"""Accept headers: order, qualities, refusals, odd text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from isocenter.http.dicomweb.negotiation import Form, is_uid, read_accept, wishes
from isocenter.http.errors import StatusError

_FORMS = (Form("multipart/related", "application/dicom"), Form("application/dicom"))


def _request(accept: str, query: str = "") -> Request:
    headers = [(b"accept", accept.encode("latin-1"))] if accept else []
    return Request({"type": "http", "headers": headers, "query_string": query.encode()})


@pytest.mark.parametrize("accept", ["", "*/*", "text/html, */*;q=0.1", "junk, */*"])
def test_the_usual_form_is_given_where_anything_is_taken(accept: str) -> None:
    assert wishes(_request(accept), _FORMS)[0].form == _FORMS[0]


def test_the_best_quality_comes_first() -> None:
    accept = 'multipart/related; type="application/dicom"; q=0.5, application/dicom'
    assert [wish.form for wish in wishes(_request(accept), _FORMS)] == [_FORMS[1], _FORMS[0]]


def test_a_transfer_syntax_belongs_to_its_range() -> None:
    accept = (
        'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90, '
        "application/dicom; transfer-syntax=*; q=0.9"
    )
    found = [wish.transfer_syntax_uid for wish in wishes(_request(accept), _FORMS)]
    assert found == ["1.2.840.10008.1.2.4.90", "*"]


def test_what_is_refused_by_name_is_not_given_for_a_wildcard() -> None:
    found = wishes(_request("*/*, application/dicom;q=0"), _FORMS)
    assert [wish.form for wish in found] == [_FORMS[0]]


def test_the_query_parameter_wins_over_the_header() -> None:
    request = _request("text/html", "accept=application/dicom")
    assert wishes(request, _FORMS)[0].form == _FORMS[1]


@pytest.mark.parametrize(
    ("accept", "query"),
    [
        ("text/html", ""),
        ('multipart/related; type="image/png"', ""),
        ("application/dicom;q=0", ""),
        ("application/dicom; charset=latin-1", ""),
        ("application/dicom; transfer-syntax=x", ""),
        ("*/*", "charset=koi8-r"),
    ],
)
def test_what_cannot_be_given_is_406_and_says_what_can(accept: str, query: str) -> None:
    with pytest.raises(StatusError) as caught:
        wishes(_request(accept, query), _FORMS)
    assert caught.value.status == 406


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for one in read_accept(text):
        assert 0 <= one.quality <= 1


@pytest.mark.parametrize("text", ["", ".", "1..2", "1.2.", "a", "1" * 65, "\u0661.\u0662"])
def test_what_is_no_uid_is_none(text: str) -> None:
    assert not is_uid(text)
