#!/usr/bin/env bash
# Runs a small benchmark program the way a reader would, flag by flag.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
demo=$1
smoke=--benchmark_min_time=0

run 0 "$demo" $smoke
in_out '^CPU  '
in_out '^5x784x10, normal random numbers, 1 thread$'
in_out '^  twice .* 922 ms$'
in_out '^  the_same '
not_in_out '/real_time'
silent
run 0 "$demo" --benchmark_min_time=0s
silent

run 0 "$demo" $smoke --benchmark_repetitions=3 --benchmark_filter=right/n:31
in_out '^  right  '
not_in_out 'the_same'
not_in_out '5x784x10'

run 0 "$demo" --benchmark_filter=right/n:31 --benchmark_min_time=0.002
in_out '^  right '

run 1 "$demo" $smoke --wrong
in_out '^  wrong  REFUSED: at \[0, 0\]: got .*, want .*, tolerance '

run 0 "$demo" $smoke --benchmark_format=json --benchmark_filter=n:31
python3 -m json.tool < "$work/stdout" > /dev/null || fail "stdout is not JSON"
in_out '"name": "demo/right/n:31/k:17/m:9/threads:1/real_time"'
in_out '"GFLOP/s": '
in_out '"executable": ".*ladder_demo"'
in_err '^  right '

run 1 "$demo" $smoke --benchmark_format=json --wrong
python3 -m json.tool < "$work/stdout" > /dev/null || fail "stdout is not JSON"
in_out '"error_message": "at \[0, 0\]: got'

run 0 "$demo" $smoke --benchmark_format=csv --benchmark_filter=n:31
in_out '^"demo/right/n:31/k:17/m:9/threads:1/real_time",1,'
in_err '^  right '

run 0 "$demo" $smoke --benchmark_format=console --benchmark_filter=n:31
in_out '^demo/right/n:31/k:17/m:9/threads:1/real_time '
in_out '^  right '

run 0 "$demo" --benchmark_list_tests
in_out '^demo/twice/n:5/k:784/m:10/threads:1/real_time$'
not_in_out 'CPU'

run 0 "$demo" $smoke --benchmark_list_tests=no --benchmark_filter=the_same/n:5
in_out '^CPU'

run 0 "$demo" --benchmark_list_tests=true --benchmark_filter=the_same/n:5
[ "$(cat "$work/stdout")" = demo/the_same/n:5/k:784/m:10/threads:1/real_time ] || fail "other names"

run 0 "$demo" $smoke --benchmark_enable_random_interleaving=false --benchmark_repetitions=2
in_out '^  right '

run 0 "$demo" $smoke --out="$work/new/folder" --benchmark_filter=n:5
cmp -s "$work/stdout" "$work/new/folder/ladder.txt" || fail "ladder.txt is not what was printed"
python3 -m json.tool < "$work/new/folder/ladder.json" > /dev/null || fail "ladder.json is not JSON"
grep -q '"cpu": "' "$work/new/folder/ladder.json" || fail "ladder.json does not name the processor"
grep -q -e host_name -e '"executable": ".*/' "$work/new/folder/ladder.json" &&
  fail "ladder.json names the host or its folders"

run 0 "$demo" $smoke --benchmark_out="$work/runs.csv" --benchmark_out_format=csv --benchmark_filter=n:5
grep -q '^"demo/right/n:5' "$work/runs.csv" || fail "--benchmark_out has no runs"

run 2 "$demo" --out=/dev/null/folder
in_err '^ladder_demo: cannot write /dev/null/folder/ladder.txt: give a folder$'

run 2 "$demo" $smoke --benchmark_out=/dev/null/runs.json
in_err '^ladder_demo: /dev/null/runs.json: cannot be written: Not a directory$'

run 2 "$demo" --benchmark_filer=right
in_err "^ladder_demo: unknown flag '--benchmark_filer=right'; --help lists the flags$"

run 2 "$demo" --benchmark_filter=none
in_err '^ladder_demo: no benchmark matches --benchmark_filter=none; .* shows their names$'

run 0 "$demo" --help
in_out '\[--wrong\]'
in_out '\[--out=DIR\]'
in_out '\[--benchmark_filter='

# Ctrl-C among many repetitions: the program stops by itself and shows what there is.
stop() {
  "$demo" --benchmark_min_time=0.001 --benchmark_repetitions=100000 "$@" \
    > "$work/stdout" 2> "$work/stderr" &
  pid=$!
  until grep -q '^peak' "$work/stdout" "$work/stderr"; do sleep 0.1; done
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
python3 -m json.tool < "$work/stdout" > /dev/null || fail "stdout is not JSON"

stop "--out=$work/stopped"
python3 -m json.tool "$work/stopped/ladder.json" > /dev/null || fail "--out is not JSON"
[[ ! -e $work/stopped/more.txt ]] || fail "more was written after Ctrl-C"

# A relative folder counts from where `bazel run` was typed.
mkdir "$work/typed"
run 0 env "BUILD_WORKING_DIRECTORY=$work/typed" "BUILD_WORKSPACE_DIRECTORY=$work" "$demo" $smoke \
  --benchmark_filter=right/n:31 --out=here
[[ -s $work/typed/here/ladder.txt && -s $work/typed/here/more.txt ]] || fail "--out=here is not there"

# Unasked, each is timed ten times.
run 0 "$demo" --benchmark_min_time=0.0001 --benchmark_filter=right/n:31.*threads:1/ \
  --benchmark_format=csv
[[ $(grep -c '^"demo/right/n:31/k:17/m:9/threads:1/real_time",' "$work/stdout") -eq 10 ]] ||
  fail "not ten repetitions"

finish
