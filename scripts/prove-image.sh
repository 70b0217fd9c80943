#!/bin/sh
# Runs the Dockerfile's steps in an empty folder, without a Docker engine: build context as .dockerignore leaves it,
# npm ci, build, production modules, the final files. Then starts the daemon from them against a simulated Znuny,
# waits for /readyz, sees one ticket moved, and stops it.
#   scripts/prove-image.sh [--build-only] [--keep]
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node scripts/prove-image.ts "$@"
