import { isJsonObject } from '../json.ts';

/** Finds what a path leads to: every value, in order. */
export type JsonPath = (root: unknown) => unknown[];

type Step = (values: readonly unknown[], root: unknown) => unknown[];

/**
 * The part of kubectl's JSONPath that printer columns use: fields (also quoted and escaped), wildcards, indexes,
 * slices, unions, recursive descent and filters that compare (`[?(@.type=="Ready")]`). Undefined for what is no path.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : text;
  while (rest !== '' && rest !== '.') {
    const next = parseStep(rest);
    if (next === undefined) return undefined;
    steps.push(next.step);
    rest = rest.slice(next.length);
  }
  return (root) => steps.reduce<unknown[]>((values, step) => step(values, root), [root]);
}

function parseStep(rest: string): { readonly step: Step; readonly length: number } | undefined {
  const descent = /^\.\.(?=[\w*[])/.exec(rest);
  if (descent !== null) return { step: (values) => values.flatMap(descendants), length: rest[2] === '[' ? 2 : 1 };
  const field = /^\.((?:\\.|[^.[\]\\\s])+)/.exec(rest);
  if (field !== null) {
    const name = (field[1] ?? '').replace(/\\(.)/g, '$1');
    return { step: name === '*' ? all : members([name]), length: field[0].length };
  }
  if (!rest.startsWith('[')) return undefined;
  const end = closingBracket(rest);
  if (end === -1) return undefined;
  const step = bracketStep(rest.slice(1, end).trim());
  return step === undefined ? undefined : { step, length: end + 1 };
}

function bracketStep(inside: string): Step | undefined {
  if (inside === '*') return all;
  const filter = /^\?\((.*)\)$/s.exec(inside);
  if (filter !== null) return filterStep(filter[1] ?? '');
  if (/^-?\d+$/.test(inside)) return slice(Number(inside), undefined, 1, true);
  const range = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(inside);
  if (range !== null) {
    const [, from = '', to = '', by = '1'] = range;
    return slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to), Number(by), false);
  }
  if (/^-?\d+(\s*,\s*-?\d+)+$/.test(inside)) {
    const indexes = inside.split(',').map((each) => slice(Number(each), undefined, 1, true));
    return (values, root) => indexes.flatMap((step) => step(values, root));
  }
  const names = [...inside.matchAll(/(['"])(.*?)\1\s*(?:,|$)/g)].map((match) => match[2] ?? '');
  return names.length === 0 ? undefined : members(names);
}

const comparison = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/;

function filterStep(condition: string): Step | undefined {
  const compared = comparison.exec(condition.trim());
  const left = operandOf(compared?.[1] ?? condition.trim());
  if (left === undefined) return undefined;
  if (compared === null) return (values, root) => elements(values).filter((item) => left(item, root).length > 0);
  const right = operandOf(compared[3] ?? '');
  const operator = compared[2] ?? '';
  if (right === undefined) return undefined;
  return (values, root) =>
    elements(values).filter((item) => {
      const [a] = left(item, root);
      const [b] = right(item, root);
      return a !== undefined && b !== undefined && holds(a, operator, b);
    });
}

function operandOf(text: string): ((item: unknown, root: unknown) => unknown[]) | undefined {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return () => [quoted[2]];
  if (/^-?\d+(\.\d+)?$/.test(text)) return () => [Number(text)];
  if (text === 'true' || text === 'false') return () => [text === 'true'];
  if (!text.startsWith('@') && !text.startsWith('$')) return undefined;
  const path = parseJsonPath(text.slice(1));
  if (path === undefined) return undefined;
  return (item, root) => path(text.startsWith('@') ? item : root);
}

function holds(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const [a, b] = [left, right as typeof left];
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

const all: Step = (values) => elements(values);

/** Elements of lists, members of objects. */
function elements(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []));
}

function members(names: readonly string[]): Step {
  return (values) =>
    values.flatMap((value) =>
      isJsonObject(value) ? names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]) : [],
    );
}

function slice(from: number, to: number | undefined, by: number, isSingle: boolean): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      if (isSingle) return value.slice(from, from === -1 ? undefined : from + 1);
      return value.slice(from, to).filter((_, at) => at % Math.max(1, by) === 0);
    });
}

function descendants(value: unknown): unknown[] {
  return [value, ...elements([value]).flatMap(descendants)];
}

function closingBracket(text: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at] ?? '';
    if (quote !== '') {
      if (mark === quote) quote = '';
    } else if (mark === '"' || mark === "'") quote = mark;
    else if (mark === '[') depth += 1;
    else if (mark === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}
