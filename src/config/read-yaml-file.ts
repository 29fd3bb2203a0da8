import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

const maxFileBytes = 1_048_576;

export interface YamlFile {
  readonly value: Record<string, unknown>;
  /** The line, counted from 1, of what stands at a path; of the nearest thing above it where nothing does. */
  lineAt(path: readonly PropertyKey[]): number;
}

/**
 * Reads a YAML (or JSON) file that holds a map, up to 1 MiB. Throws `ConfigError` without quoting the file: it may hold
 * secrets. `called` is what the file is to the reader, e.g. `configFile`; `holds` what must be in it.
 */
export function readYamlFile(path: string, called: string, holds: string): YamlFile {
  const text = readText(path, called);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, version: '1.2', merge: false });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    throw new ConfigError(
      errors.slice(0, 5).map((error) => {
        const { line, col } = lineCounter.linePos(error.pos[0]);
        return `${path} is not well-formed YAML at line ${line}, column ${col}: ${error.code.toLowerCase().replaceAll('_', ' ')}`;
      }),
    );
  }
  const value: unknown = toPlain(document, path) ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new ConfigError([`${path} must hold a map of ${holds}`]);
  return {
    value: value as Record<string, unknown>,
    lineAt(at) {
      for (let length = at.length; length > 0; length -= 1) {
        const node = document.getIn(at.slice(0, length), true);
        if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
      }
      return 1;
    },
  };
}

function readText(path: string, called: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ConfigError([`${called} ${path} cannot be read: ${code}`], { cause: error });
  }
  if (bytes.length > maxFileBytes)
    throw new ConfigError([`${path} has ${bytes.length} bytes, at most ${maxFileBytes} are allowed`]);
  return bytes.toString('utf8');
}

function toPlain(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigError([`${path} uses an alias that is unknown, or aliases too often`], { cause: error });
  }
}
