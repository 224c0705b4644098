"""The frame of our own pages: one style, dark or light as the reader's system is, no script.

Everything is in the page itself, so that its policy allows nothing else.
"""

import base64
import hashlib
import html
from string import Template

from starlette.responses import Response

_STYLE = """
:root { color-scheme: light dark; --text: #17202a; --soft: #51606f; --ground: #fbfcfd;
  --panel: #ffffff; --line: #d5dce3; --link: #0a5fb4; --code: #f0f3f6; }
@media (prefers-color-scheme: dark) { :root { --text: #e6ebf0; --soft: #a4b1bf;
  --ground: #12171c; --panel: #1a2128; --line: #35414d; --link: #7cbcff; --code: #222b34; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--panel); padding: 8px 12px; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.25rem; }
header nav a { margin-right: 1rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.2rem 0 0.6rem; }
h2 { margin: 2.4rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { margin: 1.6rem 0 0.4rem; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
  font-size: 0.9em; }
code { background: var(--code); border-radius: 4px; padding: 0.1em 0.3em;
  overflow-wrap: anywhere; }
td code { white-space: nowrap; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px;
  padding: 0.9rem 1rem; overflow-x: auto; line-height: 1.45; }
pre code { background: none; padding: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 0.6rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
.note, form { background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
  padding: 0.8rem 1rem; }
.note { border-left: 4px solid var(--link); }
.toc { columns: 2 16rem; padding-left: 1.2rem; }
label { display: block; font-weight: 600; }
input, select { display: block; width: 100%; max-width: 34rem; margin: 0.3rem 0 0.8rem;
  padding: 0.55rem 0.7rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--soft); border-radius: 6px; }
button { font: inherit; font-weight: 600; padding: 0.55rem 1.2rem; border: 0;
  border-radius: 6px; background: var(--link); color: var(--ground); cursor: pointer; }
.chart { display: block; width: 100%; max-width: 34rem; height: auto; color: var(--link); }
meter { width: 12rem; max-width: 100%; vertical-align: middle; }
summary { cursor: pointer; }
main form { margin: 0.8rem 0; }
td form { padding: 0; border: 0; margin: 0; background: none; }
.wrong { color: light-dark(#a3161c, #ff9a9a); font-weight: 600; }
footer { color: var(--soft); padding-bottom: 2rem; font-size: 0.9rem; }
"""

_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><nav aria-label="Main"><a href="$prefix/app">Web tool</a>
<a href="$prefix/app/account">Account</a>
<a href="$prefix/app/quarantine">Quarantine</a>
<a href="$prefix/app/docs">API documentation</a></nav></header>
<main id="content">
<h1>$title</h1>
$body
</main>
</body>
</html>
"""
)

_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page(title: str, body: str, prefix: str, status: int = 200) -> Response:
    """Return a page.

    Parameters
    ----------
    title
        Plain text.
    body
        HTML: whoever made it has escaped what is not (``escape``).
    prefix
        What a proxy puts before our paths.
    """
    text = _PAGE.substitute(title=escape(title), style=_STYLE, prefix=escape(prefix), body=body)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(text, status, headers, "text/html; charset=utf-8")


def escape(text: str) -> str:
    """Return text as HTML, also within an attribute."""
    return html.escape(text, quote=True)
