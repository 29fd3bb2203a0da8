import { parseArgs } from 'node:util';
import { didYouMean } from './nearest-word.ts';

export interface FlagSpec {
  readonly name: string;
  /** Needs no value; `--no-<name>` says false. */
  readonly isSwitch: boolean;
}

export interface FlagReading {
  /** Text of each flag that was given, by name; a bare switch reads `true`. */
  readonly values: ReadonlyMap<string, string>;
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
}

/** Reads flags only: `--port 4000`, `--port=4000`, `--embedded`, `--no-embedded`. Anything else is a problem. */
export function readFlags(argv: readonly string[], specs: readonly FlagSpec[]): FlagReading {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const values = new Map<string, string>();
  const problems: string[] = [];
  const options = Object.fromEntries(
    specs.map(({ name, isSwitch }) => [name, { type: isSwitch ? ('boolean' as const) : ('string' as const) }]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });

  let isAfterUnknown = false;
  for (const token of tokens) {
    const isItsValue = isAfterUnknown && token.kind === 'positional';
    isAfterUnknown = false;
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      // What follows a flag that there is not was meant for it, and may be a secret.
      if (isItsValue) continue;
      problems.push(`Unexpected argument '${cut(token.value)}'`);
      continue;
    }
    const spec = byName.get(token.name) ?? byName.get(token.name.replace(/^no-/, ''));
    const isNegated = spec !== undefined && spec.name !== token.name;
    if (!spec || (isNegated && !spec.isSwitch)) {
      isAfterUnknown = token.value === undefined;
      const rawName = cut(token.rawName);
      const names = specs.map(({ name }) => `--${name}`);
      problems.push(`Unknown flag '${rawName}'${didYouMean(rawName, names) || '; see --help'}`);
    } else if (values.has(spec.name)) {
      problems.push(`--${spec.name} is given twice`);
    } else if (spec.isSwitch) {
      if (isNegated && token.value !== undefined) problems.push(`${token.rawName} takes no value`);
      values.set(spec.name, isNegated ? 'false' : (token.value ?? 'true'));
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
      problems.push(`--${spec.name} needs a value`);
    } else {
      values.set(spec.name, token.value);
    }
  }
  return { values, problems };
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
