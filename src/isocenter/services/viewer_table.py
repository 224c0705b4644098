"""The viewers that can be installed: pinned packages, what of them is kept, what is changed.

One row is one viewer; everything else (``services/viewers.py``, ``http/viewers.py``,
``isocenter viewers install``) goes by this table.
"""

import hashlib
import re
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
    hashed
        Regular expression of paths, as a whole, in which the bundler put a digest of the content.
    added
        Paths and contents of files of our own.
    falls_back
        Whether paths without a file show the first page, which routes in the browser. Such a
        page names its files by absolute addresses, ``"/name/``.
    """

    name: str
    title: str
    packages: tuple[Package, ...]
    patches: tuple[Patch, ...]
    content_security_policy: str
    hashed: str
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

    def never_changes(self, path: str) -> bool:
        """Whether the bytes of a path are the same in every version that has this path.

        A digest in a name says nothing any more where we patched the content.
        """
        is_patched = any(re.fullmatch(patch.files, path) for patch in self.patches)
        return not is_patched and re.fullmatch(self.hashed, path) is not None


def _policy(more_scripts: str, *, documents: str = "'none'") -> str:
    """Return a policy that lets pages talk to nobody but this server."""
    return (
        f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{more_scripts}; "
        "worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src 'self' blob: data:; object-src {documents}; "
        "base-uri 'self'; frame-ancestors 'self'"
    )


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
    content_security_policy=_policy(""),
    hashed=r"assets/.+[-.][0-9A-Za-z_-]{8,}\.[a-z0-9]+",
)

# Addresses are those under which the page was asked for: a proxy may have put something before.
_OHIF_CONFIG = b"""\
"use strict";
const place = window.PUBLIC_URL.replace(/\\/$/, "");
const home = place.replace(/\\/ohif$/, "");
const archive = home + "/dicom-web";
window.config = {
  name: "isocenter",
  routerBasename: place,
  extensions: [],
  modes: [],
  customizationService: { "ohif.tours": { $set: [] } },
  investigationalUseDialog: { option: "configure", days: 30 },
  httpErrorHandler: (error) => {
    if (error.status === 401) window.location.assign(home + "/app/studies");
  },
  showStudyList: true,
  maxNumberOfWebWorkers: Math.max(1, Math.min(4, navigator.hardwareConcurrency || 1)),
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  showErrorDetails: "production",
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  defaultDataSourceName: "dicomweb",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "dicomweb",
      configuration: {
        friendlyName: "Isocenter",
        name: "isocenter",
        qidoRoot: archive,
        wadoRoot: archive,
        wadoUriRoot: archive + "/wado",
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        supportsReject: false,
        dicomUploadEnabled: true,
        imageRendering: "wadors",
        thumbnailRendering: "thumbnail",
        thumbnailRequestStrategy: "fetch",
        enableStudyLazyLoad: true,
        singlepart: "bulkdata,video,pdf",
        bulkDataURI: { enabled: true },
        omitQuotationForMultipartRequest: false,
      },
    },
  ],
};
"""

OHIF = Viewer(
    name="ohif",
    title="OHIF",
    packages=(
        Package(
            "@ohif/app",
            "3.13.2",
            "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F"
            "87BKxFfpq+jd5xXZB9E8EA==",
            (
                # Without models, the microscopy viewer, service workers, other ways to sign in.
                Keep(
                    "dist/",
                    "",
                    r"index\.html|[^/]+\.css|[^/]+\.bundle\.[^/]+\.js|[0-9a-f]{16}\.(wasm|woff2)"
                    r"|ohif-logo-light\.svg|assets/.+\.(png|ico|svg)",
                ),
                Keep("", "licenses/ohif/", "LICENSE"),
            ),
        ),
    ),
    patches=(
        Patch(r"index\.html", rb'<link rel="(manifest|yandex-tableau-widget)"[^>]*>', b"", 2),
        Patch(r"index\.html", rb'<meta name="msapplication-config"[^>]*>', b"", 1),
        Patch(r"index\.html", rb'<script[^>]* src="/init-service-worker\.js"></script>', b"", 1),
        Patch(r"index\.html", rb'(href|src|content)="/', rb'\1="/ohif/', 29),
        Patch(r"index\.html", rb',window\.PUBLIC_URL="/"', b',window.PUBLIC_URL="/ohif/"', 1),
        Patch(r"index\.html", rb'}window\.PUBLIC_URL="/"', b'}window.PUBLIC_URL="/ohif/"', 1),
        # Bundles, workers among them, find the others beside themselves.
        Patch(
            r"(app|compute|histogram-worker|interpolation|polySeg|136|2299|8097)\.bundle\..*\.js",
            rb'__webpack_require__\.p = "/";',
            b'__webpack_require__.p = new URL(".", self.document ? '
            b"document.currentScript.src : self.location.href).href;",
            8,
        ),
        Patch(r"app\.bundle\.css", rb"url\(/", b"url(", 5),
        # These two load what an address in the query of the page names.
        Patch(
            r"89\.bundle\..*\.js",
            rb"\{\s+name: '(dicomwebproxy|dicomjson)',\s+type: '\w+',\s+"
            rb"createDataSource: createDicom(WebProxy|JSON)Api\s+\}, ",
            b"",
            2,
        ),
        # A text of a report without a name, which is allowed, would end the whole viewer.
        Patch(
            r"9068\.bundle\..*\.js",
            rb"(CodeMeaning\s+\} = ConceptNameCodeSequence);",
            rb"\1 || {};",
            1,
        ),
    ),
    # Its HTJ2K decoder and the arrays of its segmentations write functions; without them neither is
    # shown. Whatever a script does, no host but this server can be asked or told anything.
    content_security_policy=_policy(" 'unsafe-inline' 'unsafe-eval' blob:", documents="'self'"),
    hashed=r"[^/]+\.bundle\.[0-9a-f]{16}\.js|[0-9a-f]{16}\.(wasm|woff2)",
    added=(("app-config.js", _OHIF_CONFIG),),
    falls_back=True,
)

VIEWERS = {viewer.name: viewer for viewer in (VOLVIEW, OHIF)}
