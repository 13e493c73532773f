#!/usr/bin/env bash
# programs_test.sh GRADCHECK GRADCHECK.txt WALKTHROUGH: what they do with their arguments, and what
# gradcheck finds. Its round-off differs from machine to machine, so that is not compared.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
gradcheck=$1 transcript=$2 walkthrough=$3

takes="it takes --break=transpose|missing_mean|relu_of_output|no_sum and --mnist_dir=DIR"
refused "gradcheck: unknown argument 3; $takes" "$gradcheck" 3
refused "gradcheck: unknown argument --break=; $takes" "$gradcheck" --break=
refused "gradcheck: unknown argument --break=all; $takes" "$gradcheck" --break=all
refused "gradcheck: unknown argument --break=no_sum; $takes" "$gradcheck" --break=no_sum --break=no_sum
refused "walkthrough: unknown argument 3; it takes --mnist_dir=DIR" "$walkthrough" 3

# Places, numbers and bars out, and the spaces around them.
words() {
  sed -E -e 's/\[[0-9, ]+\]//g' -e 's/-?[0-9][-+.e0-9]*//g' -e 's/#//g' -e 's/ +/ /g' -e 's/ $//' "$@"
}

output=$("$gradcheck") || fail "gradcheck: status $? in place of 0"
diff --unified <(words "$transcript") <(words <<<"$output") || fail "gradcheck: not $transcript"

for fault in transpose relu_of_output no_sum missing_mean; do
  output=$("$gradcheck" "--break=$fault")
  status=$?
  [[ $status -eq 1 ]] || fail "gradcheck --break=$fault: status $status in place of 1"
  [[ $output == *WRONG* ]] || fail "gradcheck --break=$fault: nothing WRONG in $output"
done

finish
