"""A real S3-compatible object store in one process: OpenStack Swift with its S3 face, for tests.

``/usr/bin/python3 tests/swift_server.py FOLDER`` prints one line of JSON with the port, and serves
until its standard input ends, so that it never outlives whoever started it. The Debian package
``python3-swift`` holds the library (`make judges`). The folder must be on a file system with
extended attributes; all that is stored goes with it.
"""

import configparser
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

OWNER, OWNER_KEY = "isocenter:owner", "owner-key"
GUEST, GUEST_KEY = "isocenter:guest", "guest-key"
HOST = "127.0.0.1"
_IDLE_SECONDS = 60
BACKENDS = ("object", "container", "account")
PIPELINE = (
    "catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo"
    " versioned_writes symlink proxy-server"
)
FILTERS = {
    "cache": {"paste.filter_factory": "swift_server:make_cache"},
    "s3api": {"use": "egg:swift#s3api", "location": "us-east-1", "s3_acl": "false"},
    "tempauth": {
        "use": "egg:swift#tempauth",
        "user_isocenter_owner": f"{OWNER_KEY} .admin",
        "user_isocenter_guest": GUEST_KEY,
    },
    "versioned_writes": {"use": "egg:swift#versioned_writes", "allow_object_versioning": "true"},
}


class Cache:
    """What the pipeline wants of memcached, in a dictionary."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[object, float]] = {}

    def get(self, key: str, **_: object) -> object:
        value, until = self.entries.get(key, (None, 0.0))
        return value if until == 0 or until > time.time() else None

    def set(self, key: str, value: object, time: float = 0, **_: object) -> None:
        self.entries[key] = (value, _until(time))

    def delete(self, key: str, **_: object) -> None:
        self.entries.pop(key, None)


def make_cache(_: object, **__: object) -> Callable[[Any], Any]:
    """Return the filter that gives the pipeline its cache."""
    cache = Cache()

    def wrap(app: Any) -> Any:  # noqa: ANN401 -- any application of WSGI
        def application(environ: dict[str, object], start_response: object) -> object:
            environ["swift.cache"] = cache
            return app(environ, start_response)

        return application

    return wrap


def main() -> None:
    """Serve until standard input ends."""
    folder = Path(sys.argv[1]).absolute()
    _allow_many_connections()
    # Swift replaces what threads and sockets are before anything else is imported.
    import eventlet  # noqa: PLC0415
    from eventlet import wsgi  # noqa: PLC0415
    from swift.common import storage_policy, utils  # noqa: PLC0415
    from swift.common.wsgi import loadapp  # noqa: PLC0415

    sys.modules["swift_server"] = sys.modules["__main__"]
    # Every server of Swift logs to syslog unless it is told otherwise.
    utils.ThreadSafeSysLogHandler = lambda **_: logging.NullHandler()
    eventlet.monkey_patch(thread=False)
    sockets = {name: eventlet.listen((HOST, 0)) for name in ("proxy", *BACKENDS)}
    ports = {name: socket.getsockname()[1] for name, socket in sockets.items()}
    _write_configuration(folder, ports)
    utils.set_swift_dir(str(folder / "etc"))
    storage_policy.reload_storage_policies()
    for name, socket in sockets.items():
        application = loadapp(str(folder / f"etc/{name}.conf"))
        quiet = logging.getLogger("quiet")
        quiet.disabled = True
        serve = partial(
            wsgi.server, log=quiet, log_output=False, max_size=2048, socket_timeout=_IDLE_SECONDS
        )
        eventlet.spawn(_serve_always, serve, socket, application)
    print(json.dumps({"port": ports["proxy"]}), flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()
    eventlet.hubs.get_hub().switch()


def _serve_always(serve: Callable[[Any, Any], None], socket: Any, application: Any) -> None:  # noqa: ANN401
    """Accept connections for ever: the loop of eventlet ends with the first error of `accept`."""
    while True:
        try:
            serve(socket.dup(), application)
        except OSError:
            traceback.print_exc()
            time.sleep(0.1)


def _allow_many_connections() -> None:
    """Take all the file descriptors that we may have: one process holds every end of each wire."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _end_with_input() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def _write_configuration(folder: Path, ports: dict[str, int]) -> None:
    (folder / "etc").mkdir(parents=True, exist_ok=True)
    (folder / "devices/disk").mkdir(parents=True, exist_ok=True)
    _write(folder, "swift", {"swift-hash": {"swift_hash_path_suffix": "isocenter"}})
    common = {
        "swift_dir": str(folder / "etc"),
        "devices": str(folder / "devices"),
        "mount_check": "false",
        "fallocate_reserve": "0",
        "log_level": "CRITICAL",
    }
    sections: dict[str, dict[str, str]] = {
        "DEFAULT": common,
        "pipeline:main": {"pipeline": PIPELINE},
        "app:proxy-server": {
            "use": "egg:swift#proxy",
            "account_autocreate": "true",
            "node_timeout": "60",
            "conn_timeout": "5",
            "error_suppression_limit": "1000000",
        },
    }
    for name in PIPELINE.split()[:-1]:
        sections[f"filter:{name}"] = FILTERS.get(name, {"use": f"egg:swift#{name}"})
    _write(folder, "proxy", sections)
    for name in BACKENDS:
        app = {"use": f"egg:swift#{name}", "container_update_timeout": "60"}
        backend = {"pipeline:main": {"pipeline": f"{name}-server"}, f"app:{name}-server": app}
        _write(folder, name, {"DEFAULT": common, **backend})
    subprocess.run(
        [sys.executable, "-c", RINGS, str(folder / "etc"), json.dumps(ports)], check=True
    )


# In a process of its own, because it wants the real threads.
RINGS = """
import json, sys
from swift.common.ring import RingBuilder
ports = json.loads(sys.argv[2])
for name in ("object", "container", "account"):
    builder = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
    device = {"id": 0, "region": 1, "zone": 1, "weight": 1.0, "device": "disk", "meta": ""}
    place = {"ip": "127.0.0.1", "port": ports[name]}
    builder.add_dev(device | place | {"replication_" + key: value for key, value in place.items()})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{name}.ring.gz")
"""


def _write(folder: Path, name: str, sections: dict[str, dict[str, str]]) -> None:
    ini = configparser.RawConfigParser(default_section="no such section")
    ini.read_dict(sections)
    with (folder / f"etc/{name}.conf").open("w", encoding="utf-8") as stream:
        ini.write(stream)


def _until(seconds: float) -> float:
    """Return when an entry ends: 0 is never, small is from now, large is a time since 1970."""
    return seconds if seconds == 0 or seconds > 30 * 86400 else time.time() + seconds


if __name__ == "__main__":
    main()
