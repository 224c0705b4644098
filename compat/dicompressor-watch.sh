#!/bin/sh
# Watch a folder and merge what arrives in its subfolders:
#
#   ./dicompressor-watch.sh DIR [SECONDS [OUTPUT_DIR [LOG_FILE [SCAN_STATE_FILE]]]]
#
# A thin face of `dicompressor.py -j --watch`, which does the work and says what it does; its exit
# code is passed on. An empty argument counts as not given. With a log file, the scan state lies
# beside it unless it is named too.
#
# Plain POSIX shell, so that it is the same in bash 3.2 (macOS), newer bash, dash and busybox.
set -eu

usage='Usage: dicompressor-watch.sh DIR [SECONDS [OUTPUT_DIR [LOG_FILE [SCAN_STATE_FILE]]]]'

# On stdout, where the program prints its own errors.
fail() {
  printf 'ERROR: %s\n' "$1"
  exit 1
}

# A path on one line, whatever bytes are in it.
shown() {
  printf '%s' "$1" | LC_ALL=C tr '[:cntrl:]' '?'
}

case ${1-} in
  -h | --help)
    printf '%s\n' "$usage"
    exit 0
    ;;
esac
if [ "$#" -gt 5 ]; then
  printf '%s\n' "$usage" >&2
  exit 2
fi
directory=${1-}
interval=${2:-300}
output=${3-}
log=${4-}
state=${5-}

if [ -z "$directory" ]; then
  printf '%s\n' "$usage" >&2
  fail 'Directory not found: none given'
fi
if [ ! -d "$directory" ]; then
  fail "Directory not found: $(shown "$directory")"
fi
# As an argument of its own it would be taken for an option.
case $directory in
  -*) directory=./$directory ;;
esac

if [ -n "$log" ] && [ -z "$state" ]; then
  name=${log##*/}
  stem=$name
  # A name that only begins with a dot has no suffix.
  case $name in
    ?*.*) stem=${name%.*} ;;
  esac
  state=${log%"$name"}$stem.scan-state.json
fi

# The folder of this script, also where it is started through a link.
self=$0
case $self in
  */*) ;;
  *) self=./$self ;;
esac
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
here=${self%/*}

# Any Python 3 will do: the program finds the one that has what it needs.
python=
for candidate in python3 python "$here/../.venv/bin/python"; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info[0] != 3)' >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  fail 'Python 3 not found: install it, then run this again'
fi

printf 'Isocenter folder watch\n'
printf '  Directory: %s\n' "$(shown "$directory")"
printf '  Interval:  %s seconds\n' "$(shown "$interval")"

set -- "$here/dicompressor.py" -j "--watch=$interval" -f "$directory"
if [ -n "$output" ]; then
  set -- "$@" "--output-dir=$output"
fi
if [ -n "$log" ]; then
  set -- "$@" "--log-file=$log"
fi
if [ -n "$state" ]; then
  set -- "$@" "--scan-state-file=$state"
fi
# Ctrl+C and SIGTERM then reach the program, not a shell that waits for it.
exec "$python" "$@"
