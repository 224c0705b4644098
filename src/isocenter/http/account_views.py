"""What the page of an account shows, as HTML: forms, keys, and what was used as a chart.

There is no script, so that it works everywhere and its policy allows nothing; every text that
somebody chose is escaped.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from isocenter.access.accounts import PASSWORD_CHARACTERS_MIN
from isocenter.access.api_keys import NAME_CHARACTERS_MAX, KeyFacts
from isocenter.access.quota import Counted
from isocenter.http.page_layout import escape
from isocenter.services.developers import GENERATE, PURPOSES, READ, Profile, Usage

_KINDS = {READ: "Files read", GENERATE: "Files made"}
_ENDED = (
    "<p>With another password, every browser and program that signed in with this one is signed "
    "out. Keys stay good.</p>"
)
_BAR_WIDTH = 16
_BAR_GAP = 4
_CHART_HEIGHT = 120
_CHART_FOOT = 20


@dataclass(frozen=True, slots=True)
class AccountView:
    """Writes the page.

    Attributes
    ----------
    place
        Where the page is, with the prefix of a proxy; its forms are sent below.
    today
        As ``2026-11-20``.
    complaint
        What was wrong with the form that was sent, if something was.
    """

    place: str
    today: str
    complaint: str = ""

    def visitor(self, *, may_register: bool, may_reset: bool = False) -> str:
        """Return the forms for somebody who is not signed in."""
        parts = [
            self._complaint(),
            "<h2>Sign in</h2>",
            self._form(
                "sign-in",
                "Sign in",
                _input("email", "E-mail", "email", "username"),
                _input("password", "Password", "password", "current-password"),
            ),
            "<p>With a key, sign in on the page of the web tool.</p>",
            "<h2>Sign up</h2>",
        ]
        if may_register:
            parts.append(
                self._form(
                    "register",
                    "Sign up",
                    _input("email", "E-mail", "email", "email", prefix="new-"),
                    _input("first_name", "First name", "text", "given-name", is_required=False),
                    _input("last_name", "Last name", "text", "family-name", is_required=False),
                    _new_password("password", "Password", prefix="new-"),
                )
            )
        else:
            parts.append("<p>Accounts of this server are made by its administrator.</p>")
        if may_reset:
            parts.append(self._reset())
        return "".join(parts)

    def _reset(self) -> str:
        ask = self._form(
            "forgotten",
            "Mail me a code",
            _input("email", "E-mail", "email", "email", prefix="forgotten-"),
        )
        choose = self._form(
            "reset",
            "Choose this password",
            _input("email", "E-mail", "email", "username", prefix="reset-"),
            _input("code", "Code of the mail", "text", "one-time-code"),
            _new_password("password", "New password", prefix="reset-"),
        )
        return f"<h2>Forgot the password</h2>{ask}{choose}"

    def account(
        self, name: str, profile: Profile | None, keys: Sequence[KeyFacts], usage: Usage
    ) -> str:
        """Return the page of a person who signed in with a password."""
        return "".join(
            [
                self._signed_in(name),
                "<h2>Keys</h2>",
                self._keys(keys) if profile else "<p>First say below what they are for.</p>",
                _usage_view(usage, self.today),
                "<h2>What you work on</h2>",
                self._profile_form(profile),
                "<h2>Password</h2>",
                _ENDED,
                self._form(
                    "password",
                    "Change the password",
                    _input("old_password", "Password", "password", "current-password"),
                    _new_password("new_password", "New password"),
                ),
            ]
        )

    def key(self, name: str, usage: Usage) -> str:
        """Return the page of somebody who signed in with a key, which may not make others."""
        return (
            f"{self._signed_in(name)}<p>You signed in with a key. To make and end keys, sign out, "
            f"and sign in with your e-mail and password.</p>{_usage_view(usage, self.today)}"
        )

    def new_key(self, name: str, key: str) -> str:
        """Return the page that shows a key, this once."""
        return (
            f"<p class='note'>This is the key <strong>{escape(name)}</strong>. Copy it now: it is "
            f"shown this once, and kept nowhere.</p><pre><code>{escape(key)}</code></pre>"
            "<p>Programs send it as <code>Authorization: ApiKey …</code>. "
            f"<a href='{escape(self.place)}'>Back to the account</a></p>"
        )

    def _signed_in(self, name: str) -> str:
        return (
            f"{self._complaint()}<p>Signed in as <strong>{escape(name)}</strong>.</p>"
            f"{self._form('sign-out', 'Sign out')}"
        )

    def _complaint(self) -> str:
        said = f"<p class='wrong' role='alert'>{escape(self.complaint)}</p>"
        return said if self.complaint else ""

    def _keys(self, keys: Sequence[KeyFacts]) -> str:
        rows = "".join(
            f"<tr><td>{escape(key.name)}<td><code>{escape(key.id)}</code>"
            f"<td>{_day(key.created_ms)}<td>{_day(key.used_ms) if key.used_ms else 'never'}"
            f"<td>{self._delete_form(key)}"
            for key in keys
        )
        table = (
            "<div class='wide'><table><thead><tr><th scope='col'>Name<th scope='col'>Begins with"
            "<th scope='col'>Made<th scope='col'>Used<th scope='col'>End</thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )
        form = self._form(
            "keys",
            "Make a key",
            _input("name", "Name", "text", "off", is_required=False, most=NAME_CHARACTERS_MAX),
        )
        return f"{table if keys else '<p>There are no keys yet.</p>'}{form}"

    def _delete_form(self, key: KeyFacts) -> str:
        return (
            "<details><summary>End …</summary>"
            f"<form method='post' action='{escape(self.place)}/keys/delete'>"
            f"<input type='hidden' name='key' value='{escape(key.id)}'>"
            "<p>Programs that use it are refused at once.</p>"
            f"<button>End the key {escape(key.name)}</button></form></details>"
        )

    def _profile_form(self, profile: Profile | None) -> str:
        chosen = profile or Profile(None, None)
        options = "".join(
            f"<option{' selected' if one == chosen.purpose else ''}>{one}</option>"
            for one in PURPOSES
        )
        return self._form(
            "profile",
            "Keep",
            f"<label for='purpose'>Purpose</label><select id='purpose' name='purpose'>{options}"
            "</select>",
            _input(
                "organization",
                "Organization",
                "text",
                "organization",
                is_required=False,
                value=chosen.organization or "",
            ),
        )

    def _form(self, name: str, button: str, *fields: str) -> str:
        return (
            f"<form method='post' action='{escape(self.place)}/{name}'>{''.join(fields)}"
            f"<button>{button}</button></form>"
        )


def _usage_view(usage: Usage, today: str) -> str:
    meters = "".join(
        f"<p><label for='{kind}'>{words}: {usage.used[kind]} of {usage.quota} this month</label> "
        f"<meter id='{kind}' min='0' max='{usage.quota}' value='{usage.used[kind]}'></meter></p>"
        for kind, words in _KINDS.items()
    )
    return f"<h2>Usage</h2>{meters}{_chart(usage.counted, today)}"


def _chart(done: Sequence[Counted], today: str) -> str:
    """Return bars, one for each day of the month, and the same as a table."""
    by_day: dict[str, int] = {}
    for one in done:
        by_day[one.day] = by_day.get(one.day, 0) + one.times
    if not by_day:
        return "<p>Nothing was used this month.</p>"
    most = max(by_day.values())
    month = today[:7]
    days = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    bars = "".join(_bar(f"{month}-{day:02d}", day, by_day, most) for day in range(1, days + 1))
    width = days * _BAR_WIDTH
    rows = "".join(f"<tr><td>{day}<td>{count}" for day, count in by_day.items())
    total = sum(by_day.values())
    said = f"{total} files in {month}, at most {most} on one day"
    return (
        f"<svg class='chart' role='img' aria-label='{said}' viewBox='0 0 {width} {_CHART_HEIGHT}' "
        f"fill='currentColor'><path d='M0 {_CHART_HEIGHT - _CHART_FOOT}h{width}' "
        f"stroke='currentColor'/>{bars}</svg><p>{said}.</p>"
        "<details><summary>As a table</summary><table><thead><tr><th scope='col'>Day"
        f"<th scope='col'>Files</thead><tbody>{rows}</tbody></table></details>"
    )


def _bar(name: str, day: int, by_day: dict[str, int], most: int) -> str:
    count = by_day.get(name, 0)
    foot = _CHART_HEIGHT - _CHART_FOOT
    height = -(-count * foot // most)
    left = (day - 1) * _BAR_WIDTH
    label = (
        f"<text x='{left}' y='{_CHART_HEIGHT - 4}' font-size='12'>{day}</text>"
        if day % 5 == 1
        else ""
    )
    bar = (
        f"<rect x='{left}' y='{foot - height}' width='{_BAR_WIDTH - _BAR_GAP}' height='{height}'>"
        f"<title>{name}: {count}</title></rect>"
        if count
        else ""
    )
    return bar + label


def _new_password(name: str, label: str, prefix: str = "") -> str:
    return _input(
        name,
        f"{label}, at least {PASSWORD_CHARACTERS_MIN} characters",
        "password",
        "new-password",
        prefix=prefix,
        least=PASSWORD_CHARACTERS_MIN,
    )


def _input(  # noqa: PLR0913 -- as many as HTML has
    name: str,
    label: str,
    kind: str,
    autocomplete: str,
    *,
    is_required: bool = True,
    value: str = "",
    prefix: str = "",
    least: int = 0,
    most: int = 0,
) -> str:
    extra = "".join(
        [
            " required" if is_required else "",
            f" value='{escape(value)}'" if value else "",
            f" minlength='{least}'" if least else "",
            f" maxlength='{most}'" if most else "",
        ]
    )
    place = f"{prefix}{name}"
    return (
        f"<label for='{place}'>{escape(label)}</label>"
        f"<input id='{place}' name='{name}' type='{kind}' autocomplete='{autocomplete}'{extra}>"
    )


def _day(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d")
