import { ValidationError } from '../../kernel/answer-error.ts';

type Labels = Readonly<Record<string, string>>;

/** One requirement of a selector; all must hold. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'exists' | 'doesNotExist' | 'in' | 'notIn' | 'gt' | 'lt';
  readonly values: readonly string[];
}

export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[];
  /** Canonical text, fit for the `labelSelector` parameter and for keys of caches. */
  readonly text: string;
  matches(labels: Labels | undefined): boolean;
}

/**
 * Parses Kubernetes label selector syntax: `a=b, a==b, a!=b, a in (b, c), a notin (b), a, !a, a>1, a<1`.
 * Throws `ValidationError` that names the place where it does not parse.
 */
export function parseLabelSelector(source: string): LabelSelector {
  const requirements = parseRequirements(source);
  return {
    requirements,
    text: requirements.map(printRequirement).join(','),
    matches: (labels = {}) => requirements.every((requirement) => holds(requirement, labels)),
  };
}

function holds({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'doesNotExist':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notIn':
      return value === undefined || !values.includes(value);
    case 'gt':
    case 'lt': {
      if (value === undefined || !/^[+-]?\d+$/.test(value)) return false;
      const difference = BigInt(value.replace('+', '')) - BigInt((values[0] ?? '0').replace('+', ''));
      return operator === 'gt' ? difference > 0n : difference < 0n;
    }
  }
}

function printRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case 'doesNotExist':
      return `!${key}`;
    case 'in':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
    case 'notIn':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
  }
}

/** Recursive descent over tokens, as `k8s.io/apimachinery/pkg/labels` does it. */
function parseRequirements(source: string): LabelRequirement[] {
  const tokens = tokenize(source);
  let at = 0;
  const peek = () => tokens[at];

  function fail(expected: string): never {
    const token = peek();
    const found = token === undefined ? 'its end' : `${JSON.stringify(token.text)} at character ${token.offset + 1}`;
    throw refuse(source, `expected ${expected}, found ${found}`);
  }
  function take(expected: string): string {
    const token = peek();
    if (token?.text !== expected) fail(`'${expected}'`);
    at += 1;
    return expected;
  }
  function word(): string | undefined {
    const token = peek();
    if (token === undefined || !token.isWord) return undefined;
    at += 1;
    return token.text;
  }
  function key(): string {
    const found = word() ?? fail('a label key');
    checkKey(found, source);
    return found;
  }
  function valueList(): string[] {
    take('(');
    const values: string[] = [];
    for (;;) {
      values.push(checkValue(word() ?? '', source));
      if (peek()?.text === ')') break;
      take(',');
    }
    take(')');
    return [...new Set(values)].sort();
  }
  function requirement(): LabelRequirement {
    if (peek()?.text === '!') {
      at += 1;
      return { key: key(), operator: 'doesNotExist', values: [] };
    }
    const name = key();
    const operator = peek()?.text;
    if (operator === undefined || operator === ',') return { key: name, operator: 'exists', values: [] };
    at += 1;
    switch (operator) {
      case '=':
      case '==':
        return { key: name, operator: 'in', values: [checkValue(word() ?? '', source)] };
      case '!=':
        return { key: name, operator: 'notIn', values: [checkValue(word() ?? '', source)] };
      case 'in':
        return { key: name, operator: 'in', values: valueList() };
      case 'notin':
        return { key: name, operator: 'notIn', values: valueList() };
      case '>':
      case '<': {
        const value = word() ?? fail('a whole number');
        if (!/^[+-]?\d+$/.test(value))
          throw refuse(source, `${name}${operator} needs a whole number, got ${JSON.stringify(value)}`);
        return { key: name, operator: operator === '>' ? 'gt' : 'lt', values: [value] };
      }
      default:
        at -= 1;
        return fail("one of '=', '==', '!=', 'in', 'notin', '>', '<' or ','");
    }
  }

  const requirements: LabelRequirement[] = [];
  if (tokens.length === 0) return requirements;
  for (;;) {
    requirements.push(requirement());
    if (peek() === undefined) return requirements;
    take(',');
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
  readonly isWord: boolean;
}

function tokenize(source: string): Token[] {
  return [...source.matchAll(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g)].map((match) => ({
    text: match[0],
    offset: match.index,
    isWord: !/^[=!(),<>]/.test(match[0]),
  }));
}

function checkKey(key: string, source: string): void {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const isPrefixValid =
    prefix === undefined ||
    (prefix.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix));
  if (!isPrefixValid || name.length > 63 || !/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) {
    throw refuse(source, `${JSON.stringify(key)} is not a label key`);
  }
}

function checkValue(value: string, source: string): string {
  if (value.length > 63 || !/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value)) {
    throw refuse(source, `${JSON.stringify(value)} is not a label value`);
  }
  return value;
}

function refuse(source: string, why: string): ValidationError {
  const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  return new ValidationError([
    { path: ['labelSelector'], code: 'label_selector', message: `label selector ${JSON.stringify(shown)}: ${why}` },
  ]);
}
