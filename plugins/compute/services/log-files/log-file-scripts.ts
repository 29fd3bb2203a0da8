/**
 * What is run in a container, by its `sh` (POSIX) and a few programs that BusyBox and the coreutils have. Nothing of a caller's stands
 * in a script: it comes as words behind it.
 *
 * Words: the log directory; the directory in it, `.` for itself; the name of a file in that; then the script's own.
 */

/** Statuses with which a script ends. */
export const ends = {
  /** A program is missing; its name is the output. */
  noProgram: 71,
  /** It is not there, or cannot be entered. */
  notThere: 72,
  /** It lies outside of the log directory, behind a link. */
  outside: 73,
  /** The container's user may not. */
  denied: 74,
  /** It is a link; where it leads is the output. */
  link: 75,
  /** It is no regular file: a directory, a pipe or a device. */
  notAFile: 76,
  /** Reading broke off. */
  broken: 77,
} as const;

const needs = (programs: string): string =>
  `for tool in ${programs}; do command -v "$tool" >/dev/null 2>&1 || { echo "$tool"; exit ${ends.noProgram}; }; done`;

/** Goes into the directory and looks, from there upwards, whether it is in the log directory when all links are followed. */
const enter = `cd -P -- "$1" || exit ${ends.notThere}
root=$PWD
cd -P -- "./$2" || exit ${ends.notThere}
(until [ "$PWD" = "$root" ]; do [ "$PWD" != / ] || exit 1; cd -P .. || exit 1; done) || exit ${ends.outside}`;

/** A link is never followed here: whoever asks decides whether it leads where they may go. */
const regularFile = `file="./$3"
[ ! -L "$file" ] || { readlink "$file"; exit ${ends.link}; }
[ -e "$file" ] || exit ${ends.notThere}
[ -f "$file" ] || exit ${ends.notAFile}`;

/**
 * Word 4: most bytes of the answer. Writes for some names at a time each of them behind itself a NUL, a NUL, a line for each that is
 * still there, and a NUL. A directory is read no further than its names fit: a shell that expands all of it could take the memory of its container.
 */
export const listScript = `${needs('find stat head')}
${enter}
[ -r . ] || exit ${ends.denied}
find . -mindepth 1 -maxdepth 1 -exec sh -c 'printf "%s\\000" "$@"; printf "\\000"; stat -c "%s %Y %f %n" "$@" 2>/dev/null; printf "\\000"' sh {} + 2>/dev/null | head -c "$4"`;

export const blockBytes = 4_096;

/**
 * Words 4 and 5: from which byte on, or nothing for the end of the file, and how many. Writes a line with size, time and number of the
 * file, then the blocks in which those bytes are.
 */
export const readScript = `${needs('stat dd readlink')}
${enter}
${regularFile}
[ -r "$file" ] || exit ${ends.denied}
from=$4
count=$5
set -- $(stat -c '%s %Y %i' "$file")
[ $# -eq 3 ] || exit ${ends.notThere}
echo "$1 $2 $3"
size=$1
[ -n "$from" ] || from=$((size - count))
[ "$from" -ge 0 ] || from=0
[ "$from" -lt "$size" ] || exit 0
dd if="$file" bs=${blockBytes} skip=$((from / ${blockBytes})) count=$(((count + ${2 * blockBytes - 1}) / ${blockBytes})) 2>/dev/null || exit ${ends.broken}`;

/** Word 4: anything to only look. Writes the line of `readScript` as it was before. */
export const truncateScript = `${needs('stat readlink')}
${enter}
${regularFile}
[ -w "$file" ] || exit ${ends.denied}
stat -c '%s %Y %i' "$file" || exit ${ends.notThere}
[ -z "$4" ] || exit 0
(: > "$file") || exit ${ends.denied}`;

/** Word 4: anything to only look. Writes the same line. Of a link the link goes, wherever it leads. */
export const deleteScript = `${needs('stat rm')}
${enter}
file="./$3"
[ -e "$file" ] || [ -L "$file" ] || exit ${ends.notThere}
[ -L "$file" ] || [ -f "$file" ] || exit ${ends.notAFile}
[ -w . ] || exit ${ends.denied}
stat -c '%s %Y %i' "$file" || exit ${ends.notThere}
[ -z "$4" ] || exit 0
rm -f "$file" || exit ${ends.denied}`;
