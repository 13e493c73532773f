#!/usr/bin/env bash
# flags_test.sh WALKTHROUGH BENCHMARK FIT: what they do with their arguments.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
walkthrough=$1 benchmark=$2 fit=$3

refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3
refused "benchmark: --rows: 0 is not a whole number from 1 to 1000000" "$benchmark" --rows=0

for argument in 3 --size=3 --out --out= --step=3; do
  refused "fit: unknown argument $argument; it takes --out=DIR, --mnist_dir=DIR, --steps=N and --lr=X" \
    "$fit" "$argument"
done
for steps in -1 100001 2x "" 1.5; do
  refused "fit: --steps=$steps: a number from 0 to 100000 is needed" "$fit" "--steps=$steps"
done
for lr in -1 1001 x "" nan inf 0.1x; do
  refused "fit: --lr=$lr: a number from 0 to 1000 is needed" "$fit" "--lr=$lr"
done
refused "fit: $work/none: is not a folder; it should be the one with MNIST's four files in it" \
  "$fit" "--mnist_dir=$work/none"

# Where the picture cannot be, nothing is computed.
touch "$work/file"
refused "fit: $work/file/a: cannot be made a folder: Not a directory" "$fit" "--out=$work/file/a"
mkdir -p "$work/taken/fit.svg"
refused "fit: $work/taken/fit.svg: cannot be written: Is a directory" "$fit" "--out=$work/taken"

# gnuplot_in FOLDER COMMANDS: what a shell does instead of gnuplot where the PATH has this folder.
gnuplot_in() {
  mkdir "$work/$1"
  printf '#!/bin/sh\n%s\n' "$2" >"$work/$1/gnuplot"
  chmod +x "$work/$1/gnuplot"
}

# A picture, by whatever gnuplot there is: here one that shows the script. Without one, a line.
gnuplot_in bin 'exec /bin/cat'
output=$(PATH=$work/bin "$fit" --steps=1 --lr=0.001 "--out=$work/a/b") ||
  fail "fit --out: status $?"
[[ $output == *"picture: $work/a/b/fit.svg"* ]] || fail "fit --out: printed $output"
# Losses of the start that chapter 04's weights give, on what it learns and on what it does not.
grep -q '^    0 *32\.75[0-9]* *31\.91[0-9]*$' <<<"$output" || fail "fit: other losses: $output"
[[ $output == "data: the first 5000 training images of built-in digits"* ]] ||
  fail "fit: does not say which data: $output"
[[ $output == *"gradient descent, 1 steps, lr 0.001"* ]] || fail "fit: printed $output"
grep -q "^set terminal svg" "$work/a/b/fit.svg" || fail "fit --out: no script for an SVG"
mkdir "$work/typed"  # from where "bazel run" is typed a relative folder counts
PATH=$work/bin BUILD_WORKING_DIRECTORY=$work/typed "$fit" --steps=0 --out=here >"$work/typed/stdout" ||
  fail "fit --out=here: status $?"
[[ -s $work/typed/here/fit.svg ]] || fail "fit --out=here: no picture there"
output=$(PATH=$work "$fit" --steps=0 "--out=$work/c") || fail "fit without gnuplot: status $?"
[[ $output == *"apt-get install gnuplot-nox"* ]] || fail "fit without gnuplot: printed $output"
[[ -z $(ls "$work/c") ]] || fail "fit without gnuplot: left a file"

# interrupted FILE ARGUMENT...: Ctrl-C once there is something in FILE, and no picture is left, nor a
# part of one.
interrupted() {
  env --default-signal=INT "PATH=$work/slow:$PATH" "$fit" "--out=$work/interrupted" "${@:2}" \
    >"$work/stdout" 2>"$work/stderr" &
  until [[ -s $1 ]]; do sleep 0.1; done
  kill -INT $!
  wait $!
  local status=$?
  [[ $status -eq 130 ]] || fail "status $status after Ctrl-C: ${*:2}"
  [[ -z $(ls -A "$work/interrupted") ]] || fail "left: $(ls -A "$work/interrupted")"
  silent
}
gnuplot_in slow "echo half; echo drawing >$work/drawing; exec sleep 3"
interrupted "$work/stdout" --steps=100000
interrupted "$work/drawing" --steps=0

# A disk that is full in the middle of the picture: gnuplot gives 2 MB of it, and a file of ours may
# have one. (OpenMP and the race detector have files of their own, and smaller ones.)
gnuplot_in big 'ulimit -S -f unlimited; exec /usr/bin/head -c 2000000 /dev/zero'
run_on_a_full_disk() (
  trap '' XFSZ
  ulimit -S -f 1024
  PATH=$work/big exec "$fit" --steps=0 "--out=$work/full" 2>&1
)
said=$(run_on_a_full_disk)
[[ $? -eq 2 && $said == *"fit: $work/full/fit.svg: cannot be written"* ]] ||
  fail "a full disk: $said"
[[ -z $(ls -A "$work/full") ]] || fail "a full disk left: $(ls -A "$work/full")"

finish
