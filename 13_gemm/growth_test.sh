#!/usr/bin/env bash
# Runs growth at its smallest sizes: each n has a line, and each line a number for each rung.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh

run 0 "$1" --benchmark_min_time=0 '--benchmark_filter=n:(16|32|64)/'
in_out '^GFLOP/s for each n$'
in_out '^       n  blocked  matmul'
in_out '^      16  '
in_out '^      64  '
awk '/^GFLOP/ { table = 1 } table && $1 ~ /^[0-9]+$/ {
  lines += 1; if (NF < 3) wrong = 1
  for (i = 2; i <= NF; ++i) if ($i !~ /^[0-9]+$/) wrong = 1
} END { exit lines != 3 || wrong }' "$work/stdout" || fail "lines that are not numbers"

finish
