#!/usr/bin/env bash
# transcript_test.sh PROGRAM EXPECTED.txt [ARGUMENT...]: fails unless PROGRAM, called with the
# arguments on the built-in digits, prints EXPECTED.txt to the letter and ends with status 0 (or
# EXIT_STATUS, if set). If MNIST_DIR is set and there is a file EXPECTED_mnist.txt, PROGRAM also has
# to print this file on MNIST. In the file, FOLDER means MNIST_DIR, and images are left out: MNIST's
# are not ours to keep.
# With NUMBERS=any in the environment, only the words count: numbers, places, bars and alignment may
# differ.
set -euo pipefail
folder=${MNIST_DIR-}
unset MNIST_DIR
program=$1 expected=$2 on_mnist=${2%.txt}_mnist.txt
shift 2
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT

# run [ARGUMENT...]: runs the program and writes its output to $printed.
run() {
  local status=0 want=${EXIT_STATUS-0}
  "$program" "$@" >"$printed" || status=$?
  ((status == want)) && return
  echo "Exit status $status, want $want." >&2
  exit 1
}

# Prints what counts of the lines on stdin.
essence() {
  if [[ ${NUMBERS-} == any ]]; then
    sed -E -e 's/\[[0-9, ]+\]//g' -e 's/-?[0-9][-+.e0-9]*//g' -e 's/#//g' -e 's/ +/ /g' -e 's/ $//'
  else
    cat
  fi
}

# is FILE: fails unless stdin is the same as FILE.
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
