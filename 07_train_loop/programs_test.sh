#!/usr/bin/env bash
# programs_test.sh PREDICT MISTAKES RATES: on files of your own, and on files that are none.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
predict=$1 mistakes=$2 rates=$3
net=07_train_loop/mlp.safetensors three=07_train_loop/pictures/three.png

cp "$net" "$work/mine.safetensors"
run 0 "$predict" "$work/mine.safetensors" "$three"
in_out "^It is a 3, says mlp 784 50 10.$"
[[ $(wc -l <"$work/stdout") -eq 13 ]] || fail "more than a name, ten bars and an answer"

printf 'P2 3 3 9\n9 9 9 9 9 9 9 9 9' >"$work/blank.pgm"
refused "predict: $work/blank.pgm: the picture has no ink: all of it is about as dark as its border" \
  "$predict" "$work/blank.pgm"
refused "predict: $net: not a picture that can be read, which is a PNG or a PGM" \
  "$predict" "$net" "$net"
cp "$three" "$work/picture.safetensors"
run 2 "$predict" "$work/picture.safetensors"
in_err "^predict: $work/picture.safetensors: not a safetensors file"

run 0 "$mistakes" "$net" --count=1 --out="$work/a/b"
in_out "^mlp 784 50 10 on the 1000 test images of built-in digits: "
in_out "^picture: $work/a/b/mistakes.png$"
[[ -s $work/a/b/mistakes.png ]] || fail "no picture"
refused "mistakes: $net/a: cannot be made a folder: Not a directory" "$mistakes" --out="$net/a"
refused "mistakes: b: one network at a time" "$mistakes" a b

run 0 "$rates" --seeds=2 --epochs=1
[[ $(grep -c '0\.[0-9]*$' "$work/stdout") -eq 8 ]] || fail "not four settings of two seeds"
finish
