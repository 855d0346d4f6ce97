#!/usr/bin/env bash
# Makes `aigw` ready: uv by the Makefile's version, and the locked environment without the tests' own.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v uv >/dev/null; then
  make --no-print-directory .tools/uv/bin/uv
  echo "$PWD/.tools/uv/bin" >>"${GITHUB_PATH:-/dev/null}"
  PATH=$PWD/.tools/uv/bin:$PATH
fi
uv sync --quiet --locked --no-dev
echo "$PWD/.venv/bin" >>"${GITHUB_PATH:-/dev/null}"
