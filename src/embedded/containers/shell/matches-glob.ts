/** Whether the name matches a shell pattern of `*`, `?`, `[a-z]` and `\x`. Takes at most pattern times name steps. */
export function matchesGlob(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  let states = new Set([0]);
  const close = (open: Set<number>): Set<number> => {
    for (const state of open) if (tokens[state] === '*') open.add(state + 1);
    return open;
  };
  states = close(states);
  for (const char of name) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token === '*') next.add(state);
      else if (token(char)) next.add(state + 1);
    }
    states = close(next);
    if (states.size === 0) return false;
  }
  return states.has(tokens.length);
}

type Token = '*' | ((char: string) => boolean);

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    const set = char === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (char === '*') tokens.push('*');
    else if (char === '?') tokens.push(() => true);
    else if (set !== null) {
      const [whole, sign, members = ''] = set;
      tokens.push((each) => isMember(members, each) === (sign === ''));
      at += whole.length - 1;
    } else {
      const literal = char === '\\' ? (pattern[at + 1] ?? char) : char;
      if (char === '\\') at += 1;
      tokens.push((each) => each === literal);
    }
  }
  return tokens;
}

/** Whether a bracket expression such as `a-z0_` has the character. */
export function isMember(members: string, char: string): boolean {
  for (let at = 0; at < members.length; at += 1) {
    const from = members[at] ?? '';
    const to = members[at + 1] === '-' && at + 2 < members.length ? members[at + 2] : undefined;
    if (to !== undefined) {
      if (char >= from && char <= to) return true;
      at += 2;
    } else if (char === from) return true;
  }
  return false;
}
