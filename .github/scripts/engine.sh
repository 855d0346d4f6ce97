#!/usr/bin/env bash
# Asks the engine what it would do to a stack: diff.md, aigw's exit code and the stack's name.
#
#   STACK=prod-large PULUMI_BACKEND_URL=... engine.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
. .github/scripts/preview.sh

folder=$1
mkdir -p "$folder"
file=$(mktemp)
trap 'rm -f "$file"' EXIT
preview "$file"
code=0
aigw diff - --refuse-stateful --markdown <"$file" >"$folder/diff.md" || code=$?
echo "$STACK" >"$folder/stack"
echo "$code" >"$folder/code"
tail -n +2 "$folder/diff.md" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
