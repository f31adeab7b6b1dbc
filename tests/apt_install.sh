#!/bin/sh
# Install the Debian packages given as arguments, with sudo if the caller is not root.
# Without apt-get or sudo, print the names of the packages and exit with 1.
set -eu
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! command -v sudo >/dev/null; }; then
    echo "please install: $*" >&2
    exit 1
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
