#!/usr/bin/env bash
# programs_test.sh LOOK DEPTH STATISTICS WALKTHROUGH: what they do with their arguments.
set -uo pipefail
look=$1 depth=$2 statistics=$3 walkthrough=$4
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
  local message=$1 output status
  shift
  output=$("$@" 2>"$folder/stderr")
  status=$?
  [[ $status -eq 2 ]] || fail "$*: status $status in place of 2"
  [[ -z $output ]] || fail "$*: printed $output"
  [[ $(<"$folder/stderr") == "$message" ]] || fail "$*: said $(<"$folder/stderr")"
}

usage="look: it takes the number of an image, say 0, and --mnist_dir=DIR"
refused "$usage" "$look"
refused "$usage" "$look" five
refused "$usage" "$look" 1.5
refused "$usage" "$look" 0 1
refused "$usage" "$look" 99999999999999999999
range="among the 5000 training images of built-in digits, numbered from 0"
refused "look: there is no image 5000 $range" "$look" 5000
refused "look: there is no image -5001 $range" "$look" -5001
refused "look: $folder/none: is not a folder; it should be the one with MNIST's four files in it" \
  "$look" 0 "--mnist_dir=$folder/none"
refused "depth: unknown argument --size=3; it takes --out=DIR" "$depth" --size=3
refused "depth: unknown argument --out=; it takes --out=DIR" "$depth" --out=
refused "statistics: unknown argument 3; it takes --mnist_dir=DIR" "$statistics" 3
refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3

touch "$folder/file"
refused "depth: $folder/file: cannot be made a folder: Not a directory" \
  "$depth" "--out=$folder/file"

# Digit 0 is a 5, in 28 lines; -1 is the last of 5000.
shown=$("$look" 0) || fail "look 0: status $?"
[[ $(head -n 1 <<<"$shown") == "x_train[0] of built-in digits, y_train[0] = 5" ]] ||
  fail "look 0: printed $shown"
[[ $("$look" 0 | wc -l) -eq 29 ]] || fail "look 0: not 28 lines under the first"
[[ $("$look" -1 | tail -n +2) == "$("$look" 4999 | tail -n +2)" ]] || fail "look -1 is not look 4999"

# Five images: four to train on, none to validate on.
mkdir "$folder/five"
{ printf '\0\0\10\3\0\0\0\5\0\0\0\34\0\0\0\34' && head -c 3920 /dev/urandom; } \
  >"$folder/five/train-images-idx3-ubyte"
printf '\0\0\10\1\0\0\0\5\1\2\3\4\5' >"$folder/five/train-labels-idx1-ubyte"
for program in "$statistics" "$walkthrough"; do
  refused "${program##*/}: MNIST from $folder/five: has fewer than two images to validate on" \
    "$program" "--mnist_dir=$folder/five"
done

# A picture, by whatever gnuplot there is: here one that shows the script. Without one, a line.
mkdir "$folder/bin"
printf '#!/bin/sh\nexec /bin/cat\n' >"$folder/bin/gnuplot"
chmod +x "$folder/bin/gnuplot"
output=$(PATH=$folder/bin "$depth" "--out=$folder/a/b") || fail "depth --out: status $?"
[[ $output == *"picture: $folder/a/b/depth.svg" ]] || fail "depth --out: printed $output"
grep -q "^set terminal svg" "$folder/a/b/depth.svg" || fail "depth --out: no script for an SVG"
output=$(PATH=$folder "$depth" "--out=$folder/c") || fail "depth without gnuplot: status $?"
[[ $output == *"apt-get install gnuplot-nox" ]] || fail "depth without gnuplot: printed $output"
[[ ! -e $folder/c/depth.svg ]] || fail "depth without gnuplot: left a file"

[[ $failures -eq 0 ]]
