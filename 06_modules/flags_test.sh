#!/usr/bin/env bash
# flags_test.sh WALKTHROUGH BENCHMARK: what they say to arguments that they do not take.
set -uo pipefail
walkthrough=$1 benchmark=$2
unset MNIST_DIR BUILD_WORKING_DIRECTORY
failures=0

# refused MESSAGE PROGRAM ARGUMENT...: one line on stderr, nothing on stdout, status 2.
refused() {
  local message=$1 said status
  shift
  said=$("$@" 2>&1 >/dev/null)
  status=$?
  [[ $status -eq 2 && $said == "$message" && -z $("$@" 2>/dev/null) ]] && return
  echo "$*: status $status, said $said" >&2
  failures=$((failures + 1))
}

refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3
for rows in 0 -1 1000001 2x x "" 1.5; do
  refused "benchmark: --rows=$rows: a number from 1 to 1000000 is needed" \
    "$benchmark" "--rows=$rows"
done

[[ $failures -eq 0 ]]
