#!/bin/sh
# Runs the report the way a reader would who has no gnuplot: there is none in the PATH given here.
speedups=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  echo "--- stdout"; cat "$work/out"
  echo "--- stderr"; cat "$work/err"
  failures=$((failures + 1))
}

# run STATUS FLAG...: runs each rung once and expects this exit status.
run() {
  want=$1; shift
  PATH=$work/empty "$speedups" --benchmark_min_time=0 "$@" > "$work/out" 2> "$work/err"
  got=$?
  [ $got -eq "$want" ] || fail "exit status $got, want $want: $*"
}

in_out() { grep -q -e "$1" "$work/out" || fail "no \"$1\" on stdout"; }

run 0
in_out '^512x512x512, normal random numbers, 1 thread$'
in_out "^The notes' Python and ours: 5x784x10, "
in_out '^  three loops  *922 ms   checked '
[ -s "$work/err" ] && fail "something on stderr"

complaint="speedups: no pictures, because there is no gnuplot; on Debian: apt-get install gnuplot-nox"

run 0 --out="$work/new" --benchmark_filter=n:5/
[ "$(cat "$work/err")" = "$complaint" ] || fail "not the one line about gnuplot"
[ "$(ls "$work/new")" = "ladder.json
ladder.txt" ] || fail "other files: $(ls -m "$work/new")"
cmp -s "$work/out" "$work/new/ladder.txt" || fail "ladder.txt is not what was printed"

run 0 --out="$work/new" --benchmark_filter=n:5/ --benchmark_format=json
grep -q "^$complaint\$" "$work/err" || fail "no line about gnuplot on stderr"
in_out '^{'
grep -q gnuplot "$work/out" && fail "something else than JSON on stdout"

run 2 --out=/dev/null/folder
[ "$(cat "$work/err")" = "speedups: cannot write /dev/null/folder/ladder.txt: give a folder" ] ||
  fail "not the one line about the folder"

[ $failures -eq 0 ] && echo "all as expected"
exit $failures
