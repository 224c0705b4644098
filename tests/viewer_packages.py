"""Stand-ins for the packages of viewers: small archives with just what their patches need."""

import io
import tarfile
from pathlib import Path

VOLVIEW_FILES = {
    "dist/index.html": b'<link rel="stylesheet" href="https://fonts.googleapis.com/css"/>'
    b'<link rel="stylesheet" href="https://cdn.jsdelivr.net/npm/@mdi/font@latest/x.css"/>',
    "dist/assets/index-73874c9b.js": b"0123456789",
    "dist/itk/pipelines/dicom.wasm": b"\0asm",
    "dist/itk/pipelines/dicom.wasm.zst": b"\x28\xb5\x2f\xfd",
}

OHIF_DIGEST = "0f6159c501addfe9"
_PATCHED = ("app", "compute", "histogram-worker", "interpolation", "polySeg", "136", "2299", "8097")
_OHIF_INDEX = (
    '<link rel="manifest" href="/manifest.json">'
    '<link rel="yandex-tableau-widget" href="/assets/yandex-browser-manifest.json">'
    '<meta name="msapplication-config" content="/assets/browserconfig.xml">'
    '<script rel="preload" as="script" type="module" src="/init-service-worker.js"></script>'
    '<script>console.time("scriptToView"),window.PUBLIC_URL="/"</script>'
    '<script>function browserImportFunction(n){return import(n)}window.PUBLIC_URL="/"</script>'
    '<script src="/app-config.js"></script>'
    f'<script defer src="/app.bundle.{OHIF_DIGEST}.js"></script>'
    '<link href="/app.bundle.css" rel="stylesheet">'
    + "".join(f'<link rel="icon" href="/assets/{number}.png">' for number in range(26))
)
_OHIF_SOURCES = "".join(
    f"{{\n    name: '{name}',\n    type: 'webApi',\n    createDataSource: {function}\n  }}, "
    for name, function in (
        ("dicomweb", "createDicomWebApi"),
        ("dicomwebproxy", "createDicomWebProxyApi"),
        ("dicomjson", "createDicomJSONApi"),
        ("dicomlocal", "createDicomLocalApi"),
    )
)
OHIF_FILES = {
    "dist/index.html": _OHIF_INDEX.encode(),
    "dist/app-config.js": b"theirs",
    "dist/app.bundle.css": b"url(/a34f9d1faa5f3315.woff2)" * 5,
    "dist/a34f9d1faa5f3315.woff2": b"font",
    "dist/37fa160cc3a47cfd.wasm": b"\0asm",
    "dist/100.bundle.cb02411ce321d4e4.js": b"chunk",
    "dist/89.bundle.b327bf3664812958.js": _OHIF_SOURCES.encode(),
    "dist/9068.bundle.8e8306fedff44999.js": b"CodeMeaning\n  } = ConceptNameCodeSequence;",
    "dist/sw.js": b"importScripts('https://storage.googleapis.com/x.js')",
    "dist/init-service-worker.js": b"no",
    "dist/ort/ort-wasm.wasm": b"\0asm",
    "dist/dicom-microscopy-viewer/dicomMicroscopyViewer.min.js": b"no",
    "dist/100.bundle.cb02411ce321d4e4.js.map": b"no",
    "LICENSE": b"free",
    **{
        f"dist/{name}.bundle.{OHIF_DIGEST}.js": b'__webpack_require__.p = "/";' for name in _PATCHED
    },
}

CONTENTS = {
    "volview": VOLVIEW_FILES,
    "@mdi/font": {"LICENSE": b"free"},
    "@fontsource/roboto": {"400.css": b"a{}"},
    "@ohif/app": OHIF_FILES,
}


def fetch(name: str, version: str, integrity: str, folder: Path) -> Path:
    """Stand in for npm, as ``isocenter.jobs.npm.fetch_package`` is called."""
    assert version
    assert integrity
    with tarfile.open(folder / "x.tgz", "w:gz") as archive:
        for path, data in CONTENTS[name].items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return folder / "x.tgz"
