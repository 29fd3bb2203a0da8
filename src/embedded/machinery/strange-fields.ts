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
 * Sentences on the fields of a JSON text that are strange: `unknown` ones by their paths, and those that one object names
 * twice, in the order of the text. What is inside an unknown field is not looked at. `value` is what the text was parsed
 * to: as long as it has as many members as the text has names, the text is not read again.
 */
export function strangeFields(text: string, value: unknown, unknown: readonly string[]): string[] {
  let names = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) names += 1;
  if (names === countMembers(value)) return unknown.map(describeUnknown);
  const sentences = new Set<string>();
  for (const { path, isRepeated } of scan(text)) {
    const strange = unknown.find((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));
    if (strange !== undefined) sentences.add(describeUnknown(strange));
    else if (isRepeated) sentences.add(`duplicate field ${JSON.stringify(path)}`);
  }
  return [...sentences];
}

/** `unknown field "spec.foo"` */
export function describeUnknown(path: string): string {
  return `unknown field ${JSON.stringify(path)}`;
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

interface Member {
  readonly path: string;
  readonly isRepeated: boolean;
}

function scan(text: string): Member[] {
  const members: Member[] = [];
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
      members.push({ path: `${frame.path}${frame.step}`, isRepeated: frame.names.has(name) });
      frame.names.add(name);
      isName = false;
    }
  }
  return members;
}
