#!/usr/bin/env bash
# flags_test.sh WALKTHROUGH BENCHMARK FIT: what they do with their arguments.
set -uo pipefail
walkthrough=$1 benchmark=$2 fit=$3
unset MNIST_DIR BUILD_WORKING_DIRECTORY
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "$*" >&2
  failures=$((failures + 1))
}

# refused MESSAGE PROGRAM ARGUMENT...: one line on stderr, nothing on stdout, status 2.
refused() {
  local message=$1 said status
  shift
  said=$("$@" 2>&1 >/dev/null)
  status=$?
  [[ $status -eq 2 && $said == "$message" && -z $("$@" 2>/dev/null) ]] && return
  fail "$*: status $status, said $said"
}

refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3
for rows in 0 -1 1000001 2x x "" 1.5; do
  refused "benchmark: --rows=$rows: a number from 1 to 1000000 is needed" \
    "$benchmark" "--rows=$rows"
done

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
refused "fit: $folder/none: is not a folder; it should be the one with MNIST's four files in it" \
  "$fit" "--mnist_dir=$folder/none"

# Where the picture cannot be, nothing is computed.
touch "$folder/file"
refused "fit: $folder/file/a: cannot be made a folder: Not a directory" "$fit" "--out=$folder/file/a"
mkdir -p "$folder/taken/fit.svg.part"
refused "fit: $folder/taken/fit.svg: cannot be written: Is a directory" "$fit" "--out=$folder/taken"

# A picture, by whatever gnuplot there is: here one that shows the script. Without one, a line.
mkdir "$folder/bin"
printf '#!/bin/sh\nexec /bin/cat\n' >"$folder/bin/gnuplot"
chmod +x "$folder/bin/gnuplot"
output=$(PATH=$folder/bin "$fit" --steps=1 --lr=0.001 "--out=$folder/a/b") ||
  fail "fit --out: status $?"
[[ $output == *"picture: $folder/a/b/fit.svg"* ]] || fail "fit --out: printed $output"
[[ $output == "data: the first 5000 training images of built-in digits"* ]] ||
  fail "fit: does not say which data: $output"
[[ $output == *"gradient descent, 1 steps, lr 0.001"* ]] || fail "fit: printed $output"
grep -q "^set terminal svg" "$folder/a/b/fit.svg" || fail "fit --out: no script for an SVG"
output=$(PATH=$folder "$fit" --steps=0 "--out=$folder/c") || fail "fit without gnuplot: status $?"
[[ $output == *"apt-get install gnuplot-nox"* ]] || fail "fit without gnuplot: printed $output"
[[ -z $(ls "$folder/c") ]] || fail "fit without gnuplot: left a file"

[[ $failures -eq 0 ]]
