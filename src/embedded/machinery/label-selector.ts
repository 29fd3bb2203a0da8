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
    const found = tokens[at] ?? '';
    throw new SelectorSyntaxError(`unable to parse requirement: found '${found}', expected: ${expected}`);
  };
  const takeKey = (): string => {
    const token = tokens[at];
    if (token === undefined || isMark(token)) return fail('identifier');
    at += 1;
    checkKey(token);
    return token;
  };
  const takeValue = (): string => {
    const token = tokens[at];
    // `a=` and `a=,b` mean the empty value.
    if (token === undefined || token === ',' || token === ')') return '';
    if (isMark(token)) return fail("identifier or ','");
    at += 1;
    checkValue(token);
    return token;
  };
  const takeValues = (): string[] => {
    if (tokens[at] !== '(') return fail("'('");
    at += 1;
    const values = [takeValue()];
    while (tokens[at] === ',') {
      at += 1;
      values.push(takeValue());
    }
    if (tokens[at] !== ')') return fail("',' or ')'");
    at += 1;
    return values;
  };

  while (at < tokens.length) {
    if (tokens[at] === '!') {
      at += 1;
      requirements.push({ key: takeKey(), operator: '!', values: [] });
    } else {
      const key = takeKey();
      const operator = tokens[at];
      if (operator === undefined || operator === ',') requirements.push({ key, operator: 'exists', values: [] });
      else {
        at += 1;
        if (operator === '=' || operator === '==') requirements.push({ key, operator: 'in', values: [takeValue()] });
        else if (operator === '!=') requirements.push({ key, operator: 'notin', values: [takeValue()] });
        else if (operator === 'in' || operator === 'notin') requirements.push({ key, operator, values: takeValues() });
        else if (operator === '>' || operator === '<') {
          const value = takeValue();
          if (!/^-?\d+$/.test(value)) {
            throw new SelectorSyntaxError(
              `values[0][${key}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
            );
          }
          requirements.push({ key, operator: operator === '>' ? 'gt' : 'lt', values: [value] });
        } else {
          at -= 1;
          fail("in, notin, =, ==, !=, gt, lt, ',' or end of string");
        }
      }
    }
    if (at >= tokens.length) break;
    if (tokens[at] !== ',') fail("',' or end of string");
    at += 1;
    if (at >= tokens.length) fail("identifier after ','");
  }
  return requirements;
}

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

const keyPattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const valuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function checkKey(key: string): void {
  if (!keyPattern.test(key)) {
    throw new SelectorSyntaxError(
      `key: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
    );
  }
}

function checkValue(value: string): void {
  if (!valuePattern.test(value)) {
    throw new SelectorSyntaxError(
      `values[0]: Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
    );
  }
}
