import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

const maxFileBytes = 1_048_576;

/**
 * Reads a YAML (or JSON) file of settings. Throws `ConfigError` without quoting the file: it may hold secrets.
 */
export function readConfigFile(path: string): Record<string, unknown> {
  const text = readText(path);
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
  const value: unknown = toPlain(document, path);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new ConfigError([`${path} must hold a map of settings`]);
  return value as Record<string, unknown>;
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ConfigError([`configFile ${path} cannot be read: ${code}`], { cause: error });
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
