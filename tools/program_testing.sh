# The common part of the tests of programs. They begin with `. tools/program_testing.sh`, run
# programs as you would, and end with `finish`.
# shellcheck shell=bash
set -uo pipefail
unset MNIST_DIR BUILD_WORKING_DIRECTORY
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work"/std{out,err}
failures=0

fail() {
  echo "FAILED: $*"
  echo "--- stdout" && head -n 50 "$work/stdout"
  echo "--- stderr" && head -n 50 "$work/stderr"
  failures=$((failures + 1))
}

# run STATUS PROGRAM [ARGUMENT...]: runs the program and expects this exit status. Its output is in
# $work/stdout and $work/stderr.
run() {
  local want=$1 status
  shift
  "$@" >"$work/stdout" 2>"$work/stderr"
  status=$?
  [[ $status -eq $want ]] || fail "exit status $status, want $want: $*"
}

# in_out PATTERN, ...: expects a line of the last run's output that matches.
in_out() { grep -q -e "$1" "$work/stdout" || fail "no \"$1\" on stdout"; }
in_err() { grep -q -e "$1" "$work/stderr" || fail "no \"$1\" on stderr"; }
not_in_out() { if grep -q -e "$1" "$work/stdout"; then fail "\"$1\" on stdout"; fi; }
silent() { if [[ -s $work/stderr ]]; then fail "something on stderr"; fi; }

# refused MESSAGE PROGRAM [ARGUMENT...]: expects exit status 2, only this line on stderr, and
# nothing on stdout.
refused() {
  local message=$1
  shift
  run 2 "$@"
  [[ ! -s $work/stdout ]] || fail "something on stdout: $*"
  [[ $(<"$work/stderr") == "$message" ]] || fail "not \"$message\": $*"
}

# draws PICTURE PROGRAM [ARGUMENT...]: expects the program to draw the picture with gnuplot into a
# folder that it makes (the gnuplot here returns the script), and to say so if gnuplot is missing.
draws() {
  local picture=$1
  shift
  mkdir "$work/bin"
  printf '#!/bin/sh\nexec /bin/cat\n' >"$work/bin/gnuplot"
  chmod +x "$work/bin/gnuplot"
  PATH=$work/bin run 0 "$@" "--out=$work/a/b"
  in_out "^picture: $work/a/b/$picture$"
  grep -q "^set terminal svg" "$work/a/b/$picture" || fail "no script for an SVG: $*"
  PATH=$work run 0 "$@" "--out=$work/c"
  in_out "apt-get install gnuplot-nox$"
  [[ -z $(ls -A "$work/c") ]] || fail "a file without gnuplot: $*"
}

finish() {
  [[ $failures -eq 0 ]] && echo "all as expected"
  exit $((failures > 0))
}
