import { ShellSyntaxError, type Word, type WordPart } from './script.ts';

export type Token =
  | {
      readonly kind: 'word';
      readonly word: Word /** Set when the word is plain text without quotes. */;
      readonly plain?: string;
    }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly text: '<' | '>' | '>>' | '>&' | '<<'; readonly descriptor: number };

/** Parses what stands in `$( )` and backquotes. */
export type ParseInner = (text: string) => readonly import('./script.ts').Command[];

const operators = ['&&', '||', ';;', ';', '|', '&', '(', ')', '\n'];
const maxDepth = 20;

/** Splits a script into words and operators. Throws `ShellSyntaxError` on quotes that are not closed. */
export function readTokens(text: string, parseInner: ParseInner, depth = 0): Token[] {
  if (depth > maxDepth) throw new ShellSyntaxError('nested too deeply');
  const tokens: Token[] = [];
  const pendingDocuments: { index: number; end: string; isRaw: boolean; stripsTabs: boolean }[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\r') {
      at += 1;
      continue;
    }
    if (char === '\\' && text[at + 1] === '\n') {
      at += 2;
      continue;
    }
    if (char === '#') {
      while (at < text.length && text[at] !== '\n') at += 1;
      continue;
    }
    const redirect = /^(\d?)(<<-?|>>|>&|>\||<|>)/.exec(text.slice(at, at + 4));
    if (redirect !== null) {
      at += redirect[0].length;
      const sign = redirect[2] ?? '>';
      const operator = sign === '>|' ? '>' : sign === '<<-' ? '<<' : (sign as '<' | '>' | '>>' | '>&' | '<<');
      const isInput = operator === '<' || operator === '<<';
      tokens.push({
        kind: 'redirect',
        text: operator,
        descriptor: redirect[1] === '' ? (isInput ? 0 : 1) : Number(redirect[1]),
      });
      if (operator === '<<') {
        while (text[at] === ' ') at += 1;
        const word = /^(?:'([^'\n]*)'|"([^"\n]*)"|([^\s;&|<>()]+))/.exec(text.slice(at));
        if (word === null) throw new ShellSyntaxError('syntax error: unexpected redirection');
        at += word[0].length;
        const isRaw = word[3] === undefined;
        const end = word[1] ?? word[2] ?? word[3] ?? '';
        pendingDocuments.push({ index: tokens.length, end, isRaw, stripsTabs: sign === '<<-' });
        tokens.push({ kind: 'word', word: [] });
      }
      continue;
    }
    const operator = operators.find((each) => text.startsWith(each, at));
    if (operator !== undefined) {
      at += operator.length;
      tokens.push({ kind: 'operator', text: operator });
      if (operator === '\n') at = takeDocuments(at);
      continue;
    }
    const { word, end } = readWord(text, at, parseInner, depth);
    const [only] = word;
    const plain = word.length === 1 && only?.kind === 'text' && !only.isQuoted ? only.text : undefined;
    tokens.push({ kind: 'word', word, ...(plain === undefined ? {} : { plain }) });
    at = end;
  }
  if (pendingDocuments.length > 0) throw new ShellSyntaxError('syntax error: unterminated here-document', true);
  return tokens;

  function takeDocuments(from: number): number {
    let next = from;
    for (const document of pendingDocuments.splice(0)) {
      let body = '';
      for (;;) {
        if (next >= text.length) throw new ShellSyntaxError('syntax error: unterminated here-document', true);
        const lineEnd = text.indexOf('\n', next);
        const raw = text.slice(next, lineEnd < 0 ? text.length : lineEnd);
        const line = document.stripsTabs ? raw.replace(/^\t+/, '') : raw;
        next = lineEnd < 0 ? text.length : lineEnd + 1;
        if (line === document.end) break;
        body += `${line}\n`;
      }
      const word: Word = document.isRaw
        ? [{ kind: 'text', text: body, isQuoted: true }]
        : readQuoted(body, 0, undefined, parseInner, depth).parts;
      tokens[document.index] = { kind: 'word', word };
    }
    return next;
  }
}

function readWord(text: string, from: number, parseInner: ParseInner, depth: number): { word: Word; end: number } {
  const parts: WordPart[] = [];
  let plain = '';
  let at = from;
  const flush = (): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain, isQuoted: false });
    plain = '';
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/[\s;&|<>()]/.test(char)) break;
    if (char === '\\') {
      if (text[at + 1] === '\n') at += 2;
      else {
        flush();
        parts.push({ kind: 'text', text: text[at + 1] ?? '\\', isQuoted: true });
        at += 2;
      }
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
      flush();
      parts.push({ kind: 'text', text: text.slice(at + 1, end), isQuoted: true });
      at = end + 1;
    } else if (char === '"') {
      flush();
      const quoted = readQuoted(text, at + 1, '"', parseInner, depth);
      parts.push(...(quoted.parts.length === 0 ? [{ kind: 'text', text: '', isQuoted: true } as const] : quoted.parts));
      at = quoted.end;
    } else if (char === '$' || char === '`') {
      const expansion = readExpansion(text, at, false, parseInner, depth);
      if (expansion === undefined) {
        plain += char;
        at += 1;
      } else {
        flush();
        parts.push(expansion.part);
        at = expansion.end;
      }
    } else {
      plain += char;
      at += 1;
    }
  }
  flush();
  return { word: parts, end: at };
}

/** Text in double quotes, up to `close`; without one, all of the text as in a here-document. */
function readQuoted(
  text: string,
  from: number,
  close: string | undefined,
  parseInner: ParseInner,
  depth: number,
): { parts: WordPart[]; end: number } {
  const parts: WordPart[] = [];
  let plain = '';
  let at = from;
  const flush = (): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain, isQuoted: true });
    plain = '';
  };
  while (at < text.length && text[at] !== close) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && (['$', '`', '\\', '\n'].includes(next) || next === close)) {
      if (next !== '\n') plain += next;
      at += 2;
      continue;
    }
    const expansion = char === '$' || char === '`' ? readExpansion(text, at, true, parseInner, depth) : undefined;
    if (expansion === undefined) {
      plain += char;
      at += 1;
    } else {
      flush();
      parts.push(expansion.part);
      at = expansion.end;
    }
  }
  if (close !== undefined && at >= text.length) {
    throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
  }
  flush();
  return { parts, end: at + 1 };
}

function readExpansion(
  text: string,
  at: number,
  isQuoted: boolean,
  parseInner: ParseInner,
  depth: number,
): { part: WordPart; end: number } | undefined {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution', true);
    return { part: { kind: 'command', script: parseInner(text.slice(at + 1, end)), isQuoted }, end: end + 1 };
  }
  if (text.startsWith('$((', at)) {
    const end = text.indexOf('))', at);
    if (end < 0) throw new ShellSyntaxError("syntax error: missing '))'", true);
    return { part: { kind: 'arithmetic', text: text.slice(at + 3, end) }, end: end + 2 };
  }
  if (text.startsWith('$(', at)) {
    const end = closingParenthesis(text, at + 2);
    return { part: { kind: 'command', script: parseInner(text.slice(at + 2, end)), isQuoted }, end: end + 1 };
  }
  if (text.startsWith('${', at)) {
    const end = closingBrace(text, at + 2);
    const inner = text.slice(at + 2, end);
    const match = /^(#?)([A-Za-z_]\w*|\d+|[?$#@*!-])(?::?([-=+?])([\s\S]*))?$/.exec(inner);
    if (match === null) throw new ShellSyntaxError('syntax error: bad substitution');
    const [, length, name = '', sign, word = ''] = match;
    const operator =
      length === '#'
        ? ({ sign: '#length', word: [] } as const)
        : sign === undefined
          ? undefined
          : { sign: sign as '-', word: readQuoted(word, 0, undefined, parseInner, depth + 1).parts };
    return {
      part: { kind: 'variable', name, isQuoted, ...(operator === undefined ? {} : { operator }) },
      end: end + 1,
    };
  }
  const name = /^\$([A-Za-z_]\w*|[0-9?$#@*!-])/.exec(text.slice(at, at + 200))?.[1];
  if (name === undefined) return undefined;
  return { part: { kind: 'variable', name, isQuoted }, end: at + 1 + name.length };
}

function closingParenthesis(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === "'" || char === '"') {
      const end = text.indexOf(char, at + 1);
      if (end < 0) break;
      at = end;
    } else if (char === '(') open += 1;
    else if (char === ')') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  throw new ShellSyntaxError('syntax error: unexpected end of file (expecting ")")', true);
}

function closingBrace(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('${', at)) open += 1;
    else if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  throw new ShellSyntaxError("syntax error: missing '}'", true);
}
