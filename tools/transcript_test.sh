#!/usr/bin/env bash
# transcript_test.sh PROGRAM EXPECTED.txt [ARGUMENT...]: fails unless PROGRAM, called with the
# arguments, prints the file EXPECTED.txt, to the letter, on the built-in digits, which are the same
# everywhere, and ends with status 0, or EXIT_STATUS where that is set. Where there is also a file
# EXPECTED_mnist.txt, and MNIST_DIR is set, PROGRAM has to print that on MNIST. In it FOLDER stands
# for the folder, and images are left out: MNIST's are not ours to keep.
# With NUMBERS=any in the environment, only the words count: numbers, places, bars and what they are
# aligned with may differ.
set -euo pipefail
folder=${MNIST_DIR-}
unset MNIST_DIR
program=$1 expected=$2 on_mnist=${2%.txt}_mnist.txt
shift 2
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT

# run [ARGUMENT...]: what the program prints goes to $printed.
run() {
  local status=0 want=${EXIT_STATUS-0}
  "$program" "$@" >"$printed" || status=$?
  ((status == want)) && return
  echo "Exit status $status, want $want." >&2
  exit 1
}

# What counts of the lines on stdin.
essence() {
  if [[ ${NUMBERS-} == any ]]; then
    sed -E -e 's/\[[0-9, ]+\]//g' -e 's/-?[0-9][-+.e0-9]*//g' -e 's/#//g' -e 's/ +/ /g' -e 's/ $//'
  else
    cat
  fi
}

# is FILE: whether that is what stands on stdin.
is() {
  diff --unified <(essence <"$1") <(essence) && return
  echo "The output (+) is not what $1 says (-)." >&2
  exit 1
}

run "$@"
is "$expected" <"$printed"
[[ -e $on_mnist ]] || exit 0
if [[ -z $folder ]]; then
  echo "MNIST_DIR is not set: $on_mnist was not compared."
  exit 0
fi
run "$@" "--mnist_dir=$folder"
ink='.:=+*#%@-'
sed -e "s|$folder|FOLDER|" -e "/^[ $ink]*[$ink]\$/d" "$printed" | is "$on_mnist"
