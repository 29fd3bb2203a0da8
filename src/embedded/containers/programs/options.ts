/** Options of a program in the usual form: letters may stand together, values behind them or in the next word. */
export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** The first letter the program does not know. */
  readonly unknown: string | undefined;
}

/** `flags` and `valued` list the letters the program knows, such as `lah` and `n`. */
export function parseOptions(args: readonly string[], flags: string, valued = ''): ParsedOptions {
  const found = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  let unknown: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    if (arg.startsWith('--')) continue;
    for (let letter = 1; letter < arg.length; letter += 1) {
      const name = arg[letter] ?? '';
      if (valued.includes(name)) {
        const attached = arg.slice(letter + 1);
        if (attached === '') at += 1;
        values.set(name, attached === '' ? (args[at] ?? '') : attached);
        break;
      }
      if (flags.includes(name)) found.add(name);
      else unknown ??= name;
    }
  }
  return { flags: found, values, operands, unknown };
}
