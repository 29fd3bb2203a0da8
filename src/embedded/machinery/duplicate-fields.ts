import { isJsonObject } from './json.ts';

const token = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/y;

interface Frame {
  readonly path: string;
  /** Undefined inside a list. */
  readonly names: Set<string> | undefined;
  /** The member or element that is being read. */
  step: string;
  index: number;
}

/**
 * Paths of the members that occur twice in one object of a JSON text, such as `spec.replicas`. `value` is what the text
 * was parsed to: as long as it has as many members as the text has names, the text is not read again.
 */
export function duplicateFields(text: string, value: unknown): string[] {
  let names = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) names += 1;
  return names === countMembers(value) ? [] : scan(text);
}

function countMembers(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countMembers(item);
  else if (isJsonObject(value)) {
    for (const name in value) {
      count += 1;
      const member = value[name];
      if (typeof member === 'object') count += countMembers(member);
    }
  }
  return count;
}

function scan(text: string): string[] {
  const duplicates: string[] = [];
  const frames: Frame[] = [];
  let isName = false;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const part = match[1] ?? '';
    const frame = frames.at(-1);
    if (part === '{' || part === '[') {
      const path = frame === undefined ? '' : `${frame.path}${frame.step}`;
      frames.push({ path, names: part === '{' ? new Set() : undefined, step: part === '[' ? '[0]' : '', index: 0 });
      isName = part === '{';
    } else if (part === '}' || part === ']') {
      frames.pop();
      isName = false;
    } else if (part === ',') {
      isName = frame?.names !== undefined;
      if (frame !== undefined && frame.names === undefined) {
        frame.index += 1;
        frame.step = `[${frame.index}]`;
      }
    } else if (part !== ':' && isName && frame?.names !== undefined) {
      const name = String(JSON.parse(part));
      frame.step = frame.path === '' ? name : `.${name}`;
      if (frame.names.has(name)) duplicates.push(`${frame.path}${frame.step}`);
      frame.names.add(name);
      isName = false;
    }
  }
  return duplicates;
}
