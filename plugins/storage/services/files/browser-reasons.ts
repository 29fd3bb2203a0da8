/** Why something of a file browser is refused, as members of `PreconditionReason`. */
export const fileBrowserReasons = {
  FILE_BROWSER_NOT_OPEN: 'The file browser of the volume is not open.',
  NOT_BROWSABLE: 'The volume has no files that could be shown.',
  FILE_DENIED: 'The user of the file browser may not read or change the file.',
  NOT_A_FILE: 'What is named has no content that could be read or changed: a directory, a pipe, a device.',
} as const;
