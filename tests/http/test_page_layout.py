"""Our own pages: whole in themselves, and everything shown in them is text."""

import base64
import hashlib
import re

from isocenter.http.page_layout import escape, page


def test_a_page_has_one_style_that_its_policy_allows_and_nothing_else() -> None:
    response = page("A & B", "<p>x</p>", "/prefix")
    text = bytes(response.body).decode()

    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    policy = response.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in text
    assert "http" not in text
    assert "<title>A &amp; B</title>" in text
    assert 'href="/prefix/app"' in text
    assert 'lang="en"' in text


def test_text_is_shown_and_never_executed() -> None:
    assert escape("<b a=\"1\" c='2'>&") == "&lt;b a=&quot;1&quot; c=&#x27;2&#x27;&gt;&amp;"
