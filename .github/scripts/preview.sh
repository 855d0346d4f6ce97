# shellcheck shell=bash
# Read by the scripts that ask the engine.

# Writes the engine's preview of $STACK as JSON; where it fails, what the engine said goes to stderr.
#   preview FILE [FLAG ...]
preview() {
  local file=$1 code=0
  shift
  pulumi preview --stack "$STACK" --non-interactive --color never --json "$@" >"$file" || code=$?
  if [ "$code" -ne 0 ]; then
    python3 - "$file" >&2 <<'SAID'
import json
import pathlib
import sys

text = pathlib.Path(sys.argv[1]).read_text()
try:
    said = [one.get("message", "").strip() for one in json.loads(text).get("diagnostics") or []]
except ValueError:
    said = [text[-4000:]]
print("\n".join(said))
SAID
  fi
  return "$code"
}
