#!/bin/sh
# Copies what the programs and libraries below a folder are linked to, from this machine into that folder, each to the
# place at which the loader looks for it.
set -eu
root=$(cd "$1" && pwd -P)

find "$root" -type f \( -name java -o -name jspawnhelper -o -name '*.so' \) -exec ldd {} + \
  | sed -n 's/^[^/]*\(\/.*\) (.*/\1/p' | sort -u \
  | while read -r file; do
    case $file in
      "$root"/*) ;; # its own
      *)
        mkdir -p "$root${file%/*}"
        cp -L "$file" "$root$file"
        ;;
    esac
  done
