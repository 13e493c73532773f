#!/usr/bin/env bash
# train_test.sh TRAIN: a short comparison of the starts, and its pictures.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh

export OMP_NUM_THREADS=1
PATH=$work run 0 "$1" --epochs=1 --seeds=1 "--out=$work/a/b" # $work has no gnuplot
in_out '^Kaiming  *1  0\.[0-9]*  [0-9.]*$'
in_out '^layer 4:$'
in_out "^picture: $work/a/b/see.png$"
in_out 'apt-get install gnuplot-nox$'
[[ $(ls "$work/a/b") == see.png ]] || fail "another file, or none"
finish
