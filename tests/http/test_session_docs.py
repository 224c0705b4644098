"""The page of the session API: true for this server, readable by everybody, whole in itself."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import requests

from isocenter.http.app import AppOptions
from isocenter.http.session_docs import error_table, limit_table
from isocenter.limits import DEFAULT
from isocenter.services.session_actions import describe_actions
from isocenter.settings import Settings
from tests.conftest import SHARED_DATA
from tests.serving import Served, limited, serving

DOCUMENT = SHARED_DATA.parent / "specs" / "session-api-page.txt"
DOCUMENTED_SERVER = "https://dicompressor.sitnov.work"
VOID = {"meta", "input", "br", "link", "img"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(contact_email='keys+<b>"@hospital.test')
    limits = limited(session_files=77, process_seconds=90)
    with serving(tmp_path_factory.mktemp("own"), settings=settings, limits=limits) as served:
        yield served


def text_of(served: Served) -> str:
    answer = requests.get(f"{served.url}/app/docs", timeout=60)
    assert answer.status_code == 200
    return answer.text


class Outline(HTMLParser):
    """Checks that elements are closed, and remembers ids, links and headings."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name in {"href", "src", "action"}:
                self.links.append(str(value))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline_of(text: str) -> Outline:
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    return outline


def test_the_page_is_whole_and_asks_no_other_host(served: Served) -> None:
    answer = requests.get(f"{served.url}/app/docs", timeout=60)
    outline = outline_of(answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert all(link.startswith(("/", "#", "mailto:")) for link in outline.links)
    assert {link[1:] for link in outline.links if link.startswith("#")} - {"content"} <= set(
        outline.ids
    )
    assert len(outline.ids) == len(set(outline.ids))
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in steps), "a level of headings is skipped"
    assert "$" not in re.sub(r"<pre.*?</pre>", "", answer.text, flags=re.DOTALL)


def test_examples_are_the_documented_ones_with_the_address_of_this_server(served: Served) -> None:
    if not DOCUMENT.is_file():
        pytest.skip("shared data missing")
    document = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    blocks = re.findall(
        r"<pre[^>]*Example: ([^\"]*)\"><code>(.*?)</code>", text_of(served), re.DOTALL
    )
    shown = {name: html.unescape(code) for name, code in blocks}

    assert {"quick start", "curl", "python", "anonymize", "powershell", "batch"} <= set(shown)
    for name in set(shown) - {"watch"}:
        words = " ".join(shown[name].replace(served.url, DOCUMENTED_SERVER).split())
        # The page was mangled where it seemed to hold mail addresses.
        words = re.sub(r'"files=@slice\d+\.dcm"', '"[email protected]"', words)
        assert words in document.replace("\xa0", " "), name
        assert name == "anonymize" or served.url in shown[name]


def test_numbers_are_those_in_force(own: Served) -> None:
    text = text_of(own)

    assert "at most 77 files" not in text
    assert "77 files in a\nsession" in text
    assert "It may take 90 seconds" in text
    assert "Processing exceeded 90 seconds" in text


def test_every_action_is_there_with_its_options(served: Served) -> None:
    text = text_of(served)

    for action in describe_actions():
        assert f"<code>{action['name']}</code>" in text
        options = action["options"]
        assert isinstance(options, list)
        for option in options:
            assert isinstance(option, dict)
            assert f"<code>{option['name']}</code>" in text


def test_every_documented_code_and_limit_is_in_a_table() -> None:
    errors = error_table(DEFAULT)
    limits = limit_table(DEFAULT)

    for code in (200, 400, 401, 404, 413, 429, 503, 504):
        assert f"<code>{code}</code>" in errors
    for value in ("30", "5", "50", "500 MB", "2000", "5 minutes", "1 hour"):
        assert f"<strong>{value}</strong>" in limits
    assert "250 MB" in error_table(replace(DEFAULT, upload_bytes=250 << 20))


def test_keys_are_asked_for_at_the_address_of_the_operator(own: Served) -> None:
    text = text_of(own)
    (link,) = (link for link in outline_of(text).links if link.startswith("mailto:"))

    assert link.startswith("mailto:keys%2B%3Cb%3E%22@hospital.test?")
    assert "Intended%20use" in link
    assert "keys+&lt;b&gt;&quot;@hospital.test" in text
    assert "free of charge" in text


def test_without_an_address_the_page_says_who_makes_keys(served: Served) -> None:
    text = text_of(served)

    assert "isocenter admin create-key" in text
    assert "mailto:" not in text


def test_behind_a_proxy_addresses_have_its_prefix(tmp_path: Path) -> None:
    with serving(tmp_path, options=AppOptions(behind_proxy=True)) as served:
        answer = requests.get(
            f"{served.url}/app/docs",
            headers={
                "X-Forwarded-Proto": "https",
                "X-Forwarded-Host": "images.test",
                "X-Forwarded-Prefix": "/dicom",
            },
            timeout=60,
        )

    assert "API=&quot;https://images.test/dicom&quot;" in answer.text
    assert 'href="/dicom/app"' in answer.text


def test_the_host_of_a_request_is_only_text(served: Served) -> None:
    answer = requests.get(
        f"{served.url}/app/docs", headers={"Host": 'a"><script>alert(1)</script>'}, timeout=60
    )

    assert "<script" not in answer.text
