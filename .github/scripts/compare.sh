#!/usr/bin/env bash
# Compares every stack of a pull request with its target: diff.md, diff.json and aigw's exit code. Needs
# no credentials. It fails only where it cannot tell; what it found is judged by whoever called it.
#
#   BASE_REF=main [BASE_SHA=<commit to compare with>] compare.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$1
mkdir -p "$folder"
# GitHub checks out the merge: its first parent is what the target was when it was made
base=${BASE_SHA:-HEAD^1}
git update-ref "refs/remotes/origin/$BASE_REF" "$base"
target=origin/$BASE_REF
mapfile -t stacks < <(
  for commit in "$base" HEAD; do git ls-tree --name-only "$commit" stacks/; done |
    sed -n 's|^stacks/Pulumi\.\([^./]*\)\.yaml$|\1|p' | sort -u
)

code=0
aigw diff "${stacks[@]}" --against "$target" --refuse-stateful --json \
  >"$folder/diff.json" 2>"$folder/errors.txt" || code=$?
cat "$folder/errors.txt" >&2
case $code in
  0 | 1 | 3)
    # both sides are kept since: this run only writes them otherwise
    aigw diff "${stacks[@]}" --against "$target" --markdown >"$folder/diff.md" || [ $? -eq 1 ]
    ;;
  *)
    rm "$folder/diff.json"
    {
      printf '<!-- aigw diff -->\n**The stacks cannot be compared with %s:**\n\n' "$target"
      head -c 4000 "$folder/errors.txt" | sed 's/^/    /'
    } >"$folder/diff.md"
    ;;
esac
rm "$folder/errors.txt"
echo "$code" >"$folder/code"
tail -n +2 "$folder/diff.md" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
