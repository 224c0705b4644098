"""`/app/docs`: the session API for people, with the address and the limits of this server.

Examples are files beside this module, word for word those of the documents; tables come from the
actions, the limits and the errors themselves, so that the page cannot say anything else.
"""

import http
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import Response

from isocenter.http.endpoints import Endpoint
from isocenter.http.page_layout import escape, page
from isocenter.http.tool_bundle import BUNDLE_PATH, ToolBundle
from isocenter.limits import Limits
from isocenter.services.session_actions import describe_actions

_FOLDER = Path(__file__).resolve().parent / "examples"
_SERVER = "@SERVER@"
_MEBIBYTE = 1 << 20
_MAIL_BODY = "Name:\nOrganization or project:\nIntended use:\n"

# Flag of the command line, what goes in, what comes out; the descriptions are the table's own.
_ACTIONS = {
    "merge": ("-j", "Slices of one or more series", "One multi-frame .dcm for each stack"),
    "split": ("-s", "Multi-frame .dcm", "One .dcm for each frame"),
    "compress_lossless": ("-x", ".dcm files", "Compressed .dcm"),
    "compress_lossy": ("-z", ".dcm files", "Compressed .dcm"),
    "decompress": ("-u", ".dcm files", "Uncompressed .dcm"),
    "anonymize": ("-a", ".dcm files and params", "De-identified .dcm"),
    "export_png": ("-I png", ".dcm files", ".png pictures"),
    "export_video": ("-E", "Multi-frame .dcm", ".mp4 videos"),
    "dicomdir": ("-d", ".dcm files", "DICOMDIR, and dicomdir.zip with legal file names"),
    "headers": ("-t", ".dcm files", "One .txt for each file"),
    "info": ("--info", ".dcm files", "Text in the field log"),
    "summary": ("--summary", ".dcm files", "Text in the field log"),
}
_EXAMPLES = (
    ("curl", "cURL"),
    ("python", "Python"),
    ("anonymize", "Python: anonymize with parameters"),
    ("powershell", "PowerShell"),
    ("batch", "Bash: fast batch upload"),
)


class SessionDocs:
    """Makes the page.

    Parameters
    ----------
    contact_email
        Whom people ask for a key; empty where nobody is named.
    """

    def __init__(self, limits: Limits, contact_email: str, bundle: ToolBundle) -> None:
        self._limits = limits
        self._contact_email = contact_email
        self._bundle = bundle
        self._page = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
        names = [name for name, _ in _EXAMPLES] + ["quick_start", "watch"]
        self._examples = {
            name: (_FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in names
        }

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered."""
        return [
            Endpoint(
                "GET",
                "/app/docs",
                self.show,
                "The session API for people",
                {200: "The page"},
                needs_key=False,
                answer_type="text/html",
            )
        ]

    async def show(self, request: Request) -> Response:
        """Show the page with the address by which it was asked for."""
        origin = request.state.origin
        prefix = escape(origin.prefix)
        body = self._page.substitute(
            server=escape(origin.base_url),
            prefix=prefix,
            quick_start=self._code("quick_start", origin.base_url),
            watch=self._code("watch", origin.base_url),
            actions=_actions_table(),
            options=_options(),
            examples=self._all_examples(origin.base_url),
            errors=error_table(self._limits),
            limits=limit_table(self._limits),
            upload=_bytes(self._limits.upload_bytes),
            files=f"{self._limits.session_files:,}",
            lifetime=_seconds(self._limits.session_ttl_seconds),
            timeout=_seconds(self._limits.process_seconds),
            key=self._key_words(),
            download=self._download_words(prefix),
        )
        return page("API documentation", body, origin.prefix)

    def _all_examples(self, base_url: str) -> str:
        return "".join(
            f'<h3 id="example-{name}">{escape(title)}</h3>{self._code(name, base_url)}'
            for name, title in _EXAMPLES
        )

    def _code(self, name: str, base_url: str) -> str:
        """Return an example; it can be reached by keyboard, as it may be wider than the page."""
        text = self._examples[name].replace(_SERVER, base_url)
        label = escape(name.replace("_", " "))
        return (
            f'<pre tabindex="0" role="region" aria-label="Example: {label}">'
            f"<code>{escape(text)}</code></pre>"
        )

    def _key_words(self) -> str:
        """Return how to get a key from whoever runs this server."""
        if not self._contact_email:
            return (
                "<p>Whoever runs this server makes keys with "
                "<code>isocenter admin create-key --name NAME</code>, free of charge. Say your "
                "name, your organization or project, and how you intend to use the API.</p>"
            )
        query = urllib.parse.urlencode(
            {"subject": "API key", "body": _MAIL_BODY}, quote_via=urllib.parse.quote
        )
        address = urllib.parse.quote(self._contact_email, safe="@")
        return (
            f'<p>Write to <a href="mailto:{escape(address)}?{escape(query)}">'
            f"{escape(self._contact_email)}</a> and say</p><ul><li>your name,</li>"
            "<li>your organization or project,</li><li>how you intend to use the API.</li></ul>"
            "<p>Keys are issued free of charge.</p>"
        )

    def _download_words(self, prefix: str) -> str:
        if not self._bundle.is_there:
            return (
                "<p>This server has no download; whoever runs it makes one with "
                "<code>make bundle</code>.</p>"
            )
        size = _bytes(self._bundle.size_bytes)
        return (
            f'<p><a href="{prefix}{BUNDLE_PATH}">The command-line tools</a> ({size}): the program '
            "as a wheel, <code>dicompressor.py</code>, both watch scripts and "
            "<code>INSTALL.txt</code>.</p>"
        )


def error_table(limits: Limits) -> str:
    """Return the codes of the documents, and the others that the session API answers with."""
    causes = {
        200: "—",
        202: "A job was begun; ask for it at its address",
        400: "Invalid action, missing files, a body that is not what it should be",
        401: "Invalid or missing API key",
        403: "The key has not the scope for this",
        404: "Invalid session ID or file name; also what belongs to somebody else",
        409: f"{limits.lane_jobs} jobs of the session are waiting already",
        413: f"Upload exceeds {_bytes(limits.upload_bytes)}",
        429: "Rate limit exceeded; the header Retry-After says for how many seconds",
        503: f"Server busy, for example with {limits.sessions} sessions",
        504: f"Processing exceeded {_seconds(limits.process_seconds)}",
    }
    rows = [
        [f"<code>{code}</code>", http.HTTPStatus(code).phrase if code != 200 else "Success", cause]
        for code, cause in causes.items()
    ]
    return _table(("Code", "Meaning", "Common cause"), rows)


def limit_table(limits: Limits) -> str:
    """Return the limits in force, with the setting that changes each."""
    told: list[tuple[str, str, Callable[[int], str]]] = [
        ("API requests per minute (per address)", "requests_per_minute", str),
        ("Session creation per minute (per address)", "sessions_per_minute", str),
        ("Sessions at once (server)", "sessions", str),
        ("Upload per request", "upload_bytes", _bytes),
        ("Files per session", "session_files", str),
        ("Processing timeout", "process_seconds", _seconds),
        ("Session lifetime (then everything is deleted)", "session_ttl_seconds", _seconds),
    ]
    rows = [
        [
            escape(sentence),
            f"<strong>{escape(write(getattr(limits, name)))}</strong>",
            f"<code>ISOCENTER_LIMIT_{name.upper()}</code>",
        ]
        for sentence, name, write in told
    ]
    return _table(("Limit", "Value", "Setting of the server"), rows)


def _actions_table() -> str:
    rows = []
    for action in describe_actions():
        name = str(action["name"])
        flag, wanted, made = _ACTIONS[name]
        sentence = str(action["description"])
        rows.append(
            [
                f"<code>{escape(name)}</code>",
                f"<code>{escape(flag)}</code>",
                *(escape(text) for text in (sentence[0].upper() + sentence[1:], wanted, made)),
            ]
        )
    return _table(("Action", "Flag", "Description", "Input", "Output"), rows)


def _options() -> str:
    """Return the options of each action that has some."""
    parts = []
    for action in describe_actions():
        options = action["options"]
        if not isinstance(options, list) or not options:
            continue
        rows = []
        for option in options:
            assert isinstance(option, dict)
            choices = option["choices"]
            assert isinstance(choices, list)
            kind = " | ".join(map(str, choices)) or str(option["type"])
            sentence = str(option["description"])
            rows.append(
                [f"<code>{escape(str(option['name']))}</code>", escape(kind), escape(sentence)]
            )
        name = escape(str(action["name"]))
        table = _table(("Option", "Values", "Meaning"), rows)
        parts.append(f"<details><summary><code>{name}</code></summary>{table}</details>")
    return "".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; heads are text, cells HTML."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _bytes(number: int) -> str:
    """Return a size as people say it.

    >>> _bytes(524288000), _bytes(1536)
    ('500 MB', '1,536 bytes')
    """
    return f"{number / _MEBIBYTE:,.3g} MB" if number >= _MEBIBYTE else f"{number:,} bytes"


def _seconds(number: int) -> str:
    """Return a time as people say it.

    >>> _seconds(3600), _seconds(300), _seconds(90)
    ('1 hour', '5 minutes', '90 seconds')
    """
    for name, length in (("hour", 3600), ("minute", 60), ("second", 1)):
        if number % length == 0:
            count = number // length
            return f"{count} {name}{'' if count == 1 else 's'}"
    raise AssertionError("every whole number is some seconds")
