#!/usr/bin/env bash
# copies_test.sh FILE COPY...: fails unless each copy is its file but for the name of the chapter. No
# chapter sees another, so a ladder that goes on from another chapter's rung has a copy of it.
set -euo pipefail

without_chapter() { sed -E -e 's/\bch[0-9]+\b/chapter/' -e 's|"[0-9]+_\w+/|"chapter/|' "$1"; }

status=0
while (($#)); do
  diff --unified --label="$1" --label="$2" <(without_chapter "$1") <(without_chapter "$2") || status=1
  shift 2
done
exit $status
