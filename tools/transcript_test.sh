#!/usr/bin/env bash
# transcript_test.sh PROGRAM EXPECTED [EXPECTED_ON_MNIST]: fails unless PROGRAM prints the file
# EXPECTED, to the letter, on the built-in digits, which are the same everywhere. Where MNIST_DIR is
# set it also has to print EXPECTED_ON_MNIST, in which FOLDER stands for that folder, and from which
# images are left out: MNIST's are not ours to keep.
set -euo pipefail
folder=${MNIST_DIR-}
unset MNIST_DIR

complain() {
  echo "The output (+) is not what $1 says (-)." >&2
  exit 1
}

diff --unified "$2" <("$1") || complain "$2"
[[ $# -eq 3 ]] || exit 0
if [[ -z $folder ]]; then
  echo "MNIST_DIR is not set: $3 was not compared."
  exit 0
fi
ink='.:=+*#%@-'
diff --unified "$3" <("$1" "--mnist_dir=$folder" |
  sed -e "s|$folder|FOLDER|" -e "/^[ $ink]*[$ink]\$/d") || complain "$3"
