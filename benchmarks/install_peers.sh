#!/usr/bin/env bash
# Install the servers that the benchmark of `isocenter serve` compares us with: nginx and Orthanc,
# with its DICOMweb.
# Their services are not started; the benchmark runs them itself, on loopback, as long as it lasts.
set -euo pipefail

# command, or file -> Debian package
peers=(
  "nginx nginx"
  "Orthanc orthanc"
  "/usr/share/orthanc/plugins/libOrthancDicomWeb.so orthanc-dicomweb"
)

missing_packages() {
  local peer command package
  for peer in "${peers[@]}"; do
    read -r command package <<<"$peer"
    [[ -e $command ]] || command -v "$command" >/dev/null 2>&1 || printf '%s ' "$package"
  done
}

packages=$(missing_packages)
[[ -z "$packages" ]] && exit 0
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null 2>&1; then
  echo "bench: MISSING: ${packages% }; there is no comparison with them" >&2
  exit 0
fi
echo "bench: installing $packages" >&2
export DEBIAN_FRONTEND=noninteractive
# With this run level the packages' scripts do not start their services.
export RUNLEVEL=1
apt-get update -qq
# Word splitting is wanted: the list of packages.
# shellcheck disable=SC2086
apt-get install -qq -y --no-install-recommends $packages >/dev/null
