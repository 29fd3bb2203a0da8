const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A regular expression in Go's syntax, which schemas use, as one of ours. Throws `SyntaxError` for what is none. */
export function compileGoPattern(pattern: string): RegExp {
  const [, inline = '', body = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  const translated = scopeFlags(body)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
    .replace(/\\([pP])([A-Z])/g, '\\$1{$2}');
  // Unicode classes need the strict mode, which refuses escapes that Go and the plain mode accept.
  const flags = inline + (/\\[pP]\{/.test(translated) ? 'u' : '');
  return new RegExp(translated, flags);
}

/** `a(?i)b|c`, where flags hold from there to the end of their group, as `a(?i:b)|(?i:c)`. */
function scopeFlags(pattern: string): string {
  if (!/\(\?-?[ims]+\)/.test(pattern)) return pattern;
  const open: string[] = [''];
  const parts = pattern.match(/\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?-?[ims]+\)|[()|]|[^\\[()|]+|./gs) ?? [];
  const made = parts.map((part) => {
    const flags = open.at(-1) ?? '';
    const closing = ')'.repeat(flags.split('(').length - 1);
    if (part === '(') open.push('');
    else if (part === ')') return `${closing}${open.pop() === undefined ? '' : ')'}`;
    else if (part === '|') return `${closing}|${flags}`;
    else if (/^\(\?-?[ims]+\)$/.test(part)) {
      const scope = `${part.slice(0, -1)}:`;
      open[open.length - 1] = flags + scope;
      return scope;
    }
    return part;
  });
  return made.join('') + ')'.repeat((open[0] ?? '').split('(').length - 1);
}
