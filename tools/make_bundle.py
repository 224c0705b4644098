"""Make the download of a server: the wheel, the documented scripts and how to install them.

python3 tools/make_bundle.py [TARGET]

Run it with the Python of `.venv`, which has what building needs; `make bundle` does. The target is
`src/isocenter/download/isocenter-tools.zip`, where the server looks for it. The same files give
the same archive. The uploader of the ingest API joins when it is there.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "isocenter" / "download" / "isocenter-tools.zip"
SCRIPTS = (
    "dicompressor.py",
    "dicompressor-watch.sh",
    "dicompressor-watch.ps1",
    "upload_dicom.py",
)
FOLDER = "isocenter-tools"
INSTALL = """Isocenter: the command-line tools
================================

You need Python 3.11 or newer.

1. Make an environment and install the program into it. pip fetches the libraries
   that it needs.

   Linux, macOS, WSL:
       python3 -m venv .venv
       .venv/bin/python -m pip install {wheel}

   Windows:
       py -m venv .venv
       .venv\\Scripts\\python -m pip install {wheel}

2. Use it. The documented switches, with any Python 3:

       python3 dicompressor.py -j -f FOLDER

   The same program with commands; without one it lists what it can do:

       .venv/bin/isocenter merge FOLDER --out RESULTS          (Linux, macOS, WSL)
       .venv\\Scripts\\isocenter merge FOLDER --out RESULTS      (Windows)

3. Watch a folder every 300 seconds, and merge what becomes complete in it:

   Linux, macOS, WSL:
       ./dicompressor-watch.sh FOLDER 300 RESULTS

   Windows:
       .\\dicompressor-watch.ps1 -WatchDir FOLDER -IntervalSeconds 300 -OutputDir RESULTS

4. Send a folder to a server; many files at once, and again from where it was stopped:

       .venv/bin/isocenter upload --api-endpoint https://ID:SECRET@HOST --path FOLDER

   Or with Python 3.8 and requests alone, without an installation:

       python3 upload_dicom.py --api-endpoint https://ID:SECRET@HOST --path FOLDER

The files are free software under the Apache License 2.0, which is in the wheel.
"""


def main(arguments: list[str]) -> int:
    """Make the archive and say where it is."""
    target = Path(arguments[0]) if arguments else TARGET
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        files = {wheel.name: wheel.read_bytes()}
    for name in SCRIPTS:
        files[name] = (ROOT / "compat" / name).read_bytes()
    files["INSTALL.txt"] = INSTALL.format(wheel=wheel.name).encode()
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    write_archive(files, target)
    print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def build_wheel(folder: Path) -> Path:
    """Return the wheel of this checkout, built in a folder."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the wheel cannot be built:\n{done.stdout}{done.stderr}")
    (wheel,) = folder.glob("*.whl")
    return wheel


def write_archive(files: dict[str, bytes], target: Path) -> None:
    """Write the archive beside the target, then give it its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".new")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            is_program = name.endswith((".py", ".sh"))
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(entry, data)
    unfinished.replace(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
