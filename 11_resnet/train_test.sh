#!/usr/bin/env bash
# train_test.sh TRAIN PREDICT DEPTH: what it shows, keeps and does again, and who reads it.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
export OMP_NUM_THREADS=1  # on a busy machine, threads wait for each other
train=$1 predict=$2 depth=$3
whole=$work/whole.safetensors again=$work/again.safetensors

# The same bytes again, on as many threads.
run 0 "$train" --epochs=2 --batch=250 "--save=$whole"
in_out "^data: built-in digits, 5000 images to learn, 1000 to validate, 1000 to test$"
in_out "^resnet 784 8 16 32 64 10: AdamW, one cycle to lr 0.02, batches of 250, seed 1$"
in_out "^    2      0\.[0-9]*      0\.[0-9]*   9[0-9.]* %"
in_out "^saved: $whole$"
in_out "^test accuracy 0\.9[0-9]* by one look$"
in_out "^test accuracy 0\.9[0-9]*, [0-9.]* s in all$"
silent  # no progress line into a pipe
run 0 "$train" --epochs=2 --batch=250 "--save=$again"
cmp "$whole" "$again" || fail "the second run gives another network"

# It can be asked, and goes on from where it was.
run 0 "$predict" "$whole"
in_out "says resnet 784 8 16 32 64 10\.$"
run 0 "$train" --epochs=1 "--load=$whole" --all --profile
in_out "^data: built-in digits, 6000 images to learn, 1000 of them to validate, 1000 to test$"
in_out "^    3      0"
in_out "^Conv2d  *[0-9.]* *[0-9.]* *[0-9.]* *[0-9]* %$"

run 0 "$depth" --images=256 --epochs=1
in_out "^    20  skip, zero init  *[0-9.]* *[0-9.]* *[0-9.]* *[0-9.]*$"

refused "train: --batch: 1 is not a whole number from 2 to 1000000" "$train" --batch=1
finish
