import { RequestError } from '../../kernel/request-error.ts';

/** Lists and objects in one another. No input of ours is as deep, and who walks variables descends once for each. */
const maxNesting = 50;
const maxValues = 10_000;
/** An unknown key is refused in a sentence that names all keys beside it, so their number counts twice. */
const maxKeys = 200;

/** Throws `TOO_COMPLEX` where variables are so deep or so many that merely reading them would be the attack. */
export function assertSmallVariables(variables: Readonly<Record<string, unknown>> | null | undefined): void {
  let values = 0;

  function visit(value: unknown, nesting: number): void {
    values += 1;
    if (values > maxValues) throw tooMuch(`hold at most ${maxValues} values`);
    if (typeof value !== 'object' || value === null) return;
    if (nesting > maxNesting) throw tooMuch(`nest at most ${maxNesting} levels`);
    const isList = Array.isArray(value);
    const inner: readonly unknown[] = isList ? value : Object.values(value);
    if (!isList && inner.length > maxKeys) throw tooMuch(`have at most ${maxKeys} keys in one object`);
    for (const one of inner) visit(one, nesting + 1);
  }

  if (variables) visit(variables, 0);
}

const tooMuch = (what: string): RequestError =>
  new RequestError('TOO_COMPLEX', `The operation's variables must ${what}`);
