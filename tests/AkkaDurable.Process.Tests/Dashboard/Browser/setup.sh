#!/usr/bin/env bash
# What the dashboard's tests need: a chromium, and playwright-core and axe-core in FOLDER. Installs what is missing, as far as it may; the last line it prints says what could not be had.
set -euo pipefail
folder="${1:?the folder for packages}"
mkdir -p "$folder"

find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "no Node.js (node and npm) on PATH" >&2
  exit 1
fi

if [[ -z "$(find_browser)" ]]; then
  if [[ "$(id -u)" == 0 ]] && command -v apt-get > /dev/null; then
    (apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) > "$folder/apt.log" 2>&1 || true
  fi
  if [[ -z "$(find_browser)" ]]; then
    echo "no chromium on PATH, and apt-get could not install it" >&2
    exit 1
  fi
fi

if [[ ! -d "$folder/node_modules/playwright-core" || ! -d "$folder/node_modules/axe-core" ]]; then
  # Or npm would take a folder above for the one that is meant.
  echo '{ "private": true }' > "$folder/package.json"
  (cd "$folder" && npm install --no-save --no-audit --no-fund --silent playwright-core@1.65 axe-core@4.14) > /dev/null 2>&1 || {
    echo "npm could not install playwright-core and axe-core" >&2
    exit 1
  }
fi

find_browser
