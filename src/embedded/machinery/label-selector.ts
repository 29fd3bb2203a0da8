import { problemsOfLabelValue, problemsOfQualifiedName } from '../registry/validation/names.ts';
import { asObject, asObjectList } from './json.ts';

/** One condition on the labels; a selector is the conjunction of its requirements. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  readonly values: readonly string[];
}

export type LabelSelector = readonly LabelRequirement[];

/** A selector string that does not follow the grammar; the message is Kubernetes' own manner of saying so. */
export class SelectorSyntaxError extends Error {
  override readonly name = 'SelectorSyntaxError';
}

/**
 * Parses the full grammar of `labelSelector`: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`,
 * joined by commas. Throws `SelectorSyntaxError`.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = tokenize(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const fail = (expected: string): never => {
    throw new SelectorSyntaxError(`found '${tokens[at] ?? ''}', expected: ${expected}`);
  };
  const isWord = (token: string | undefined): token is string => token !== undefined && !isMark(token);
  const takeKey = (): string => {
    const token = tokens[at];
    if (!isWord(token)) return fail('identifier');
    at += 1;
    checkKey(token);
    return token;
  };
  const takeValue = (): string => {
    const token = tokens[at];
    // `a=` and `a=,b` mean the empty value.
    if (token === undefined || token === ',') return '';
    if (!isWord(token)) return fail('identifier');
    at += 1;
    return token;
  };
  const takeValues = (): string[] => {
    if (tokens[at] !== '(') throw new SelectorSyntaxError(`found '${tokens[at] ?? ''}' expected: '('`);
    at += 1;
    const first = tokens[at];
    if (!isWord(first) && first !== ',' && first !== ')') return fail("',', ')' or identifier");
    const values: string[] = [];
    for (let value = ''; ; value = '') {
      const token = tokens[at];
      if (isWord(token)) {
        value = token;
        at += 1;
      }
      values.push(value);
      if (tokens[at] === ')') break;
      if (tokens[at] !== ',') return fail(value === '' ? "',', or identifier" : "',' or ')'");
      at += 1;
    }
    at += 1;
    return values.sort();
  };
  const takeRequirement = (): LabelRequirement => {
    const isAbsence = tokens[at] === '!';
    if (isAbsence) at += 1;
    const key = takeKey();
    const operator = tokens[at];
    if (operator === undefined || operator === ',') return { key, operator: isAbsence ? '!' : 'exists', values: [] };
    // What follows `!a` is the next requirement, or nothing.
    if (isAbsence) return { key, operator: '!', values: [] };
    const form = forms[operator];
    if (form === undefined || !Object.hasOwn(forms, operator)) return fail('in, notin, =, ==, !=, gt, lt');
    at += 1;
    const values = operator === 'in' || operator === 'notin' ? takeValues() : [takeValue()];
    checkValues(key, form, values);
    return { key, operator: form, values };
  };

  if (tokens.length > 0 && !isWord(tokens[0]) && tokens[0] !== '!') fail("!, identifier, or 'end of string'");
  while (at < tokens.length) {
    try {
      requirements.push(takeRequirement());
    } catch (error) {
      if (!(error instanceof SelectorSyntaxError)) throw error;
      throw new SelectorSyntaxError(`unable to parse requirement: ${error.message}`);
    }
    if (at >= tokens.length) break;
    if (tokens[at] !== ',') fail("',' or 'end of string'");
    at += 1;
    if (!isWord(tokens[at]) && tokens[at] !== '!') fail("identifier after ','");
  }
  return requirements;
}

const forms: Readonly<Record<string, LabelRequirement['operator']>> = {
  '=': 'in',
  '==': 'in',
  in: 'in',
  '!=': 'notin',
  notin: 'notin',
  '>': 'gt',
  '<': 'lt',
};

/** A `metav1.LabelSelector` object as requirements. An unknown operator matches nothing: validation has named it. */
export function parseSelectorObject(selector: unknown): LabelSelector {
  const requirements: LabelRequirement[] = [];
  const object = asObject(selector) ?? {};
  for (const [key, value] of Object.entries(asObject(object.matchLabels) ?? {})) {
    requirements.push({ key, operator: 'in', values: [String(value)] });
  }
  for (const { key, operator, values } of asObjectList(object.matchExpressions)) {
    const list = Array.isArray(values) ? values.map(String) : [];
    if (operator === 'In') requirements.push({ key: String(key), operator: 'in', values: list });
    else if (operator === 'NotIn') requirements.push({ key: String(key), operator: 'notin', values: list });
    else if (operator === 'Exists') requirements.push({ key: String(key), operator: 'exists', values: [] });
    else if (operator === 'DoesNotExist') requirements.push({ key: String(key), operator: '!', values: [] });
    else requirements.push({ key: String(key), operator: 'in', values: [] });
  }
  return requirements;
}

export function matchesLabelSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selector.every((requirement) => matchesRequirement(requirement, labels ?? {}));
}

/** The selector in its canonical text, as the scale subresource reports it. */
export function printLabelSelector(selector: LabelSelector): string {
  return [...selector]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(printRequirement)
    .join(',');
}

function matchesRequirement(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) < Number(values[0]);
  }
}

function printRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'in':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${[...values].sort().join(',')})`;
    case 'notin':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${[...values].sort().join(',')})`;
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
  }
}

const marks = new Set(['!', '(', ')', ',', '=', '==', '!=', '<', '>']);

function isMark(token: string): boolean {
  return marks.has(token);
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const pattern = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)\s*/gy;
  let last = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[1] !== undefined) tokens.push(match[1]);
    last = pattern.lastIndex;
  }
  if (text.slice(last).trim() !== '')
    throw new SelectorSyntaxError(`unable to parse requirement: found '${text.slice(last)}'`);
  return tokens;
}

function checkKey(key: string): void {
  const problems = problemsOfQualifiedName(key);
  if (problems.length > 0) {
    throw new SelectorSyntaxError(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`);
  }
}

function checkValues(key: string, operator: LabelRequirement['operator'], values: readonly string[]): void {
  const isNumeric = operator === 'gt' || operator === 'lt';
  values.forEach((value, at) => {
    const problems = problemsOfLabelValue(value);
    if (isNumeric && !/^[-+]?\d+$/.test(value)) {
      const words = "for 'Gt', 'Lt' operators, the value must be an integer";
      throw new SelectorSyntaxError(`values[${at}]: Invalid value: ${JSON.stringify(value)}: ${words}`);
    }
    if (problems.length > 0) {
      const place = `values[${at}][${key}]`;
      throw new SelectorSyntaxError(`${place}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`);
    }
  });
}
