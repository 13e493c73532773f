#!/usr/bin/env bash
# Tests get_mnist without a network.
#
#   tools/get_mnist_test.sh MNIST_DIR    with the real files in this folder
#   tools/get_mnist_test.sh              without them: only what has to fail
set -uo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# expect STATUS TEXT WHAT MIRROR...: runs get_mnist and expects the status, the text in its output,
# and all four files or none.
expect() {
  local said code files
  said=$("${BASH_SOURCE[0]%_test.sh}" "$work/$3" "${@:4}" 2>&1)
  code=$?
  files=$(find "$work/$3" 2> /dev/null | wc -l)
  [[ $code == "$1" && $said == *"$2"* && $files == $(($1 == 0 ? 5 : 0)) ]] && return
  echo "$3: status $code, $files files; it says: $said"
  status=1
}

mkdir "$work/empty" "$work/other"
echo "not an image" | gzip > "$work/other/train-images-idx3-ubyte.gz"
expect 1 "could not be fetched, and nothing is written" nowhere "file://$work/none"
expect 1 "train-images-idx3-ubyte.gz: curl: (37)" missing "file://$work/empty"
expect 1 "train-images-idx3-ubyte.gz: is damaged, or another" wrong "file://$work/other"
(($#)) || exit $status

real=file://$(realpath "$1")
cp -r "$1" "$work/damaged"
chmod -R u+w "$work/damaged"
printf x | dd of="$work/damaged/t10k-labels-idx1-ubyte.gz" bs=1 seek=2000 conv=notrunc status=none
expect 0 "MNIST, from $real, is in" right "$real"
expect 0 "MNIST, from $real, is in" third "file://$work/none" "file://$work/other" "$real"
expect 0 "t10k-labels-idx1-ubyte.gz: is damaged" second "file://$work/damaged" "$real"
expect 1 "t10k-labels-idx1-ubyte.gz: is damaged" alone "file://$work/damaged"
exit $status
