#!/usr/bin/env bash
# Makes a stack what its file says. What it will do stands in the run's summary before it does it.
#
#   STACK=prod-large PULUMI_BACKEND_URL=... up.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. .github/scripts/preview.sh

file=$(mktemp)
trap 'rm -f "$file"' EXIT
# ends here, with nothing done, where a protected resource would have to go
preview "$file"
code=0
aigw diff - --markdown <"$file" | tail -n +2 >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}" || code=$?
if [ "$code" -ne 0 ]; then
  echo "::error::$STACK: the change is refused, and this run's summary names why"
  exit "$code"
fi
pulumi up --stack "$STACK" --non-interactive --color never --yes --skip-preview \
  --message "commit ${GITHUB_SHA:-unknown}"
