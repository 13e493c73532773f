#!/usr/bin/env bash
# look_test.sh LOOK: it shows the image that it is asked for, from either end.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
look=$1

shows() { "$look" "$1" | tail -n +2; }
[[ $(shows 0 | wc -l) -eq 28 ]] || fail "look 0: not 28 lines under the first"
[[ $(shows 0) != "$(shows 1)" ]] || fail "look 1 is look 0"
[[ $(shows -1) == "$(shows 4999)" ]] || fail "look -1 is not look 4999"

range="among the 5000 training images of built-in digits, numbered from 0"
refused "look: there is no image 5000 $range" "$look" 5000
refused "look: there is no image -5001 $range" "$look" -5001
run 0 "$look" -5000
in_out "^x_train\[-5000\] of built-in digits, y_train\[-5000\] = 5$"
finish
