#!/usr/bin/env bash
# Runs growth at its three smallest sizes, and with flags that are none.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
growth=$1

run 0 "$growth" --benchmark_min_time=0 '--benchmark_filter=n:(64|128|256)/'
in_out '^CPU  '
in_out '^packed/threads:1/n:256/manual_time '
in_out '^matmul/threads:1/manual_time_BigO '
in_out '^threaded/threads:1/manual_time_RMS '
if grep -q '^threaded/threads:[2-9]' "$work/stdout"; then
  in_out '^       n   1 thread  [0-9]* threads   gain$'
  in_out '^     128  '
  # The gain is the first time over the second, both rounded to three digits.
  awk '$1 ~ /^[0-9]+$/ && NF == 6 {
    factor["ns"] = 1e-9; factor["us"] = 1e-6; factor["ms"] = 1e-3; factor["s"] = 1
    gain = $2 * factor[$3] / ($4 * factor[$5])
    lines += 1; wrong += gain > 1.03 * $6 + 0.01 || gain < 0.97 * $6 - 0.01
  } END { exit lines < 3 || wrong > 0 }' "$work/stdout" || fail "gains that are not the times' ratios"
  in_out '^\(Below n = [0-9]* more threads gain nothing\|More threads .* these sizes\)\.$'
else
  in_out '^There is one thread'
fi

run 2 "$growth" --benchmark_filer=packed
in_err "^growth: unknown argument '--benchmark_filer=packed'; --help lists what there is$"

run 2 "$growth" --benchmark_filter=none
in_err 'match'

finish
