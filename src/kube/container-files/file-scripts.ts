/**
 * What is run in a container to look at its files, by its `sh` (POSIX) and a few programs that BusyBox and the coreutils have. Nothing of a
 * caller's stands in a script: it comes as words behind it.
 *
 * Words: the root, which nothing may lead out of; the directory in it, `.` for itself; the name of a file in that; then the script's own.
 */

/** Statuses with which a script ends. */
export const fileEnds = {
  /** A program is missing; its name is the output. */
  noProgram: 71,
  /** It is not there, or cannot be entered. */
  notThere: 72,
  /** It lies outside of the root, behind a link. */
  outside: 73,
  /** The container's user may not. */
  denied: 74,
  /** It is a link; where it leads is the output. */
  link: 75,
  /** It is no regular file: a directory, a pipe or a device. */
  notAFile: 76,
  /** Reading or writing broke off. */
  broken: 77,
} as const;

/** Ends a script where one of these programs, with spaces between them, is missing. */
export const needsPrograms = (programs: string): string =>
  `for tool in ${programs}; do command -v "$tool" >/dev/null 2>&1 || { echo "$tool"; exit ${fileEnds.noProgram}; }; done`;

/** Goes into the directory and looks, from there upwards, whether it is in the root when all links are followed. */
export const enterDirectory = `cd -P -- "$1" || exit ${fileEnds.notThere}
root=$PWD
cd -P -- "./$2" || exit ${fileEnds.notThere}
(until [ "$PWD" = "$root" ]; do [ "$PWD" != / ] || exit 1; cd -P .. || exit 1; done) || exit ${fileEnds.outside}`;

/** A link is never followed here: whoever asks decides whether it leads where they may go. */
export const regularFile = `file="./$3"
[ ! -L "$file" ] || { readlink "$file"; exit ${fileEnds.link}; }
[ -e "$file" ] || exit ${fileEnds.notThere}
[ -f "$file" ] || exit ${fileEnds.notAFile}`;

/**
 * Word 4: most bytes of the answer. Writes for some names at a time each of them behind itself a NUL, a NUL, a line for each that is
 * still there, and a NUL. A directory is read no further than its names fit: a shell that expands all of it could take the memory of its container.
 */
export const listFilesScript = `${needsPrograms('find stat head')}
${enterDirectory}
[ -r . ] || exit ${fileEnds.denied}
find . -mindepth 1 -maxdepth 1 -exec sh -c 'printf "%s\\000" "$@"; printf "\\000"; stat -c "%s %Y %f %n" "$@" 2>/dev/null; printf "\\000"' sh {} + 2>/dev/null | head -c "$4"`;

export const fileBlockBytes = 4_096;

/**
 * Words 4 and 5: from which byte on, or nothing for the end of the file, and how many. Writes a line with size, time and number of the
 * file, then the blocks in which those bytes are.
 */
export const readFileScript = `${needsPrograms('stat dd readlink')}
${enterDirectory}
${regularFile}
[ -r "$file" ] || exit ${fileEnds.denied}
from=$4
count=$5
set -- $(stat -c '%s %Y %i' "$file")
[ $# -eq 3 ] || exit ${fileEnds.notThere}
echo "$1 $2 $3"
size=$1
[ -n "$from" ] || from=$((size - count))
[ "$from" -ge 0 ] || from=0
[ "$from" -lt "$size" ] || exit 0
dd if="$file" bs=${fileBlockBytes} skip=$((from / ${fileBlockBytes})) count=$(((count + ${2 * fileBlockBytes - 1}) / ${fileBlockBytes})) 2>/dev/null || exit ${fileEnds.broken}`;
