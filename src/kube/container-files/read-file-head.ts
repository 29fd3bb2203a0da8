/** What a script tells of a file before its content. */
export interface FileHead {
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Tells a file from the next one that takes its name. */
  readonly inode: string;
  /** How many bytes of the output told it. */
  readonly length: number;
}

const pattern = /^(\d{1,16}) (-?\d{1,12}) (\d{1,20})\n/;

/** Reads the line that `readFileScript` begins with; undefined while it is not there. */
export function readFileHead(output: Buffer): FileHead | undefined {
  const match = pattern.exec(output.subarray(0, 64).toString('latin1'));
  if (!match) return undefined;
  const [head, size, seconds, inode = ''] = match;
  return { sizeBytes: Number(size), modifiedAt: new Date(Number(seconds) * 1_000), inode, length: head.length };
}
