#!/usr/bin/env bash
# transcript_test.sh PROGRAM EXPECTED [ARGUMENT...]: fails unless PROGRAM, called with the arguments,
# prints the file EXPECTED, to the letter. It is run on the built-in digits, which are the same
# everywhere.
set -euo pipefail
unset MNIST_DIR
diff --unified "$2" <("$1" "${@:3}") || {
  echo "The output (+) is not what $2 says (-)." >&2
  exit 1
}
