#!/usr/bin/env bash
# draw_test.sh DRAW COMPARE: the three pictures, and a short comparison.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
draw=$1 compare=$2

draws valley.svg "$draw"
in_out '^sgd, lr 0.07$'
in_out '^data: built-in digits$'
run 0 "$compare" --epochs=1 --seeds=1
in_out "^AdamW, one cycle to 0.005  *0\.[0-9]* 0\.[0-9]*  0\.0000$"
finish
