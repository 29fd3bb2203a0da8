import { enterDirectory, fileEnds, needsPrograms, regularFile } from 'longshore/sdk';

/** Word 4: anything to only look. Writes the line of `readFileScript` as it was before. */
export const truncateScript = `${needsPrograms('stat readlink')}
${enterDirectory}
${regularFile}
[ -w "$file" ] || exit ${fileEnds.denied}
stat -c '%s %Y %i' "$file" || exit ${fileEnds.notThere}
[ -z "$4" ] || exit 0
(: > "$file") || exit ${fileEnds.denied}`;

/** Word 4: anything to only look. Writes the same line. Of a link the link goes, wherever it leads. */
export const deleteScript = `${needsPrograms('stat rm')}
${enterDirectory}
file="./$3"
[ -e "$file" ] || [ -L "$file" ] || exit ${fileEnds.notThere}
[ -L "$file" ] || [ -f "$file" ] || exit ${fileEnds.notAFile}
[ -w . ] || exit ${fileEnds.denied}
stat -c '%s %Y %i' "$file" || exit ${fileEnds.notThere}
[ -z "$4" ] || exit 0
rm -f "$file" || exit ${fileEnds.denied}`;
