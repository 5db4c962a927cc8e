#!/usr/bin/env bash
# One verb, one job; build.ps1 is the twin for Windows. Runs from any folder.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
  cat <<'USAGE'
./build.sh [verb] [arguments]
  (none)      build, then test
  build       build the solution in Release
  test        run every test project but the slow ones; arguments go to dotnet test
  test-slow   the same with larger sample counts, and the tests with real processes
  demo        three processes, one killed with -9, every count checked (--input FILE, --postgres)
  demo-regions  six processes in two regions, one region killed with -9 and started again
  demo-chat   three nodes of chat rooms with visitors on each; the node of a room is killed with -9, then all are
  demo-telemetry  two nodes whose calls and metrics are shown by OpenTelemetry
  bench       AkkaDurable against its rivals, by turns: a quick set; full: all; or names of workloads (bench list)
  pack        make the NuGet packages in artifacts/packages
  help        print this
USAGE
}

need_sdk() {
  local sdks
  sdks="$(dotnet --list-sdks 2>/dev/null || true)"
  if [[ $'\n'"$sdks" != *$'\n'10.* ]]; then
    echo "build.sh: no .NET 10 SDK on PATH; install SDK 10.0.100 or later and try again" >&2
    exit 1
  fi
}

build() {
  dotnet build "$root/AkkaDurable.sln" -c Release -v quiet "$@"
}

# The value of one attribute of the <Counters/> element in a .trx file.
counter() {
  local value
  value="$(sed -n "s/.*<Counters.*[[:space:]]$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1)"
  echo "${value:-0}"
}

# Why tests were skipped, each reason once with its count.
skip_reasons() {
  sed -n '/outcome="NotExecuted"/,/<\/UnitTestResult>/s/.*<Message>\(.*\)<\/Message>.*/\1/p' "$1" | sort | uniq -c | sed 's/^ *\([0-9]*\) /      skipped \1: /'
}

# Runs the test projects one by one and ends with the line "N passed, N failed[, N skipped]".
# $1: fast (without *.Process.Tests) or all; the rest goes to dotnet test.
# A project that did not finish, or found no test although nobody filtered, counts as one failure: green has to be earned.
run_tests() {
  local which="$1"; shift
  local results="$root/artifacts/test-results" summary="" passed=0 failed=0 skipped=0
  local project name trx code p f s note
  build
  rm -rf "$results"

  for project in "$root"/tests/*/*.Tests.csproj; do
    if [[ "$which" == fast && "$project" == *.Process.Tests.csproj ]]; then continue; fi
    name="$(basename "$project" .csproj)" code=0 p=0 f=0 s=0 note=""
    trx="$results/$name.trx"
    echo "== $name"
    dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
      --blame-hang-timeout 10m --blame-hang-dump-type none "$@" || code=$?
    if [[ -f "$trx" ]]; then
      p="$(counter "$trx" passed)" f="$(counter "$trx" failed)"
      s=$(($(counter "$trx" total) - $(counter "$trx" executed)))
    fi
    if ((code != 0 && f == 0)); then
      note=" (did not finish: dotnet test ended with $code)" f=1
    elif ((p + f + s == 0 && $# == 0)); then
      note=" (found no test)" f=1
    fi
    summary+="   $name: $p passed, $f failed, $s skipped$note"$'\n'
    if ((s > 0)); then summary+="$(skip_reasons "$trx")"$'\n'; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done

  printf '\n%s' "$summary"
  if ((passed + failed == 0)); then
    echo "build.sh: no test ran" >&2
  fi
  if ((skipped > 0)); then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  ((passed > 0 && failed == 0))
}

pack() {
  local out="$root/artifacts/packages" project
  rm -rf "$out"
  for project in "$root"/src/*/*.csproj; do
    dotnet pack "$project" -c Release -v quiet -o "$out" "$@"
  done
  ls -l "$out"
}

verb="${1-}"
if (($# > 0)); then shift; fi

case "$verb" in
  help | -h | --help) usage; exit 0 ;;
  '' | build | test | test-slow | demo | demo-regions | demo-chat | demo-telemetry | bench | pack) need_sdk ;;
  *) echo "build.sh: unknown verb '$verb'" >&2; usage >&2; exit 2 ;;
esac

case "$verb" in
  build) build "$@" ;;
  '' | test) run_tests fast "$@" ;;
  test-slow) AKKADURABLE_SLOW=1 run_tests all "$@" ;;
  demo) dotnet run -c Release --project "$root/examples/02-ChangeStats" -- demo "$@" ;;
  demo-regions) dotnet run -c Release --project "$root/examples/03-TwoRegions" -- "$@" ;;
  demo-chat) dotnet run -c Release --project "$root/examples/04-ChatRooms" -- demo "$@" ;;
  demo-telemetry) dotnet run -c Release --project "$root/examples/06-Telemetry" -- "$@" ;;
  bench) dotnet run -c Release --project "$root/benchmarks/AkkaDurable.Benchmarks" -- "$@" ;;
  pack) pack "$@" ;;
esac
