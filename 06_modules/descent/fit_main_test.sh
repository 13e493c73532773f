#!/usr/bin/env bash
# fit_main_test.sh FIT: what it says of a descent, and the picture of it.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
fit=$1

draws fit.svg "$fit" --steps=1 --lr=0.001
in_out "^data: the first 5000 training images of built-in digits$"
in_out "^gradient descent, 1 steps, lr 0.001$"
# The losses of chapter 04's weights, on the images that it learns and on those that it does not.
in_out "^    0 *32\.75[0-9]* *31\.91[0-9]*$"
finish
