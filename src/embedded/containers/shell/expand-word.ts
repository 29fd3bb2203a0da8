import { FileError, resolvePath } from '../files/file-tree.ts';
import { evaluateArithmetic } from './evaluate-arithmetic.ts';
import { matchesGlob } from './matches-glob.ts';
import type { Script, Word, WordPart } from './script.ts';
import { ShellError, type ShellState } from './shell-state.ts';

/** Runs the script of a `$( )` and returns what it wrote. */
export type Substitute = (script: Script) => Promise<string>;

/** No expansion becomes longer than this, nor do all words of a command together. */
export const maxExpansionBytes = 1024 * 1024;

interface Piece {
  text: string;
  isQuoted: boolean;
}

/** The fields a word becomes: none for an empty variable, several where an unquoted expansion has blanks. */
export async function expandWord(word: Word, state: ShellState, substitute: Substitute): Promise<string[]> {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  let length = 0;
  const append = (text: string, isQuoted: boolean): void => {
    length += text.length;
    if (length > maxExpansionBytes) throw new ShellError('argument list too long', 126);
    field ??= [];
    field.push({ text, isQuoted });
  };
  for (const part of word) {
    if (part.kind === 'variable' && part.name === '@' && part.isQuoted) {
      for (const [index, arg] of state.args.entries()) {
        if (index > 0 && field !== undefined) {
          fields.push(field);
          field = undefined;
        }
        append(arg, true);
      }
      continue;
    }
    const text = await expandPart(part, state, substitute);
    if (part.kind === 'text' || part.kind === 'arithmetic' || part.isQuoted) {
      append(text, part.kind !== 'text' || part.isQuoted);
      continue;
    }
    const pieces = text.split(/[ \t\n]+/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && field !== undefined) {
        fields.push(field);
        field = undefined;
      }
      if (piece !== '') append(piece, false);
    }
  }
  if (field !== undefined) fields.push(field);
  return fields.flatMap((pieces) => matchFiles(pieces, state));
}

/** The word as one string: assignments, redirections and here-documents are neither split nor matched. */
export async function expandText(word: Word, state: ShellState, substitute: Substitute): Promise<string> {
  let text = '';
  for (const part of word) text = bounded(text + (await expandPart(part, state, substitute)));
  return text.replace(/^~(?=\/|$)/, () => (word[0]?.kind === 'text' && !word[0].isQuoted ? homeOf(state) : '~'));
}

async function expandPart(part: WordPart, state: ShellState, substitute: Substitute): Promise<string> {
  return bounded(await valueOfPart(part, state, substitute));
}

function bounded(text: string): string {
  if (text.length > maxExpansionBytes) throw new ShellError('argument list too long', 126);
  return text;
}

async function valueOfPart(part: WordPart, state: ShellState, substitute: Substitute): Promise<string> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'command':
      return (await substitute(part.script)).replace(/\n+$/, '');
    case 'arithmetic':
      try {
        return String(evaluateArithmetic(part.text, (name) => state.variables.get(name) ?? '0'));
      } catch (error) {
        if (error instanceof RangeError) throw new ShellError(error.message, 2);
        throw error;
      }
    case 'variable': {
      const value = variableOf(part.name, state);
      const { operator } = part;
      if (operator === undefined) return value ?? '';
      if (operator.sign === '#length') return String((value ?? '').length);
      const isSet = value !== undefined && value !== '';
      if (operator.sign === '+') return isSet ? expandText(operator.word, state, substitute) : '';
      if (isSet) return value;
      const fallback = await expandText(operator.word, state, substitute);
      if (operator.sign === '?') throw new ShellError(`${part.name}: ${fallback || 'parameter not set'}`, 2);
      if (operator.sign === '=') state.variables.set(part.name, fallback);
      return fallback;
    }
  }
}

function variableOf(name: string, state: ShellState): string | undefined {
  switch (name) {
    case '?':
      return String(state.lastStatus);
    case '$':
      return String(state.pid);
    case '#':
      return String(state.args.length);
    case '@':
    case '*':
      return state.args.join(' ');
    case '0':
      return state.name;
    case '!':
    case '-':
      return '';
    case 'PWD':
      return state.cwd;
    case 'COLUMNS':
      return state.machine.terminal === undefined ? state.variables.get(name) : String(state.machine.terminal.columns);
    case 'LINES':
      return state.machine.terminal === undefined ? state.variables.get(name) : String(state.machine.terminal.rows);
    default:
      return /^\d+$/.test(name) ? state.args[Number(name) - 1] : state.variables.get(name);
  }
}

function homeOf(state: ShellState): string {
  return state.variables.get('HOME') ?? '/root';
}

/** Unquoted `*`, `?` and `[ ]` become the names they match; a pattern that matches nothing stays as it is. */
function matchFiles(pieces: readonly Piece[], state: ShellState): string[] {
  const [first] = pieces;
  const plain = pieces.map(({ text }) => text).join('');
  if (first !== undefined && !first.isQuoted && /^~(\/|$)/.test(first.text)) {
    return [homeOf(state) + plain.slice(1)];
  }
  if (!pieces.some(({ text, isQuoted }) => !isQuoted && /[*?[]/.test(text))) return [plain];
  const pattern = pieces.map(({ text, isQuoted }) => (isQuoted ? text.replace(/[*?[\]\\]/g, '\\$&') : text)).join('');
  const segments = pattern.split('/').filter((segment, index) => segment !== '' || index === 0);
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const [index, segment] of (pattern.startsWith('/') ? segments.slice(1) : segments).entries()) {
    const next: string[] = [];
    for (const base of found) {
      const prefix = index === 0 ? base : `${base}/`;
      for (const name of namesIn(resolvePath(state.cwd, base === '' ? '.' : base), state)) {
        if (name.startsWith('.') && !segment.startsWith('.')) continue;
        if (matchesGlob(segment, name)) next.push(`${prefix}${name}`);
      }
    }
    found = next;
  }
  return found.length === 0 ? [plain] : found.sort();
}

function namesIn(path: string, state: ShellState): string[] {
  try {
    return state.machine.files.list(path);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
