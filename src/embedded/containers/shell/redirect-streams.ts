import { type ByteReader, type ByteWriter, emptyReader, nullWriter, readerOf } from '../byte-pipe.ts';
import { FileError, resolvePath } from '../files/file-tree.ts';
import { expandText, type Substitute } from './expand-word.ts';
import type { Redirect } from './script.ts';
import { ShellError, type ShellState, type Streams } from './shell-state.ts';

/** The streams of a command: those of its shell, but for what its redirections open instead. */
export async function redirectStreams(
  redirects: readonly Redirect[],
  { state, streams }: { readonly state: ShellState; readonly streams: Streams },
  substitute: Substitute,
): Promise<Streams> {
  const descriptors = new Map<number, ByteReader | ByteWriter>([
    [0, streams.stdin],
    [1, streams.stdout],
    [2, streams.stderr],
  ]);
  for (const { descriptor, operator, target } of redirects) {
    const text = await expandText(target, state, substitute);
    if (operator === '<<') descriptors.set(descriptor, readerOf(Buffer.from(text)));
    else if (operator === '>&') {
      const source = descriptors.get(Number(text));
      if (source === undefined) throw new ShellError(`${text}: Bad file descriptor`, 2);
      descriptors.set(descriptor, source);
    } else if (text === '/dev/null') {
      descriptors.set(descriptor, operator === '<' ? emptyReader : nullWriter);
    } else if (['/dev/stdout', '/dev/stderr', '/proc/1/fd/1', '/proc/1/fd/2'].includes(text)) {
      descriptors.set(descriptor, text.endsWith('stderr') ? streams.stderr : streams.stdout);
    } else descriptors.set(descriptor, openFile(text, operator, state));
  }
  return {
    stdin: descriptors.get(0) as ByteReader,
    stdout: descriptors.get(1) as ByteWriter,
    stderr: descriptors.get(2) as ByteWriter,
  };
}

function openFile(name: string, operator: '<' | '>' | '>>', state: ShellState): ByteReader | ByteWriter {
  const { files } = state.machine;
  const path = resolvePath(state.cwd, name);
  try {
    if (operator === '<') return readerOf(files.read(path));
    files.write(path, new Uint8Array(), { append: operator === '>>' });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const verb = operator === '<' ? 'open' : 'create';
    const words = state.name === 'bash' ? `${name}: ${error.message}` : `can't ${verb} ${name}: ${shorten(error)}`;
    throw new ShellError(words, 1);
  }
  return {
    write(data) {
      try {
        files.write(path, typeof data === 'string' ? Buffer.from(data) : data, { append: true });
        return Promise.resolve();
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return Promise.reject(new ShellError(`write error: ${error.message}`, 1));
      }
    },
  };
}

/** Busybox says it shorter than the C library. */
function shorten(error: FileError): string {
  return error.code === 'ENOENT' ? 'no such file' : error.message;
}
