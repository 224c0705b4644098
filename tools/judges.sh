#!/usr/bin/env bash
# Install the judges: independent programs that the tests compare us with.
# Where that is not possible the tests that need them are skipped, with one loud line;
# with CI=true a missing judge is a failure.
set -euo pipefail

# command -> Debian package
judges=(
  "dcmdump dcmtk"
  "gdcmconv libgdcm-tools"
  "dciodvfy dicom3tools"
  "dcm2niix dcm2niix"
  "djxl libjxl-tools"
  "ffmpeg ffmpeg"
  "chromium chromium"
  "curl curl"
  "jq jq"
  "shellcheck shellcheck"
  "systemd-analyze systemd"
)

# file that is there when the package is
servers=(
  "/usr/lib/postgresql/*/bin/initdb postgresql"
  "/usr/lib/python3/dist-packages/swift/common/middleware/s3api/s3api.py python3-swift"
)

missing_packages() {
  local judge command package pattern
  for judge in "${judges[@]}"; do
    read -r command package <<<"$judge"
    command -v "$command" >/dev/null 2>&1 || printf '%s ' "$package"
  done
  for judge in "${servers[@]}"; do
    read -r pattern package <<<"$judge"
    compgen -G "$pattern" >/dev/null || printf '%s ' "$package"
  done
}

packages=$(missing_packages)
if [[ -n "$packages" && $(id -u) -eq 0 ]] && command -v apt-get >/dev/null 2>&1; then
  echo "judges: installing $packages"
  export DEBIAN_FRONTEND=noninteractive
  if [[ ! -e /etc/postgresql-common/createcluster.conf ]]; then
    # The tests start clusters of their own; none shall run as a service of this machine.
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  fi
  for attempt in 1 2 3; do
    # Word splitting is wanted: the list of packages.
    # shellcheck disable=SC2086
    if apt-get update -qq && apt-get install -qq -y --no-install-recommends $packages >/dev/null; then
      break
    fi
    echo "judges: attempt $attempt failed"
    sleep $((attempt * 5))
  done
  packages=$(missing_packages)
fi

if [[ -n "$packages" ]]; then
  echo "judges: MISSING: ${packages% }; the tests that need them are skipped" >&2
  [[ "${CI:-}" == "true" ]] && exit 1
fi
exit 0
