#!/usr/bin/env bash
# train_test.sh TRAIN: a short comparison of the starts, and its pictures.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh

export OMP_NUM_THREADS=1
draws moments.svg "$1" --epochs=1 --seeds=1
in_out '^Kaiming  *1  0\.[0-9]*  [0-9.]*$'
in_out '^layer 4:$'
[[ -s $work/a/b/see.png ]] || fail "no picture of the digit"
finish
