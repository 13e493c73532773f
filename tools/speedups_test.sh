#!/usr/bin/env bash
# Runs the report as you would without gnuplot: the PATH given here is empty.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
speedups=$1

# report STATUS FLAG...: runs each rung once, without gnuplot, and expects this exit status.
report() { run "$1" env PATH=/empty "$speedups" --benchmark_min_time=0 "${@:2}"; }

report 0
in_out '^512x512x512, normal random numbers, 1 thread$'
in_out "^The notes' Python and ours: 5x784x10, "
in_out '^  three loops  *922 ms   checked '
silent

complaint="speedups: no picture: there is no gnuplot here; on Debian, apt-get install gnuplot-nox"

report 0 --out="$work/new" --benchmark_filter=m:5/
[ "$(cat "$work/stderr")" = "$complaint" ] || fail "not the one line about gnuplot"
[ "$(ls "$work/new")" = "ladder.json
ladder.txt" ] || fail "other files: $(ls -m "$work/new")"
cmp -s "$work/stdout" "$work/new/ladder.txt" || fail "ladder.txt is not what was printed"

finish
