"""Every setting, in one table: name, type, default, environment variable and a sentence.

Settings are read once, at start, by the command line, and passed down as plain arguments;
nothing below reads the environment. `docs/reference/settings.md` is generated from this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from isocenter.errors import InvalidInputError
from isocenter.limits import Limits

LIMIT_PREFIX = "ISOCENTER_LIMIT_"
PROGRESS_CHOICES = ("auto", "never")
INGEST_POLICIES = ("replace", "reject", "keep-both")
REGISTRATIONS = ("", "open", "admin")


def _setting(
    default: Any,  # noqa: ANN401 - as `field` is
    variable: str,
    sentence: str,
    *,
    may_hold_secret: bool = False,
) -> Any:  # noqa: ANN401
    """Return a field; what may hold a secret is not shown with the other settings."""
    metadata = {"variable": variable, "sentence": sentence}
    return field(default=default, metadata=metadata, repr=not may_hold_secret)


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that prints as ``***``; ``reveal`` gives it to the one who needs it."""

    _text: str = ""

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "***" if self._text else ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    jobs: int = _setting(
        0,
        "ISOCENTER_JOBS",
        "How many files are worked on at the same time; 0 means one for each processor core.",
    )
    progress: str = _setting(
        "auto",
        "ISOCENTER_PROGRESS",
        "`auto` shows a progress bar on a terminal and none in a pipe; `never` shows none.",
    )
    state_folder: str = _setting(
        "",
        "ISOCENTER_STATE_FOLDER",
        "Where watching remembers folders between two starts; empty means the user's own state "
        "folder.",
    )
    key_file: str = _setting(
        "",
        "ISOCENTER_KEY_FILE",
        "The key that pseudonyms are made with, where no other is given; empty means a file in "
        "the user's own state folder, made when it is first needed.",
    )
    watch_patience_seconds: int = _setting(
        1800,
        "ISOCENTER_WATCH_PATIENCE_SECONDS",
        "How long a watched folder waits for slices that are claimed, cut off or being copied.",
    )
    data_folder: str = _setting(
        "",
        "ISOCENTER_DATA",
        "Where the server keeps its database, files and secret; empty means `isocenter` in the "
        "user's own data folder.",
    )
    database_url: str = _setting(
        "",
        "ISOCENTER_DATABASE_URL",
        "Database of the server: `sqlite:///PATH`, or `postgresql+psycopg://...`; empty means a "
        "SQLite file in the data folder.",
        may_hold_secret=True,  # the password of PostgreSQL
    )
    blobs: str = _setting(
        "",
        "ISOCENTER_BLOBS",
        "Where the server keeps bytes: `file:PATH`, or `s3://BUCKET`; empty means a folder in the "
        "data folder.",
    )
    s3_endpoint: str = _setting(
        "",
        "ISOCENTER_S3_ENDPOINT",
        "URL of the object store, `https://...`; empty means Amazon's own.",
    )
    s3_region: str = _setting(
        "us-east-1", "ISOCENTER_S3_REGION", "Region of the bucket, which signatures name."
    )
    s3_access_key: str = _setting("", "ISOCENTER_S3_ACCESS_KEY", "Who we are to the object store.")
    s3_secret_key: Secret = _setting(  # noqa: RUF009 - as `field` is, of what never changes
        Secret(), "ISOCENTER_S3_SECRET_KEY", "What proves it; never printed."
    )
    s3_public_endpoint: str = _setting(
        "",
        "ISOCENTER_S3_PUBLIC_ENDPOINT",
        "URL of the object store as clients reach it, where that is another than ours: addresses "
        "of uploads are signed for it.",
    )
    uploads_through_server: bool = _setting(
        default=False,
        variable="ISOCENTER_UPLOADS_THROUGH_SERVER",
        sentence="Whether uploads come to this server although the bytes are kept in an object "
        "store; for clients that cannot reach the store.",
    )
    anonymous_uploads: str = _setting(
        "",
        "ISOCENTER_ANONYMOUS_UPLOADS",
        "Who may upload without a key: the id of the key that they count as, then networks, "
        "`ID 10.1.0.0/16 192.168.7.4`; empty means nobody.",
    )
    ingest_policy: str = _setting(
        "replace",
        "ISOCENTER_INGEST_POLICY",
        "What becomes of an uploaded instance whose UID is there with other bytes: `replace`, "
        "`reject` (into quarantine) or `keep-both`; each is in the audit.",
    )
    viewers_folder: str = _setting(
        "",
        "ISOCENTER_VIEWERS",
        "Where `isocenter viewers install` puts the viewers and the server finds them; empty means "
        "a folder in the data folder.",
    )
    contact_email: str = _setting(
        "",
        "ISOCENTER_CONTACT_EMAIL",
        "Whom people ask for a key of this server; shown on its pages.",
    )
    mail_url: Secret = _setting(  # noqa: RUF009 - as `field` is, of what never changes
        Secret(),
        "ISOCENTER_MAIL_URL",
        "Mail server that brings people a code for another password, `smtps://USER:PASSWORD@HOST`; "
        "empty means that no mail is ever sent.",
    )
    mail_from: str = _setting(
        "", "ISOCENTER_MAIL_FROM", "Whom these mails are from, an address of yours."
    )
    registration: str = _setting(
        "",
        "ISOCENTER_REGISTRATION",
        "Who makes accounts: `open` lets anybody register, `admin` only who runs "
        "`isocenter admin create-account`; empty means `open` where only this machine reaches the "
        "server, else `admin`.",
    )
    strict_rates: bool = _setting(
        default=False,
        variable="ISOCENTER_STRICT_RATES",
        sentence="Whether uploads, downloads and views count among the requests per minute too; "
        "the documented example scripts then fail with more than some files.",
    )
    view_by_id: bool = _setting(
        default=False,
        variable="ISOCENTER_VIEW_BY_ID",
        sentence="Whether whoever knows the id of a session may view its files without a key, as "
        "viewers that cannot send one need it; `view_url` is the safer way.",
    )
    public_url: str = _setting(
        "",
        "ISOCENTER_PUBLIC_URL",
        "Address of this server as others reach it, `https://...`; analyses are told where a study "
        "is by DICOMweb.",
    )
    analyses: str = _setting(
        "",
        "ISOCENTER_ANALYSES",
        "What is done with each study that came to rest: a TOML file with commands and webhooks, "
        "or `sample` for the built-in report of what a study holds; empty means nothing.",
    )
    analysis_stable_seconds: int = _setting(
        60,
        "ISOCENTER_ANALYSIS_STABLE_SECONDS",
        "How long no instance must have come before a study is analysed.",
    )
    analysis_jobs: int = _setting(
        1, "ISOCENTER_ANALYSIS_JOBS", "How many analyses run at the same time on this machine."
    )
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.watch_patience_seconds < 0:
            raise InvalidInputError("ISOCENTER_WATCH_PATIENCE_SECONDS must be 0 or more")
        if self.analysis_stable_seconds < 0:
            raise InvalidInputError("ISOCENTER_ANALYSIS_STABLE_SECONDS must be 0 or more")
        if self.analysis_jobs < 1:
            raise InvalidInputError("ISOCENTER_ANALYSIS_JOBS must be 1 or more")
        if self.jobs < 0:
            raise InvalidInputError("ISOCENTER_JOBS must be 0 or more")
        if self.ingest_policy not in INGEST_POLICIES:
            raise InvalidInputError(
                f"ISOCENTER_INGEST_POLICY must be one of: {', '.join(INGEST_POLICIES)}"
            )
        if self.progress not in PROGRESS_CHOICES:
            raise InvalidInputError(
                f"ISOCENTER_PROGRESS must be one of: {', '.join(PROGRESS_CHOICES)}"
            )
        if self.registration not in REGISTRATIONS:
            raise InvalidInputError("ISOCENTER_REGISTRATION must be open or admin")
        if bool(self.s3_access_key) != bool(self.s3_secret_key):
            raise InvalidInputError(
                "ISOCENTER_S3_ACCESS_KEY and ISOCENTER_S3_SECRET_KEY go together"
            )

    def may_register(self, *, is_loopback: bool) -> bool:
        """Whether anybody may make an account, where only this machine reaches the server."""
        return self.registration == "open" or (not self.registration and is_loopback)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that the environment names, and defaults for the others.

    An empty variable counts as not set. Each bound of `limits` is read from
    `ISOCENTER_LIMIT_<NAME>`.

    Raises
    ------
    InvalidInputError
        If a value has the wrong type, is out of range, or no bound has that name; the sentence
        names the variable, never its value.
    """
    chosen: dict[str, Any] = {}
    for setting in fields(Settings):
        variable: str = setting.metadata.get("variable", "")
        text = environment.get(variable, "")
        if text:
            chosen[setting.name] = _PARSERS[setting.type](variable, text)
    return Settings(limits=_read_limits(environment), **chosen)


def _read_limits(environment: Mapping[str, str]) -> Limits:
    known = {bound.name for bound in fields(Limits)}
    chosen: dict[str, int] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(LIMIT_PREFIX) or not text:
            continue
        name = variable.removeprefix(LIMIT_PREFIX).lower()
        if name not in known:
            raise InvalidInputError(f"{variable} names no limit")
        chosen[name] = _whole_number(variable, text)
        if chosen[name] < 1:
            raise InvalidInputError(f"{variable} must be 1 or more")
    return Limits(**chosen)


def _yes_or_no(variable: str, text: str) -> bool:
    if text.lower() not in {"0", "1", "false", "true", "no", "yes"}:
        raise InvalidInputError(f"{variable} must be yes or no")
    return text.lower() in {"1", "true", "yes"}


def _whole_number(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidInputError(f"{variable} must be a whole number") from None


_PARSERS: dict[object, Callable[[str, str], object]] = {
    int: _whole_number,
    bool: _yes_or_no,
    str: lambda _, text: text,
    Secret: lambda _, text: Secret(text),
}
