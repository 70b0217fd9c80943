#!/bin/sh
# src → dist: JavaScript and declarations of what main.ts reaches (no tests), and the files that it reads.
set -eu
cd "$(dirname "$0")/.."
rm -rf dist
node node_modules/typescript/bin/tsc -p tsconfig.build.json
(cd src && find . -type f ! -name '*.ts') | while read -r file; do
  mkdir -p "dist/$(dirname "$file")"
  cp "src/$file" "dist/$file"
done
