"""The viewers that can be installed: pinned packages, what of them is kept, what is changed.

One row is one viewer; everything else (``services/viewers.py``, ``http/viewers.py``,
``isocenter viewers install``) goes by this table.
"""

import hashlib
from dataclasses import dataclass

# Of the data folder.
VIEWERS_FOLDER = "viewers"


@dataclass(frozen=True, slots=True)
class Keep:
    """Files of a package that are kept, and where.

    Attributes
    ----------
    inside, into
        A folder of the package and one of the viewer: ``inside/x/y`` becomes ``into/x/y``; both
        end with ``/`` or are empty.
    pattern
        Regular expression of the path after ``inside``, as a whole.
    """

    inside: str
    into: str
    pattern: str = ".*"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package, pinned; ``integrity`` is what the registry's metadata say."""

    name: str
    version: str
    integrity: str
    keeps: tuple[Keep, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """A replacement in the files of a viewer.

    Attributes
    ----------
    files
        Regular expression of paths in the viewer, as a whole.
    pattern, replacement
        As ``re.sub`` takes them.
    count
        How often the pattern must occur in all these files; otherwise nothing is installed.
    """

    files: str
    pattern: bytes
    replacement: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """One viewer.

    Attributes
    ----------
    name
        Also its place: ``/name/``.
    packages
        The first one is the viewer itself and gives the version.
    content_security_policy
        What its pages are served with; no host but ours is ever asked for anything.
    added
        Paths and contents of files of our own.
    falls_back
        Whether paths without a file show the first page, which routes in the browser.
    """

    name: str
    title: str
    packages: tuple[Package, ...]
    patches: tuple[Patch, ...]
    content_security_policy: str
    added: tuple[tuple[str, bytes], ...] = ()
    falls_back: bool = False

    @property
    def version(self) -> str:
        """The version of the viewer itself."""
        return self.packages[0].version

    @property
    def folder_name(self) -> str:
        """Where it is installed: another name as soon as anything of this row is another."""
        digest = hashlib.sha256(repr(self).encode()).hexdigest()
        return f"{self.name}-{self.version}-{digest[:12]}"


_FONT_WEIGHTS = (100, 300, 400, 500, 700, 900)
_ROBOTO_LINKS = "".join(
    f'<link rel="stylesheet" href="./fonts/roboto/{weight}.css"/>' for weight in _FONT_WEIGHTS
)
_WEIGHTS = "|".join(map(str, _FONT_WEIGHTS))

VOLVIEW = Viewer(
    name="volview",
    title="VolView",
    packages=(
        Package(
            "volview",
            "4.4.1",
            "sha512-dYFSHLzBZXDz5Cb/QX3oMndSrVO9cClHlpO0xNobZ2L6UDlMpNF5U1M1j67oFwbm"
            "T+trrhueulXHFHekeIlxVg==",
            (Keep("dist/", "", r".*(?<!\.map)"), Keep("", "licenses/volview/", "LICENSE")),
        ),
        Package(
            "@mdi/font",
            "7.4.47",
            "sha512-43MtGpd585SNzHZPcYowu/84Vz2a2g31TvPMTm9uTiCSWzaheQySUcSyUH/46fPn"
            "uPQWof2yd0pGBtzee/IQWw==",
            (
                Keep("css/", "fonts/mdi/css/", r"materialdesignicons\.min\.css"),
                Keep("fonts/", "fonts/mdi/fonts/", r".*\.woff2"),
                Keep("", "licenses/mdi/", "LICENSE"),
            ),
        ),
        Package(
            "@fontsource/roboto",
            "5.3.0",
            "sha512-BapRJOWYP+LZ21zp+wBQjfpPYKRoxc4LspJ/RLuI+HSMBD5u/X4O+ESDrSvEqDSy"
            "0rAl7GwBJ+09mdc16cVQ1Q==",
            (
                Keep("", "fonts/roboto/", rf"({_WEIGHTS})\.css"),
                Keep("files/", "fonts/roboto/files/", rf".*-({_WEIGHTS})-normal\.woff2"),
                Keep("", "licenses/roboto/", "LICENSE"),
            ),
        ),
    ),
    patches=(
        # The only two things that its pages fetch from elsewhere.
        Patch(
            r"index\.html",
            rb'<link rel="stylesheet" href="https://fonts\.googleapis\.com/[^"]*"/>',
            _ROBOTO_LINKS.encode(),
            1,
        ),
        Patch(
            r"index\.html",
            rb'<link rel="stylesheet" href="https://cdn\.jsdelivr\.net/npm/@mdi/font[^"]*"/>',
            b'<link rel="stylesheet" href="./fonts/mdi/css/materialdesignicons.min.css"/>',
            1,
        ),
    ),
    content_security_policy=(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' blob: data:; object-src 'none'; base-uri 'self'; "
        "frame-ancestors 'self'"
    ),
)

VIEWERS = {viewer.name: viewer for viewer in (VOLVIEW,)}
