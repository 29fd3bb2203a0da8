import { readTokens, type Token } from './read-tokens.ts';
import { type Command, type Redirect, type Script, ShellSyntaxError, type Word } from './script.ts';

/** Words that end a list of commands where they stand in a command's place. */
const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', '}']);
const maxDepth = 20;

/** Parses the part of POSIX shell that the simulated `sh` knows. Throws `ShellSyntaxError`. */
export function parseScript(text: string, depth = 0): Script {
  if (depth > maxDepth) throw new ShellSyntaxError('nested too deeply');
  const tokens = readTokens(text, (inner) => parseScript(inner, depth + 1));
  const parser = createParser(tokens);
  const script = parser.list();
  parser.expectEnd();
  return script;
}

interface Parser {
  list(): Script;
  expectEnd(): void;
}

function createParser(tokens: readonly Token[]): Parser {
  let at = 0;
  let nesting = 0;

  const peek = (): Token | undefined => tokens[at];
  const isOperator = (...texts: string[]): boolean => {
    const token = peek();
    return token?.kind === 'operator' && texts.includes(token.text);
  };
  const isReserved = (...names: string[]): boolean => {
    const token = peek();
    return token?.kind === 'word' && token.plain !== undefined && names.includes(token.plain);
  };
  const skipNewlines = (): void => {
    while (isOperator('\n')) at += 1;
  };

  function unexpected(): ShellSyntaxError {
    const token = peek();
    if (token === undefined) return new ShellSyntaxError('syntax error: unexpected end of file', true);
    const shown = token.kind === 'word' ? (token.plain ?? 'word') : token.text === '\n' ? 'newline' : token.text;
    return new ShellSyntaxError(
      token.kind === 'word' && token.plain === undefined
        ? 'syntax error: unexpected word'
        : `syntax error: unexpected "${shown}"`,
    );
  }

  function expectReserved(name: string): void {
    if (!isReserved(name)) throw unexpected();
    at += 1;
  }

  function list(): Script {
    const commands: Command[] = [];
    for (;;) {
      while (isOperator('\n', ';') && (commands.length > 0 || isOperator('\n'))) at += 1;
      if (peek() === undefined || isOperator(')') || isReserved(...closers)) return commands;
      const command = andOr();
      if (isOperator('&')) {
        at += 1;
        commands.push({ kind: 'background', body: command });
        continue;
      }
      commands.push(command);
      if (peek() !== undefined && !isOperator(';', '\n', ')') && !isReserved(...closers)) throw unexpected();
    }
  }

  function andOr(): Command {
    let left = pipeline();
    while (isOperator('&&', '||')) {
      const kind = isOperator('&&') ? 'and' : 'or';
      at += 1;
      skipNewlines();
      left = { kind, left, right: pipeline() };
    }
    return left;
  }

  function pipeline(): Command {
    let isNegated = false;
    while (isReserved('!')) {
      isNegated = !isNegated;
      at += 1;
    }
    const first = command();
    const commands = [first];
    while (isOperator('|')) {
      at += 1;
      skipNewlines();
      commands.push(command());
    }
    return commands.length === 1 && !isNegated ? first : { kind: 'pipeline', commands, isNegated };
  }

  function command(): Command {
    nesting += 1;
    if (nesting > 100) throw new ShellSyntaxError('nested too deeply');
    try {
      if (isOperator('(')) {
        at += 1;
        const body = list();
        if (!isOperator(')')) throw unexpected();
        at += 1;
        return { kind: 'subshell', body, redirects: redirects() };
      }
      if (isReserved('{')) {
        at += 1;
        const body = list();
        expectReserved('}');
        return { kind: 'group', body, redirects: redirects() };
      }
      if (isReserved('if')) return ifCommand();
      if (isReserved('while', 'until')) {
        const isUntil = isReserved('until');
        at += 1;
        const condition = list();
        return { kind: 'loop', condition, isUntil, body: doGroup(), redirects: redirects() };
      }
      if (isReserved('for')) return forCommand();
      return simple();
    } finally {
      nesting -= 1;
    }
  }

  function ifCommand(): Command {
    const branches: { condition: Script; body: Script }[] = [];
    let otherwise: Script | undefined;
    at += 1;
    for (;;) {
      const condition = list();
      expectReserved('then');
      branches.push({ condition, body: list() });
      if (isReserved('elif')) {
        at += 1;
        continue;
      }
      if (isReserved('else')) {
        at += 1;
        otherwise = list();
      }
      expectReserved('fi');
      return { kind: 'if', branches, otherwise, redirects: redirects() };
    }
  }

  function forCommand(): Command {
    at += 1;
    const token = peek();
    if (token?.kind !== 'word' || token.plain === undefined || !/^[A-Za-z_]\w*$/.test(token.plain)) throw unexpected();
    const name = token.plain;
    at += 1;
    let words: Word[] | undefined;
    if (isReserved('in')) {
      at += 1;
      words = [];
      for (let next = peek(); next?.kind === 'word'; next = peek()) {
        words.push(next.word);
        at += 1;
      }
    }
    if (isOperator(';')) at += 1;
    skipNewlines();
    return { kind: 'for', name, words, body: doGroup(), redirects: redirects() };
  }

  function doGroup(): Script {
    expectReserved('do');
    const body = list();
    expectReserved('done');
    return body;
  }

  function redirects(): Redirect[] {
    const found: Redirect[] = [];
    for (let token = peek(); token?.kind === 'redirect'; token = peek()) {
      at += 1;
      const target = peek();
      if (target?.kind !== 'word') throw unexpected();
      at += 1;
      found.push({ descriptor: token.descriptor, operator: token.text, target: target.word });
    }
    return found;
  }

  function simple(): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const found: Redirect[] = [];
    for (;;) {
      found.push(...redirects());
      const token = peek();
      if (token?.kind !== 'word') break;
      at += 1;
      const assignment = words.length === 0 ? asAssignment(token.word) : undefined;
      if (assignment === undefined) words.push(token.word);
      else assignments.push(assignment);
    }
    if (assignments.length === 0 && words.length === 0 && found.length === 0) throw unexpected();
    return { kind: 'simple', assignments, words, redirects: found };
  }

  return {
    list,
    expectEnd() {
      if (peek() !== undefined) throw unexpected();
    },
  };
}

function asAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.isQuoted) return undefined;
  const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first.text);
  if (match === null) return undefined;
  const [, name = '', text = ''] = match;
  return { name, value: text === '' ? rest : [{ kind: 'text', text, isQuoted: false }, ...rest] };
}
