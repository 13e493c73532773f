#!/bin/sh
# Runs a small benchmark program the way a reader would, flag by flag.
demo=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  echo "--- stdout"; cat "$work/out"
  echo "--- stderr"; cat "$work/err"
  failures=$((failures + 1))
}

# run STATUS FLAG...: runs the program and expects this exit status.
run() {
  want=$1; shift
  "$demo" "$@" > "$work/out" 2> "$work/err"
  got=$?
  [ $got -eq "$want" ] || fail "exit status $got, want $want: $*"
}

in_out() { grep -q -e "$1" "$work/out" || fail "no \"$1\" on stdout"; }
in_err() { grep -q -e "$1" "$work/err" || fail "no \"$1\" on stderr"; }
not_in_out() { grep -q -e "$1" "$work/out" && fail "\"$1\" on stdout"; }

smoke=--benchmark_min_time=0

run 0 $smoke
in_out '^CPU  '
in_out '^5x784x10, normal random numbers, 1 thread$'
in_out '^  twice .* 922 ms$'
in_out '^  the_same '
not_in_out '/real_time'
[ -s "$work/err" ] && fail "something on stderr"
run 0 --benchmark_min_time=0s
[ -s "$work/err" ] && fail "something on stderr, with 0s"

run 0 $smoke --benchmark_repetitions=3 --benchmark_filter=right/n:31
in_out '^  right  '
not_in_out 'the_same'
not_in_out '5x784x10'

run 0 --benchmark_filter=right/n:31 --benchmark_min_time=0.002
in_out '^  right '

run 1 $smoke --wrong
in_out '^  wrong  REFUSED: at \[0, 0\]: got .*, want .*, tolerance '

run 0 $smoke --benchmark_format=json --benchmark_filter=n:31
python3 -m json.tool < "$work/out" > /dev/null || fail "stdout is not JSON"
in_out '"name": "demo/right/n:31/k:17/m:9/threads:1/real_time"'
in_out '"GFLOP/s": '
in_out '"executable": ".*ladder_demo"'
in_err '^  right '

run 1 $smoke --benchmark_format=json --wrong
python3 -m json.tool < "$work/out" > /dev/null || fail "stdout is not JSON"
in_out '"error_message": "at \[0, 0\]: got'

run 0 $smoke --benchmark_format=csv --benchmark_filter=n:31
in_out '^"demo/right/n:31/k:17/m:9/threads:1/real_time",1,'
in_err '^  right '

run 0 $smoke --benchmark_format=console --benchmark_filter=n:31
in_out '^demo/right/n:31/k:17/m:9/threads:1/real_time '
in_out '^  right '

run 0 --benchmark_list_tests
in_out '^demo/twice/n:5/k:784/m:10/threads:1/real_time$'
not_in_out 'CPU'

run 0 $smoke --benchmark_list_tests=no --benchmark_filter=the_same/n:5
in_out '^CPU'

run 0 --benchmark_list_tests=true --benchmark_filter=the_same/n:5
[ "$(cat "$work/out")" = demo/the_same/n:5/k:784/m:10/threads:1/real_time ] || fail "other names"

run 0 $smoke --benchmark_enable_random_interleaving=false --benchmark_repetitions=2
in_out '^  right '

run 0 $smoke --out="$work/new/folder" --benchmark_filter=n:5
cmp -s "$work/out" "$work/new/folder/ladder.txt" || fail "ladder.txt is not what was printed"
python3 -m json.tool < "$work/new/folder/ladder.json" > /dev/null || fail "ladder.json is not JSON"
grep -q '"cpu": "' "$work/new/folder/ladder.json" || fail "ladder.json does not name the processor"
grep -q -e host_name -e '"executable": ".*/' "$work/new/folder/ladder.json" &&
  fail "ladder.json names the host or its folders"

run 0 $smoke --benchmark_out="$work/runs.csv" --benchmark_out_format=csv --benchmark_filter=n:5
grep -q '^"demo/right/n:5' "$work/runs.csv" || fail "--benchmark_out has no runs"

run 2 --out=/dev/null/folder
in_err '^ladder_demo: cannot write /dev/null/folder/ladder.txt: give a folder$'

run 1 $smoke --benchmark_out=/dev/null/runs.json
in_err 'invalid file name'

run 2 --benchmark_filer=right
in_err "^ladder_demo: unknown flag '--benchmark_filer=right'; --help lists the flags$"

run 2 --benchmark_filter=none
in_err '^ladder_demo: no benchmark matches --benchmark_filter=none; .* shows their names$'

run 0 --help
in_out '\[--wrong\]'
in_out '\[--out=DIR\]'
in_out '\[--benchmark_filter='

# Ctrl-C among many repetitions: the program stops by itself and shows what there is.
stop() {
  "$demo" --benchmark_min_time=0.001 --benchmark_repetitions=100000 "$@" \
    > "$work/out" 2> "$work/err" &
  pid=$!
  until grep -q '^peak' "$work/out" "$work/err"; do sleep 0.1; done
  sleep 1
  kill -INT $pid
  wait $pid
  got=$?
  [ $got -eq 130 ] || fail "exit status $got after Ctrl-C, want 130"
}

stop
in_out '^Stopped by Ctrl-C. Until then:$'
in_out '^  the_same '

stop --benchmark_format=json
in_err '^  the_same '
python3 -m json.tool < "$work/out" > /dev/null || fail "stdout is not JSON"

stop "--out=$work/stopped"
python3 -m json.tool "$work/stopped/ladder.json" > /dev/null || fail "--out is not JSON"

[ $failures -eq 0 ] && echo "all as expected"
exit $failures
