import { UpstreamError } from '../../kernel/answer-error.ts';
import { type CommandOutputOptions, commandOutput } from '../sessions/command-output.ts';
import { fileBlockBytes, fileEnds } from './file-scripts.ts';
import { type FileHead, readFileHead } from './read-file-head.ts';

/**
 * A whole file as it is now, by `readFileScript` from its begin on, as fast as it is taken. `fail` says what comes of a script that ended
 * with a status (`fileEnds`). Throws `UpstreamError` from `chunks` where the file became shorter meanwhile: it is cut off, never taken for
 * the whole. Whoever does not read `chunks` ends them (`return`).
 */
export async function openFileOutput(
  options: CommandOutputOptions,
  fail: (exitCode: number, output: Buffer) => Error,
): Promise<{ readonly head: FileHead; readonly chunks: AsyncGenerator<Uint8Array, void, undefined> }> {
  const output = commandOutput(options);
  let begun = Buffer.alloc(0);
  let head: FileHead | undefined;
  try {
    while (!head) {
      const next = await output.next();
      if (next.done) throw fail(next.value || fileEnds.broken, begun);
      begun = Buffer.concat([begun, next.value]);
      head = readFileHead(begun);
      if (!head && begun.length > fileBlockBytes) throw fail(fileEnds.broken, begun);
    }
  } catch (error) {
    await output.return(0);
    throw error;
  }
  return { head, chunks: wholeFile(begun.subarray(head.length), output, head, options) };
}

async function* wholeFile(
  begun: Buffer,
  output: AsyncGenerator<Buffer, number, undefined>,
  { sizeBytes }: FileHead,
  { command: { container, pod } }: CommandOutputOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = sizeBytes;
  try {
    for (let chunk = begun; left > 0; ) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) yield part;
      if (left === 0) return;
      const next = await output.next();
      if (next.done) {
        const why = `A file of container '${container}' in pod '${pod}' became shorter while it was read`;
        throw new UpstreamError(`container ${container}`, why);
      }
      chunk = next.value;
    }
  } finally {
    await output.return(0);
  }
}
