#!/usr/bin/env bash
# transcript_test.sh PROGRAM EXPECTED.txt [ARGUMENT...]: fails unless PROGRAM, called with the
# arguments, prints the file EXPECTED.txt, to the letter, on the built-in digits, which are the same
# everywhere. Where there is also a file EXPECTED_mnist.txt, and MNIST_DIR is set, PROGRAM has to
# print that on MNIST. In it FOLDER stands for the folder, and images are left out: MNIST's are not
# ours to keep.
set -euo pipefail
folder=${MNIST_DIR-}
unset MNIST_DIR
program=$1 expected=$2 on_mnist=${2%.txt}_mnist.txt
shift 2

complain() {
  echo "The output (+) is not what $1 says (-)." >&2
  exit 1
}

diff --unified "$expected" <("$program" "$@") || complain "$expected"
[[ -e $on_mnist ]] || exit 0
if [[ -z $folder ]]; then
  echo "MNIST_DIR is not set: $on_mnist was not compared."
  exit 0
fi
ink='.:=+*#%@-'
diff --unified "$on_mnist" <("$program" "$@" "--mnist_dir=$folder" |
  sed -e "s|$folder|FOLDER|" -e "/^[ $ink]*[$ink]\$/d") || complain "$on_mnist"
