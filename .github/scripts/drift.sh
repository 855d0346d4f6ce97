#!/usr/bin/env bash
# Fails where the cloud is not what the stack's program says, and shows in what. It changes nothing.
#
#   STACK=prod-large PULUMI_BACKEND_URL=... drift.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. .github/scripts/preview.sh

file=$(mktemp)
trap 'rm -f "$file"' EXIT
if preview "$file" --refresh --expect-no-changes; then
  echo "$STACK: nothing has drifted"
  exit 0
fi
echo "::error::$STACK: the cloud is not what the program says, or the engine could not tell"
aigw diff - --markdown <"$file" | tail -n +2 >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}" || true
exit 1
