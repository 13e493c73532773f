#!/usr/bin/env bash
# run_once.sh BENCHMARK [FLAG...]: each rung once. A rung that is wrong is refused, and the test fails.
exec "$1" --benchmark_min_time=0 "${@:2}"
