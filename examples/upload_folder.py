"""Send a folder of scans to a server, de-identified on the way, and say what became of each.

python examples/upload_folder.py FOLDER --channel NAME [--label L]...

Needs a server (`DATAMINT_API_URL`, `DATAMINT_API_KEY`, or what `datamint-config` saved). Run again
with the same folder and channel, it goes on where it was stopped.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from isocenter.client import APIHandler
from isocenter.errors import IsocenterError

SOME_FAILED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the example; return its exit code."""
    parser = argparse.ArgumentParser(description="Send a folder of scans, de-identified.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--channel", required=True)
    parser.add_argument("--label", action="append", default=[])
    chosen = parser.parse_args(arguments)
    files = sorted(path for path in chosen.folder.rglob("*") if path.is_file())
    with APIHandler() as api:
        results = api.upload_resources(
            files,
            anonymize=True,
            channel=chosen.channel,
            labels=chosen.label,
            on_error="skip",
            resume=f"{chosen.folder.resolve()} to {chosen.channel}",
        )
        failed = 0
        for path, result in zip(files, results, strict=True):
            if isinstance(result, IsocenterError):
                failed += 1
                print(f"{path}: {result}", file=sys.stderr)
        known = api.get_resources(channel=chosen.channel)
        print(f"{len(files) - failed} sent, {failed} not; the channel has {len(known)} now")
    return SOME_FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
