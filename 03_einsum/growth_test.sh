#!/bin/sh
# Runs growth at its three smallest sizes, and with flags that are none.
growth=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# run STATUS FLAG...: runs the program and expects this exit status.
run() {
  want=$1; shift
  "$growth" "$@" > "$work/out" 2> "$work/err"
  got=$?
  [ $got -eq "$want" ] || fail "exit status $got, want $want: $*"
}

fail() {
  echo "FAILED: $*"
  echo "--- stdout"; cat "$work/out"
  echo "--- stderr"; cat "$work/err"
  failures=$((failures + 1))
}

in_out() { grep -q -e "$1" "$work/out" || fail "no \"$1\" on stdout"; }
in_err() { grep -q -e "$1" "$work/err" || fail "no \"$1\" on stderr"; }

run 0 --benchmark_min_time=0 '--benchmark_filter=n:(64|128|256)/'
in_out '^CPU  '
in_out '^packed/threads:1/n:256/manual_time '
in_out '^matmul/threads:1/manual_time_BigO '
in_out '^blocked/threads:1/manual_time_RMS '
if grep -q '^blocked/threads:[2-9]' "$work/out"; then
  in_out '^       n   1 thread  [0-9]* threads   gain$'
  in_out '^     128  '
  in_out '^\(Below n = [0-9]* more threads gain nothing\|More threads .* these sizes\)\.$'
else
  in_out '^There is one thread'
fi

run 2 --benchmark_filer=packed
in_err "^growth: unknown flag '--benchmark_filer=packed'; --help lists the flags$"

run 2 --benchmark_filter=none
in_err 'match'

[ $failures -eq 0 ] && echo "all as expected"
exit $failures
