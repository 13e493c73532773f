#!/usr/bin/env bash
# programs_test.sh LOOK DEPTH STATISTICS WALKTHROUGH: what they do with their arguments.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
look=$1 depth=$2 statistics=$3 walkthrough=$4

usage="look: it takes the number of an image, say 0, and --mnist_dir=DIR"
refused "$usage" "$look"
refused "$usage" "$look" five
refused "$usage" "$look" 1.5
refused "$usage" "$look" 0 1
refused "$usage" "$look" 99999999999999999999
range="among the 5000 training images of built-in digits, numbered from 0"
refused "look: there is no image 5000 $range" "$look" 5000
refused "look: there is no image -5001 $range" "$look" -5001
refused "look: $work/none: is not a folder; it should be the one with MNIST's four files in it" \
  "$look" 0 "--mnist_dir=$work/none"
refused "depth: unknown argument --size=3; it takes --out=DIR" "$depth" --size=3
refused "depth: unknown argument --out=; it takes --out=DIR" "$depth" --out=
refused "statistics: unknown argument 3; it takes --mnist_dir=DIR" "$statistics" 3
refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3

touch "$work/file"
refused "depth: $work/file: cannot be made a folder: Not a directory" \
  "$depth" "--out=$work/file"

# Digit 0 is a 5, in 28 lines; -1 is the last of 5000.
shown=$("$look" 0) || fail "look 0: status $?"
[[ $(head -n 1 <<<"$shown") == "x_train[0] of built-in digits, y_train[0] = 5" ]] ||
  fail "look 0: printed $shown"
[[ $("$look" 0 | wc -l) -eq 29 ]] || fail "look 0: not 28 lines under the first"
[[ $("$look" -1 | tail -n +2) == "$("$look" 4999 | tail -n +2)" ]] || fail "look -1 is not look 4999"
[[ $("$look" 0 | tail -n +2) != "$("$look" 1 | tail -n +2)" ]] || fail "look 1 is look 0"

# Of five images none is to validate on, of six one.
for count in 5 6; do
  few=$work/$count
  mkdir "$few"
  { printf %b "\\00\\00\\010\\03\\00\\00\\00\\0$count\\00\\00\\00\\034\\00\\00\\00\\034" &&
    head -c $((784 * count)) /dev/urandom; } >"$few/train-images-idx3-ubyte"
  { printf %b "\\00\\00\\010\\01\\00\\00\\00\\0$count" && head -c "$count" /dev/zero; } \
    >"$few/train-labels-idx1-ubyte"
  for program in "$statistics" "$walkthrough"; do
    refused "${program##*/}: MNIST from $few: has fewer than two images to validate on" \
      "$program" "--mnist_dir=$few"
  done
done

# A picture, by whatever gnuplot there is: here one that shows the script. Without one, a line.
mkdir "$work/bin"
printf '#!/bin/sh\nexec /bin/cat\n' >"$work/bin/gnuplot"
chmod +x "$work/bin/gnuplot"
output=$(PATH=$work/bin "$depth" "--out=$work/a/b") || fail "depth --out: status $?"
[[ $output == *"picture: $work/a/b/depth.svg" ]] || fail "depth --out: printed $output"
grep -q "^set terminal svg" "$work/a/b/depth.svg" || fail "depth --out: no script for an SVG"
output=$(PATH=$work "$depth" "--out=$work/c") || fail "depth without gnuplot: status $?"
[[ $output == *"apt-get install gnuplot-nox" ]] || fail "depth without gnuplot: printed $output"
[[ ! -e $work/c/depth.svg ]] || fail "depth without gnuplot: left a file"

finish
