import { enterDirectory, fileEnds, needsPrograms } from 'longshore/sdk';

/** Statuses with which scripts on volumes end, besides those of `fileEnds`. */
export const volumeEnds = {
  ...fileEnds,
  /** Something of that name is there. */
  exists: 78,
  /** There is no room for it. */
  full: 79,
  /** The directory has something in it. */
  notEmpty: 80,
  /** The directory that it is to go to is not there. */
  noTarget: 81,
  /** A directory would go into itself. */
  intoItself: 82,
} as const;

const there = `file="./$3"
[ -e "$file" ] || [ -L "$file" ] || exit ${volumeEnds.notThere}`;
const writable = `[ -w . ] || exit ${volumeEnds.denied}`;
const tell = `stat -c '%s %Y %i' "$file"`;

/** Writes what `listFilesScript` does, of this entry alone. A link is not followed. */
export const statScript = `${needsPrograms('stat')}
${enterDirectory}
${there}
printf '%s\\000\\000' "$file"
stat -c '%s %Y %f %n' "$file" || exit ${volumeEnds.notThere}
printf '\\000'`;

/** Word 4: anything to only look. */
export const createDirectoryScript = `${needsPrograms('stat mkdir')}
${enterDirectory}
file="./$3"
[ ! -e "$file" ] && [ ! -L "$file" ] || exit ${volumeEnds.exists}
${writable}
[ -z "$4" ] || exit 0
mkdir "$file" 2>/dev/null || exit ${volumeEnds.denied}
${tell}`;

/** Words 4 and 5: anything to take a directory with all that is in it, and anything to only look. Of a link the link goes, wherever it leads. */
export const deleteScript = `${needsPrograms('stat rm rmdir find head')}
${enterDirectory}
${there}
${writable}
if [ -d "$file" ] && [ ! -L "$file" ] && [ -z "$4" ]; then
  [ -z "$(find "$file" -mindepth 1 -maxdepth 1 2>/dev/null | head -c 1)" ] || exit ${volumeEnds.notEmpty}
fi
${tell} || exit ${volumeEnds.notThere}
[ -z "$5" ] || exit 0
if [ ! -d "$file" ] || [ -L "$file" ]; then rm -f "$file" 2>/dev/null || exit ${volumeEnds.denied}
elif [ -n "$4" ]; then rm -rf "$file" 2>/dev/null || exit ${volumeEnds.denied}
else rmdir "$file" 2>/dev/null || exit ${volumeEnds.denied}
fi`;

/**
 * Words 4 to 7: the directory and the name that it shall have, anything to take the place of what is there, and anything to only look. A
 * directory is never replaced, and nothing is moved into one by its name alone.
 */
export const moveScript = `${needsPrograms('stat mv')}
${enterDirectory}
${there}
${writable}
from="$PWD/$3"
cd -P -- "$root" || exit ${volumeEnds.notThere}
cd -P -- "./$4" || exit ${volumeEnds.noTarget}
(until [ "$PWD" = "$root" ]; do [ "$PWD" != / ] || exit 1; cd -P .. || exit 1; done) || exit ${volumeEnds.outside}
to="./$5"
[ "$PWD/$5" != "$from" ] || exit ${volumeEnds.exists}
(until [ "$PWD" = "$root" ]; do [ "$PWD" != "$from" ] || exit 1; cd -P .. || exit 1; done) || exit ${volumeEnds.intoItself}
[ ! -d "$to" ] || exit ${volumeEnds.exists}
if [ -z "$6" ]; then [ ! -e "$to" ] && [ ! -L "$to" ] || exit ${volumeEnds.exists}; fi
${writable}
file=$from
${tell} || exit ${volumeEnds.notThere}
[ -z "$7" ] || exit 0
mv -f "$from" "$to" 2>/dev/null || exit ${volumeEnds.denied}`;

const free = `[ ! -d "$file" ] || exit ${volumeEnds.notAFile}
if [ -z "$5" ]; then [ ! -e "$file" ] && [ ! -L "$file" ] || exit ${volumeEnds.exists}; fi`;

/**
 * Words 4 to 6: how many bytes are read from the input, anything to take the place of a file that is there, and the name that it has until
 * it is whole; none to only look. What is not whole goes: also where the input ends early, or the container is told to end.
 */
export const uploadScript = `${needsPrograms('head stat mv rm')}
${enterDirectory}
file="./$3"
${free}
${writable}
[ -n "$6" ] || exit 0
part="./$6"
trap 'rm -f "$part"; exit ${volumeEnds.broken}' HUP INT TERM
head -c "$4" > "$part" 2>/dev/null
if [ "$(stat -c %s "$part" 2>/dev/null)" != "$4" ]; then rm -f "$part"; exit ${volumeEnds.full}; fi
(${free}) || { end=$?; rm -f "$part"; exit $end; }
mv -f "$part" "$file" 2>/dev/null || { rm -f "$part"; exit ${volumeEnds.denied}; }
${tell}`;
