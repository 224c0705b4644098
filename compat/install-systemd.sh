#!/bin/sh
# Install watching a folder as a systemd service, or remove it again:
#
#   sudo compat/install-systemd.sh [OPTIONS] DIR
#   sudo compat/install-systemd.sh --remove
#
# The service runs as an account without rights, never as root, and runs only what nobody but root
# can change: the program is installed into PREFIX, not run from this checkout, and this script
# refuses, with the reason, where somebody else could write to it. Run it again with other options
# to change the service.
set -eu
# Whatever the caller's PATH and mask are: programs of root, and files that the service can read.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022

unit=isocenter-watch.service
units=/etc/systemd/system
usage='Usage: install-systemd.sh [OPTIONS] DIR

  --interval N      seconds from one pass to the next (default: 300)
  --output-dir DIR  also copy the results into DIR
  --user NAME       the account that runs it (default: isocenter, made if missing)
  --group NAME      its group (default: the group of that account)
  --prefix DIR      where the program is or shall be (default: /opt/isocenter)
  --python FILE     the Python to install it with (default: the newest of 3.11 and later)
  --print           print what would be written, and change nothing
  --remove          stop and remove the service; program, account and images stay'

main() {
  directory='' output='' interval=300 user=isocenter group='' prefix=/opt/isocenter python=''
  is_dry=false is_removal=false
  read_options "$@"
  if $is_removal; then
    remove
    exit 0
  fi
  checkout=$(readlink -f -- "$(dirname -- "$0")/..")
  check_options
  if $is_dry; then
    [ ! -e "$prefix" ] || check_program
    print_drop_in
    exit 0
  fi
  [ "$(id -u)" -eq 0 ] || refuse 'only root can install a service'
  make_account
  [ -e "$prefix" ] || install_program
  check_program
  check_access
  install_unit
}

refuse() {
  printf 'ERROR: %s\n' "$1" >&2
  exit 1
}

wrong_usage() {
  printf 'ERROR: %s\n%s\n' "$1" "$usage" >&2
  exit 2
}

read_options() {
  while [ "$#" -gt 0 ]; do
    case $1 in
      --interval | --output-dir | --user | --group | --prefix | --python)
        [ "$#" -ge 2 ] || wrong_usage "$1 needs a value"
        [ -n "$2" ] || wrong_usage "$1 needs a value"
        ;;
    esac
    case $1 in
      --interval) interval=$2 && shift ;;
      --output-dir) output=$2 && shift ;;
      --user) user=$2 && shift ;;
      --group) group=$2 && shift ;;
      --prefix) prefix=$2 && shift ;;
      --python) python=$2 && shift ;;
      --print) is_dry=true ;;
      --remove) is_removal=true ;;
      -h | --help) printf '%s\n' "$usage" && exit 0 ;;
      -*) wrong_usage "no such option: $1" ;;
      *)
        [ -z "$directory" ] || wrong_usage 'one folder can be watched, with those inside it'
        directory=$1
        ;;
    esac
    shift
  done
}

check_options() {
  [ -n "$directory" ] || wrong_usage 'which folder?'
  [ -d "$directory" ] || refuse "Directory not found: $directory"
  case $interval in
    *[!0-9]* | 0*) wrong_usage '--interval needs a number of seconds, 1 or more' ;;
  esac
  for name in "$user" "$group"; do
    case $name in
      *[!A-Za-z0-9_.-]* | -*) wrong_usage "not the name of an account: $name" ;;
    esac
  done
  if [ "$(id -u "$user" 2>/dev/null)" = 0 ] || [ "$user" = root ]; then
    refuse 'a reader of files that anybody may have sent never runs as root: name another --user'
  fi
  case $directory$output$prefix in
    *[[:cntrl:]]*) refuse 'a unit cannot name a folder whose name has control characters' ;;
  esac
  directory=$(readlink -f -- "$directory")
  [ -z "$output" ] || output=$(readlink -m -- "$output")
  prefix=$(readlink -m -- "$prefix")
  for path in "$directory" "$output" "$prefix"; do
    check_path "$path"
  done
  # systemd takes no quotes and the like in the name of a program.
  case $prefix in
    *[!A-Za-z0-9_./-]*) wrong_usage "only letters, digits, _ . and - in --prefix: $prefix" ;;
  esac
  case $prefix/ in
    "$directory"/* | "${output:-/dev/null}"/*)
      refuse "the service may write into the folder that holds its own program: $prefix"
      ;;
  esac
}

# What cannot be said in a unit, and what the service would not see or must not write to.
check_path() {
  case $1 in
    *[[:cntrl:]]*) refuse 'a unit cannot name a folder whose name has control characters' ;;
    / | /boot | /etc | /home | /opt | /usr | /var) refuse "that is more than one folder: $1" ;;
    /tmp | /tmp/* | /var/tmp | /var/tmp/*)
      refuse "the service has a /tmp of its own and would not see: $1"
      ;;
  esac
  if ! printf '%s' "$1" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
    refuse 'a unit cannot name a folder whose name is not UTF-8'
  fi
}

make_account() {
  if ! id -u "$user" >/dev/null 2>&1; then
    [ "$user" = isocenter ] || refuse "no such account: $user"
    useradd --system --user-group --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin "$user"
    printf 'Account made: %s\n' "$user"
  fi
  [ -n "$group" ] || group=$(id -gn "$user")
}

# Install this checkout and exactly the versions of its lock file.
install_program() {
  # What root runs now is this checkout: nobody but root and the caller may have written it.
  stranger=$(find "$checkout/pyproject.toml" "$checkout/src" "$checkout/compat" ! -type l \
    \( ! -user 0 ! -user "${SUDO_UID:-0}" -o -perm -002 \) -print | head -n 1)
  [ -z "$stranger" ] || refuse "others can write to this checkout, root must not run it: $stranger"
  [ -n "$python" ] || python=$(find_python)
  check_owned "$(readlink -f -- "$python")"
  printf 'Installing the program into %s\n' "$prefix"
  constraints=$(mktemp)
  trap 'rm -f "$constraints"' EXIT
  sed -n 's/^\([A-Za-z0-9].*==[^\\]*\).*/\1/p' "$checkout/requirements.lock" >"$constraints"
  if ! "$python" -m venv "$prefix" ||
    ! "$prefix/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
      --constraint "$constraints" "$checkout"; then
    rm -rf -- "$prefix"
    refuse 'the program could not be installed'
  fi
}

find_python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    found=$(command -v "$name") || continue
    check_owned "$(readlink -f -- "$found")"
    if "$found" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))'; then
      printf '%s' "$found"
      return
    fi
  done
  refuse 'no Python 3.11 or newer found: install one, or name it by --python'
}

# The program, its Python, and wherever these look for modules: an installation that only links to
# a checkout (pip install --editable) would run what the checkout's owner writes.
check_program() {
  [ -f "$prefix/bin/dicompressor" ] || refuse "there is no program in $prefix"
  check_owned "$prefix"
  check_owned "$(readlink -f -- "$prefix/bin/python")"
  places=$(as_account "$prefix/bin/python" -I -c '
import isocenter, sys
print(*sys.path, *isocenter.__path__, sep="\n")') ||
    refuse "the account $user cannot run the program in $prefix"
  printf '%s\n' "$places" | while read -r place; do
    check_owned "$place"
  done
}

# Refuse what somebody else than root can change: below a path, and on the way to it.
check_owned() {
  loose=$(find -L "$1" ! -type l \( ! -user 0 -o -perm -020 -o -perm -002 \) -print 2>/dev/null |
    head -n 1)
  folder=$1
  while [ -z "$loose" ] && [ "$folder" != / ]; do
    folder=$(dirname -- "$folder")
    # Where the sticky bit is set, as in /tmp, others cannot replace what is not theirs.
    loose=$(find "$folder" -prune \( ! -user 0 -o \
      \( -perm -020 -o -perm -002 \) ! -perm -1000 \) -print)
  done
  [ -z "$loose" ] || refuse "others than root can write to it, the service must not run it: $loose"
}

# Try, as the account itself, what the service will do.
check_access() {
  if [ -n "$output" ] && [ ! -d "$output" ]; then
    install -d -o "$user" -g "$group" -m 0750 -- "$output"
  fi
  for path in "$directory" "$output"; do
    if [ -n "$path" ] && ! as_account test -r "$path" -a -w "$path" -a -x "$path"; then
      refuse "the account $user cannot read and write $path: give it the right, for example by
  setfacl -R -m u:$user:rwX -m d:u:$user:rwX $(quoted "$path")"
    fi
  done
}

# For --print, which everybody may ask for, the caller will do.
as_account() {
  if $is_dry; then
    (cd / && "$@")
  else
    (cd / && runuser -u "$user" -g "$group" -- "$@")
  fi
}

install_unit() {
  install -d -m 0755 "$units/$unit.d"
  install -m 0644 "$checkout/compat/$unit" "$units/$unit"
  print_drop_in >"$units/$unit.d/50-folders.conf"
  printf 'Written: %s and %s\n' "$units/$unit" "$units/$unit.d/50-folders.conf"
  if [ ! -d /run/systemd/system ]; then
    printf 'systemd is not running here: systemctl enable --now %s\n' "$unit"
    return
  fi
  systemctl daemon-reload
  systemctl enable "$unit"
  systemctl restart "$unit"
  printf 'Running. See: systemctl status %s; journalctl -u %s\n' "$unit" "$unit"
}

remove() {
  [ "$(id -u)" -eq 0 ] || refuse 'only root can remove a service'
  if [ -d /run/systemd/system ]; then
    systemctl disable --now "$unit" || true
  fi
  rm -f -- "$units/$unit" "$units/$unit.d/50-folders.conf"
  [ ! -d "$units/$unit.d" ] || rmdir --ignore-fail-on-non-empty -- "$units/$unit.d"
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
  printf 'Removed: %s\n' "$units/$unit"
}

# What the unit in this folder leaves open.
print_drop_in() {
  folders=$(quoted "$directory")${output:+ $(quoted "$output")}
  printf '[Unit]\nRequiresMountsFor=%s\n\n' "$folders"
  printf '[Service]\nUser=%s\nGroup=%s\n' "$user" "$group"
  printf 'ReadWritePaths=\nReadWritePaths=%s\n' "$folders"
  case $directory/$output/ in
    /home/* | /root/* | /run/user/* | *//home/* | *//root/* | *//run/user/*)
      printf 'ProtectHome=read-only\n'
      ;;
  esac
  printf 'ExecStart=\nExecStart=%s -j --watch=%s -f %s' "$prefix/bin/dicompressor" "$interval" \
    "$(quoted "$directory" | dollars)"
  [ -z "$output" ] || printf ' %s' "$(quoted "--output-dir=$output" | dollars)"
  printf ' --scan-state-file=%%S/isocenter-watch/scan-state.json\n'
}

# As systemd.syntax(7) and systemd.unit(5) want it: quotes, backslashes, specifiers.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/%/%%/g')"
}

# Variables, in command lines only.
dollars() {
  sed 's/\$/$$/g'
}

main "$@"
